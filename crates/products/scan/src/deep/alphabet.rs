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
    /// The next run from `at` on, and the values of its characters.
    pub(super) fn run(&self, text: &[u8], at: usize, values: &mut Vec<u8>) -> Option<Range<usize>> {
        values.clear();
        let is_part = |byte: &u8| self.values[usize::from(*byte)] != NONE;
        let start = at + text.get(at..)?.iter().position(is_part)?;
        let mut end = start;
        while let Some((value, used)) = self.read(&text[end..]) {
            values.push(value);
            end += used;
        }
        Some(start..end)
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

    /// Adds the bytes that these values stand for. Zeros are left out: text in UTF-16 becomes text.
    pub(super) fn unpack(&self, values: &[u8], out: &mut Vec<u8>) {
        let (mut bits, mut held) = (0_u32, 0_u32);
        for value in values {
            bits = bits << self.bits | u32::from(*value);
            held += self.bits;
            if held >= 8 {
                held -= 8;
                let byte = (bits >> held).to_le_bytes()[0];
                if byte != 0 {
                    out.push(byte);
                }
            }
        }
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
