//! Tells in one pass over a name that it lies under none of many suffixes, before any of them is compared.
//!
//! ```text
//! www.example.com  ─▶ from the end: hash of `com`, `example.com`, `www.example.com` ─▶ no bit set: under none
//! db.corp          ─▶ hash of `corp` ─▶ bit set: perhaps, compare
//! ```
//! A miss is certain; a hit asks the tables. Nothing fails.

use super::{INTERNAL, LOCALHOST, WILDCARD_SERVICES};
use crate::catalogue::CATALOGUE;

/// Every suffix that gives a name away.
pub(super) static SIEVE: Sieve = Sieve::of_every_suffix();

const WORDS: usize = 32;

/// One bit for the hash of each suffix.
pub(super) struct Sieve {
    bits: [u64; WORDS],
    /// Of the longest suffix, in bytes.
    longest: usize,
}

impl Sieve {
    const fn of_every_suffix() -> Sieve {
        let mut sieve = Sieve { bits: [0; WORDS], longest: 0 }.with_each(LOCALHOST).with_each(INTERNAL);
        let mut at = 0;
        while at < CATALOGUE.len() {
            sieve = sieve.with_each(CATALOGUE[at].names);
            at += 1;
        }
        at = 0;
        while at < WILDCARD_SERVICES.len() {
            sieve = sieve.with(WILDCARD_SERVICES[at].suffix);
            at += 1;
        }
        sieve
    }

    const fn with_each(mut self, suffixes: &[&str]) -> Sieve {
        let mut at = 0;
        while at < suffixes.len() {
            self = self.with(suffixes[at]);
            at += 1;
        }
        self
    }

    const fn with(mut self, suffix: &str) -> Sieve {
        let bytes = suffix.as_bytes();
        let (mut hash, mut at) = (0, bytes.len());
        while at > 0 {
            at -= 1;
            hash = step(hash, bytes[at]);
        }
        let (word, bit) = place(hash);
        self.bits[word] |= bit;
        if bytes.len() > self.longest {
            self.longest = bytes.len();
        }
        self
    }

    /// Whether the name may be one of the suffixes or lie below one.
    pub(super) fn may_hold(&self, name: &str) -> bool {
        let bytes = name.as_bytes();
        let mut hash = 0;
        for byte in bytes.iter().rev().take(self.longest + 1) {
            if *byte == b'.' && self.has(hash) {
                return true;
            }
            hash = step(hash, *byte);
        }
        bytes.len() <= self.longest && self.has(hash)
    }

    fn has(&self, hash: u32) -> bool {
        let (word, bit) = place(hash);
        self.bits[word] & bit != 0
    }
}

const fn step(hash: u32, byte: u8) -> u32 {
    hash.rotate_left(5) ^ byte as u32
}

/// The word and the bit of a hash.
const fn place(hash: u32) -> (usize, u64) {
    let mixed = hash.wrapping_mul(0x9e37_79b1) >> 21;
    (mixed as usize / 64 % WORDS, 1 << (mixed % 64))
}

#[cfg(test)]
mod tests {
    use super::SIEVE;

    #[test]
    fn most_names_pass_without_a_comparison() {
        let names =
            ["example.com", "api.github.com", "s3.eu-west-1.amazonaws.com", "hooks.slack.com", "a.b.org"];
        for name in names {
            assert!(!SIEVE.may_hold(name), "{name}");
        }
    }
}
