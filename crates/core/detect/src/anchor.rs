//! Places where a line may say something about a metadata service: the first, cheapest look at every byte.
//!
//! ```text
//! byte ─▶ an escape sign, a byte beyond ASCII, or the first of three bytes of the table? ─no─▶ next byte
//!            │ yes                                                        (a wide sieve may do this step)
//!            ▼
//!         matters(text, at): the few bytes around it, followed to the end of their escapes
//! ```
//! Every spelling of a target has an *anchor*: three bytes that stand in all spellings of one kind, whatever the case of
//! the letters.
//!
//! | spelling of the target | anchor |
//! |---|---|
//! | parts, the first in decimal, octal, or beyond one byte | `169` `251` `425`, `168` `250`, `100` `144`, `192` `300` |
//! | parts, the first in hexadecimal | `xa9` `0a9`, `xa8` `0a8`, `xc0` `0c0`, `x64`, `xc8` |
//! | one number, decimal, octal, or beyond 32 bits | `285` `282` `168` `322` `714`, `251` `250` `144` `300` |
//! | one number in hexadecimal, IPv6, names that carry it | `9fe` `fea`, `83f`, `64c`, `c00` |
//! | IPv6 of its own | `d00`, `d20` |
//! | names and paths | `ata`, as in `metadata`, `meta-data`, `instance-data` |
//!
//! The byte after the three is known too: a separator, or what goes on with the spelling. It may be escaped.
//!
//! # Why nothing is lost
//! The text is decoded layer by layer and every layer is searched by its anchors, so a target is found in some layer at
//! some anchor. Either the three bytes stand in the line as they are: then the line has the anchor. Or one of them came
//! out of an escape or of a character beyond ASCII, or something between them vanished: then the line has an escape whose
//! whole chain means a letter or a digit, or something that vanishes, and [`matters`] says so. What follows an anchor
//! may be escaped in turn: whatever is no plain byte counts as fitting.
//!
//! Nothing fails: any bytes are looked at, at any place.

use crate::escape::{self, Meaning};
use crate::fold::{self, Fold};

/// IPv4 addresses of the services that hand out metadata or credentials, as numbers. The catalogue is the source;
/// a test compares.
pub const TARGETS: [u32; 9] = [
    0xA9FE_A9FE, // 169.254.169.254
    0xA9FE_AA02, // 169.254.170.2
    0xA9FE_AA17, // 169.254.170.23
    0xA9FE_A9FC, // 169.254.169.252
    0xA9FE_2A2A, // 169.254.42.42
    0xA9FE_0017, // 169.254.0.23
    0xA83F_8110, // 168.63.129.16
    0x6464_64C8, // 100.100.100.200
    0xC000_00C0, // 192.0.0.192
];

/// One group of anchors: for each of four places, the bytes that may stand there, letters in both cases. At the fourth
/// place an escape sign, a byte beyond ASCII and the end of the text fit as well.
pub type Group = [&'static [u8]; 4];

/// The anchors, grouped so that the bytes of a group cover few others.
pub const GROUPS: [Group; 8] = [
    [b"1", b"6", b"89", b".-_=4"],
    [b"2", b"5", b"01", b".-_=17"],
    [b"27", b"81", b"245", b"127"],
    [b"1", b"049", b"024", b".-_=3"],
    [b"34", b"02", b"025", b".-_=01"],
    [b"968", b"4fF3", b"cCeEfF", b"0123456789abcdefABCDEF:"],
    [b"aAcCdDfFxX", b"eEtT026", b"aA04", b".-_=/:?069aA \"'>\t\n\r"],
    [b"xX0", b"aAcC", b"089", b"0123456789abcdefABCDEF:.-_="],
];

/// Bytes that call for a look by themselves: they begin escapes.
pub const SIGNS: [u8; 3] = *b"%\\#";

/// Bytes that fit the fourth place of every group, as those beyond ASCII do: what comes there cannot be told from them.
pub const GOES_ON: [u8; 5] = *b"%\\&#\n";

/// Whether something at `at` calls for decoding and judging the line. False for most places that the table passes.
///
/// Total: a place beyond the end does not matter.
#[inline]
pub fn matters(text: &[u8], at: usize) -> bool {
    let Some(rest) = text.get(at..) else { return false };
    match rest {
        [b'%' | b'\\', ..] => escape_matters(text, at),
        [b'#', ..] => hash_matters(text, at, at + 1),
        [0x80..=0xFF, ..] => character_matters(text, at),
        [first, second, third, after @ ..]
            if !is_anchor([*first, *second, *third, after.first().copied().unwrap_or(END)]) =>
        {
            false
        }
        [b'1', b'6', b'9', after @ ..] | [b'4', b'2', b'5', after @ ..] => parts(after, &[254]),
        [b'1', b'6', b'8', after @ ..] => parts(after, &[63]) || is_target(rest, 10),
        [b'2', b'5', b'1', after @ ..] => parts(after, &[254]) || is_target(rest, 8),
        [b'2', b'5', b'0', after @ ..] => parts(after, &[63]) || is_target(rest, 8),
        [b'1', b'0', b'0', after @ ..] => parts(after, &[100, 200]),
        [b'1', b'4', b'4', after @ ..] => parts(after, &[100, 200]) || is_target(rest, 8),
        [b'1', b'9', b'2', after @ ..] => parts(after, &[0]),
        [b'3', b'0', b'0', after @ ..] => parts(after, &[0]) || is_target(rest, 8),
        [b'2', b'8', b'2' | b'5', ..] | [b'3', b'2', b'2', ..] | [b'7', b'1', b'4', ..] => {
            is_target(rest, 10)
        }
        [first, second, third, after @ ..] => {
            let three = [first, second, third].map(u8::to_ascii_lowercase);
            lettered(three, &text[..at], after)
        }
        _ => false,
    }
}

/// For each of four places and each byte, the groups that have it, a bit each. What fits every group is all ones.
pub static PLACES: [[u8; 256]; 4] = [by_byte(0), by_byte(1), by_byte(2), by_byte(3)];

const fn by_byte(place: usize) -> [u8; 256] {
    let mut table = [0; 256];
    let mut group = 0;
    while group < GROUPS.len() {
        let bytes = GROUPS[group][place];
        let mut at = 0;
        while at < bytes.len() {
            table[bytes[at] as usize] |= 1 << group;
            at += 1;
        }
        group += 1;
    }
    let mut at = 0;
    while place == 3 && at < GOES_ON.len() {
        table[GOES_ON[at] as usize] = 0xFF;
        at += 1;
    }
    let mut high = 0x80;
    while place == 3 && high < 256 {
        table[high] = 0xFF;
        high += 1;
    }
    table
}

/// Whether three bytes and the one after them may be an anchor.
#[inline]
pub fn is_anchor(four: [u8; 4]) -> bool {
    let [first, second, third, fourth] = four.map(usize::from);
    PLACES[0][first] & PLACES[1][second] & PLACES[2][third] & PLACES[3][fourth] != 0
}

/// The first place from `from` on where the bytes of an anchor stand.
pub fn next(text: &[u8], from: usize) -> Option<usize> {
    let whole = text.get(from..)?.windows(4);
    let found = whole.into_iter().position(|four| is_anchor([four[0], four[1], four[2], four[3]]));
    if let Some(at) = found {
        return Some(from + at);
    }
    let last = text.len().checked_sub(3).filter(|last| *last >= from)?;
    is_anchor([text[last], text[last + 1], text[last + 2], END]).then_some(last)
}

fn escape_matters(text: &[u8], at: usize) -> bool {
    let Some((meaning, length)) = escape::meaning(&text[at..]) else { return false };
    match meaning {
        Meaning::Byte(byte) if byte.is_ascii_alphanumeric() => true,
        Meaning::Byte(b'\t' | b'\n' | b'\r') => bridges(text, at, at + length),
        Meaning::Byte(b'#') => hash_matters(text, at, at + length),
        Meaning::Byte(0x80..=0xFF) => {
            let (character, length) = fold::escaped(&text[at..]);
            folded_matters(fold::fold(character), text, at, at + length)
        }
        Meaning::Byte(_) => false,
        Meaning::Character(character) => folded_matters(fold::fold(character), text, at, at + length),
    }
}

/// What a `#` from `start` to `end` begins: a numeric entity, whose `&` may itself be escaped, or an escape of `HAProxy`.
fn hash_matters(text: &[u8], start: usize, end: usize) -> bool {
    let digits = &text[end..];
    let entity = escape::entity_number(digits);
    let (fold, length) = match entity {
        Some((value, length)) if is_entity(&text[..start], &digits[..length]) => {
            (char::from_u32(value).map_or(Fold::Itself, fold::fold), length)
        }
        _ => match fold::next(&text[start..]) {
            Some((fold, length)) if start + 1 == end => (fold, length - 1),
            _ => return false,
        },
    };
    folded_matters(fold, text, start, end + length)
}

/// Whether the number of an entity has what makes it one: the sign in front, or the semicolon.
fn is_entity(before: &[u8], number: &[u8]) -> bool {
    number.ends_with(b";") || ends_with(before, b"&") || ends_with(before, b";") || ends_with(before, b"26")
}

fn character_matters(text: &[u8], at: usize) -> bool {
    let Some((character, length)) = fold::decode(&text[at..]) else { return false };
    folded_matters(fold::fold(character), text, at, at + length)
}

fn folded_matters(fold: Fold, text: &[u8], start: usize, end: usize) -> bool {
    match fold {
        Fold::Sign => true,
        Fold::Nothing => bridges(text, start, end),
        Fold::Dot | Fold::Itself => false,
    }
}

/// Whether an anchor stands across what vanishes between `start` and `end`.
fn bridges(text: &[u8], start: usize, end: usize) -> bool {
    let before =
        [start.wrapping_sub(2), start.wrapping_sub(1)].map(|at| text.get(at).copied().unwrap_or(b' '));
    let after: [u8; 3] = plain(&text[end..]);
    is_anchor([before[0], before[1], after[0], after[1]])
        || is_anchor([before[1], after[0], after[1], after[2]])
}

/// The end of the text, and an escape, which speaks for itself, among plain bytes.
const END: u8 = b'\n';

/// The next bytes in lower case, with what vanishes left out.
fn plain<const N: usize>(mut rest: &[u8]) -> [u8; N] {
    let mut out = [END; N];
    let mut length = 0;
    while length < N {
        let Some(first) = rest.first() else { break };
        if *first >= 0x80 || escape::begins(*first) {
            match fold::next(rest) {
                Some((Fold::Nothing, used)) => rest = &rest[used..],
                _ => break,
            }
            continue;
        }
        out[length] = first.to_ascii_lowercase();
        length += 1;
        rest = &rest[1..];
    }
    out
}

/// Whether a first part is followed by a separator and a part that fits one of these second bytes.
fn parts(after: &[u8], second: &[u64]) -> bool {
    separator(after).is_some_and(|rest| second_part(rest, second))
}

/// What follows a dot in any of its forms, or the dash of names that carry an address.
fn separator(after: &[u8]) -> Option<&[u8]> {
    let mut rest = after;
    loop {
        match rest {
            [b'.' | b'-' | b'_' | b'=', b'2', b'e' | b'E', rest @ ..] | [b'.' | b'-', rest @ ..] => {
                return Some(rest);
            }
            [b'%' | b'\\' | b'&' | b'#' | 0x80..=0xFF, ..] => match fold::next(rest)? {
                (Fold::Nothing, used) => rest = &rest[used..],
                (Fold::Dot, used) => return Some(&rest[used..]),
                (Fold::Sign, _) => return Some(rest),
                (Fold::Itself, _) => return None,
            },
            _ => return None,
        }
    }
}

fn second_part(rest: &[u8], second: &[u64]) -> bool {
    let fits = |value: u64| {
        second
            .iter()
            .any(|byte| if value < 1 << 16 { value & 0xFF == *byte } else { value >> 16 & 0xFF == *byte })
    };
    let (radix, digits) = match rest {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', ..] => (8, rest),
        _ => (10, rest),
    };
    let (value, length) = number(digits, radix);
    if continues(&digits[length..]) {
        return true;
    }
    (length > 0 && fits(value)) || (radix == 8 && fits(number(digits, 10).0))
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

/// The digits at the beginning: their value, saturated, and how many there are.
fn number(text: &[u8], radix: u32) -> (u64, usize) {
    let mut value = 0_u64;
    for (at, byte) in text.iter().enumerate() {
        let Some(digit) = char::from(*byte).to_digit(radix) else { return (value, at) };
        value = value.saturating_mul(u64::from(radix)).saturating_add(u64::from(digit));
    }
    (value, text.len())
}

/// Whether a number may go on in what is no plain byte.
fn continues(rest: &[u8]) -> bool {
    matches!(fold::next(rest), Some((Fold::Sign | Fold::Nothing, _)))
}

/// `after` the eight digits of a number in hexadecimal, given its first four: the rest is a target's, or IPv6 goes on.
fn hex(high: u64, after: &[u8]) -> bool {
    let (low, length) = number(after, 16);
    let rest = &after[length..];
    match length {
        4 => is_in_catalogue(high << 16 | low) || continues(rest),
        0..4 => rest.first() == Some(&b':') || means(rest, b':') || continues(rest),
        _ => false,
    }
}

/// Whether this byte comes next, as it is or escaped.
fn means(rest: &[u8], byte: u8) -> bool {
    rest.first() == Some(&byte)
        || escape::meaning(rest).is_some_and(|(meaning, _)| meaning == Meaning::Byte(byte))
}

fn lettered(three: [u8; 3], before: &[u8], after: &[u8]) -> bool {
    let ends = |with: &[u8]| ends_with(before, with);
    match &three {
        b"ata" => names(before, after),
        b"9fe" => ends(b"a") && hex(0xA9FE, after),
        b"83f" => ends(b"a") && hex(0xA83F, after),
        b"c00" => after.starts_with(b"0") && hex(0xC000, &after[1..]),
        b"64c" => ends(b"646") && matches!(number(after, 16), (8, 1)),
        b"fea" => matches!(after.first(), Some(b'9' | b'a' | b'A')) && (ends(b"a9:") || ends(b"a9%3a")),
        b"d00" | b"d20" => ends(b"f") && means(after, b':'),
        b"x64" => parts(after, &[100, 200]) || after.starts_with(b"6464"),
        b"xa9" | b"0a9" => parts(after, &[254]),
        b"xa8" | b"0a8" => parts(after, &[63]),
        b"xc0" | b"0c0" => parts(after, &[0]),
        b"xc8" => ends(b".0"),
        _ => false,
    }
}

/// Whether `ata` stands in a name or a path of a service.
fn names(before: &[u8], after: &[u8]) -> bool {
    let ends = |with: &[u8]| ends_with(before, with);
    let next = || plain::<10>(after);
    if ends(b"metad") {
        let next = next();
        let host = [&b".goog"[..], b".azure", b".tencent", b".packet", b".platform", b".cloud"];
        let path = [&b"/instance"[..], b"/identity", b"/v1", b"/schedule", b"/attested", b"/loadbal"];
        let is_host = ends(b"/metad") || ends(b"2fmetad") || ends(b"@metad") || ends(b"rancher-metad");
        return next[0] == END
            || is_host && matches!(next[0], b'/' | b':' | b'?')
            || ends(b"computemetad")
            || host.iter().chain(&path).any(|known| next.starts_with(known));
    }
    if ends(b"meta-d") || ends(b"user-d") {
        let start = &before[..before.len() - 6];
        return ends_with(start, b"/") || ends_with(start, b"2f");
    }
    if ends(b"instance-d") {
        return true;
    }
    ends(b"d") && next().starts_with(b"-server")
}

/// Whether `text` ends with this, which is in lower case.
fn ends_with(text: &[u8], with: &[u8]) -> bool {
    text.len() >= with.len() && text[text.len() - with.len()..].eq_ignore_ascii_case(with)
}

#[cfg(test)]
mod tests;
