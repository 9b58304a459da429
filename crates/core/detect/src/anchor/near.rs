//! The plain characters next to a place, with escapes read to their end and what vanishes left out.
//!
//! Letters are in lower case. A dot in any form is `-`, as a dash is: which of the two a character becomes is for the
//! reader of hosts to say.

use crate::doubt;
use crate::escape::{self, Meaning};
use crate::fold::{self, Fold};
use crate::unfold::{self, Encodings};
use crate::views;

/// The end of the text, and what is no plain character.
pub(super) const END: u8 = b'\n';
/// Bytes before a place that are read: the longest name with a few characters in several layers of escapes.
const BEFORE_BYTES: usize = 192;

/// The ways to read escapes that may be none: every one as an escape, or one kind as what stands there.
const READINGS: [Encodings; 1 + doubt::KINDS.len()] = [Encodings::NONE, doubt::KINDS[0], doubt::KINDS[1]];

/// The characters before the end of `text`.
pub(super) fn before<const N: usize>(text: &[u8]) -> [u8; N] {
    read_before(near(text), Encodings::NONE)
}

/// The same in each way to read escapes that may be none.
pub(super) fn each_before<const N: usize>(text: &[u8]) -> impl Iterator<Item = [u8; N]> {
    let near = near(text);
    readings(near).map(|left| read_before(near, left))
}

/// The [`READINGS`] that may differ here from those before.
fn readings(near: &[u8]) -> impl Iterator<Item = Encodings> {
    // A backslash may be escaped; what a `#` begins that was, is not followed.
    let may_differ = |at: &usize| match at {
        0 => true,
        1 => memchr::memchr3(b'\\', b'%', b'&', near).is_some(),
        _ => memchr::memchr(b'#', near).is_some(),
    };
    (0..READINGS.len()).filter(may_differ).map(|at| READINGS[at])
}

/// What belongs to the characters before the end of `text`, from the last one on that is in no name and no number. A slash
/// may end an escape, and means a slash all the same; a space and a question mark are in none.
fn near(text: &[u8]) -> &[u8] {
    let near = &text[text.len().saturating_sub(BEFORE_BYTES)..];
    &near[memchr::memrchr3(b'/', b' ', b'?', near).unwrap_or(0)..]
}

fn read_before<const N: usize>(near: &[u8], left: Encodings) -> [u8; N] {
    let mut read = [END; BEFORE_BYTES];
    let mut length = 0;
    let mut rest = near;
    while !rest.is_empty() {
        let (character, used) = step(rest, left);
        if let Some(character) = character {
            read[length] = character;
            length += 1;
        }
        rest = &rest[used..];
    }
    let mut out = [END; N];
    let kept = length.min(N);
    out[N - kept..].copy_from_slice(&read[length - kept..length]);
    out
}

/// The characters at the beginning of `rest`.
pub(super) fn after<const N: usize>(mut rest: &[u8]) -> [u8; N] {
    let mut out = [END; N];
    let mut length = 0;
    while let Some((character, used)) = next(rest).filter(|_| length < N) {
        out[length] = character;
        length += 1;
        rest = &rest[used..];
    }
    out
}

/// The character at the beginning of `rest` and where the next one begins.
pub(super) fn next(rest: &[u8]) -> Option<(u8, usize)> {
    let mut at = 0;
    while at < rest.len() {
        let (character, used) = step(&rest[at..], Encodings::NONE);
        at += used;
        if let Some(character) = character {
            return Some((character, at));
        }
    }
    None
}

/// What a byte is with which nothing begins; none for the others.
static PLAIN: [Option<u8>; 256] = {
    let mut table = [None; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        if !(escape::begins(byte) || matches!(byte, b'-' | b'_' | b'.' | b'=')) {
            table[byte as usize] = Some(byte.to_ascii_lowercase());
        }
        byte += 1;
    }
    table
};

/// One character and its length; none if it vanishes.
#[inline]
fn step(rest: &[u8], left: Encodings) -> (Option<u8>, usize) {
    match PLAIN[usize::from(rest[0])] {
        Some(plain) => (Some(plain), 1),
        None => step_special(rest, left),
    }
}

/// The same where something may begin.
fn step_special(rest: &[u8], left: Encodings) -> (Option<u8>, usize) {
    // By far the most frequent escape, of a character with which nothing begins.
    if let Some(plain) = unfold::percent(rest).filter(u8::is_ascii_graphic)
        && let Some(plain) = PLAIN[usize::from(plain)]
    {
        return (Some(plain), 3);
    }
    if unfold::is_vanishing(rest[0]) {
        return (None, 1);
    }
    if let Some(byte) = views::delimiter(rest) {
        return (Some(dash(byte)), 3);
    }
    let Some((character, used)) = character(rest, left) else {
        // A part of a character, of which the rest may stand behind something that vanishes.
        let is_part = rest[0] >= 0x80;
        return (if is_part { None } else { Some(dash(rest[0].to_ascii_lowercase())) }, 1);
    };
    // The sign of a delimiter may be escaped as well.
    if let sign @ ('-' | '_' | '.' | '=') = character
        && let [high, low, ..] = rest[used..]
        && let Some(byte) = views::delimiter(&[sign as u8, high, low])
    {
        return (Some(dash(byte)), used + 2);
    }
    let meant = match fold::fold(character) {
        Fold::Nothing => None,
        _ if character == char::REPLACEMENT_CHARACTER => None,
        Fold::Dot => Some(b'-'),
        _ => Some(u8::try_from(character).map_or(END, |byte| byte.to_ascii_lowercase())),
    };
    (meant, used)
}

/// What an escape or a character beyond ASCII stands for. `None` for a plain byte.
fn character(rest: &[u8], left: Encodings) -> Option<(char, usize)> {
    if rest[0] >= 0x80 {
        return fold::mixed(rest);
    }
    let meaning = escape::meaning_but(rest, |encoding| left.has(encoding));
    Some(match meaning? {
        (Meaning::Byte(0x80..), _) => fold::escaped(rest),
        (Meaning::Byte(byte), used) => (char::from(byte), used),
        (Meaning::Character(character), used) => (character, used),
    })
}

fn dash(byte: u8) -> u8 {
    if byte == b'.' { b'-' } else { byte }
}

/// Whether what stands before ends with this, dots written as dashes, in one of the ways to read escapes that may be none.
pub(super) fn ends_with(text: &[u8], with: &[u8]) -> bool {
    debug_assert!(with.len() <= 16 && !with.contains(&b'.'));
    each_before::<16>(text).any(|before| before.ends_with(with))
}

#[cfg(test)]
mod tests;
