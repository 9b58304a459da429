//! Other readings of one layer, beside the next one: what only some programs take off, or what stands there for two
//! things.
//!
//! ```text
//! layer ─┬─▶ without the tabs and line ends that were escapes: a client drops them inside a URL
//!        └─▶ -3A, _3A, .3A, =3A as delimiters of a URL: names of pages and files, and mail
//! ```
//! A view is searched like a layer and leads to no further one. The layer itself is searched too, so that a view can do
//! no harm: `169-254-2e` may be a part of a name.
//!
//! Nothing fails.

use crate::escape::{self, Encoding};
use crate::unfold;
use std::ops::Range;

/// The delimiter of a URL that stands here as a sign and two digits.
#[inline]
pub(crate) fn delimiter(rest: &[u8]) -> Option<u8> {
    let [sign @ (b'-' | b'_' | b'.' | b'='), high, low, ..] = rest else { return None };
    if *sign == b'.' && is_carried(rest) {
        return None;
    }
    let byte = match (high, low.to_ascii_lowercase()) {
        (b'2', b'f') => b'/',
        // `.2e` is more often a part of something than a dot for a dot.
        (b'2', b'e') if *sign != b'.' => b'.',
        (b'3', b'a') => b':',
        (b'3', b'f') => b'?',
        (b'4', b'0') if begins_host(&rest[3..]) => b'@',
        (b'5', b'b') => b'[',
        (b'5', b'd') => b']',
        _ => return None,
    };
    Some(byte)
}

/// How much is read as a delimiter that may be a part of something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// What hardly anything else looks like.
    Careful,
    /// Every delimiter, though `-25` and `=20` are more often numbers: for hosts between two of them.
    Every,
}

/// The delimiter of a URL, if every one is read. Not in the middle of `x=27.169.254.23`: no host begins with a dot.
fn any_delimiter(rest: &[u8]) -> Option<u8> {
    let [sign @ (b'-' | b'_' | b'.' | b'='), high, low, behind @ ..] = rest else { return None };
    if behind.first() == Some(&b'.') {
        return None;
    }
    let byte = escape::digit(*high)? << 4 | escape::digit(*low)?;
    let is_delimiter = match sign {
        b'=' => byte.is_ascii() && !byte.is_ascii_alphanumeric(),
        // `.25` and `.2e` begin a part of every second address.
        b'.' => b" #&/:=?@[]".contains(&byte),
        _ => b" #%&/:=?@[].".contains(&byte),
    };
    is_delimiter.then_some(byte)
}

/// Whether a host may begin here: behind an `@` there is one, behind the last part of `169.254.23.40` there is none.
fn begins_host(rest: &[u8]) -> bool {
    match rest.first() {
        Some(byte) => {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'[' | b'%')
                || !byte.is_ascii()
                || delimiter(rest).is_some()
        }
        None => false,
    }
}

/// Whether this is the dot before the second address of a name such as `a9fea9fe.5db8d822.rbndr.us`.
fn is_carried(rest: &[u8]) -> bool {
    const SUFFIX: &[u8] = b".rbndr.us";
    let suffix = rest.get(9..9 + SUFFIX.len());
    suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(SUFFIX))
        && rest[1..9].iter().all(u8::is_ascii_hexdigit)
}

/// The percent sign before the zone of an IPv6 address in brackets. Elsewhere `-25` is more often a number, and so it is
/// before the last part of an IPv4 address at the end of one.
fn zone(before: &[u8], rest: &[u8]) -> Option<u8> {
    const ZONE_MAX: usize = 16;
    let name = rest.get(1..)?.strip_prefix(b"25")?;
    let length = name.iter().take(ZONE_MAX).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let end = name.get(length..)?;
    let is_closed = end.starts_with(b"]") || (end.first() == rest.first() && delimiter(end) == Some(b']'));
    let parts = before.iter().rev().take(ZONE_MAX).take_while(|byte| **byte != b':');
    let is_whole = matches!(parts.filter(|byte| **byte == b'.').count(), 0 | 3);
    (length > 0 && is_closed && is_whole).then_some(b'%')
}

/// A layer read in another way.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// What is read.
    pub(crate) text: Vec<u8>,
    /// Where each byte stands in the layer, and where the layer ends.
    places: Vec<usize>,
}

impl View {
    /// Where a byte of the view stands in the layer.
    pub(crate) fn place(&self, at: usize) -> usize {
        self.places.get(at).or(self.places.last()).copied().unwrap_or(0)
    }

    fn begin(&mut self) {
        self.text.clear();
        self.places.clear();
    }

    fn push(&mut self, byte: u8, place: usize) {
        self.text.push(byte);
        self.places.push(place);
    }

    /// Takes bytes over as they are.
    fn copy(&mut self, layer: &[u8], range: Range<usize>) {
        self.text.extend_from_slice(&layer[range.clone()]);
        self.places.extend(range);
    }

    /// Where the bytes of the view stand that a range of the layer became.
    pub(crate) fn within(&self, range: &Range<usize>) -> Range<usize> {
        let of = |place: usize| self.places.partition_point(|at| *at < place);
        of(range.start)..of(range.end).min(self.text.len())
    }

    /// The layer without what vanishes.
    pub(crate) fn close_up(&mut self, layer: &[u8]) {
        self.begin();
        let mut from = 0;
        while let Some(length) = unfold::next_vanishing(&layer[from..]) {
            let at = from + length;
            // A line of quoted-printable goes on behind a `=` at its end.
            let is_soft = layer[from..at].ends_with(b"=");
            self.copy(layer, from..at - usize::from(is_soft));
            from = at + 1;
        }
        self.copy(layer, from..layer.len());
        self.places.push(layer.len());
    }

    /// The layer with delimiters that are written with these signs. The caller knows that there are some.
    pub(crate) fn delimited(&mut self, layer: &[u8], signs: &[u8], reading: Reading) {
        self.begin();
        let next = |rest: &[u8]| match signs {
            [sign] => memchr::memchr(*sign, rest),
            _ => rest.iter().position(|byte| signs.contains(byte)),
        };
        let mut from = 0;
        while let Some(length) = next(&layer[from..]) {
            let at = from + length;
            self.copy(layer, from..at);
            let here = &layer[at..];
            let careful = delimiter(here).or_else(|| zone(&self.text, here));
            let found = careful.or_else(|| any_delimiter(here).filter(|_| reading == Reading::Every));
            self.push(found.unwrap_or(layer[at]), at);
            from = at + if found.is_some() { 3 } else { 1 };
        }
        self.copy(layer, from..layer.len());
        self.places.push(layer.len());
    }
}

/// The signs with which delimiters are written in a layer.
pub(crate) fn signs(layer: &[u8]) -> impl Iterator<Item = (u8, Encoding)> {
    let mut seen = [false; SIGNS.len()];
    let mut from = 0;
    while let Some(block) = layer.get(from..).filter(|rest| rest.len() > 2) {
        let block = &block[..block.len().min(BLOCK_BYTES + 2)];
        // Without a way out in the middle, so that many bytes are looked at together.
        let triples = block.iter().zip(&block[1..]).zip(&block[2..]);
        let any = triples.fold(0, |any, ((sign, high), low)| any | may_delimit(*sign, *high, *low));
        if any != 0 {
            let may = |at: &usize| may_delimit(layer[*at], layer[at + 1], layer[at + 2]) != 0;
            for at in (from..from + block.len() - 2).filter(may) {
                if let Some(sign) = SIGNS.iter().position(|(sign, _)| *sign == layer[at])
                    && delimiter(&layer[at..]).is_some()
                {
                    seen[sign] = true;
                }
            }
        }
        from += BLOCK_BYTES;
    }
    SIGNS.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(sign, _)| sign)
}

/// Whether a sign writes more delimiters in a layer than those that are read with care.
pub(crate) fn has_more(layer: &[u8], sign: u8) -> bool {
    let is_more = |at: usize| any_delimiter(&layer[at..]).is_some() && delimiter(&layer[at..]).is_none();
    memchr::memchr_iter(sign, layer).any(is_more)
}

/// Whether these three may be a delimiter: not zero if so.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "many bytes are looked at together only without branches")]
fn may_delimit(sign: u8, high: u8, low: u8) -> u8 {
    let is_sign = (sign == b'-') | (sign == b'_') | (sign == b'.') | (sign == b'=');
    let is_letter = (high.wrapping_sub(b'2') < 4) & ((low | 0x20).wrapping_sub(b'a') < 6);
    u8::from(is_sign & (is_letter | ((high == b'4') & (low == b'0'))))
}

/// Bytes that are looked at together.
const BLOCK_BYTES: usize = 64;

const SIGNS: [(u8, Encoding); 4] = [
    (b'-', Encoding::Dash),
    (b'_', Encoding::Underscore),
    (b'.', Encoding::Dot),
    (b'=', Encoding::QuotedPrintable),
];

#[cfg(test)]
mod tests;
