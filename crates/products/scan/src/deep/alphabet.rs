//! The characters of base64, base32 and hexadecimal digits, and runs of them.
//!
//! Signs of base64 may be escaped where they stand: `%2B`, `%252F`, and `\/` in JSON. Nothing fails.

use onehop_detect::escape::Encoding;
use std::ops::Range;

const NONE: u8 = 0xFF;

/// The characters of an encoding.
#[derive(Debug)]
pub(super) struct Alphabet {
    pub(super) encoding: Encoding,
    values: [u8; 256],
    /// Bits of a character.
    bits: u32,
    /// Characters from which on a byte may begin.
    pub(super) starts: usize,
}

/// Every alphabet.
pub(super) static ALPHABETS: [Alphabet; 3] = [
    Alphabet { encoding: Encoding::Base64, values: both(counted(BASE64, false)), bits: 6, starts: 4 },
    Alphabet { encoding: Encoding::Base32, values: counted(BASE32, true), bits: 5, starts: 8 },
    Alphabet { encoding: Encoding::Hex, values: counted(b"0123456789ABCDEF", true), bits: 4, starts: 2 },
];

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The place of each character is its value; `any_case` counts small letters as capital ones.
#[expect(clippy::cast_possible_truncation, reason = "at most 64 characters")]
const fn counted(characters: &[u8], any_case: bool) -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut at = 0;
    while at < characters.len() {
        values[characters[at] as usize] = at as u8;
        if any_case {
            values[characters[at].to_ascii_lowercase() as usize] = at as u8;
        }
        at += 1;
    }
    values
}

/// Base64 in both its alphabets.
const fn both(mut values: [u8; 256]) -> [u8; 256] {
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
}

impl Alphabet {
    /// The next run from `at` on that may hide something, and the values of its characters.
    pub(super) fn run(&self, text: &[u8], mut at: usize, values: &mut Vec<u8>) -> Option<Range<usize>> {
        let is_part = |byte: &u8| self.values[usize::from(*byte)] != NONE;
        loop {
            let start = at + text.get(at..)?.iter().position(is_part)?;
            let length = text[start..].iter().position(|byte| !is_part(byte)).unwrap_or(text.len() - start);
            let mut end = start + length;
            let goes_on = self.bits == 6 && escaped(&text[end..]).is_some();
            if length < self.shortest() && !goes_on {
                at = end + 1;
                continue;
            }
            values.clear();
            values.extend(text[start..end].iter().map(|byte| self.values[usize::from(*byte)]));
            while let Some((value, used)) = self.read(&text[end..]) {
                values.push(value);
                end += used;
            }
            return Some(start..end);
        }
    }

    /// Fewest characters that can hide something.
    fn shortest(&self) -> usize {
        TEXT_MIN * 8 / self.bits as usize
    }

    /// The character at the beginning, and its length.
    #[inline]
    fn read(&self, text: &[u8]) -> Option<(u8, usize)> {
        match self.values[usize::from(*text.first()?)] {
            NONE if self.bits == 6 => escaped(text),
            NONE => None,
            value => Some((value, 1)),
        }
    }

    /// The parts of a run of base64 behind a sign: in a path they are its segments. What stands before one may hide where
    /// it begins.
    pub(super) fn parts<'v>(&self, values: &'v [u8]) -> impl Iterator<Item = &'v [u8]> {
        let is_sign = |at: &usize| self.bits == 6 && values[*at] >= 62;
        let shortest = self.shortest();
        let parts = (0..values.len()).filter(is_sign).map(|at| &values[at + 1..]);
        parts
            .map(|part| &part[..part.iter().position(|value| *value >= 62).unwrap_or(part.len())])
            .filter(move |part| part.len() >= shortest)
    }

    /// Adds what is readable of the bytes that these values stand for. Zeros are left out: text in UTF-16 becomes text.
    pub(super) fn unpack(&self, values: &[u8], out: &mut Vec<u8>) {
        let (mut bits, mut held) = (0_u32, 0_u32);
        let mut text = Text { start: out.len(), missing: 0 };
        for value in values {
            bits = bits << self.bits | u32::from(*value);
            held += self.bits;
            if held >= 8 {
                held -= 8;
                text.push((bits >> held).to_le_bytes()[0], out);
            }
        }
        text.end(out);
    }
}

/// Fewest bytes of text: `192.192`, the shortest spelling of an address.
const TEXT_MIN: usize = 7;

/// Readable bytes as they come: visible ASCII, blanks, characters of UTF-8.
struct Text {
    /// Where they begin.
    start: usize,
    /// Bytes that the present character lacks.
    missing: u8,
}

impl Text {
    #[inline]
    fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        let missing = match byte {
            0 => return,
            0x20..=0x7E | b'\t' | b'\n' | b'\r' if self.missing == 0 => 0,
            0x80..=0xBF if self.missing > 0 => self.missing - 1,
            0xC2..=0xDF if self.missing == 0 => 1,
            0xE0..=0xEF if self.missing == 0 => 2,
            0xF0..=0xF4 if self.missing == 0 => 3,
            _ => {
                self.end(out);
                if !matches!(byte, 0x20..=0x7E) {
                    return;
                }
                0
            }
        };
        self.missing = missing;
        out.push(byte);
    }

    /// Ends the text. What is too short to be anything is dropped.
    fn end(&mut self, out: &mut Vec<u8>) {
        if out.len() - self.start < TEXT_MIN {
            out.truncate(self.start);
        } else {
            out.push(b' ');
        }
        *self = Text { start: out.len(), missing: 0 };
    }
}

/// A sign of base64 that is escaped.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    let (hex, used) = match text {
        [b'\\', b'/', ..] => return Some((63, 2)),
        [b'%', b'2', b'5', high, low, ..] => ([*high, *low], 5),
        [b'%', high, low, ..] => ([*high, *low], 3),
        _ => return None,
    };
    match hex {
        [b'2', b'B' | b'b'] => Some((62, used)),
        [b'2', b'F' | b'f'] => Some((63, used)),
        _ => None,
    }
}
