//! Which rules may find a secret in a window: one pass, and for most windows no rule is left.
//!
//! ```text
//! bytes ─▶ escapes taken off (no places kept) ─▶ words, runs and signs ─ nothing of what a rule begins with ─▶ no secret
//!                                                                     ╰ something ─▶ that rule, with places
//! ```
//! Each rule of the others needs one of these, and a test compares: a name that holds a secret with a sign behind it, a
//! run of 40 letters and digits, 20 capitals and digits, `@` with `://`, five dashes.

mod marks;

use super::keyed;
use super::reading::{self, Plain};
use marks::{BYTES, Marks};

/// Shortest run that a form calls secret.
const RUN: usize = 40;
/// Shortest run of capitals and digits that holds a key id.
const CAPITALS: usize = 20;

/// Bytes that people see and that no rule begins with.
static HARMLESS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = b' ';
    while at < 0x7F {
        table[at as usize] = !matches!(at, b':' | b'=' | b',' | b'@' | b'%' | b'\\' | b'&' | b'J' | b'K');
        at += 1;
    }
    table
};

/// Whether this is a short word of characters that people see and that no rule begins with, such as a method or an
/// address. False says nothing.
pub(super) fn is_harmless(text: &[u8]) -> bool {
    text.len() < CAPITALS && text.iter().all(|byte| HARMLESS[usize::from(*byte)])
}

/// What may be in a window, rule by rule. False is certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each rule")]
pub(super) struct Suspicion {
    /// A name and its value.
    pub(super) names: bool,
    /// A run of letters and digits, or of such and a few signs.
    pub(super) runs: bool,
    /// A password in a URL.
    pub(super) passwords: bool,
    /// A private key.
    pub(super) private_keys: bool,
}

impl Suspicion {
    /// Anything.
    pub(super) const ALL: Suspicion =
        Suspicion { names: true, runs: true, passwords: true, private_keys: true };

    /// What a window may hold.
    pub(super) fn of(window: &[u8]) -> Suspicion {
        match reading::plain(window) {
            Plain::Same => Suspicion::of_plain(window),
            Plain::Read(read) => Suspicion::of_plain(&read),
            Plain::TooDeep => Suspicion::ALL,
        }
    }

    /// Whether there is nothing.
    pub(super) fn is_none(self) -> bool {
        self == Suspicion::default()
    }

    fn of_plain(bytes: &[u8]) -> Suspicion {
        let mut walk = Walk::default();
        let (blocks, rest) = bytes.as_chunks::<BYTES>();
        for (at, block) in blocks.iter().enumerate() {
            walk.block(bytes, at * BYTES, &Marks::of(block));
        }
        // What stands behind the end is nothing that matters.
        let mut last = [0; BYTES];
        last[..rest.len()].copy_from_slice(rest);
        walk.block(bytes, bytes.len() - rest.len(), &Marks::of(&last));
        walk.end(bytes)
    }
}

/// What was seen of a text from block to block.
#[derive(Debug, Default)]
struct Walk {
    found: Suspicion,
    before: Marks,
    has_at: bool,
    has_dashes: bool,
    has_long_name: bool,
}

impl Walk {
    fn block(&mut self, bytes: &[u8], start: usize, marks: &Marks) {
        let before = self.before;
        self.found.runs |=
            has_run::<RUN>(before.base64, marks.base64) || has_run::<CAPITALS>(before.capital, marks.capital);
        self.has_long_name |= has_run::<RUN>(before.name, marks.name);
        self.has_dashes |= has_run::<2>(before.dash, marks.dash);
        // A blank that another word follows leads to no value.
        let leads = marks.sign | (marks.between & ((marks.between | marks.sign) >> 1 | LAST_BIT));
        let names = leads & (marks.last << 1 | before.last >> (BYTES - 1));
        self.found.names |= places(names).any(|at| has_value(bytes, start + at));
        self.found.names |= places(marks.cr).any(|at| has_secret(bytes, start + at));
        for at in places(marks.rare) {
            self.has_at |= bytes[start + at] == b'@';
            // With two full stops it is a token of any length.
            self.found.runs |= bytes[..=start + at].ends_with(b"eyJ");
        }
        self.before = *marks;
    }

    fn end(self, bytes: &[u8]) -> Suspicion {
        let Walk { mut found, has_at, has_dashes, has_long_name, .. } = self;
        found.passwords = has_at && has_password(bytes);
        found.private_keys = has_dashes && holds(bytes, b"KEY-----", 0);
        found.runs |= has_long_name && (holds(bytes, b"AQAE", 1) || holds(bytes, b"ya29.", 0));
        found
    }
}

/// The bit of the last byte of a block.
const LAST_BIT: u64 = 1 << (BYTES - 1);

/// Where bits are set.
fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (at < u64::BITS).then_some(at as usize)
    })
}

/// Whether so many bits, at most a block of them, are set in a row.
fn has_run<const LENGTH: usize>(before: u64, here: u64) -> bool {
    let mut runs = u128::from(before) | u128::from(here) << BYTES;
    let mut length = 1;
    while length < LENGTH {
        let more = length.min(LENGTH - length);
        runs &= runs >> more;
        length += more;
    }
    runs != 0
}

/// Whether `secret` stands around this `c`.
fn has_secret(bytes: &[u8], c: usize) -> bool {
    let word = c.checked_sub(2).and_then(|start| bytes.get(start..start + 6));
    word.is_some_and(|word| word.eq_ignore_ascii_case(b"secret"))
}

/// Whether the name that ends here holds a secret, and what is behind it leads to a value.
fn has_value(bytes: &[u8], end: usize) -> bool {
    let behind = bytes[end..].iter().find(|byte| !marks::is_between(**byte));
    if !behind.is_some_and(|byte| marks::is_sign(*byte)) {
        return false;
    }
    let near = bytes[..end].iter().rev().take(keyed::NAME_MAX);
    let length = near.take_while(|byte| keyed::is_name(**byte)).count();
    keyed::is_secret_name(&bytes[end - length..end])
}

/// Whether this word stands somewhere; its byte at `rare` is one that few texts have.
fn holds(bytes: &[u8], word: &[u8], rare: usize) -> bool {
    let stands = |at: usize| at.checked_sub(rare).is_some_and(|start| bytes[start..].starts_with(word));
    memchr::memchr_iter(word[rare], bytes).any(stands)
}

/// `://`, and behind it a `:` before an `@`.
fn has_password(bytes: &[u8]) -> bool {
    let Some(last) = memchr::memrchr(b'@', bytes) else { return false };
    let before = &bytes[..last];
    let slashes = memchr::memchr_iter(b':', before).find(|colon| before[*colon..].starts_with(b"://"));
    slashes.is_some_and(|slashes| memchr::memchr(b':', &before[slashes + 3..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::{Suspicion, is_harmless};
    use crate::excerpt::mask::{Runs, secrets_in};
    use proptest::prelude::*;

    /// Pieces of secrets and of what stands around them.
    const PIECES: &[&str] = &[
        "token",
        "X-Secret-a",
        "pass",
        "sig",
        "=",
        ":",
        "%3D",
        "%253a",
        "&quot;",
        "\\u003d",
        "\\\"",
        " ",
        "\t",
        "=>",
        "abcDEF0123",
        "AKIA",
        "ABCDEFGH01234567",
        "http://",
        "a:b",
        "@",
        "/",
        "eyJ",
        ".",
        "-----",
        "PRIVATE KEY-----",
        "AQAE",
        "ya29.",
        ",\"value\":\"",
        "]",
        ")",
        "é",
        "\n",
    ];

    proptest! {
        #[test]
        fn what_holds_a_secret_is_suspect(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
            let text = pieces.concat();
            let found = secrets_in(text.as_bytes(), Suspicion::ALL, Runs::ExceptText);
            let suspicion = Suspicion::of(text.as_bytes());
            prop_assert_eq!(&secrets_in(text.as_bytes(), suspicion, Runs::ExceptText), &found, "{}", text);
            prop_assert!(found.is_empty() || !is_harmless(text.as_bytes()), "{}", text);
        }
    }

    #[test]
    fn an_ordinary_line_is_not_suspect() {
        let line = br#"1.2.3.4 - - [01/May/2024:00:00:00 +0000] "GET /?u=http%3A%2F%2F169.254.169.254%2Flatest HTTP/1.1" 200 9 "-" "curl/8""#;
        assert!(Suspicion::of(line).is_none());
        assert!(Suspicion::of(b"?u=http%3A%2F%2Fa%3Ab%40169.254.169.254").passwords);
        assert!(is_harmless(b"203.0.113.9") && !is_harmless(b"sig=1") && !is_harmless(b"a.eyJ.b"));
    }
}
