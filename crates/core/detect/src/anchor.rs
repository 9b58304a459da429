//! Places where a line may say something about a metadata service: the first, cheapest look at every byte.
//!
//! ```text
//! byte ─▶ an escape sign, a byte beyond ASCII, or the first of four bytes of the table? ─no─▶ next byte
//!            │ yes                                                       (a wide sieve may do this step)
//!            ▼
//!         matters(text, at): the few bytes around it, followed to the end of their escapes
//! ```
//! Every spelling of a target has an *anchor*: three bytes that stand in all spellings of one kind, whatever the case of
//! the letters, and a fourth that can follow them.
//!
//! | spelling of the target | anchor |
//! |---|---|
//! | parts, the first in decimal, octal, or beyond one byte | `169` `251` `425`, `168` `250` `424`, `100` `144` `356`, `192` `300` `448` |
//! | parts, the first in hexadecimal | `xa9` `0a9`, `xa8` `0a8`, `xc0` `0c0`, `x64` `064` |
//! | one number, decimal, octal, or beyond 32 bits | `285` `282` `168` `322` `714` `711` `597` `751`, `251` `250` `144` `300` |
//! | one number in hexadecimal, names that carry it, IPv6 with it in two groups | `9fe`, `83f`, `64c`, `c00` |
//! | IPv6 with it at an odd byte, so in three groups | `a9:` `a8:` `64:` `c0:`, the colon in any form |
//! | IPv6 of its own | `d00`, `d20` |
//! | names and paths | `ata`, as in `metadata`, `meta-data`, `instance-data`, `data-server` |
//! | characters beyond ASCII in quoted-printable | `=E2=` |
//! | what vanishes and has a name in HTML | `&Ta`, `&Ne` |
//!
//! The fourth byte is a separator, or what goes on with the spelling. It may be escaped.
//!
//! # Why nothing is lost
//! The text is decoded layer by layer and every layer is searched by its anchors, so a target is found in some layer at
//! some anchor. Either the three bytes stand in the line as they are: then the line has the anchor. Or one of them came
//! out of an escape or of a character beyond ASCII, or something between them vanished: then the line has an escape whose
//! whole chain means a letter or a digit, or something that vanishes, and [`matters`] says so. What follows an anchor
//! may be escaped in turn: whatever is no plain byte counts as fitting. What stands before one is read back through its
//! escapes (`near`).
//!
//! One anchor more does not matter: that of an address which begins and ends plainly there and is no service's, as those of
//! the same network are. No spelling of a target begins so (`follow`).
//!
//! Nothing fails: any bytes are looked at, at any place.

mod follow;
mod glance;
mod names;
mod near;

use crate::escape::{self, Meaning};
use crate::fold::{self, Fold};
pub use glance::{GLANCE_BYTES, may_follow, may_matter};
use near::{END, after};

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

/// The anchors, grouped so that the bytes of a group cover few others: a candidate for each fourth ordinary line. Parts of
/// addresses are frequent, so groups of two to four numbers below 256 cover few more of them.
pub const GROUPS: [Group; 10] = [
    [b"34", b"245", b"24568", b".-_=1[("],
    [b"1", b"49", b"24", b".-_=3[("],
    [b"13", b"0", b"0", b".-_=0[("],
    [b"2", b"58", b"0125", b".-_=127[("],
    [b"689", b"fF34", b"cCeEfF", b"0123456789abcdefABCDEF:.-_=[("],
    [b"aA6cC", b"9840", b":%\\&-_.=#", b"fF0362uUxXcC"],
    [b"aAcCdD", b"tT02", b"aA0", b".-_=/:?069aA \"'`<>()[]{},;|!*+$@^~\t\n\r"],
    [b"xX0=", b"aAcCeEfFdD", b"0123456789abcdefABCDEF", b"0123456789abcdefABCDEF:.-_=[("],
    [b"57&", b"159TN", b"147ae", b"679bw"],
    [b"01xX", b"6", b"489", b".-_=46[("],
];

/// The first three bytes of every escape that may matter, one that begins with a byte of [`SIGNS`]. An empty place is for
/// any byte.
///
/// | escapes | stand for |
/// |---|---|
/// | `%3` to `%7`, `%u` | digits and letters, signs that begin escapes, characters |
/// | `%2` | `#`, `%`, `&`, `(` |
/// | `%D` | the one character of two bytes from `D8` on that vanishes |
/// | `%E`, `%F` | characters of three and four bytes that fold or vanish |
/// | `%0`, `%C` | what vanishes; characters of two bytes that fold or vanish, overlong forms |
/// | the others | what nginx, JSON, HTML, `HAProxy` escape so |
pub const ESCAPES: [[&[u8]; 3]; 6] = [
    [b"%", b"34567uU", b"0123456789abcdefABCDEF"],
    [b"%", b"2", b"3568"],
    [b"%", b"dD", b"8"],
    [b"%", b"eEfF", b"0123aAfF"],
    [b"%", b"0cC", b"0124579aAbBdD"],
    [b"\\#", b"0123456789abcdefABCDEFxXuUtnr\\", b""],
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
    may_be_of_target(text, at)
        && !text.get(at + 3..).is_some_and(|after| follow::is_other(&text[..at], after))
}

/// Whether a target may be seen at `at`, perhaps one that begins before it: the anchor of its third part is one that does not
/// matter by itself.
#[inline]
pub(crate) fn may_be_of_target(text: &[u8], at: usize) -> bool {
    let Some(rest) = text.get(at..) else { return false };
    match rest {
        [b'%' | b'\\', ..] => escape_matters(text, at),
        [b'#', ..] => hash_matters(text, at, at + 1),
        [0x80..=0xFF, ..] => character_matters(text, at),
        [first, second, third, after @ ..]
            if is_anchor([*first, *second, *third, after.first().copied().unwrap_or(END)]) =>
        {
            anchor_matters([*first, *second, *third], text, at)
        }
        _ => false,
    }
}

/// For each of four places and each byte, the groups that have it, a bit each. What fits every group is all ones.
const PLACES: [[u16; 256]; 4] = [by_byte(0), by_byte(1), by_byte(2), by_byte(3)];

const fn by_byte(place: usize) -> [u16; 256] {
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
        table[GOES_ON[at] as usize] = u16::MAX;
        at += 1;
    }
    let mut high = 0x80;
    while place == 3 && high < 256 {
        table[high] = u16::MAX;
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
    let rest = text.get(from..)?;
    let mut state = u64::MAX;
    let (blocks, _) = rest.as_chunks();
    let mut at = 0;
    for block in blocks {
        let Some(next) = state_behind(state, *block) else { break };
        (state, at) = (next, at + block.len());
    }
    let mut is_fourth = |byte: u8| {
        state = state << 16 | REFUSED[usize::from(byte)];
        state < ALL_REFUSED
    };
    let behind = &rest[at..];
    let fourth = behind.iter().position(|byte| is_fourth(*byte));
    let fourth = fourth.or_else(|| is_fourth(END).then_some(behind.len()))?;
    Some(from + at + fourth - 3)
}

/// What is refused behind four bytes; none if one of them is the fourth of an anchor. The steps wait for nothing but their
/// bytes, and one question is asked for all of them.
#[inline]
fn state_behind(state: u64, four: [u8; 4]) -> Option<u64> {
    let [one, two, three, four] = four.map(|byte| REFUSED[usize::from(byte)]);
    let two = one << 16 | two;
    let three = two << 16 | three;
    let four = three << 16 | four;
    let each = (state << 16 | one) & (state << 32 | two) & (state << 48 | three) & four;
    (each >= ALL_REFUSED).then_some(four)
}

/// For each byte the groups that do not have it at the first, second, third and fourth place, from the lowest bits on.
/// What each byte refuses, moved on by a place a byte, adds up to what the last four refuse.
static REFUSED: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut place = 0;
        while place < 4 {
            table[byte] |= (PLACES[place][byte] as u64) << (16 * place);
            place += 1;
        }
        table[byte] = !table[byte];
        byte += 1;
    }
    table
};

/// The least value at which every group is refused at the fourth place.
const ALL_REFUSED: u64 = 0xFFFF << 48;

/// Whether the bytes around these three, which stand at `at`, make them a part of a target's spelling.
fn anchor_matters(three: [u8; 3], text: &[u8], at: usize) -> bool {
    let after = &text[at + 3..];
    match three.map(|byte| byte.to_ascii_lowercase()) {
        [b'=', ..] => folded_matters(fold::next(&text[at..]), text, at),
        [b'&', ..] => escape_matters(text, at),
        [high, low, b':' | b'%' | b'\\' | b'&' | b'-' | b'_' | b'.' | b'=' | b'#'] => {
            follow::groups([high, low], &text[at + 2..])
        }
        three @ [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'] => follow::decimal(three, &text[at..]),
        [b'a', b't', b'a'] => names::matter(&text[..at], after),
        three => follow::lettered(three, &text[..at], after),
    }
}

fn escape_matters(text: &[u8], at: usize) -> bool {
    if is_ordinary(&text[at..]) {
        return false;
    }
    let Some((meaning, length)) = escape::meaning(&text[at..]) else { return false };
    match meaning {
        Meaning::Byte(byte) if byte.is_ascii_alphanumeric() => true,
        Meaning::Byte(b'\t' | b'\n' | b'\r') => bridges(text, at, at + length),
        Meaning::Byte(b'#') => hash_matters(text, at, at + length),
        Meaning::Byte(0x80..=0xFF) => {
            let (character, length) = fold::escaped(&text[at..]);
            folded_matters(Some((fold::fold(character), length)), text, at)
        }
        Meaning::Byte(_) => false,
        Meaning::Character(character) => folded_matters(Some((fold::fold(character), length)), text, at),
    }
}

/// What a `#` from `start` to `end` begins: a numeric entity, whose `&` may itself be escaped, or an escape of `HAProxy`,
/// perhaps of the `#` of an entity.
fn hash_matters(text: &[u8], start: usize, end: usize) -> bool {
    let is_hash = text[end..].starts_with(b"23");
    entity_matters(text, start, end)
        || (is_hash && entity_matters(text, start, end + 2))
        || (start + 1 == end && folded_matters(fold::next(&text[start..]), text, start))
}

fn entity_matters(text: &[u8], start: usize, end: usize) -> bool {
    let digits = &text[end..];
    let Some((value, length)) = escape::entity_number(digits) else { return false };
    if !is_entity(&text[..start], &digits[length..]) {
        return false;
    }
    let fold = char::from_u32(value).map_or(Fold::Itself, fold::fold);
    let semicolon = escape::semicolon(&digits[length..]).unwrap_or(0);
    folded_matters(Some((fold, end - start + length + semicolon)), text, start)
}

/// Whether the number of an entity has what makes it one: the sign in front, or the semicolon.
fn is_entity(before: &[u8], after: &[u8]) -> bool {
    let signs = [&b"&"[..], b";", b"26"];
    escape::semicolon(after).is_some() || signs.iter().any(|sign| before.ends_with(sign))
}

/// Whether a character beyond ASCII in percent signs stands here that stays what it is, as most do.
#[inline]
fn is_ordinary(text: &[u8]) -> bool {
    let [b'%', rest @ ..] = text else { return false };
    rest.first_chunk().is_some_and(|rest| glance::is_ordinary(*rest))
}

fn character_matters(text: &[u8], at: usize) -> bool {
    if let [first @ 0xC0..0xF8, second @ 0x80..0xC0, ..] = text[at..]
        && !fold::may_begin(first, second)
    {
        return false;
    }
    folded_matters(fold::next(&text[at..]), text, at)
}

/// Whether something at `start` matters that becomes this and is so long.
fn folded_matters(found: Option<(Fold, usize)>, text: &[u8], start: usize) -> bool {
    match found {
        Some((Fold::Sign, _)) => true,
        Some((Fold::Nothing, length)) => bridges(text, start, start + length),
        _ => false,
    }
}

/// Whether an anchor stands across what vanishes between `start` and `end`.
fn bridges(text: &[u8], start: usize, end: usize) -> bool {
    let [first, third, fourth] = after::<3>(&text[end..]);
    let is_across = |[second, last]: [u8; 2]| {
        is_anchor([second, last, first, third]) || is_anchor([last, first, third, fourth])
    };
    // An escape may go on behind what vanishes in it, and so does a line of quoted-printable that ends in `=`.
    let goes_on = || {
        let before = near::before::<5>(&text[..start]);
        let backslash = memchr::memrchr(b'\\', &before);
        let begun = backslash.map(|at| before.get(at + 1));
        let is_begun = match begun {
            // Two of them are an escape of their own.
            Some(None) => text[start] != b'\\',
            Some(Some(next)) => matches!(next, b'x' | b'u' | b'0'..=b'7'),
            None => false,
        };
        before.contains(&b'%') || before.ends_with(b"=") || is_begun
    };
    near::each_before(&text[..start]).any(is_across) || goes_on()
}

#[cfg(test)]
mod tests;
