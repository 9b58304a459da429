//! Whether a window may hold a secret at all: one pass, and most windows need no other.
//!
//! ```text
//! bytes ─▶ escapes taken off (no places kept) ─▶ words, runs and signs ─ nothing of what a rule begins with ─▶ no secret
//!                                                                     ╰ something ─▶ the rules, with places
//! ```
//! Each rule of the others needs one of these, and a test compares: a name that holds a secret with a sign behind it, a
//! run of 40 letters and digits, 20 capitals and digits, `@` with `://`, five dashes.

use super::{keyed, reading};

/// Shortest run that a form calls secret.
const RUN: usize = 40;
/// Shortest run of capitals and digits that holds a key id.
const CAPITALS: usize = 20;

const NAME: u8 = 1;
const BASE64: u8 = 2;
const CAPITAL: u8 = 4;
/// May stand between a name and its value.
const BEHIND_NAME: u8 = 8;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut at: u8 = 0;
    while at < 0x80 {
        table[at as usize] = match at {
            b'0'..=b'9' | b'A'..=b'Z' => NAME | BASE64 | CAPITAL,
            b'a'..=b'z' => NAME | BASE64,
            b'_' | b'-' | b'.' => NAME,
            b'+' | b'/' => BASE64,
            b']' | b')' | b'"' | b'\'' | b'`' | b' ' | b'\t' | b':' | b'=' | b',' => BEHIND_NAME,
            _ => 0,
        };
        at += 1;
    }
    table
}

/// Whether a rule may find something. False is certain.
pub(super) fn may_hold(window: &[u8]) -> bool {
    match reading::plain(window) {
        Some(read) => may(&read),
        None => may(window),
    }
}

fn may(bytes: &[u8]) -> bool {
    has_run(bytes) || has_name(bytes) || has_password(bytes) || has_dashes(bytes)
}

/// A run that is long enough for a key, a token or a key id. `eyJ` with two full stops is a token of any length.
fn has_run(bytes: &[u8]) -> bool {
    let (mut base64, mut url_safe, mut capitals) = (0_usize, 0_usize, 0_usize);
    let long = if bytes.len() < CAPITALS { &[] } else { bytes };
    for byte in long {
        let class = CLASSES[usize::from(*byte)];
        base64 = if class & BASE64 == 0 { 0 } else { base64 + 1 };
        url_safe = if class & NAME == 0 { 0 } else { url_safe + 1 };
        capitals = if class & CAPITAL == 0 { 0 } else { capitals + 1 };
        if base64 >= RUN
            || capitals >= CAPITALS
            || (url_safe == RUN && (holds(bytes, b"AQAE", 1) || holds(bytes, b"ya29.", 0)))
        {
            return true;
        }
    }
    holds(bytes, b"eyJ", 2)
}

/// Whether this word stands somewhere; its byte at `rare` is one that few texts have.
fn holds(bytes: &[u8], word: &[u8], rare: usize) -> bool {
    let stands = |at: usize| at.checked_sub(rare).is_some_and(|start| bytes[start..].starts_with(word));
    memchr::memchr_iter(word[rare], bytes).any(stands)
}

/// A name that holds a secret, with something behind it that may lead to a value.
fn has_name(bytes: &[u8]) -> bool {
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let class = CLASSES[usize::from(*byte)];
        if class & NAME != 0 {
            continue;
        }
        if start < at
            && class & BEHIND_NAME != 0
            && keyed::may_have_value(&bytes[at..])
            && keyed::is_secret_name(&bytes[start..at])
        {
            return true;
        }
        start = at + 1;
    }
    false
}

/// `://`, and behind it a `:` before an `@`.
fn has_password(bytes: &[u8]) -> bool {
    let Some(last) = memchr::memrchr(b'@', bytes) else { return false };
    let before = &bytes[..last];
    let slashes = memchr::memchr_iter(b':', before).find(|colon| before[*colon..].starts_with(b"://"));
    slashes.is_some_and(|slashes| memchr::memchr(b':', &before[slashes + 3..]).is_some())
}

fn has_dashes(bytes: &[u8]) -> bool {
    holds(bytes, b"KEY-----", 0)
}

#[cfg(test)]
mod tests {
    use super::may_hold;
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
            if !may_hold(text.as_bytes()) {
                prop_assert_eq!(secrets_in(text.as_bytes(), Runs::ExceptText), vec![], "{}", text);
            }
        }
    }

    #[test]
    fn an_ordinary_line_is_not_suspect() {
        let line = br#"1.2.3.4 - - [01/May/2024:00:00:00 +0000] "GET /?u=http%3A%2F%2F169.254.169.254%2Flatest HTTP/1.1" 200 9 "-" "curl/8""#;
        assert!(!may_hold(line));
        assert!(may_hold(b"?u=http%3A%2F%2Fa%3Ab%40169.254.169.254"));
    }
}
