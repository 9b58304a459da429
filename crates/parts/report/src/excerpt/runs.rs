//! Secrets that are known by their form: long runs of letters and digits that nobody would write.
//!
//! ```text
//! run of [A-Za-z0-9+/]   40 long; longer with a part of 20 between slashes; 128 long
//!                        small and capital letters, not all hexadecimal, no plain text in base64  ─▶ secret
//! run of [A-Za-z0-9_-]   AQAE…, ya29.…, eyJ….….…                                               ─▶ token
//! ```

use super::mask::{self, Runs, length_of};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::ops::Range;

/// Length of an AWS secret access key.
const SECRET_KEY: usize = 40;
/// Shortest part between slashes that no path has.
const PART: usize = 20;
/// Longer than any path without a dash, a dot or a line below.
const LONG: usize = 128;
/// Shortest token with a known beginning. IMDSv2 tokens have 56 characters.
const TOKEN: usize = 40;
/// Beginnings of tokens: IMDSv2, Google OAuth.
const TOKEN_PREFIXES: [&[u8]; 2] = [b"AQAE", b"ya29."];

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn find(bytes: &[u8], which: Runs, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < bytes.len() {
        let length = length_of(&bytes[at..], is_base64);
        let run = &bytes[at..at + length];
        if is_secret(run) && (which == Runs::All || !is_text(run)) {
            found.push(at..at + length);
        }
        at += length.max(1);
    }
    tokens(bytes, found);
}

/// Tokens of the alphabet for URLs.
fn tokens(bytes: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < bytes.len() {
        let length = length_of(&bytes[at..], is_url_safe);
        let run = &bytes[at..at + length];
        let is_token = length >= TOKEN && TOKEN_PREFIXES.iter().any(|prefix| run.starts_with(prefix));
        let is_jwt = run.starts_with(b"eyJ") && run.split(|byte| *byte == b'.').count() >= 3;
        if is_token || is_jwt {
            found.push(at..at + length);
        }
        at += length.max(1);
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn is_secret(run: &[u8]) -> bool {
    let is_mixed = |part: &[u8]| {
        part.iter().any(u8::is_ascii_lowercase)
            && part.iter().any(u8::is_ascii_uppercase)
            && !part.iter().all(u8::is_ascii_hexdigit)
    };
    let has_digit = |part: &[u8]| part.iter().any(u8::is_ascii_digit);
    match run.len() {
        0..SECRET_KEY => false,
        SECRET_KEY => is_mixed(run),
        LONG.. => is_mixed(run) && has_digit(run),
        _ => run
            .split(|byte| *byte == b'/')
            .any(|part| part.len() >= PART && is_mixed(part) && has_digit(part)),
    }
}

/// Whether base64 of plain text stands here, which may begin anywhere in a group of four.
fn is_text(run: &[u8]) -> bool {
    (0..4).any(|skipped| {
        LENIENT.decode(&run[skipped..run.len() - (run.len() - skipped) % 4]).is_ok_and(|text| {
            text.iter().all(|byte| matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x20..0x7F))
                && !mask::holds_secret(&text)
        })
    })
}
