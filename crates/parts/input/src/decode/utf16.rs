//! UTF-16 to UTF-8. What is not valid becomes U+FFFD, as does half a unit at the end.

use std::io::{self, BufRead, Read};

use crate::feed::Feed;

/// Units converted at a time.
const UNITS: usize = 16 << 10;

pub(crate) struct Utf16<'f, 'i> {
    feed: &'f mut Feed<'i>,
    unit: fn([u8; 2]) -> u16,
    /// The first byte of a unit.
    half: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
    text: String,
    given: usize,
}

impl<'f, 'i> Utf16<'f, 'i> {
    /// Converts what follows the byte order mark.
    pub(crate) fn new(feed: &'f mut Feed<'i>, big_end_first: bool) -> Self {
        feed.consume(2);
        let unit = if big_end_first { u16::from_be_bytes } else { u16::from_le_bytes };
        Self { feed, unit, half: None, high: None, text: String::new(), given: 0 }
    }

    /// Converts some more; an empty text is the end.
    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() {
            let bytes = self.feed.fill_buf()?;
            let count = bytes.len().min(2 * UNITS);
            if count == 0 {
                if self.half.take().is_some() | self.high.take().is_some() {
                    self.text.push(char::REPLACEMENT_CHARACTER);
                }
                return Ok(());
            }
            let units = self.half.take().into_iter().chain(bytes[..count].iter().copied());
            let mut pair = None;
            for byte in units {
                match pair.take() {
                    None => pair = Some(byte),
                    Some(first) => push(&mut self.text, &mut self.high, (self.unit)([first, byte])),
                }
            }
            self.half = pair;
            self.feed.consume(count);
        }
        Ok(())
    }
}

fn push(text: &mut String, high: &mut Option<u16>, unit: u16) {
    if unit < 0x80 && high.is_none() {
        // A match arm for what nearly every unit is.
        text.push(char::from(unit.to_le_bytes()[0]));
        return;
    }
    match (high.take(), unit) {
        (Some(first), 0xdc00..=0xdfff) => {
            let code = 0x1_0000 + ((u32::from(first) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
            text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        (Some(_), _) => {
            text.push(char::REPLACEMENT_CHARACTER);
            push(text, high, unit);
        }
        (None, 0xd800..=0xdbff) => *high = Some(unit),
        (None, _) => text.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

impl Read for Utf16<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let rest = &self.text.as_bytes()[self.given..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}
