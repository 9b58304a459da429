//! An object of JSON, written key by key: what most values are, texts and numbers, without a detour.
//!
//! Keys are the tool's own words and stand as they are. Texts are escaped as `serde_json` does it, and a test compares.
//!
//! Nothing fails but what is serialised by others.

use crate::facts::Facts;
use serde::Serialize;
use std::io;

/// Bytes that are looked at together.
const BLOCK_BYTES: usize = 16;

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl<'o> Object<'o> {
    /// Begins one.
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Object { out, is_empty: true }
    }

    fn key(&mut self, key: &str) {
        self.out.extend_from_slice(if self.is_empty { b"\"" } else { b",\"" });
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.is_empty = false;
    }

    /// A text.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        text(self.out, value);
    }

    /// A text, or null.
    pub(super) fn text_or_null(&mut self, key: &str, value: Option<&str>) {
        self.key(key);
        or_null(self.out, value, text);
    }

    /// A text, if there is one.
    pub(super) fn text_if(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// A number, or null.
    pub(super) fn number_or_null(&mut self, key: &str, value: Option<u64>) {
        self.key(key);
        or_null(self.out, value, number);
    }

    /// A number, if there is one.
    pub(super) fn number_if(&mut self, key: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.key(key);
            number(self.out, value);
        }
    }

    /// Texts and nulls.
    pub(super) fn texts<'t>(&mut self, key: &str, values: impl Iterator<Item = Option<&'t str>>) {
        self.key(key);
        self.out.push(b'[');
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            or_null(self.out, value, text);
        }
        self.out.push(b']');
    }

    /// What is known, by its names.
    ///
    /// # Errors
    /// A value does not serialise.
    pub(super) fn facts(&mut self, key: &str, facts: &Facts) -> io::Result<()> {
        self.key(key);
        self.out.push(b'{');
        for (at, (name, fact)) in facts.kept().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            text(self.out, name);
            self.out.push(b':');
            match fact.text() {
                Some(value) => text(self.out, value),
                None => serde_json::to_writer(&mut *self.out, &fact.value())?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Anything else.
    ///
    /// # Errors
    /// It does not serialise.
    pub(super) fn other(&mut self, key: &str, value: &impl Serialize) -> io::Result<()> {
        self.key(key);
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    /// Ends it.
    pub(super) fn end(self) {
        self.out.push(b'}');
    }
}

fn or_null<T>(out: &mut Vec<u8>, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
    match value {
        Some(value) => write(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

/// The digits of a number.
fn number(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// A text in quotes.
pub(super) fn text(out: &mut Vec<u8>, value: &str) {
    out.push(b'"');
    let mut rest = value.as_bytes();
    while let Some(at) = next_escaped(rest) {
        out.extend_from_slice(&rest[..at]);
        escape(out, rest[at]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The first byte that does not stand for itself.
fn next_escaped(bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK_BYTES>();
    let plain = blocks.iter().take_while(|block| !has_escaped(*block)).count() * BLOCK_BYTES;
    if plain + rest.len() == bytes.len()
        && !has_escaped(bytes.last_chunk().map_or(rest, <[u8; BLOCK_BYTES]>::as_slice))
    {
        return None;
    }
    bytes[plain..].iter().position(|byte| is_escaped(*byte)).map(|at| plain + at)
}

/// Without a way out in the middle, so that many bytes are looked at together.
#[inline]
fn has_escaped(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |any, byte| any | is_escaped(*byte))
}

#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "many bytes are looked at together only without branches")]
const fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let sign = match byte {
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        sign @ (b'"' | b'\\') => sign,
        control => {
            out.extend_from_slice(b"\\u00");
            return out.extend([control >> 4, control & 15].map(|half| DIGITS[usize::from(half)]));
        }
    };
    out.extend_from_slice(&[b'\\', sign]);
}

#[cfg(test)]
mod tests {
    use super::{Object, number, text};
    use proptest::prelude::*;

    #[test]
    fn what_is_empty_is_an_object_too() {
        let mut out = Vec::new();
        Object::new(&mut out).end();
        let mut object = Object::new(&mut out);
        object.text_if("a", None);
        object.number_or_null("b", None);
        object.texts("c", [Some("d"), None].into_iter());
        object.end();
        assert_eq!(String::from_utf8(out).expect("it is text"), r#"{}{"b":null,"c":["d",null]}"#);
    }

    proptest! {
        #[test]
        fn texts_and_numbers_are_as_others_write_them(
            value in "[ -~\u{0}-\u{20}\u{7f}é\"\\\\\u{1F600}]{0,200}",
            count in any::<u64>(),
        ) {
            let mut out = Vec::new();
            text(&mut out, &value);
            number(&mut out, count);
            let mut want = serde_json::to_vec(&value).expect("a text is JSON");
            want.extend(serde_json::to_vec(&count).expect("a number is JSON"));
            prop_assert_eq!(out, want);
        }
    }
}
