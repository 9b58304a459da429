//! Walks XML answers: events go straight into records, no tree is built.
//!
//! ```text
//! <DescribeXResponse>                       document: the root, and a `…Result` inside, are stepped through
//!   <xSet> <item> <xId>…</xId> … </item>    items ▶ children ▶ text; what nobody reads is skipped
//! ```
//!
//! How it fails: text that is no XML, or breaks off, is [`Unreadable`]. Depth is bounded by the readers, which step
//! only into elements that they know.

use crate::error::Unreadable;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use std::borrow::Cow;

pub(crate) type Read<T> = Result<T, Unreadable>;

/// A place in the text: inside of an element.
pub(crate) struct Cursor<'b> {
    reader: Reader<&'b [u8]>,
    /// The element just opened has not been read to its end.
    is_open: bool,
}

/// Reads the children of the root; those of an element whose name ends with `Result` as if they were its own.
pub(crate) fn document<'b>(
    body: &'b [u8],
    mut each: impl FnMut(&[u8], &mut Cursor<'b>) -> Read<()>,
) -> Read<()> {
    let mut reader = Reader::from_reader(body);
    reader.config_mut().expand_empty_elements = true;
    let mut cursor = Cursor { reader, is_open: false };
    loop {
        match cursor.event()? {
            Event::Start(_) => break,
            Event::Eof => return Err(Unreadable("no element".to_owned())),
            _ => {}
        }
    }
    cursor.children(
        |name, cursor| {
            if name.ends_with(b"Result") { cursor.children(&mut each) } else { each(name, cursor) }
        },
    )
}

impl<'b> Cursor<'b> {
    /// Calls for each child with its name. What is not read by then is skipped.
    pub(crate) fn children(&mut self, mut each: impl FnMut(&[u8], &mut Self) -> Read<()>) -> Read<()> {
        self.is_open = false;
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.is_open = true;
                    each(start.local_name().as_ref(), self)?;
                    if self.is_open {
                        self.reader.read_to_end(start.name()).map_err(|error| unreadable(&error))?;
                        self.is_open = false;
                    }
                }
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(Unreadable("it breaks off".to_owned())),
                _ => {}
            }
        }
    }

    /// The records of a list: `item` in EC2, `member` elsewhere.
    pub(crate) fn items<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = Vec::new();
        self.children(|name, cursor| {
            if matches!(name, b"item" | b"member") {
                items.push(read(cursor)?);
            }
            Ok(())
        })?;
        Ok(items)
    }

    /// The texts of a list.
    pub(crate) fn texts(&mut self) -> Read<Vec<String>> {
        self.items(Cursor::text)
    }

    /// The text of the element.
    pub(crate) fn text(&mut self) -> Read<String> {
        self.borrowed_text().map(Cow::into_owned)
    }

    /// The text of the element if it is not empty.
    pub(crate) fn some_text(&mut self) -> Read<Option<String>> {
        Ok(Some(self.text()?).filter(|text| !text.is_empty()))
    }

    /// The text as a number, a flag or the like; none if it is not one.
    pub(crate) fn parsed<T: std::str::FromStr>(&mut self) -> Read<Option<T>> {
        Ok(self.borrowed_text()?.trim().parse().ok())
    }

    /// Whether the text is `true`.
    pub(crate) fn flag(&mut self) -> Read<bool> {
        Ok(self.borrowed_text()?.trim() == "true")
    }

    fn borrowed_text(&mut self) -> Read<Cow<'b, str>> {
        self.is_open = false;
        let mut text = Cow::Borrowed("");
        let mut depth = 0_u32;
        loop {
            let piece: Cow<'b, str> = match self.event()? {
                Event::Text(piece) => utf8(piece.into_inner())?,
                Event::CData(piece) => utf8(piece.into_inner())?,
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(|error| unreadable(&error))?;
                    match (character, resolve_predefined_entity(&utf8(reference.into_inner())?)) {
                        (Some(character), _) => Cow::Owned(character.to_string()),
                        (None, Some(text)) => Cow::Borrowed(text),
                        (None, None) => return Err(Unreadable("an unknown entity".to_owned())),
                    }
                }
                Event::Start(_) => {
                    depth += 1;
                    continue;
                }
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => {
                    depth -= 1;
                    continue;
                }
                Event::Eof => return Err(Unreadable("it breaks off".to_owned())),
                _ => continue,
            };
            if text.is_empty() { text = piece } else { text.to_mut().push_str(&piece) }
        }
    }

    fn event(&mut self) -> Read<Event<'b>> {
        self.reader.read_event().map_err(|error| unreadable(&error))
    }
}

/// The token of the page after this one, found at the end of the text without reading it. A guess: `None` says
/// nothing, and a token is only used if reading the text finds the same.
pub(crate) fn guess_next_token(body: &[u8]) -> Option<String> {
    const TAIL_BYTES: usize = 8 << 10;
    let tail = &body[body.len().saturating_sub(TAIL_BYTES)..];
    [("<nextToken>", "</nextToken>"), ("<NextToken>", "</NextToken>")].into_iter().find_map(
        |(open, close)| {
            let start = memchr::memmem::rfind(tail, open.as_bytes())? + open.len();
            let length = memchr::memmem::find(&tail[start..], close.as_bytes())?;
            let token = std::str::from_utf8(&tail[start..start + length]).ok()?;
            (!token.is_empty() && !token.contains('&')).then(|| token.to_owned())
        },
    )
}

fn utf8(bytes: Cow<'_, [u8]>) -> Read<Cow<'_, str>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| not_text()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| not_text()),
    }
}

fn not_text() -> Unreadable {
    Unreadable("it is not UTF-8".to_owned())
}

fn unreadable(error: &quick_xml::Error) -> Unreadable {
    Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{document, guess_next_token};
    use proptest::prelude::*;

    fn names(body: &str) -> Result<Vec<(String, String)>, super::Unreadable> {
        let mut found = Vec::new();
        document(body.as_bytes(), |name, cursor| {
            let name = String::from_utf8_lossy(name).into_owned();
            if name != "skipped" {
                found.push((name, cursor.text()?));
            }
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn steps_through_results_and_skips_what_nobody_reads() {
        let body = r#"<?xml version="1.0"?><AResponse xmlns="u"><AResult><a>1&amp;2&#x41;<![CDATA[<]]></a>
            <skipped><skipped><b>no</b></skipped></skipped><empty/></AResult><meta>m</meta></AResponse>"#;
        let want = [("a", "1&2A<"), ("empty", ""), ("meta", "m")];
        let found = names(body).expect("it is XML");
        assert_eq!(found, want.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn what_breaks_off_is_an_error() {
        for body in ["", "text", "<a>", "<a><b>", "<a><b>1</b>", "<a><skipped><b></skipped>", "<a></b>"] {
            assert!(names(body).is_err(), "{body}");
        }
    }

    #[test]
    fn the_next_token_is_found_at_the_end() {
        assert_eq!(guess_next_token(b"<r><nextToken>abc</nextToken></r>").as_deref(), Some("abc"));
        assert_eq!(guess_next_token(b"<r><NextToken>abc</NextToken></r>").as_deref(), Some("abc"));
        assert_eq!(guess_next_token(b"<r><nextToken></nextToken></r>"), None);
        assert_eq!(
            guess_next_token(b"<r><nextToken>a&amp;b</nextToken></r>"),
            None,
            "escaped: left to the reader"
        );
        assert_eq!(guess_next_token(b"<r/>"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = document(&bytes, |_, cursor| cursor.text().map(drop));
            let _ = document(&bytes, |_, cursor| cursor.children(|_, _| Ok(())));
            let _ = guess_next_token(&bytes);
        }
    }
}
