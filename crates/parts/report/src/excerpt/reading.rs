//! A text as it reads once its escapes are taken off, each byte with the bytes it came from.
//!
//! ```text
//! token%253Dab%2526c   ─▶   t o k e n = a b & c       `=` and `&` each two layers deep
//! ```
//! A pass takes off one layer; passes are few, and each is linear.

use std::ops::Range;

/// Most layers that are taken off.
const LAYERS_MAX: u8 = 6;

/// One byte of the text as it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    /// What it reads as.
    pub(super) byte: u8,
    /// How many layers of escapes it was under.
    pub(super) depth: u8,
    start: usize,
    end: usize,
}

/// The text as it reads.
#[derive(Debug)]
pub(super) struct Reading {
    signs: Vec<Sign>,
    /// The same bytes in a row.
    pub(super) bytes: Vec<u8>,
}

impl Reading {
    /// Takes off every layer.
    pub(super) fn of(window: &[u8]) -> Reading {
        let mut signs: Vec<Sign> = window
            .iter()
            .enumerate()
            .map(|(start, byte)| Sign { byte: *byte, depth: 0, start, end: start + 1 })
            .collect();
        let mut bytes = window.to_vec();
        for _ in 0..LAYERS_MAX {
            if !peel(&mut signs, &bytes) {
                break;
            }
            bytes = signs.iter().map(|sign| sign.byte).collect();
        }
        Reading { signs, bytes }
    }

    /// How deep the byte at this place was.
    pub(super) fn depth(&self, at: usize) -> u8 {
        self.signs.get(at).map_or(0, |sign| sign.depth)
    }

    /// The bytes of the window behind this range of the reading.
    pub(super) fn source(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let signs = self.signs.get(range.clone())?;
        Some(signs.first()?.start..signs.last()?.end)
    }
}

/// The text as it reads, without places. `None` if it stands there as it reads.
pub(super) fn plain(window: &[u8]) -> Option<Vec<u8>> {
    let mut above = Vec::with_capacity(window.len());
    if !peel_plain(window, &mut above) {
        return None;
    }
    let mut below = Vec::new();
    for _ in 1..LAYERS_MAX {
        below.clear();
        if !peel_plain(&above, &mut below) {
            break;
        }
        std::mem::swap(&mut above, &mut below);
    }
    Some(above)
}

/// Appends the text with one layer taken off. False, and nothing of use, if there was none.
fn peel_plain(text: &[u8], out: &mut Vec<u8>) -> bool {
    let (mut rest, mut has_any) = (text, false);
    while let Some(at) = memchr::memchr3(b'%', b'\\', b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let (byte, length) = match escape(rest) {
            Some(found) => found,
            None => (rest[0], 1),
        };
        has_any |= length > 1;
        out.push(byte);
        rest = &rest[length..];
    }
    if has_any {
        out.extend_from_slice(rest);
    }
    has_any
}

/// Takes off one layer, in place. Whether there was one.
fn peel(signs: &mut Vec<Sign>, bytes: &[u8]) -> bool {
    let (mut from, mut to) = (0, 0);
    while from < bytes.len() {
        let first = signs[from];
        signs[to] = if let Some((byte, length)) = escape(&bytes[from..]) {
            let whole = &signs[from..from + length];
            let depth = whole.iter().map(|sign| sign.depth).max().unwrap_or(0).saturating_add(1);
            let end = whole[length - 1].end;
            from += length;
            Sign { byte, depth, start: first.start, end }
        } else {
            from += 1;
            first
        };
        to += 1;
    }
    signs.truncate(to);
    to < bytes.len()
}

/// The escape at the beginning, if it stands for ASCII: what for, and its length.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%' | b'\\', b'u' | b'U', b'0', b'0', high, low, ..] => Some((ascii(*high, *low)?, 6)),
        [b'%', high, low, ..] => Some((ascii(*high, *low)?, 3)),
        [b'\\', b'x', high, low, ..] => Some((ascii(*high, *low)?, 4)),
        [b'\\', sign @ (b'"' | b'\'' | b'/' | b'\\'), ..] => Some((*sign, 2)),
        [b'\\', b'n', ..] => Some((b'\n', 2)),
        [b'\\', b'r', ..] => Some((b'\r', 2)),
        [b'&', rest @ ..] => entity(rest).map(|(byte, length)| (byte, length + 1)),
        _ => None,
    }
}

fn ascii(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok().filter(u8::is_ascii)
}

/// `quot;`, `amp;`, `#58;`, `#x3a;`: what follows the `&`.
fn entity(rest: &[u8]) -> Option<(u8, usize)> {
    for (name, byte) in
        [(&b"quot;"[..], b'"'), (b"amp;", b'&'), (b"apos;", b'\''), (b"colon;", b':'), (b"sol;", b'/')]
    {
        if rest.starts_with(name) {
            return Some((byte, name.len()));
        }
    }
    let digits = rest.strip_prefix(b"#")?;
    let length = digits.iter().take(6).position(|byte| *byte == b';')?;
    let text = std::str::from_utf8(&digits[..length]).ok()?;
    let value = match text.strip_prefix(['x', 'X']) {
        Some(hex) => u8::from_str_radix(hex, 16),
        None => text.parse(),
    };
    Some((value.ok().filter(u8::is_ascii)?, length + 2))
}
