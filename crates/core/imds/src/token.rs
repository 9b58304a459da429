//! Session tokens without state.
//!
//! A token is 56 characters of URL-safe base64 for 40 bytes, the shape that real tokens have:
//!
//! ```text
//!  0        4          8            16                              40
//!  ├────────┼──────────┼────────────┼───────────────────────────────┤
//!  │01000400│ expiry   │ nonce      │ first 24 bytes of HMAC-SHA-256│
//!  └────────┴──────────┴────────────┴───────────────────────────────┘
//!            u32, BE,   8 bytes      over a domain word, expiry, nonce
//!            Unix s     of the       and the audience: whoever the
//!                       issuer       token was issued to
//! ```
//!
//! The first four bytes are those of public samples from Nitro instances. Nothing is stored per token, so memory
//! does not grow with their number and a restart with the same key breaks no client. A token that was issued to
//! another audience cannot be told from a forged one, and need not be. Comparison takes constant time.

use crate::time::UnixSeconds;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use hmac::{Hmac, KeyInit, Mac};
use onehop_verdict::Secret;
use sha2::Sha256;
use std::fmt;

/// Shortest lifetime of a token, in seconds (EC2 User Guide, "How IMDSv2 works").
pub const TOKEN_TTL_MIN_SECONDS: u32 = 1;
/// Longest lifetime of a token, in seconds: six hours.
pub const TOKEN_TTL_MAX_SECONDS: u32 = 21_600;
/// Length of a token as text.
pub const TOKEN_LENGTH: usize = 56;
/// Length of the signing key in bytes.
pub const TOKEN_KEY_LENGTH: usize = 32;

const TOKEN_BYTES: usize = 40;
const PREFIX: [u8; 4] = [1, 0, 4, 0];
const TAG_AT: usize = 16;
/// Keeps a key that is used elsewhere by mistake from producing tokens.
const DOMAIN: &[u8] = b"onehop session token 1\0";

/// A lifetime within the permitted bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenTtl(u32);

impl TokenTtl {
    /// Six hours, what most clients ask for.
    pub const MAX: TokenTtl = TokenTtl(TOKEN_TTL_MAX_SECONDS);

    /// A lifetime of 1 to 21,600 seconds.
    pub const fn new(seconds: u32) -> Option<Self> {
        if seconds >= TOKEN_TTL_MIN_SECONDS && seconds <= TOKEN_TTL_MAX_SECONDS {
            Some(TokenTtl(seconds))
        } else {
            None
        }
    }

    /// Reads the value of the lifetime header: decimal digits only, no sign, no space.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        text.parse().ok().and_then(TokenTtl::new)
    }

    /// Seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

/// A token as text: always 56 ASCII characters.
#[derive(Clone, Copy)]
pub struct Token([u8; TOKEN_LENGTH]);

impl Token {
    /// The text that goes into the body of the answer.
    pub fn as_str(&self) -> &str {
        // Base64 text is ASCII; an empty token would be refused by every check.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(****)")
    }
}

/// Why a token was refused. All lead to the same answer; the kinds are for counters and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not 56 characters of base64 with the known first bytes.
    #[error("not shaped like a token")]
    Shape,
    /// The tag does not fit: forged, another key, or another audience.
    #[error("not issued here, or issued to somebody else")]
    Forged,
    /// Its time has passed.
    #[error("expired")]
    Expired,
}

/// The key that signs tokens. Cloning is cheap and shares nothing mutable.
#[derive(Clone)]
pub struct TokenKey {
    /// The keyed state, so that a token costs two compressions less.
    keyed: Hmac<Sha256>,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(****)")
    }
}

impl TokenKey {
    /// A key from 32 random bytes.
    pub fn new(bytes: &Secret<[u8; TOKEN_KEY_LENGTH]>) -> Self {
        let keyed = Hmac::new_from_slice(bytes.expose()).expect("HMAC takes keys of any length");
        TokenKey { keyed }
    }

    /// Issues a token to an audience. The nonce only keeps two tokens of one second apart.
    pub fn mint(&self, now: UnixSeconds, ttl: TokenTtl, audience: &[u8], nonce: [u8; 8]) -> Token {
        let expiry = u32::try_from(now.plus(u64::from(ttl.0)).get()).unwrap_or(u32::MAX);
        let mut raw = [0u8; TOKEN_BYTES];
        raw[..4].copy_from_slice(&PREFIX);
        raw[4..8].copy_from_slice(&expiry.to_be_bytes());
        raw[8..TAG_AT].copy_from_slice(&nonce);
        let tag = self.mac(&raw[4..TAG_AT], audience).finalize().into_bytes();
        raw[TAG_AT..].copy_from_slice(&tag[..TOKEN_BYTES - TAG_AT]);
        let mut text = [0u8; TOKEN_LENGTH];
        let written = URL_SAFE.encode_slice(raw, &mut text).unwrap_or(0);
        debug_assert_eq!(written, TOKEN_LENGTH);
        Token(text)
    }

    /// Checks a token and returns the seconds it has left, at least 1.
    ///
    /// # Errors
    /// [`TokenError`] says which of the three ways it failed.
    pub fn check(&self, token: &str, audience: &[u8], now: UnixSeconds) -> Result<u32, TokenError> {
        let raw = decode(token).ok_or(TokenError::Shape)?;
        self.mac(&raw[4..TAG_AT], audience)
            .verify_truncated_left(&raw[TAG_AT..])
            .map_err(|_| TokenError::Forged)?;
        let expiry = u32::from_be_bytes([raw[4], raw[5], raw[6], raw[7]]);
        let left = now.until(UnixSeconds::new(u64::from(expiry)));
        match u32::try_from(left) {
            Ok(0) | Err(_) => Err(TokenError::Expired),
            Ok(seconds) => Ok(seconds.min(TOKEN_TTL_MAX_SECONDS)),
        }
    }

    fn mac(&self, body: &[u8], audience: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.keyed.clone();
        mac.update(DOMAIN);
        mac.update(body);
        mac.update(audience);
        mac
    }
}

fn decode(token: &str) -> Option<[u8; TOKEN_BYTES]> {
    if token.len() != TOKEN_LENGTH {
        return None;
    }
    // The decoder asks for room for the padding too.
    let mut room = [0u8; TOKEN_BYTES + 2];
    let length = URL_SAFE.decode_slice(token, &mut room).ok()?;
    let raw: [u8; TOKEN_BYTES] = room.get(..length)?.try_into().ok()?;
    (raw[..4] == PREFIX).then_some(raw)
}

#[cfg(test)]
mod tests;
