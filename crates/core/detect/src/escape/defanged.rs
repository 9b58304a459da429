//! Dots and colons that somebody put into brackets so that nobody clicks: `169[.]254`, `example(dot)com`, `http[:]//`.

use super::{Encoding, Inside, Meaning, takes};

/// What stands after the bracket.
pub(super) fn after(open: u8, rest: &[u8], inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    let close = if open == b'[' { b']' } else { b')' };
    let (used, byte) = match rest {
        [b'd' | b'D', b'o' | b'O', b't' | b'T', ..] => (3, b'.'),
        [b':', ..] => (1, b':'),
        _ => (takes(rest, b'.', inside)?, b'.'),
    };
    let end = takes(&rest[used..], close, inside)?;
    Some((used + end, Meaning::Byte(byte), Encoding::Defanged))
}
