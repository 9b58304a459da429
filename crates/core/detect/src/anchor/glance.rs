//! The look before the look: from eight bytes and by tables, whether a place may matter.
//!
//! Most places that a sieve lets through are digits of ordinary addresses and escaped characters of ordinary words, in no
//! order that a processor could foresee; so each costs more by the branches of [`super::matters`] than by their work. What
//! kind of byte a place begins with it does foresee, since escaped characters come in runs: that is the one branch here.
//!
//! ```text
//! eight bytes ─▶ may_matter: by the first three, or by the character that `%XX%YY` begins
//!                   │ one place in six
//!                   ▼
//!                may_follow: by what comes behind three digits ─▶ matters
//! ```
//! Nothing fails, and nothing is lost: what may not matter at a glance does not matter, whatever stands around it.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "`&&` would be one branch more, which is what this is to do without"
)]

use super::TARGETS;
use crate::escape;
use crate::fold;

/// Bytes that a glance takes.
pub const GLANCE_BYTES: usize = 8;

/// Whether the place that these bytes begin at may matter.
#[inline]
pub fn may_matter(bytes: [u8; GLANCE_BYTES]) -> bool {
    let [first, second, third, fourth, fifth, sixth, ..] = bytes;
    match first {
        b'%' => !is_ordinary([second, third, fourth, fifth, sixth]),
        // The highest bytes are in no character, and may stand in for what vanishes.
        b'\\' | b'#' | 0xF8.. => true,
        // What stands behind may be escaped.
        0xC0.. => (second < 0x80) | fold::may_begin(first, second),
        0x80.. => false,
        _ => may_be_anchor([first, second, third]),
    }
}

/// Whether the two bytes that `%` and these five begin stay what they are: a character beyond ASCII that does not fold.
#[inline]
pub(super) fn is_ordinary([high, low, sign, next_high, next_low]: [u8; 5]) -> bool {
    let first = HIGH[usize::from(high)] | LOW[usize::from(low)];
    let second = HIGH[usize::from(next_high)] | LOW[usize::from(next_low)];
    (sign == b'%') & (ORDINARY[usize::from(first) % 512] >> (second & 63) & u64::from(second >> 6 == 2) != 0)
}

/// For each first byte of a character the second ones, a bit each, with which it stays what it is. Nothing for other bytes,
/// and for what is no byte.
static ORDINARY: [u64; 512] = {
    let mut table = [0; 512];
    let mut first: u8 = 0xC0;
    while first < 0xF8 {
        table[first as usize] = !fold::second_bytes(first);
        first += 1;
    }
    table
};

/// What a digit in hexadecimal is worth as the first of two, and as the second; 256 for other bytes.
static HIGH: [u16; 256] = digits(4);
static LOW: [u16; 256] = digits(0);

const fn digits(shift: u32) -> [u16; 256] {
    let mut table = [0x100; 256];
    let mut value: u8 = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value as usize];
        table[digit as usize] = (value as u16) << shift;
        table[digit.to_ascii_uppercase() as usize] = (value as u16) << shift;
        value += 1;
    }
    table
}

/// The triples of bytes of which [`super::anchor_matters`] makes something. An empty place is for any byte.
const ANCHORS: &[[&[u8]; 3]] = &[
    [b"=", b"", b""],
    [b"&", b"TN", b"ae"],
    [b"aA", b"98", COLONS],
    [b"6", b"4", COLONS],
    [b"cC", b"0", COLONS],
    [b"1", b"6", b"98"],
    [b"1", b"4", b"4"],
    [b"1", b"9", b"2"],
    [b"1", b"0", b"0"],
    [b"4", b"24", b"458"],
    [b"2", b"58", b"0125"],
    [b"3", b"025", b"026"],
    [b"0", b"6", b"4"],
    [b"57", b"915", b"147"],
    [b"aA", b"tT", b"aA"],
    [b"9", b"fF", b"eE"],
    [b"8", b"3", b"fF"],
    [b"cC", b"0", b"0"],
    [b"6", b"4", b"cC"],
    [b"dD", b"02", b"0"],
    [b"xX", b"6", b"4"],
    [b"xX0", b"aA", b"98"],
    [b"xX0", b"cC", b"0"],
];
/// What a colon in any of its forms begins with.
const COLONS: &[u8] = b":%\\&-_.=#";

/// Whether these three bytes may be one of [`ANCHORS`], told from their lower halves.
#[inline]
fn may_be_anchor(three: [u8; 3]) -> bool {
    let [first, second, third] = three.map(|byte| usize::from(byte & 15));
    LOWER_HALVES[first << 4 | second] >> third & 1 != 0
}

/// For each two lower halves of bytes the third ones that make an anchor of them, a bit each.
static LOWER_HALVES: [u16; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < ANCHORS.len() {
        let [first, second, third] = ANCHORS[at];
        let mut halves = 0;
        while halves < table.len() {
            if has_half(first, halves >> 4) && has_half(second, halves & 15) {
                table[halves] |= by_half(third);
            }
            halves += 1;
        }
        at += 1;
    }
    table
};

const fn has_half(bytes: &[u8], half: usize) -> bool {
    by_half(bytes) >> half & 1 != 0
}

/// The lower halves of bytes, a bit each; all of them for no bytes.
const fn by_half(bytes: &[u8]) -> u16 {
    let mut halves = if bytes.is_empty() { u16::MAX } else { 0 };
    let mut at = 0;
    while at < bytes.len() {
        halves |= 1 << (bytes[at] & 15);
        at += 1;
    }
    halves
}

/// Whether what comes behind three digits may make a target of them; true behind anything else. Most numbers that go on are
/// too short for an address, and most second parts are no target's.
#[inline]
pub fn may_follow(bytes: [u8; GLANCE_BYTES]) -> bool {
    let [first, second, third, fourth, behind @ ..] = bytes;
    let are_digits = first.is_ascii_digit() & second.is_ascii_digit() & third.is_ascii_digit();
    let (digits, number) = leading_number(behind);
    let ends = behind.get(digits).is_some_and(|end| ENDS[usize::from(*end)]);
    let is_part = (fourth == b'.') & (digits > 0) & (behind[0] != b'0') & !SECONDS[number % 256];
    !(are_digits & ends & (is_part | fourth.is_ascii_digit()))
}

/// The digits at the beginning: how many there are, and the number that they make if there are at most three.
#[inline]
fn leading_number(bytes: [u8; 4]) -> (usize, usize) {
    let values = u32::from_le_bytes(bytes) ^ u32::from_le_bytes(*b"0000");
    let beyond_nine = (((values & 0x7F7F_7F7F) + 0x7676_7676) | values) & 0x8080_8080;
    let digits = beyond_nine.trailing_zeros() / 8;
    // The last digit comes third, with zeros in front.
    let [hundreds, tens, ones, ..] = (u64::from(values) << 24 >> (8 * digits)).to_le_bytes();
    (digits as usize, 100 * usize::from(hundreds) + 10 * usize::from(tens) + usize::from(ones))
}

/// Bytes that end a number: nothing that stands for a digit begins with them.
static ENDS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = b' ';
    while byte < 0x7F {
        table[byte as usize] = !byte.is_ascii_digit() && !escape::begins(byte);
        byte += 1;
    }
    table
};

/// The lowest bytes of numbers below 1000 that go on with the first part of a target: its second part, or all the others in
/// one.
static SECONDS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < TARGETS.len() {
        table[(TARGETS[at] >> 16 & 0xFF) as usize] = true;
        if TARGETS[at] & 0xFF_FFFF < 1000 {
            table[(TARGETS[at] & 0xFF) as usize] = true;
        }
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests;
