//! Encodings that write a whole text in few characters: base64, base32, hexadecimal digits. A run of such characters is
//! replaced where a URL stands in it, from the first readable character before the URL to the last behind it.
//!
//! ```text
//! /path/aHR0cDovL2EvYg==   six junk characters, `aHR0…` decodes to `http://a/b`
//!       └ a window over the bits slides by one character; a URL begins at any bit at which a byte may begin
//! ```
//! So it does not matter where the encoded text begins, what stands before it, or whether it was UTF-16.
//!
//! Nothing fails: what is no such run stays as it is. One look over the text; the result is never longer than the text.

mod pattern;

use pattern::{BITS_MIN, Found, Window};
use std::borrow::Cow;

const NONE: u8 = 0xff;

/// The characters of an encoding, and how many bits each stands for.
struct Alphabet {
    values: [u8; 256],
    bits: usize,
    /// Most `=` at the end.
    padding: usize,
}

const BASE64: Alphabet = {
    let mut values = counted(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", false);
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    Alphabet { values, bits: 6, padding: 2 }
};
const BASE32: Alphabet =
    Alphabet { values: counted(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", true), bits: 5, padding: 6 };
const HEX: Alphabet = Alphabet { values: counted(b"0123456789ABCDEF", true), bits: 4, padding: 0 };

/// The place of each character is its value; `any_case` counts small letters as capital ones.
#[expect(clippy::cast_possible_truncation, reason = "at most 64 characters")]
const fn counted(characters: &[u8], any_case: bool) -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut at = 0;
    while at < characters.len() {
        values[characters[at] as usize] = at as u8;
        if any_case {
            values[characters[at].to_ascii_lowercase() as usize] = at as u8;
        }
        at += 1;
    }
    values
}

pub(super) fn base64(text: &[u8]) -> Cow<'_, [u8]> {
    runs(text, &BASE64)
}

pub(super) fn base32(text: &[u8]) -> Cow<'_, [u8]> {
    runs(text, &BASE32)
}

/// In one run, `0x` or `\x` before it or not, then with signs between the bytes.
pub(super) fn hex(text: &[u8]) -> Cow<'_, [u8]> {
    match runs(text, &HEX) {
        Cow::Borrowed(text) => lists(text),
        Cow::Owned(text) => Cow::Owned(match lists(&text) {
            Cow::Owned(text) => text,
            Cow::Borrowed(_) => text,
        }),
    }
}

/// The text with every run replaced in which a URL stands.
fn runs<'t>(text: &'t [u8], alphabet: &'static Alphabet) -> Cow<'t, [u8]> {
    let is_part = |byte: &u8| alphabet.values[usize::from(*byte)] != NONE;
    let mut out = Rewritten::of(text);
    let mut at = 0;
    while at < text.len() {
        let count = text[at..].iter().take_while(|byte| is_part(byte)).count();
        if count * alphabet.bits >= BITS_MIN {
            Run { text, alphabet, start: at, stride: 1, count }.replace(&mut out);
        }
        at += count + 1;
    }
    out.finish()
}

/// The text with every list of two-digit numbers replaced in which a URL stands: `68:74:74:70`, `0x68, 0x74`.
fn lists(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Rewritten::of(text);
    let mut at = 0;
    while at < text.len() {
        let Some((prefix, stride)) = list_shape(&text[at..]) else {
            at += 1;
            continue;
        };
        let between = &text[at + prefix + 2..at + stride];
        let prefixed = &text[at..at + prefix];
        let goes_on = |count: usize| {
            let rest = text.get(at + count * stride - between.len()..).unwrap_or_default();
            let number = rest.strip_prefix(between).and_then(|rest| rest.strip_prefix(prefixed));
            number.is_some_and(is_pair)
        };
        let mut count = 1;
        while goes_on(count) {
            count += 1;
        }
        if count * 8 >= BITS_MIN {
            Run { text, alphabet: &HEX, start: at + prefix, stride, count }.replace_list(&mut out, prefix);
        }
        // The last number may begin a list with another sign.
        at += if count > 1 { (count - 1) * stride } else { 1 };
    }
    out.finish()
}

/// How a list begins: the length of what stands before each number, and the way from one number to the next.
fn list_shape(text: &[u8]) -> Option<(usize, usize)> {
    let prefix = match text {
        [b'0' | b'\\', b'x' | b'X', ..] => 2,
        _ => 0,
    };
    if !is_pair(&text[prefix..]) {
        return None;
    }
    let between = match text[prefix + 2..] {
        [b',' | b';', b' ', ..] => 2,
        [b':' | b' ' | b',' | b';' | b'-' | b'_' | b'.' | b'+' | b'|' | b'/', ..] => 1,
        // `\x68\x74` is an encoding of single characters.
        _ if text.starts_with(b"0") && prefix > 0 => 0,
        _ => return None,
    };
    Some((prefix, prefix + 2 + between))
}

fn is_pair(text: &[u8]) -> bool {
    text.len() >= 2 && text[..2].iter().all(u8::is_ascii_hexdigit)
}

/// A text on its way to another one; nothing is allocated before something is replaced.
struct Rewritten<'t> {
    text: &'t [u8],
    out: Vec<u8>,
    /// How much of the text is done. 0 as long as nothing is replaced.
    done: usize,
}

impl<'t> Rewritten<'t> {
    fn of(text: &'t [u8]) -> Self {
        Rewritten { text, out: Vec::new(), done: 0 }
    }

    /// Replaces what lies between two places by the bytes.
    fn replace(&mut self, from: usize, to: usize, bytes: impl Iterator<Item = u8>) {
        if self.done == 0 {
            self.out.reserve_exact(self.text.len());
        }
        self.out.extend_from_slice(&self.text[self.done..from]);
        self.out.extend(bytes);
        self.done = to;
    }

    fn finish(mut self) -> Cow<'t, [u8]> {
        if self.done == 0 {
            return Cow::Borrowed(self.text);
        }
        self.out.extend_from_slice(&self.text[self.done..]);
        Cow::Owned(self.out)
    }
}

/// Characters of one alphabet at even distances: a single one apart in a run, two digits and a sign in a list.
struct Run<'t> {
    text: &'t [u8],
    alphabet: &'static Alphabet,
    start: usize,
    stride: usize,
    count: usize,
}

impl Run<'_> {
    /// Bits of one item: of a character, or of a number in a list.
    fn bits(&self) -> usize {
        if self.stride == 1 { self.alphabet.bits } else { 8 }
    }

    /// The value of one item.
    fn value(&self, item: usize) -> u8 {
        let at = self.start + item * self.stride;
        let value = |at: usize| self.alphabet.values[usize::from(self.text[at])];
        if self.stride == 1 { value(at) } else { value(at) << 4 | value(at + 1) }
    }

    /// The byte that begins at a bit.
    fn byte(&self, bit: usize) -> u8 {
        let (first, offset) = (bit / self.bits(), bit % self.bits());
        let last = (bit + 7) / self.bits();
        let joined =
            (first..=last).fold(0_u32, |joined, item| joined << self.bits() | u32::from(self.value(item)));
        let behind = (last - first + 1) * self.bits() - offset - 8;
        (joined >> behind).to_le_bytes()[0]
    }

    /// Replaces each part of a run that holds a URL.
    fn replace(&self, out: &mut Rewritten<'_>) {
        self.each_found(|first, last, from, to, unit| {
            let mut start = self.start + first;
            let is_whole = first == 0 && self.bits() == 4 && start >= out.done + 2;
            if is_whole && matches!(self.text[start - 2..start], [b'0' | b'\\', b'x' | b'X']) {
                start -= 2;
            }
            let mut end = self.start + last;
            if last == self.count {
                let padding = self.text[end..].iter().take(self.alphabet.padding);
                end += padding.take_while(|byte| **byte == b'=').count();
            }
            out.replace(start, end, (from..to).step_by(unit).map(|bit| self.byte(bit)));
        });
    }

    /// The same for a list; `prefix` bytes belong to each number.
    fn replace_list(&self, out: &mut Rewritten<'_>, prefix: usize) {
        self.each_found(|first, last, from, to, unit| {
            let start = self.start + first * self.stride - prefix;
            let end = self.start + (last - 1) * self.stride + 2;
            if start >= out.done {
                out.replace(start, end, (from..to).step_by(unit).map(|bit| self.byte(bit)));
            }
        });
    }

    /// Calls `each` with the items of each part that holds a URL, the bits of its text, and the bits of a character.
    fn each_found(&self, mut each: impl FnMut(usize, usize, usize, usize, usize)) {
        let bits = self.bits();
        let mut window = Window::new(bits);
        let (mut item, mut begin) = (0, 0);
        while item < self.count {
            window.push(self.value(item));
            item += 1;
            let Some(found) = window.found() else {
                continue;
            };
            let (from, to) = self.around(&found, item * bits, begin * bits);
            item = to.div_ceil(bits);
            each(from / bits, item, from, to, found.unit);
            begin = item;
            window = Window::new(bits);
        }
    }

    /// The readable characters around what was found, `end` being the bit at which the window ends. What was packed
    /// begins with a character of the run: what is readable before that is chance.
    fn around(&self, found: &Found, end: usize, begin: usize) -> (usize, usize) {
        let unit = found.unit;
        let readable = |bit: usize| {
            let is_narrow = unit == 8 || self.byte(bit + 8) == 0;
            let byte = self.byte(bit);
            is_narrow && (byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        };
        let mut to = end - found.behind;
        let at = to - found.bits;
        let mut from = at;
        while from >= begin + unit && readable(from - unit) {
            from -= unit;
        }
        while from < at && !from.is_multiple_of(self.bits()) {
            from += unit;
        }
        let goes_on = |bit: usize| readable(bit) || unit == 8 && !self.byte(bit).is_ascii();
        while to + unit <= self.count * self.bits() && goes_on(to) {
            to += unit;
        }
        (from, to)
    }
}
