//! What follows an anchor in numbers, parts and groups.

use super::TARGETS;
use super::near::{self, ends_with};
use crate::fold::{self, Fold};
use crate::token;
use crate::views;

/// Three digits at the beginning of `rest`, in decimal or octal.
pub(super) fn decimal(three: [u8; 3], rest: &[u8]) -> bool {
    let after = &rest[3..];
    let number = three.iter().fold(0, |number, digit| 10 * number + u32::from(digit - b'0'));
    match number {
        169 | 425 => parts(after, 169),
        168 => parts(after, 168) || is_target(rest, 10),
        424 => parts(after, 168),
        251 => parts(after, 169) || is_target(rest, 8),
        250 => parts(after, 168) || is_target(rest, 8),
        100 | 356 | 64 => parts(after, 100),
        144 => parts(after, 100) || is_target(rest, 8),
        192 | 448 => parts(after, 192),
        300 => parts(after, 192) || is_target(rest, 8),
        282 | 285 | 322 | 597 | 711 | 714 | 751 => is_target(rest, 10),
        _ => false,
    }
}

/// Three characters with letters among them, in lower case.
pub(super) fn lettered(three: [u8; 3], before: &[u8], after: &[u8]) -> bool {
    let ends = |with: &[u8]| ends_with(before, with);
    match &three {
        b"9fe" => hex(0xA9FE, after) && ends(b"a"),
        b"83f" => hex(0xA83F, after) && ends(b"a"),
        b"c00" => (after.starts_with(b"0") && hex(0xC000, &after[1..])) || continues(after),
        b"64c" => ends(b"6464"),
        b"d00" | b"d20" => (has_dash(after) || colon(after).is_some()) && ends(b"f"),
        b"x64" => parts(after, 100) || after.starts_with(b"6464") || continues(after),
        b"xa9" | b"0a9" => parts(after, 169),
        b"xa8" | b"0a8" => parts(after, 168),
        b"xc0" | b"0c0" => parts(after, 192),
        _ => false,
    }
}

/// The first byte of an address at the end of a group of IPv6, a colon in any form, and the second byte.
pub(super) fn groups(first: [u8; 2], after: &[u8]) -> bool {
    let Some(rest) = colon(after) else { return false };
    let (value, length) = number(rest, 16);
    let second = match &first {
        b"a9" => 0xFE,
        b"a8" => 0x3F,
        b"64" => 0x64,
        b"c0" => 0,
        _ => return false,
    };
    // RFC 6052 puts a byte of its own before it if it is the eighth. Translators do not look at that byte.
    let fits = length <= 4 && (value & 0xFF == second || value >> 8 == second);
    length > 0 && fits || continues(&rest[length..])
}

/// Whether the host around an anchor is plainly an address and that of no service, most often another one of the same
/// network: its first part ends with the anchor, and the others are plain to its end.
pub(super) fn is_other(before: &[u8], after: &[u8]) -> bool {
    let Some(mut rest) = after.strip_prefix(b".").filter(|_| begins_host(before)) else { return false };
    // What stands behind the first part, whose value does not matter then.
    let mut value = 0;
    // The bits of each part if it is the last one.
    for bits in [24, 16, 8] {
        let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=3).contains(&digits) || (digits > 1 && rest[0] == b'0') {
            return false;
        }
        let part = rest[..digits].iter().fold(0, |part, digit| 10 * part + u32::from(digit - b'0'));
        rest = &rest[digits..];
        if ends_host(rest) {
            value = value << bits | part & ((1 << bits) - 1);
            return TARGETS.iter().all(|target| target & 0xFF_FFFF != value);
        }
        let [b'.', next @ ..] = rest else { return false };
        (value, rest) = (value << 8 | part & 0xFF, next);
    }
    false
}

/// Whether a first part begins before its last three digits with nothing of a host before it.
fn begins_host(before: &[u8]) -> bool {
    let zeros = before.iter().rev().take_while(|byte| matches!(byte, b'0' | b'x' | b'X')).count();
    !before[..before.len() - zeros].last().is_some_and(|byte| token::belongs(*byte))
}

/// Whether a host plainly ends here, in whatever form it might go on. A path may begin with a backslash as well.
fn ends_host(rest: &[u8]) -> bool {
    let ends = |end: &u8| {
        let is_plain = views::delimiter(rest).is_none() && fold::next(rest).is_none();
        *end != b'\\' && !token::belongs(*end) && is_plain
    };
    rest.first().is_none_or(ends)
}

/// What follows a dot in any of its forms, or the dash of names that carry an address.
fn separator(after: &[u8]) -> Option<&[u8]> {
    let mut rest = after;
    loop {
        if views::delimiter(rest) == Some(b'.') {
            return Some(&rest[3..]);
        }
        match (rest.first()?, fold::next(rest)) {
            (_, Some((Fold::Nothing, used))) => rest = &rest[used..],
            (
                b'%' | b'\\' | b'&' | b'#' | b'=' | b'[' | b'(' | 0x80..,
                Some((Fold::Dot | Fold::Itself, _)),
            ) => {
                return near::next(rest).filter(|(dash, _)| *dash == b'-').map(|(_, used)| &rest[used..]);
            }
            (_, Some((Fold::Dot, used))) => return Some(&rest[used..]),
            (_, Some((Fold::Sign, _))) | (b'\n', None) => return Some(rest),
            (b'.' | b'-', None) => return Some(&rest[1..]),
            _ => return None,
        }
    }
}

/// What follows a colon in any of its forms.
fn colon(after: &[u8]) -> Option<&[u8]> {
    near::next(after).filter(|(character, _)| *character == b':').map(|(_, used)| &after[used..])
}

/// Whether a first part of this value is followed by a separator and a second one of a target.
fn parts(after: &[u8], first: u32) -> bool {
    if let [b'.', rest @ ..] = after
        && let Some(second) = plain_part(rest)
    {
        return fits_second(first, second);
    }
    separator(after).is_some_and(|rest| second_part(rest, first))
}

/// A part of up to three digits as nearly all are: decimal, and with a plain byte behind it.
fn plain_part(rest: &[u8]) -> Option<u64> {
    let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let end = *rest.get(digits)?;
    let is_plain = end < 0x80 && !crate::escape::begins(end) && !matches!(rest[0], b'0');
    ((1..=3).contains(&digits) && is_plain).then(|| number(&rest[..digits], 10).0)
}

fn second_part(rest: &[u8], first: u32) -> bool {
    let (radix, digits) = match rest {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', ..] => (8, rest),
        _ => (10, rest),
    };
    let (value, length) = number(digits, radix);
    continues(&digits[length..])
        // Old libraries read `0x` alone as nothing.
        || ((length > 0 || radix == 16) && fits_second(first, value))
        || (radix == 8 && fits_second(first, number(digits, 10).0))
}

/// Whether this is the second byte of a target with that first one, or all its bytes after the first.
#[expect(clippy::cast_possible_truncation, reason = "old libraries drop what is beyond their bits")]
fn fits_second(first: u32, value: u64) -> bool {
    let with_first = |target: &&u32| **target >> 24 == first;
    TARGETS.iter().filter(with_first).any(|target| {
        (value < 1 << 16 && target >> 16 & 0xFF == value as u32 & 0xFF)
            || target & 0xFF_FFFF == value as u32 & 0xFF_FFFF
    })
}

/// Whether the number at the beginning is an address of the catalogue, or cannot be read to its end.
fn is_target(rest: &[u8], radix: u32) -> bool {
    let (value, length) = number(rest, radix);
    continues(&rest[length..]) || (value < 1 << 40 && is_in_catalogue(value))
}

#[expect(clippy::cast_possible_truncation, reason = "old libraries drop what is beyond 32 bits")]
fn is_in_catalogue(value: u64) -> bool {
    TARGETS.contains(&(value as u32))
}

/// Most digits of a number that are read: more are zeros in front of what nobody writes.
const DIGITS_MAX: usize = 256;

/// The digits at the beginning: their value, saturated, and how many there are.
fn number(text: &[u8], radix: u32) -> (u64, usize) {
    let mut value = 0_u64;
    let digits = text.iter().take(DIGITS_MAX).map_while(|byte| char::from(*byte).to_digit(radix));
    let mut length = 0;
    for digit in digits {
        value = value.saturating_mul(u64::from(radix)).saturating_add(u64::from(digit));
        length += 1;
    }
    (value, length)
}

/// Whether a number may go on in what is no plain byte.
fn continues(rest: &[u8]) -> bool {
    matches!(fold::next(rest), Some((Fold::Sign | Fold::Nothing, _)))
}

/// Whether the dash of a name that carries an address follows.
fn has_dash(rest: &[u8]) -> bool {
    near::after::<1>(rest) == *b"-"
}

/// `after` the eight digits of a number in hexadecimal, given its first four: the rest is a target's, or IPv6 goes on.
fn hex(high: u64, after: &[u8]) -> bool {
    let (low, length) = number(after, 16);
    let rest = &after[length..];
    match length {
        4 if is_in_catalogue(high << 16 | low) => true,
        0..4 if has_dash(rest) || colon(rest).is_some() => true,
        0..=4 => continues(rest),
        _ => false,
    }
}
