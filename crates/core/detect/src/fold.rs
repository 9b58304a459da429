//! Characters beyond ASCII that stand for ASCII in a host, or for nothing: full-width and enclosed digits, foreign dots,
//! soft hyphens. What each really becomes is [`onehop_address::spelling`]'s to say; a test over all of Unicode compares.
//!
//! ```text
//! bytes or escapes ─▶ one character ─▶ Sign (a letter, digit or mark) │ Dot │ Nothing (it vanishes) │ Itself
//! ```
//! Overlong forms of ASCII count as what they stand for: some decoders read them.
//!
//! Nothing fails: bytes that are no character are themselves.

use crate::escape::{self, Meaning};
use crate::unfold::is_vanishing;

/// What a character becomes in a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Letters, digits, or another visible ASCII character, or something that holds them.
    Sign,
    /// A dot, or the dash of names that carry an address.
    Dot,
    /// Nothing: it vanishes.
    Nothing,
    /// No ASCII.
    Itself,
}

/// Characters that become ASCII signs, in ranges. A few more than do: that costs a look, no more.
const SIGNS: &[(u32, u32)] = &[
    (0xAA, 0xAA),
    (0xB2, 0xB3),
    (0xB9, 0xBA),
    (0xBC, 0xBE),
    (0x132, 0x133),
    (0x13F, 0x140),
    (0x149, 0x149),
    (0x17F, 0x17F),
    (0x1C4, 0x1CC),
    (0x1F1, 0x1F3),
    (0x2B0, 0x2B8),
    (0x2E0, 0x2E4),
    (0x1D2C, 0x1D6A),
    (0x1D78, 0x1D78),
    (0x1D9B, 0x1DBF),
    (0x1E9A, 0x1E9B),
    (0x2024, 0x2026),
    (0x2070, 0x209F),
    (0x20A8, 0x20A8),
    (0x2100, 0x218B),
    (0x2460, 0x24FF),
    (0x2C7C, 0x2C7D),
    (0x3250, 0x33FF),
    (0xA7F1, 0xA7F9),
    (0xAB5B, 0xAB69),
    (0xFB00, 0xFB06),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFF60),
    (0x10780, 0x107BF),
    (0x1CCD6, 0x1CCF9),
    (0x1D400, 0x1D7FF),
    (0x1F100, 0x1F1FF),
    (0x1FBF0, 0x1FBF9),
];

/// Characters that vanish.
const NOTHINGS: &[(u32, u32)] = &[
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];

/// What a character becomes.
pub fn fold(character: char) -> Fold {
    let point = u32::from(character);
    if full_width(character).is_some_and(|byte| !matches!(byte, b'.' | b'-')) {
        return Fold::Sign;
    }
    let within = |ranges: &[(u32, u32)]| {
        let at = ranges.partition_point(|(_, last)| *last < point);
        ranges.get(at).is_some_and(|(first, _)| *first <= point)
    };
    match character {
        '.' | '-' | '\u{2024}' | '\u{FE52}' | '\u{3002}' | '\u{FF0E}' | '\u{FF61}' | '\u{FF0D}'
        | '\u{FE63}' => Fold::Dot,
        '\t' | '\n' | '\r' => Fold::Nothing,
        '\0'..='\x7f' => {
            if character.is_ascii_alphanumeric() {
                Fold::Sign
            } else {
                Fold::Itself
            }
        }
        _ if within(NOTHINGS) => Fold::Nothing,
        _ if within(SIGNS) => Fold::Sign,
        _ => Fold::Itself,
    }
}

/// What a character is that is a wide form of one of ASCII: the most frequent of those that fold.
#[inline]
pub(crate) fn full_width(character: char) -> Option<u8> {
    let narrow = u32::from(character).checked_sub(0xFF01 - 0x21)?;
    u8::try_from(narrow).ok().filter(u8::is_ascii_graphic)
}

/// Whether a character may fold or vanish that begins with these two bytes. False is certain, for bytes that begin one.
#[inline]
pub fn may_begin(first: u8, second: u8) -> bool {
    BEGINNINGS[usize::from(first & 0x3F)] >> (second & 0x3F) & 1 != 0
}

/// The second bytes, a bit each, with which [`may_begin`] is true.
pub(crate) const fn second_bytes(first: u8) -> u64 {
    BEGINNINGS[(first & 0x3F) as usize]
}

/// For each first byte from `C0` on the second bytes, a bit each, of characters that fold or vanish, and of overlong forms.
const BEGINNINGS: [u64; 64] = beginnings();

const fn beginnings() -> [u64; 64] {
    let mut table = [0; 64];
    // Overlong forms of two, three and four bytes.
    (table[0], table[1]) = (u64::MAX, u64::MAX);
    (table[0x20], table[0x30]) = (0xFFFF_FFFF, 0xFFFF);
    let (mut at, ranges) = (0, [SIGNS, NOTHINGS]);
    while at < SIGNS.len() + NOTHINGS.len() {
        let (first, last) = if at < SIGNS.len() { ranges[0][at] } else { ranges[1][at - SIGNS.len()] };
        let mut point = first;
        while point <= last {
            let (lead, second) = match point {
                0x80..0x800 => (point >> 6, point),
                0x800..0x1_0000 => (0x20 | point >> 12, point >> 6),
                _ => (0x30 | point >> 18, point >> 12),
            };
            table[(lead & 0x3F) as usize] |= 1 << (second & 0x3F);
            point += 1;
        }
        at += 1;
    }
    table
}

/// What comes next once it is decoded, and how many bytes that takes. `None` for a plain byte and at the end.
pub fn next(rest: &[u8]) -> Option<(Fold, usize)> {
    let first = *rest.first()?;
    if is_vanishing(first) {
        return Some((Fold::Nothing, 1));
    }
    if first >= 0x80 {
        let (character, length) = mixed(rest)?;
        return Some((fold(character), length));
    }
    if !escape::begins(first) {
        return None;
    }
    match escape::meaning(rest)? {
        (Meaning::Byte(0x80..), _) => {
            let (character, length) = escaped(rest);
            Some((fold(character), length))
        }
        (Meaning::Byte(byte), length) => Some((fold(char::from(byte)), length)),
        (Meaning::Character(character), length) => Some((fold(character), length)),
    }
}

/// The character at the beginning, and its length; overlong forms are read. `None` in the middle of one.
pub fn decode(rest: &[u8]) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    let length = rest.len().min(4);
    bytes[..length].copy_from_slice(&rest[..length]);
    character(bytes)
}

/// The character that begins with an escaped byte beyond ASCII, and the length of all that is written for it. What is no
/// character is the replacement character.
pub fn escaped(rest: &[u8]) -> (char, usize) {
    let alone = || (char::REPLACEMENT_CHARACTER, escape::meaning(rest).map_or(1, |(_, used)| used));
    mixed(rest).unwrap_or_else(alone)
}

/// The character at the beginning, each of its bytes as it is or escaped, and the length of all that is written for it:
/// whoever takes the escapes off has the whole character.
pub(crate) fn mixed(rest: &[u8]) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    let mut ends = [0; 4];
    let mut at = 0;
    for (byte, end) in bytes.iter_mut().zip(&mut ends) {
        let rest = &rest[at..];
        let (meant, used) = match rest.first() {
            Some(raw @ 0x80..) => (*raw, 1),
            Some(b'=') if at > 0 => match escape::continuation(rest) {
                Some(meant) => (meant, 3),
                None => break,
            },
            Some(sign) if escape::begins(*sign) => match escape::meaning(rest) {
                Some((Meaning::Byte(meant @ 0x80..), used)) => (meant, used),
                _ => break,
            },
            _ => break,
        };
        at += used;
        (*byte, *end) = (meant, at);
    }
    character(bytes).map(|(character, length)| (character, ends[length - 1]))
}

/// The character at the beginning, whose first byte is as it is and others perhaps in quoted-printable: what is left of
/// `%EF=BC=91` without its percent sign.
pub(crate) fn decode_mail(rest: &[u8]) -> Option<(char, usize)> {
    let mut bytes = [*rest.first()?, 0, 0, 0];
    let mut ends = [1; 4];
    for at in 1..bytes.len() {
        let rest = &rest[ends[at - 1]..];
        let (meant, used) = match rest.first() {
            Some(raw @ 0x80..) => (*raw, 1),
            _ => match escape::continuation(rest) {
                Some(meant) => (meant, 3),
                None => break,
            },
        };
        (bytes[at], ends[at]) = (meant, ends[at - 1] + used);
    }
    character(bytes).map(|(character, length)| (character, ends[length - 1]))
}

/// One character from up to four bytes, the rest zero.
fn character(bytes: [u8; 4]) -> Option<(char, usize)> {
    let (length, first) = match bytes[0] {
        first @ 0xC0..=0xDF => (2, first & 0x1F),
        first @ 0xE0..=0xEF => (3, first & 0x0F),
        first @ 0xF0..=0xF7 => (4, first & 0x07),
        _ => return None,
    };
    let value = bytes[1..length].iter().try_fold(u32::from(first), |value, byte| {
        (byte & 0xC0 == 0x80).then_some(value << 6 | u32::from(byte & 0x3F))
    })?;
    Some((char::from_u32(value)?, length))
}

#[cfg(test)]
mod tests;
