//! JSON as values with places, one level at a time.

use onehop_code::{Entry, FileId, Kind, Span, Value, Why};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Values of one resource, and levels of them: reading a piece again for each level must stay cheap.
const MOST_VALUES: usize = 100_000;
const DEEPEST: usize = 48;

/// A text of which pieces are looked at.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) file: Option<FileId>,
}

impl Text<'_> {
    /// Where a piece stands.
    pub(super) fn span(self, piece: &str) -> Option<Span> {
        let start = (piece.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let end = start.checked_add(piece.len()).filter(|end| *end <= self.text.len())?;
        Some(Span { file: self.file?, start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
    }

    /// A piece as a value.
    pub(super) fn value(self, raw: &RawValue) -> Value {
        self.part(raw.get(), &mut 0, 0)
    }

    fn part(self, json: &str, seen: &mut usize, depth: usize) -> Value {
        *seen += 1;
        let kind = match json.bytes().next() {
            _ if *seen > MOST_VALUES || depth > DEEPEST => Value::unknown(Why::Bound, "a larger value").kind,
            Some(b'{') => {
                let items = serde_json::from_str(json).map_or_else(|_| Vec::new(), |Items(items)| items);
                let entry = |(key, raw): (Cow<'_, str>, &RawValue)| Entry {
                    key: key.into_owned(),
                    key_span: None,
                    value: self.part(raw.get(), seen, depth + 1),
                };
                Kind::Map(items.into_iter().map(entry).collect())
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
                Kind::List(items.into_iter().map(|raw| self.part(raw.get(), seen, depth + 1)).collect())
            }
            Some(b'"') => Kind::String(serde_json::from_str(json).unwrap_or_default()),
            Some(b't') => Kind::Bool(true),
            Some(b'f') => Kind::Bool(false),
            Some(b'n') | None => Kind::Null,
            Some(_) => serde_json::from_str(json).map_or(Kind::Null, Kind::Number),
        };
        Value { span: self.span(json), ..Value::bare(kind) }
    }
}

/// The items of an object in their order.
struct Items<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some((Key(key), raw)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    items.push((key, raw));
                }
                Ok(items)
            }
        }
        deserializer.deserialize_map(All).map(Items)
    }
}

/// A name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
