//! SHA-256 values and their one spelling.
//!
//! ```text
//! Hash ──Display──▶ 64 lower-case hexadecimal digits ──FromStr──▶ Hash
//! ```
//!
//! Reading refuses every other spelling, upper case included: a changed digit is always a changed hash.

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Digits in the text of a hash.
pub(crate) const HASH_TEXT_BYTES: usize = 64;

/// The SHA-256 of a journal line. The hash of the last line is the *head* of the journal: it stands for
/// everything before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What the first record of a journal names as its predecessor.
    pub const ZERO: Hash = Hash([0; 32]);

    /// The hash of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }

    /// The 64 digits.
    pub(crate) fn text(self) -> [u8; HASH_TEXT_BYTES] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; HASH_TEXT_BYTES];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        text
    }

    /// Reads the 64 digits.
    pub(crate) fn parse(text: &[u8]) -> Result<Hash, HashError> {
        if text.len() != HASH_TEXT_BYTES {
            return Err(HashError);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Hash(hash))
    }
}

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits in lower case")]
pub struct HashError;

fn digit(byte: u8) -> Result<u8, HashError> {
    match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(HashError),
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Hash, HashError> {
        Hash::parse(text.as_bytes())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().iter().try_for_each(|digit| fmt::Write::write_char(f, char::from(*digit)))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.text();
        serializer.serialize_str(std::str::from_utf8(&text).expect("hexadecimal digits are ASCII"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Hash, HashError};

    #[test]
    fn known_digest() {
        // FIPS 180-2, appendix B.1.
        let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of(b"abc").to_string(), want);
        assert_eq!(want.parse(), Ok(Hash::of(b"abc")));
    }

    #[test]
    fn one_spelling_only() {
        let good = Hash::of(b"abc").to_string();
        for bad in [
            good.to_uppercase(),
            good[1..].to_owned(),
            format!("{good}0"),
            good.replace('b', "g"),
            String::new(),
        ] {
            assert_eq!(bad.parse::<Hash>(), Err(HashError), "{bad}");
        }
    }
}
