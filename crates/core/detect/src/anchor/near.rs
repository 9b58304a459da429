//! The plain characters next to a place, with escapes read to their end and what vanishes left out.
//!
//! Letters are in lower case. A dot in any form is `-`, as a dash is: which of the two a character becomes is for the
//! reader of hosts to say.

use crate::escape::{self, Meaning};
use crate::fold::{self, Fold};
use crate::views;

/// The end of the text, and what is no plain character.
pub(super) const END: u8 = b'\n';
/// Bytes before a place that are read: the longest name with a few characters in several layers of escapes.
const BEFORE_BYTES: usize = 192;

/// The characters before the end of `text`.
pub(super) fn before<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut out = [END; N];
    let near = &text[text.len().saturating_sub(BEFORE_BYTES)..];
    let last = &near[near.len().saturating_sub(3 * N)..];
    let mut rest = if is_plain(last) { &near[near.len().saturating_sub(N)..] } else { near };
    while !rest.is_empty() {
        let (character, used) = step(rest);
        if let Some(character) = character {
            out.copy_within(1.., 0);
            out[N - 1] = character;
        }
        rest = &rest[used..];
    }
    out
}

/// The characters at the beginning of `rest`.
pub(super) fn after<const N: usize>(mut rest: &[u8]) -> [u8; N] {
    let mut out = [END; N];
    let mut length = 0;
    while length < N && !rest.is_empty() {
        let (character, used) = step(rest);
        if let Some(character) = character {
            out[length] = character;
            length += 1;
        }
        rest = &rest[used..];
    }
    out
}

/// The characters before the end of `text` as they are.
pub(super) fn plain<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut out = [END; N];
    for (out, byte) in out.iter_mut().rev().zip(text.iter().rev()) {
        *out = dash(byte.to_ascii_lowercase());
    }
    out
}

fn is_plain(text: &[u8]) -> bool {
    let is_special =
        |at: usize| text[at] >= 0x80 || escape::begins(text[at]) || views::delimiter(&text[at..]).is_some();
    !(0..text.len()).any(is_special)
}

/// One character and its length; none if it vanishes.
fn step(rest: &[u8]) -> (Option<u8>, usize) {
    if let Some(byte) = views::delimiter(rest) {
        return (Some(dash(byte)), 3);
    }
    match fold::next(rest) {
        Some((Fold::Nothing, used)) => (None, used),
        Some((Fold::Dot, used)) => (Some(b'-'), used),
        Some((_, used)) => (Some(meant(rest)), used),
        None => (Some(dash(rest[0].to_ascii_lowercase())), 1),
    }
}

/// What an escape stands for, if that is ASCII.
fn meant(rest: &[u8]) -> u8 {
    match escape::meaning(rest) {
        Some((Meaning::Byte(byte @ 0..0x80), _)) => dash(byte.to_ascii_lowercase()),
        _ => END,
    }
}

fn dash(byte: u8) -> u8 {
    if byte == b'.' { b'-' } else { byte }
}

/// Whether what stands before ends with this, dots written as dashes.
pub(super) fn ends_with(text: &[u8], with: &[u8]) -> bool {
    debug_assert!(with.len() <= 16 && !with.contains(&b'.'));
    before::<16>(text).ends_with(with)
}
