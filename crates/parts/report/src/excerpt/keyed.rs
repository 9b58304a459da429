//! Secrets that are known by the name before them.
//!
//! ```text
//! name  ]?  quote?  blanks  ( : | = | => | , "value" : )  blanks  quote?  VALUE
//! ```
//! The value ends where its quote ends; without one, behind `:` with the line, and behind `=` with a blank, a quote or
//! `&`. What is under more escapes than the `:` or `=` itself ends nothing: in `password=a%26b` it belongs to the value.

use super::mask::length_of;
use super::reading::Reading;
use std::ops::Range;

/// Longest name that is looked at: its last bytes.
const NAME_MAX: usize = 48;
/// Ends of names that hold a secret, in lower case.
const ENDINGS: [&str; 17] = [
    "token",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "signature",
    "authorization",
    "credential",
    "session",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "access-key",
    "sessid",
    "sessionid",
];
/// Names that hold a secret as a whole.
const WHOLE: [&str; 4] = ["sig", "pass", "private_key", "privatekey"];

/// What a name that holds a secret may have anywhere.
const SECRET: &[u8] = b"secret";

pub(super) fn find(reading: &Reading, found: &mut Vec<Range<usize>>) {
    let bytes = &reading.bytes;
    let mut at = 0;
    while at < bytes.len() {
        let length = length_of(&bytes[at..], is_name);
        let start = at;
        let name = &bytes[at..at + length];
        at += length;
        if length > 0 && is_secret_name(name) {
            if let Some(value) = value(reading, start, at).filter(|value| !value.is_empty()) {
                // A value may hold a name whose own value goes on behind it: `secret=[{"token" : "…"}]`.
                at = value.start;
                found.push(value);
            }
        } else if length == 0 {
            at += 1;
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Whether a name holds a secret: by its end, as a whole, or by a word in it.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    let name = &name[name.len().saturating_sub(NAME_MAX)..];
    let mut lower = [0; NAME_MAX];
    let lower = &mut lower[..name.len()];
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let ends = |ending: &&str| lower.ends_with(ending.as_bytes());
    let may_end = lower.last().is_some_and(|last| b"ndelytgs".contains(last));
    (may_end && (WHOLE.iter().any(|whole| whole.as_bytes() == lower) || ENDINGS.iter().any(ends)))
        || memchr::memchr_iter(b'c', lower).any(|at| at >= 2 && lower[at - 2..].starts_with(SECRET))
}

/// Whether what stands behind a name may lead to a value. False is certain.
pub(super) fn may_have_value(behind: &[u8]) -> bool {
    let mut rest = behind;
    for skipped in [&b"])"[..], b"\"'`", b" \t"] {
        rest = &rest[length_of(rest, |byte| skipped.contains(&byte))..];
    }
    matches!(rest.first(), Some(b':' | b'=' | b','))
}

/// The value behind a name from `start` to `at`.
fn value(reading: &Reading, start: usize, at: usize) -> Option<Range<usize>> {
    let mut at = skip(reading, at, b"])");
    at = skip(reading, at, b"\"'`");
    at = skip(reading, at, b" \t");
    let (sign, mut at) = separator(reading, at)?;
    // A header behind an escaped line end, as gopher has them, ends with one.
    let line = start.checked_sub(1).filter(|place| reading.bytes[*place] == b'\n');
    let depth = reading.depth(at - 1).max(line.map_or(0, |place| reading.depth(place)));
    at = skip(reading, at, b" \t[");
    let quote = reading.bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let start = at + usize::from(quote.is_some());
    let limit = match quote {
        Some(_) => reading.depth(at),
        None => depth,
    };
    let length = reading
        .bytes
        .get(start..)?
        .iter()
        .enumerate()
        .take_while(|(place, byte)| !(ends(quote, sign, **byte) && reading.depth(start + place) <= limit))
        .count();
    Some(start..start + length)
}

/// `:`, `=`, `=>`, or `,"value":`, after which the value stands: the sign, and the place behind it.
fn separator(reading: &Reading, at: usize) -> Option<(u8, usize)> {
    match reading.bytes.get(at)? {
        b':' => Some((b':', at + 1)),
        b'=' => Some((b'=', at + 1 + usize::from(reading.bytes.get(at + 1) == Some(&b'>')))),
        b',' => {
            let name = skip(reading, at + 1, b" \t\n\"'");
            let rest = reading.bytes.get(name..)?;
            let rest = rest.get(..5).filter(|word| word.eq_ignore_ascii_case(b"value")).map(|_| name + 5)?;
            let colon = skip(reading, rest, b" \t\"'");
            matches!(reading.bytes.get(colon)?, b':' | b'=').then_some((b':', colon + 1))
        }
        _ => None,
    }
}

fn ends(quote: Option<u8>, separator: u8, byte: u8) -> bool {
    match (quote, separator) {
        (Some(quote), _) => byte == quote,
        (None, b':') => matches!(byte, b'\r' | b'\n' | b'"' | b'\''),
        (None, _) => byte.is_ascii_whitespace() || matches!(byte, b'&' | b'"' | b'\'' | b'<' | b'>'),
    }
}

fn skip(reading: &Reading, at: usize, what: &[u8]) -> usize {
    at + reading.bytes.get(at..).map_or(0, |rest| length_of(rest, |byte| what.contains(&byte)))
}
