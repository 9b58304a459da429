//! Walks XML answers: tags go straight into records, no tree and no events are built.
//!
//! ```text
//! <DescribeXResponse>                       document: the root, and a `…Result` inside, are stepped through
//!   <xSet> <item> <xId>…</xId> … </item>    items ▶ children ▶ text; what nobody reads is jumped over
//! ```
//!
//! Most of an answer is not read. Where a text has no comment and no CDATA, the end of an element that nobody reads is
//! searched for by its name; only in other texts are the tags in between walked. Entities are resolved by quick-xml.
//!
//! How it fails: text that is no XML, or breaks off, or declares a document type, is [`Unreadable`]; what is jumped over is
//! not looked at. Depth is bounded by the readers, which step only into elements that they know.

use crate::error::Unreadable;
use memchr::{memchr, memmem};
use quick_xml::escape::unescape;
use std::borrow::Cow;

pub(crate) type Read<T> = Result<T, Unreadable>;

/// The longest name whose end tag is searched for.
const NAME_BYTES_MAX: usize = 62;

/// A place in the text: inside of an element.
pub(crate) struct Cursor<'b> {
    text: &'b [u8],
    at: usize,
    /// The element just opened, which has not been read to its end.
    opened: Option<Opened<'b>>,
    /// There is neither comment nor CDATA: `<` is always a tag.
    is_plain: bool,
}

#[derive(Clone, Copy)]
struct Opened<'b> {
    name: &'b [u8],
    /// `<name/>`.
    is_empty: bool,
}

enum Markup<'b> {
    Open(Opened<'b>),
    Close(&'b [u8]),
    CData(&'b [u8]),
}

/// Reads the children of the root; those of an element whose name ends with `Result` as if they were its own.
pub(crate) fn document<'b>(
    body: &'b [u8],
    mut each: impl FnMut(&[u8], &mut Cursor<'b>) -> Read<()>,
) -> Read<()> {
    let is_plain = memmem::find(body, b"<!").is_none();
    let mut cursor = Cursor { text: body, at: 0, opened: None, is_plain };
    match cursor.markup()? {
        Markup::Open(root) => cursor.opened = Some(root),
        Markup::Close(_) | Markup::CData(_) => return Err(Unreadable("no element".to_owned())),
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
        let Some(own) = self.opened.take().filter(|own| !own.is_empty) else { return Ok(()) };
        loop {
            match self.markup()? {
                Markup::Open(child) => {
                    self.opened = Some(child);
                    each(local(child.name), self)?;
                    if let Some(unread) = self.opened.take() {
                        self.skip(unread)?;
                    }
                }
                Markup::Close(name) => return is_end(own, name),
                Markup::CData(_) => {}
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

    /// The text of the element and of those inside, borrowed where nothing is escaped.
    pub(crate) fn borrowed_text(&mut self) -> Read<Cow<'b, str>> {
        let Some(own) = self.opened.take().filter(|own| !own.is_empty) else { return Ok(Cow::Borrowed("")) };
        let mut text = Cow::Borrowed("");
        let mut depth = 0_u32;
        loop {
            let from = self.at;
            let open = self.angle()?;
            add(&mut text, resolved(&self.text[from..open])?);
            self.at = open;
            match self.markup()? {
                Markup::Open(child) => depth += u32::from(!child.is_empty),
                Markup::Close(name) if depth == 0 => return is_end(own, name).map(|()| text),
                Markup::Close(_) => depth -= 1,
                Markup::CData(piece) => add(&mut text, Cow::Borrowed(utf8(piece)?)),
            }
        }
    }

    /// Steps behind the end of an element.
    fn skip(&mut self, element: Opened<'b>) -> Read<()> {
        if element.is_empty {
            return Ok(());
        }
        let begin = self.at;
        let open = self.angle()?;
        let is_leaf = self.text.get(open + 1) == Some(&b'/');
        if !is_leaf && self.is_plain && element.name.len() <= NAME_BYTES_MAX {
            if self.jump(element.name)? {
                return Ok(());
            }
            self.at = begin;
        }
        let mut depth = 0_u32;
        loop {
            match self.markup()? {
                Markup::Open(child) => depth += u32::from(!child.is_empty),
                Markup::Close(name) if depth == 0 => return is_end(element, name),
                Markup::Close(_) => depth -= 1,
                Markup::CData(_) => {}
            }
        }
    }

    /// Searches for the end of an element: as many ends of its name as there are openings of it. Whether that can be told
    /// without reading attributes.
    fn jump(&mut self, name: &[u8]) -> Read<bool> {
        let mut needle = [0; NAME_BYTES_MAX + 2];
        needle[..2].copy_from_slice(b"</");
        needle[2..2 + name.len()].copy_from_slice(name);
        let close = &needle[..2 + name.len()];
        let mut depth = 1_usize;
        while depth > 0 {
            let found = memmem::find(&self.text[self.at..], close).ok_or_else(broken_off)? + self.at;
            let Some(opened) = openings(&self.text[self.at..found], name) else { return Ok(false) };
            depth += opened;
            self.at = found;
            if let Markup::Close(ended) = self.markup()? {
                depth -= usize::from(ended == name);
            }
        }
        Ok(true)
    }

    /// The next `<`.
    fn angle(&self) -> Read<usize> {
        memchr(b'<', &self.text[self.at..]).map(|at| self.at + at).ok_or_else(broken_off)
    }

    /// The next tag or CDATA, behind which the place is then.
    fn markup(&mut self) -> Read<Markup<'b>> {
        loop {
            let inside = self.angle()? + 1;
            let rest = &self.text[inside..];
            match rest.first() {
                Some(b'/') => {
                    let length = memchr(b'>', rest).ok_or_else(broken_off)?;
                    self.at = inside + length + 1;
                    return Ok(Markup::Close(rest[1..length].trim_ascii_end()));
                }
                Some(b'?') => self.at = inside + behind(rest, b"?>")?,
                Some(b'!') if rest.starts_with(b"!--") => self.at = inside + 3 + behind(&rest[3..], b"-->")?,
                Some(b'!') => {
                    let data = rest.strip_prefix(b"![CDATA[").ok_or_else(|| {
                        Unreadable("it declares a document type, which no answer does".to_owned())
                    })?;
                    let length = behind(data, b"]]>")?;
                    self.at = inside + 8 + length;
                    return Ok(Markup::CData(&data[..length - 3]));
                }
                _ => return self.opening(inside).map(Markup::Open),
            }
        }
    }

    fn opening(&mut self, inside: usize) -> Read<Opened<'b>> {
        let rest = &self.text[inside..];
        let length = rest.iter().position(|byte| is_name_end(*byte)).ok_or_else(broken_off)?;
        let end = length + tag_end(&rest[length..]).ok_or_else(broken_off)?;
        self.at = inside + end + 1;
        Ok(Opened { name: &rest[..length], is_empty: end > 0 && rest[end - 1] == b'/' })
    }
}

/// How often an element of this name is opened; none where one may be empty, or has attributes.
fn openings(between: &[u8], name: &[u8]) -> Option<usize> {
    let mut count = 0;
    for at in memmem::find_iter(between, name) {
        let is_tag = at.checked_sub(1).is_some_and(|before| between[before] == b'<');
        match between.get(at + name.len()).filter(|_| is_tag) {
            Some(b'>') => count += 1,
            Some(byte) if is_name_end(*byte) => return None,
            _ => {}
        }
    }
    Some(count)
}

/// The `>` of a tag whose attributes begin here; one in quotes is none.
fn tag_end(attributes: &[u8]) -> Option<usize> {
    let mut quote = None;
    attributes.iter().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        (Some(open), byte) if open == *byte => {
            quote = None;
            false
        }
        _ => false,
    })
}

const fn is_name_end(byte: u8) -> bool {
    matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r')
}

/// The name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    memchr(b':', name).map_or(name, |at| &name[at + 1..])
}

fn is_end(opened: Opened<'_>, name: &[u8]) -> Read<()> {
    if opened.name == name { Ok(()) } else { Err(Unreadable("an element ends inside of another".to_owned())) }
}

fn behind(text: &[u8], end: &[u8]) -> Read<usize> {
    memmem::find(text, end).map(|at| at + end.len()).ok_or_else(broken_off)
}

fn add<'b>(text: &mut Cow<'b, str>, piece: Cow<'b, str>) {
    if text.is_empty() { *text = piece } else { text.to_mut().push_str(&piece) }
}

fn resolved(piece: &[u8]) -> Read<Cow<'_, str>> {
    let piece = utf8(piece)?;
    if memchr(b'&', piece.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(piece));
    }
    unescape(piece).map_err(|error| Unreadable(error.to_string()))
}

fn utf8(bytes: &[u8]) -> Read<&str> {
    std::str::from_utf8(bytes).map_err(|_| Unreadable("it is not UTF-8".to_owned()))
}

fn broken_off() -> Unreadable {
    Unreadable("it breaks off".to_owned())
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
