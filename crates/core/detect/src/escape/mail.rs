//! Quoted-printable, as mail has it: characters beyond ASCII.
//!
//! A single `=A9` may be the beginning of any value, and so may `=3A`: only a whole character in several bytes is read
//! here, which nothing else looks like. Delimiters are left to [`crate::views`], which keeps the text as it was.

use super::{Encoding, Meaning, two};
use crate::fold;

/// What stands after the first `=`.
pub(super) fn after(rest: &[u8]) -> Option<(usize, Meaning, Encoding)> {
    let mut bytes = [two(rest)?, 0, 0, 0];
    if bytes[0] < 0xC0 {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate().skip(1) {
        let Some(next) = rest.get(3 * at - 1..).and_then(continuation) else { break };
        *byte = next;
    }
    let (character, length) = fold::decode(&bytes)?;
    Some((3 * length - 1, Meaning::Character(character), Encoding::QuotedPrintable))
}

/// A byte at the beginning, from its `=` on, that goes on with a character.
pub(crate) fn continuation(rest: &[u8]) -> Option<u8> {
    two(rest.strip_prefix(b"=")?).filter(|byte| matches!(byte, 0x80..=0xBF))
}
