//! Entities of HTML.
//!
//! ```text
//! &#49;  &#x31;  &#49 (the semicolon may be missing, as browsers read it)  &colon;
//! ```
//! Where the semicolon is escaped, as in a cookie, the entity is whole only once that is taken off: one layer alone does
//! not read it, so that the semicolon does not stay. `&#2349;` is `&#49;` in a log of `HAProxy` rather than a letter of
//! Devanagari in a URL.

use super::{Encoding, Inside, Meaning, character, takes};
use crate::fold::{self, Fold};

/// HTML names of the characters of a URL.
const ENTITIES: &[(&[u8], u8)] = &[
    (b"colon", b':'),
    (b"period", b'.'),
    (b"sol", b'/'),
    (b"bsol", b'\\'),
    (b"commat", b'@'),
    (b"quest", b'?'),
    (b"num", b'#'),
    (b"amp", b'&'),
    (b"equals", b'='),
    (b"percnt", b'%'),
    (b"lsqb", b'['),
    (b"rsqb", b']'),
    (b"lbrack", b'['),
    (b"rbrack", b']'),
    (b"quot", b'"'),
    (b"Tab", b'\t'),
    (b"NewLine", b'\n'),
];

/// Whether a name of the list may begin with these two letters. False is certain.
#[inline]
pub(crate) fn may_be_named(first: [u8; 2]) -> bool {
    NAMED[usize::from(first[0] & 0x3F)] >> (first[1] & 0x3F) & 1 != 0
}

/// For each first letter the second letters of names, a bit each; of both the lower six bits.
static NAMED: [u64; 64] = {
    let mut table = [0; 64];
    let mut at = 0;
    while at < ENTITIES.len() {
        let name = ENTITIES[at].0;
        table[(name[0] & 0x3F) as usize] |= 1 << (name[1] & 0x3F);
        at += 1;
    }
    table
};

/// `#49;`, `#x31;`, `colon;`: what stands after the `&`.
pub(super) fn after(rest: &[u8], inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    let Some(hash) = takes(rest, b'#', inside) else {
        if !matches!(rest, [first, second, ..] if may_be_named([*first, *second])) {
            return None;
        }
        let fits = |(name, byte): &(&[u8], u8)| {
            let end = takes(rest.strip_prefix(*name)?, b';', inside)?;
            Some((name.len() + end, Meaning::Byte(*byte), Encoding::Html))
        };
        return ENTITIES.iter().find_map(fits);
    };
    let digits = &rest[hash..];
    let is_hidden = hides_hash(digits);
    if inside == Inside::Plain && (is_hidden || waits(digits)) {
        return None;
    }
    let hash = if is_hidden { hash + 2 } else { hash };
    let digits = &rest[hash..];
    let (value, length) = number(digits)?;
    let semicolon = takes(&digits[length..], b';', Inside::Escaped);
    Some((hash + length + semicolon.unwrap_or(0), character(value)?, Encoding::Html))
}

/// Whether the semicolon behind this number is escaped, or its next digit where the number is nothing without it.
fn waits(digits: &[u8]) -> bool {
    let Some((value, length)) = number(digits) else { return false };
    let rest = &digits[length..];
    let is_cut = || {
        let is_nothing = value < 0x20 && !matches!(value, 9 | 10 | 13);
        is_nothing && super::holds_digit(rest, if matches!(digits[0], b'x' | b'X') { 16 } else { 10 })
    };
    takes(rest, b';', Inside::Escaped).is_some_and(|used| used > 1) || is_cut()
}

/// Whether these are the digits of an entity, with its semicolon.
pub(super) fn is_rest(digits: &[u8]) -> bool {
    let end = number(digits).map(|(_, length)| &digits[length..]);
    end.is_some_and(|end| takes(end, b';', Inside::Escaped).is_some()) && !hides_hash(digits)
}

/// Whether this is the rest of an entity whose `#` `HAProxy` has written as `#23`: what is inside means something to a
/// host, and the whole does not.
fn hides_hash(digits: &[u8]) -> bool {
    let Some(inner) = digits.strip_prefix(b"23") else { return false };
    let Some((value, length)) = number(inner) else { return false };
    let fold = |value: u32| char::from_u32(value).map_or(Fold::Itself, fold::fold);
    let outer = number(digits).map_or(Fold::Itself, |(value, _)| fold(value));
    let means = value < 0x80 || fold(value) != Fold::Itself;
    means && outer == Fold::Itself && inner.get(length) == Some(&b';')
}

/// The number of an entity, `49` or `x31`, and its length.
pub fn number(digits: &[u8]) -> Option<(u32, usize)> {
    let (sign, radix) = if matches!(digits.first(), Some(b'x' | b'X')) { (1, 16) } else { (0, 10) };
    let digits = &digits[sign..];
    let length = digits.iter().take(10).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    Some((super::number(&digits[..length], radix)?, sign + length))
}
