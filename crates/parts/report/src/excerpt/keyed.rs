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
pub(super) const NAME_MAX: usize = 48;
/// Ends of names that hold a secret.
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

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Whether a name holds a secret: by its end, as a whole, or by a word in it. Of any case.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    let name = &name[name.len().saturating_sub(NAME_MAX)..];
    let may_end = name.last().is_some_and(|last| b"ndelytgs".contains(&last.to_ascii_lowercase()));
    (may_end && ends_secret(name))
        || memchr::memchr2_iter(b'c', b'C', name).any(|at| {
            let word = at.checked_sub(2).and_then(|start| name.get(start..start + SECRET.len()));
            word.is_some_and(|word| word.eq_ignore_ascii_case(SECRET))
        })
}

fn ends_secret(name: &[u8]) -> bool {
    let ends = |ending: &&str| {
        let start = name.len().checked_sub(ending.len());
        start.is_some_and(|start| name[start..].eq_ignore_ascii_case(ending.as_bytes()))
    };
    WHOLE.iter().any(|whole| name.eq_ignore_ascii_case(whole.as_bytes())) || ENDINGS.iter().any(ends)
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
