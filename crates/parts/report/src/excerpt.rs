//! Text of strangers, fit to be shown: bounded, visible, without credentials.
//!
//! ```text
//! bytes ─▶ a window around what matters ─▶ read with every escape taken off ─▶ rules: which bytes are secret
//!                     │                                                             │
//!                     ╰──────────────▶ written again: **** for secrets, escapes for what nobody sees ─▶ cut at the bound
//! ```
//! Secrets are found in the text as it reads, so a percent-encoded or JSON-escaped one is found too, and masked in the
//! text as it stands. The window is wider than the excerpt: a secret that the cut goes through was seen whole.
//!
//! | masked | where |
//! |---|---|
//! | AWS access key ids, all but the first four letters | anywhere |
//! | 40-character secret keys, session tokens, IMDSv2 tokens, JSON web tokens, private keys | anywhere |
//! | passwords | in URLs, before the `@` |
//! | the value | of names that end in `token`, `password`, `signature`, `authorization`, …, or hold `secret` |
//!
//! What is masked too much costs a word of evidence; what is masked too little is a leak. Base64 that is plain text, as
//! attacks are, stays.
//!
//! # Failure
//! Total. Time is linear in the window. The text is for people: it cannot be turned back into the bytes.

mod glyphs;
mod keyed;
mod mask;
mod reading;
mod runs;
mod suspicion;

pub(crate) use glyphs::{put, visible};

use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Range;
use suspicion::Suspicion;

/// Longest excerpt, in bytes, where nothing else is said.
pub const EXCERPT_MAX_BYTES: usize = 512;

/// Longest excerpt of sentences, in bytes.
const SENTENCES_MAX_BYTES: usize = 2048;

/// Bytes that are looked at before and behind the excerpt: longer than any session token.
const MARGIN_BYTES: usize = 4096;
/// Bytes of context that are shown before what matters.
const CONTEXT_BYTES: usize = 96;
/// What stands for what was cut off.
const CUT: &str = "…";
/// What stands for a secret.
const MASK: &str = "****";

/// Text of strangers: bounded, visible, without credentials.
///
/// ```
/// use onehop_report::Excerpt;
/// let excerpt = Excerpt::new(b"GET /?url=http://me:hunter2@169.254.169.254/\x1b[2J");
/// assert_eq!(excerpt.as_str(), "GET /?url=http://me:****@169.254.169.254/\\u{1b}[2J");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Excerpt(Box<str>);

impl Excerpt {
    /// The beginning of these bytes.
    pub fn new(bytes: &[u8]) -> Excerpt {
        Excerpt::around(bytes, 0..0, EXCERPT_MAX_BYTES)
    }

    /// Sentences of the tool's own with names of strangers in them: longer than what strangers wrote may be.
    pub fn sentences(text: &str) -> Excerpt {
        Excerpt::around(text.as_bytes(), 0..0, SENTENCES_MAX_BYTES)
    }

    /// What stands at `range` of these bytes and around it, in at most `max_bytes`, which is at least 16: all of them if
    /// they fit. A range beyond the end is cut.
    pub fn around(bytes: &[u8], range: Range<usize>, max_bytes: usize) -> Excerpt {
        let max_bytes = max_bytes.max(16);
        if bytes.len() <= max_bytes && suspicion::is_harmless(bytes) {
            return Excerpt(glyphs::plain(bytes).into());
        }
        if bytes.len() <= max_bytes
            && let Some(whole) = Excerpt::from_place(bytes, 0, max_bytes).ok()
        {
            return whole;
        }
        let from = range.start.min(bytes.len());
        let length = range.end.min(bytes.len()).saturating_sub(from);
        let context = CONTEXT_BYTES.min(max_bytes.saturating_sub(length) / 4);
        Excerpt::from_place(bytes, from.saturating_sub(context), max_bytes).unwrap_or_else(|cut| cut)
    }

    /// What stands from this byte on: all of it, or as much as fits.
    fn from_place(bytes: &[u8], place: usize, max_bytes: usize) -> Result<Excerpt, Excerpt> {
        let start = place.saturating_sub(MARGIN_BYTES);
        let end = bytes.len().min(place.saturating_add(max_bytes + MARGIN_BYTES));
        let window = &bytes[start..end];
        let secrets = mask::secrets(window);
        let is_whole = place == 0 && end == bytes.len() && window.len() <= max_bytes;
        if is_whole && secrets.is_empty() {
            let whole = glyphs::plain(window);
            if whole.len() == window.len() {
                return Ok(Excerpt(whole.into()));
            }
        }
        let written = glyphs::write(window, place - start, &secrets, end < bytes.len(), max_bytes);
        written.map(Excerpt::from_written).map_err(Excerpt::from_written)
    }

    fn from_written(text: String) -> Excerpt {
        Excerpt(text.into_boxed_str())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether nothing has to be cut, masked or escaped.
fn is_fit(bytes: &[u8], max_bytes: usize) -> bool {
    bytes.len() <= max_bytes
        && (suspicion::is_harmless(bytes)
            || (Suspicion::of(bytes).is_none() && glyphs::plain(bytes).len() == bytes.len()))
}

impl From<&str> for Excerpt {
    fn from(text: &str) -> Self {
        Excerpt::new(text.as_bytes())
    }
}

impl From<String> for Excerpt {
    fn from(text: String) -> Self {
        if is_fit(text.as_bytes(), EXCERPT_MAX_BYTES) {
            return Excerpt(text.into_boxed_str());
        }
        Excerpt::new(text.as_bytes())
    }
}

impl From<Excerpt> for String {
    fn from(excerpt: Excerpt) -> Self {
        excerpt.0.into_string()
    }
}

impl AsRef<str> for Excerpt {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Excerpt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
