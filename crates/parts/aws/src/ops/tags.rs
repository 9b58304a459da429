//! Tags of resources.

use crate::xml::{Cursor, Read};

/// A tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The value of a tag.
pub fn tag<'t>(tags: &'t [Tag], key: &str) -> Option<&'t str> {
    tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
}

pub(crate) fn read(cursor: &mut Cursor<'_>) -> Read<Vec<Tag>> {
    cursor.items(|cursor| {
        let mut tag = Tag::default();
        cursor.children(|name, cursor| {
            match name {
                b"key" | b"Key" => tag.key = cursor.text()?,
                b"value" | b"Value" => tag.value = cursor.text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(tag)
    })
}
