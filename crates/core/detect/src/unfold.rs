//! One layer of escapes taken off a whole text, and the way back from a place to where it was written.
//!
//! ```text
//! %25%32%65 ─▶ %2e ─▶ .          each arrow is one layer; every kind of escape is taken off in the same step
//! ```
//! A tab or a line end that stood in an escape vanishes inside a URL, while one that stands in the text separates
//! fields. So the first kind is kept as a stand-in: see [`is_vanishing`]. Characters beyond ASCII that a host folds to
//! ASCII count as escapes too: `①` is `1`, a soft hyphen is nothing, `C0 AE` is a dot.
//!
//! Nothing fails: what is no escape stays. A layer is never longer than what it came from, but for the few characters that fold
//! to several.

use crate::escape::{self, Encoding, Escape, Meaning};
use crate::fold::{self, Fold};
use unicode_normalization::UnicodeNormalization as _;

/// Most layers that are taken off.
pub const LAYERS_MAX: usize = 10;

/// Escapes that wait for the next layer where a backslash stands before theirs that was written as an escape. `%5C\x31` is
/// `\\x31` to whoever takes off the percent signs first, and that is `1`; both at once would be `\1`.
const BEHIND_BACKSLASHES: Encodings =
    Encodings::of(Encoding::Octal).with(Encoding::BackslashX).with(Encoding::BackslashU);

// No text has these bytes, so that nothing else is taken for a stand-in; where somebody writes one all the same, it
// vanishes for whoever looks first as well.
const TAB: u8 = 0xF9;
const LINE_FEED: u8 = 0xFA;
const CARRIAGE_RETURN: u8 = 0xFB;
/// No character either.
const NO_CHARACTER: u8 = 0xFF;

/// A set of encodings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Encodings(u32);

impl Encodings {
    /// None.
    pub const NONE: Encodings = Encodings(0);

    /// This one alone.
    pub const fn of(encoding: Encoding) -> Encodings {
        Encodings::NONE.with(encoding)
    }

    /// Whether it holds this one.
    pub const fn has(self, encoding: Encoding) -> bool {
        self.0 & 1 << encoding as u32 != 0
    }

    /// Whether it holds one of these.
    pub const fn has_any(self, others: Encodings) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether it holds none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These and this one.
    #[must_use]
    pub const fn with(self, encoding: Encoding) -> Encodings {
        Encodings(self.0 | 1 << encoding as u32)
    }

    /// These and those.
    #[must_use]
    pub(crate) const fn and(self, others: Encodings) -> Encodings {
        Encodings(self.0 | others.0)
    }

    /// Adds one.
    pub fn add(&mut self, encoding: Encoding) {
        *self = self.with(encoding);
    }

    /// The encodings, in the order of their list.
    pub fn iter(self) -> impl Iterator<Item = Encoding> {
        Encoding::ALL.iter().copied().filter(move |encoding| self.0 & 1 << *encoding as u32 != 0)
    }
}

/// Whether this byte of a decoded text stands for a tab or a line end that was written as an escape.
#[inline]
pub const fn is_vanishing(byte: u8) -> bool {
    matches!(byte, TAB | LINE_FEED | CARRIAGE_RETURN)
}

/// The first such byte of a text.
pub(crate) fn next_vanishing(text: &[u8]) -> Option<usize> {
    memchr::memchr3(TAB, LINE_FEED, CARRIAGE_RETURN, text)
}

/// The byte that a stand-in stands for; other bytes as they are.
pub const fn shown(byte: u8) -> u8 {
    match byte {
        TAB => b'\t',
        LINE_FEED => b'\n',
        CARRIAGE_RETURN => b'\r',
        other => other,
    }
}

/// Takes one layer off `text` and appends the result to `out`. The set is empty if there was none.
pub fn unfold(text: &[u8], out: &mut Vec<u8>) -> Encodings {
    unfold_but(Encodings::NONE, text, out)
}

/// The same, with these encodings left as they are.
pub fn unfold_but(left: Encodings, text: &[u8], out: &mut Vec<u8>) -> Encodings {
    let mut taken_off = Encodings::NONE;
    let (mut rest, mut before) = (text, None);
    while let Some(at) = next_special(rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        while let Some(byte) = percent(rest) {
            taken_off.add(Encoding::Percent);
            before = Some(Encoding::Percent);
            out.push(byte);
            rest = &rest[3..];
        }
        if !rest.first().is_some_and(|byte| SPECIAL[usize::from(*byte)]) {
            continue;
        }
        let (used, encoding) = step(left, Last { byte: out.last().copied(), encoding: before }, rest, out);
        before = encoding;
        if let Some(encoding) = encoding {
            taken_off.add(encoding);
        }
        rest = &rest[used..];
    }
    out.extend_from_slice(rest);
    taken_off
}

/// Where in `text` the byte stands that [`unfold`] wrote at `at`. The end of the text for places beyond.
pub fn source_of(text: &[u8], at: usize) -> usize {
    source_but(Encodings::NONE, text, at)
}

/// The same for [`unfold_but`].
pub fn source_but(left: Encodings, text: &[u8], at: usize) -> usize {
    Sources::new(left, text).of(at)
}

/// Goes through a text as [`unfold_but`] does, and tells where bytes stand that it wrote, in their order.
#[derive(Debug)]
pub(crate) struct Sources<'t> {
    left: Encodings,
    text: &'t [u8],
    /// How far it went.
    from: usize,
    /// How many bytes were written on the way, and the last one of them.
    written: usize,
    last: Last,
    /// What one escape became.
    one: Vec<u8>,
}

/// What was written before: the last byte, and how the last thing that was no plain byte was written.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    byte: Option<u8>,
    encoding: Option<Encoding>,
}

/// Bytes that [`stays`] looks at.
const STAYS_BYTES: usize = 4;

impl<'t> Sources<'t> {
    pub(crate) fn new(left: Encodings, text: &'t [u8]) -> Self {
        Sources { left, text, from: 0, written: 0, last: Last::default(), one: Vec::new() }
    }

    /// Where the byte stands that was written at `at`, which is not before the one that was asked for last.
    pub(crate) fn of(&mut self, at: usize) -> usize {
        while self.from < self.text.len() {
            // They often stand in a row.
            while self.written < at
                && let Some(byte) = percent(&self.text[self.from..])
            {
                self.pass(3, 1, Last { byte: Some(byte), encoding: Some(Encoding::Percent) });
            }
            let ahead = at - self.written;
            let rest = &self.text[self.from..];
            let near = &rest[..rest.len().min(ahead.saturating_add(1 + STAYS_BYTES))];
            let plain = next_special(near).unwrap_or(near.len());
            if plain > ahead {
                return self.from + ahead;
            }
            if plain > 0 {
                self.pass(plain, plain, Last { byte: Some(rest[plain - 1]), ..self.last });
            } else if rest.is_empty() {
                break;
            } else if percent(rest).is_some() || !self.escape(rest, at) {
                return self.from;
            }
        }
        self.text.len()
    }

    /// Passes the escape, or the byte that is none, at the beginning of what is left. False if `at` was written for it.
    fn escape(&mut self, rest: &[u8], at: usize) -> bool {
        self.one.clear();
        let (used, encoding) = step(self.left, self.last, rest, &mut self.one);
        if self.written + self.one.len() > at {
            return false;
        }
        let last = Last { byte: self.one.last().copied().or(self.last.byte), encoding };
        (self.from, self.written, self.last) = (self.from + used, self.written + self.one.len(), last);
        true
    }

    fn pass(&mut self, bytes: usize, written: usize, last: Last) {
        (self.from, self.written, self.last) = (self.from + bytes, self.written + written, last);
    }
}

/// Whether something may begin with this byte that does not stay as it is.
#[inline]
const fn is_special(byte: u8) -> bool {
    byte >= 0x80 || escape::begins(byte)
}

/// The first place where something may begin that does not stay as it is: what is passed over stays.
#[inline]
pub(crate) fn next_special(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].iter().position(|byte| SPECIAL[usize::from(*byte)])?;
        if !stays(&text[at..]) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Whether the byte at the beginning stays as it is for certain, told by the bytes behind it.
#[inline]
fn stays(text: &[u8]) -> bool {
    match *text {
        [b'=', high, low, equals, ..] => {
            !(matches!(high, b'c'..=b'f' | b'C'..=b'F') && low.is_ascii_hexdigit() && equals == b'=')
        }
        [b'&', first, second, ..] => !(first == b'#' || escape::may_be_named([first, second])),
        [b'[' | b'(', b'd' | b'D', second, ..] => !matches!(second, b'o' | b'O'),
        [b'[' | b'(', b':' | b'.', second, ..] => !matches!(second, b']' | b')'),
        [b'#', high, low, ..] => !(high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
        [first @ 0xC0..=0xF7, second @ 0x80..=0xBF, ..] => {
            // The dots beyond ASCII, which are no part of an anchor.
            let may_be_dot = matches!((first, second), (0xE2 | 0xE3, 0x80) | (0xEF, _));
            !(fold::may_begin(first, second) || may_be_dot)
        }
        [0xC0..=0xF7, b'=', ..] => false,
        [b'=' | b'&' | b'[' | b'(' | b'#' | 0x80..=0xFF, ..] => true,
        _ => false,
    }
}

/// Bytes that [`is_special`].
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = 0xFF;
    loop {
        table[byte as usize] = is_special(byte);
        if byte == 0 {
            break table;
        }
        byte -= 1;
    }
};

/// What `%41` at the beginning becomes: by far the most frequent escape. [`step`] reads it as well.
#[inline]
pub(crate) fn percent(rest: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = rest else { return None };
    Some(kept(escape::digit(*high)? << 4 | escape::digit(*low)?))
}

/// A byte that was an escape, as it is kept.
#[inline]
fn kept(byte: u8) -> u8 {
    match byte {
        b'\t' => TAB,
        b'\n' => LINE_FEED,
        b'\r' => CARRIAGE_RETURN,
        TAB | LINE_FEED | CARRIAGE_RETURN => NO_CHARACTER,
        other => other,
    }
}

/// Writes what stands at the beginning, decoded, and says how many bytes that took and how it was written. `last` is
/// what was written before.
fn step(left: Encodings, last: Last, rest: &[u8], out: &mut Vec<u8>) -> (usize, Option<Encoding>) {
    if rest[0] >= 0x80 {
        return character(rest, out);
    }
    // The `#` of an entity, which is whole in the next layer, is none of `HAProxy`.
    let is_of_entity = last.byte == Some(b'&') && escape::is_entity(rest);
    let is_behind_backslash = last.byte == Some(b'\\') && !left.has(Encoding::Backslash);
    let waits =
        |encoding| is_behind_backslash && last.encoding != Some(encoding) && BEHIND_BACKSLASHES.has(encoding);
    let escape = escape::read(rest)
        .or_else(|| closed_up(rest))
        .filter(|escape| !is_of_entity && !left.has(escape.encoding) && !waits(escape.encoding));
    let Some(escape) = escape else {
        out.push(rest[0]);
        return (1, None);
    };
    push(escape, out);
    (escape.length, Some(escape.encoding))
}

/// The escape at the beginning that something stands in which vanishes: clients drop it from a URL before they read escapes.
fn closed_up(rest: &[u8]) -> Option<Escape> {
    const ESCAPE_BYTES: usize = 12;
    let near = &rest[..rest.len().min(ESCAPE_BYTES)];
    if near[0] != b'%' || next_vanishing(near).is_none() {
        return None;
    }
    let (mut closed, mut ends, mut length) = ([0; ESCAPE_BYTES], [0; ESCAPE_BYTES], 0);
    for (at, byte) in near.iter().enumerate().filter(|(_, byte)| !is_vanishing(**byte)) {
        (closed[length], ends[length]) = (*byte, at + 1);
        length += 1;
    }
    let escape = escape::read(&closed[..length])?;
    Some(Escape { length: ends[escape.length - 1], ..escape })
}

fn character(rest: &[u8], out: &mut Vec<u8>) -> (usize, Option<Encoding>) {
    let Some((character, length)) = fold::decode(rest).or_else(|| fold::decode_mail(rest)) else {
        out.push(rest[0]);
        return (1, None);
    };
    if let Ok(byte @ 0..0x80) = u8::try_from(u32::from(character)) {
        out.push(byte);
        return (length, Some(Encoding::Overlong));
    }
    if let Some(byte) = fold::full_width(character) {
        out.push(byte);
        return (length, Some(Encoding::Unicode));
    }
    match fold::fold(character) {
        Fold::Itself => {
            out.extend_from_slice(&rest[..length]);
            return (length, None);
        }
        Fold::Nothing => {}
        Fold::Dot => out.push(if matches!(character, '\u{FF0D}' | '\u{FE63}') { b'-' } else { b'.' }),
        Fold::Sign => {
            let mut bytes = [0; 4];
            for plain in character.nfkc() {
                out.extend_from_slice(plain.encode_utf8(&mut bytes).as_bytes());
            }
        }
    }
    (length, Some(Encoding::Unicode))
}

fn push(escape: Escape, out: &mut Vec<u8>) {
    match escape.meaning {
        Meaning::Byte(byte) => out.push(kept(byte)),
        Meaning::Character(character) => {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

#[cfg(test)]
mod tests;
