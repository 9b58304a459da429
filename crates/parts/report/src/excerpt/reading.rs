//! A text as it reads once its escapes are taken off, each byte with the bytes it came from.
//!
//! ```text
//! token%253Dab%2526c   ─▶   t o k e n = a b & c       `=` and `&` each two layers deep
//! ```
//! A pass takes off one layer; passes are few, and each is linear.

use std::ops::Range;

/// Most layers that are taken off.
const LAYERS_MAX: u8 = 6;

/// The text as it reads.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) bytes: Vec<u8>,
    /// Under how many layers of escapes each of them was.
    depths: Vec<u8>,
    /// Where each of them begins in the window; then the end of the window.
    starts: Vec<usize>,
}

impl Reading {
    /// Takes off every layer.
    pub(super) fn of(window: &[u8]) -> Reading {
        let mut reading = Reading {
            bytes: window.to_vec(),
            depths: vec![0; window.len()],
            starts: (0..=window.len()).collect(),
        };
        for _ in 0..LAYERS_MAX {
            if !reading.peel() {
                break;
            }
        }
        reading
    }

    /// How deep the byte at this place was.
    pub(super) fn depth(&self, at: usize) -> u8 {
        self.depths.get(at).copied().unwrap_or(0)
    }

    /// The bytes of the window behind this range of the reading. `None` if it is empty.
    pub(super) fn source(&self, range: &Range<usize>) -> Option<Range<usize>> {
        (!range.is_empty()).then_some(*self.starts.get(range.start)?..*self.starts.get(range.end)?)
    }

    /// Takes off one layer, in place. Whether there was one.
    fn peel(&mut self) -> bool {
        let Reading { bytes, depths, starts } = self;
        let length = bytes.len();
        let (mut from, mut to) = (0, 0);
        while let Some(plain) = next_escape(&bytes[from..]) {
            keep(bytes, from..from + plain, to);
            keep(depths, from..from + plain, to);
            keep(starts, from..from + plain, to);
            (from, to) = (from + plain, to + plain);
            let (byte, used) = escape(&bytes[from..]).unwrap_or((bytes[from], 1));
            let depth = depths[from..from + used].iter().copied().max().unwrap_or(0);
            (bytes[to], depths[to], starts[to]) = (byte, depth + u8::from(used > 1), starts[from]);
            (from, to) = (from + used, to + 1);
        }
        keep(bytes, from..length, to);
        keep(depths, from..length, to);
        keep(starts, from..length + 1, to);
        let rest = length - from;
        bytes.truncate(to + rest);
        depths.truncate(to + rest);
        starts.truncate(to + rest + 1);
        bytes.len() < length
    }
}

/// Moves what is kept to where it stands in the layer below.
fn keep<T: Copy>(all: &mut [T], from: Range<usize>, to: usize) {
    if from.start > to {
        all.copy_within(from, to);
    }
}

/// The text as it reads, without places.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// It stands there as it reads.
    Same,
    Read(Vec<u8>),
    /// It has more layers than are taken off.
    TooDeep,
}

/// Reads a text without places.
pub(super) fn plain(window: &[u8]) -> Plain {
    let (mut above, mut below, mut layers) = (Vec::new(), Vec::new(), 0);
    let mut text = window;
    while let Some(first) = next_escape(text) {
        below.clear();
        below.reserve(text.len());
        match peel_plain(text, first, &mut below) {
            0 => break,
            peeled => layers += peeled,
        }
        if layers > usize::from(LAYERS_MAX) {
            return Plain::TooDeep;
        }
        std::mem::swap(&mut above, &mut below);
        text = &above;
    }
    if layers == 0 { Plain::Same } else { Plain::Read(above) }
}

/// Appends the text, whose first escape may be at `first`, with one layer taken off, and from percent signs of percent
/// signs all of them. How many layers that were at most; if none, nothing of use was appended.
fn peel_plain(text: &[u8], first: usize, out: &mut Vec<u8>) -> usize {
    let (mut rest, mut plain, mut layers) = (text, Some(first), 0);
    while let Some(length) = plain {
        out.extend_from_slice(&rest[..length]);
        rest = &rest[length..];
        // Escapes often stand in a row.
        while let Some((byte, length, depth)) = nested(rest) {
            out.push(byte);
            rest = &rest[length..];
            layers = layers.max(depth);
        }
        // What only looks like one.
        if let Some((byte, behind)) = rest.split_first() {
            out.push(*byte);
            rest = behind;
        }
        plain = next_escape(rest);
    }
    out.extend_from_slice(rest);
    layers
}

/// The escape at the beginning with what its percent sign begins in turn: what for, its length, and how many layers.
fn nested(text: &[u8]) -> Option<(u8, usize, usize)> {
    let (byte, length) = escape(text)?;
    if byte != b'%' || text[0] != b'%' || length != 3 {
        return Some((byte, length, 1));
    }
    let percents = text[length..].chunks_exact(2).take_while(|pair| pair == b"25").count();
    let end = length + 2 * percents;
    match text.get(end..end + 2).and_then(|digits| ascii(digits[0], digits[1])) {
        Some(byte) => Some((byte, end + 2, percents + 2)),
        None => Some((b'%', end, percents + 1)),
    }
}

/// Where an escape may begin.
fn next_escape(text: &[u8]) -> Option<usize> {
    memchr::memchr3(b'%', b'\\', b'&', text)
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
    let (high, low) = (DIGITS[usize::from(high)], DIGITS[usize::from(low)]);
    (high < 8 && low < 16).then_some(high << 4 | low)
}

/// What hexadecimal digits are worth; for the other bytes, more than any.
static DIGITS: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value as usize] as usize] = value;
        table[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    table
};

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

#[cfg(test)]
mod tests {
    use super::{Plain, Reading, plain};
    use proptest::prelude::*;

    /// Pieces of escapes of escapes.
    const PIECES: &[&str] = &[
        "%", "25", "2525", "3D", "C3", "2", "5", "41", "u00", "\\", "x", "\"", "&amp;", "&#", "x25;", "37;",
        "é",
    ];

    proptest! {
        #[test]
        fn both_ways_to_read_are_one(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16)) {
            let text = pieces.concat();
            let bytes = Reading::of(text.as_bytes()).bytes;
            match plain(text.as_bytes()) {
                Plain::Same => prop_assert_eq!(bytes, text.as_bytes()),
                Plain::Read(read) => prop_assert_eq!(bytes, read, "{}", text),
                Plain::TooDeep => {}
            }
        }
    }
}
