//! Which bytes of a window are secret. Rules that look at a form by itself; [`keyed`](super::keyed) has those that look
//! at a name.

use super::reading::Reading;
use super::suspicion::Suspicion;
use super::{keyed, runs};
use std::ops::Range;

/// Beginnings of AWS access key ids (IAM User Guide, "Unique identifiers"): long-term, temporary, and those of services.
const KEY_ID_PREFIXES: [&[u8]; 4] = [b"AKIA", b"ASIA", b"ABIA", b"ACCA"];
/// Letters of a key id behind its prefix; ids are 20 long and may grow.
const KEY_ID_REST: usize = 16;

/// Ranges of the window to mask, in order, apart from one another.
pub(super) fn secrets(window: &[u8]) -> Vec<Range<usize>> {
    let suspicion = Suspicion::of(window);
    if suspicion.is_none() { Vec::new() } else { secrets_in(window, suspicion, Runs::ExceptText) }
}

/// Whether base64 of plain text is left alone. It is not inside base64: one look is enough, and bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    ExceptText,
    All,
}

/// Whether plain text that stood in base64 has something to mask.
pub(super) fn holds_secret(text: &[u8]) -> bool {
    let suspicion = Suspicion::of(text);
    !suspicion.is_none() && !secrets_in(text, suspicion, Runs::All).is_empty()
}

/// The same by the rules that may find something.
pub(super) fn secrets_in(window: &[u8], suspicion: Suspicion, which: Runs) -> Vec<Range<usize>> {
    let reading = Reading::of(window);
    let mut found = Vec::new();
    if suspicion.names {
        keyed::find(&reading, &mut found);
    }
    if suspicion.runs {
        runs::find(&reading.bytes, which, &mut found);
        key_ids(&reading.bytes, &mut found);
    }
    if suspicion.passwords {
        passwords(&reading, &mut found);
    }
    if suspicion.private_keys {
        private_keys(&reading.bytes, &mut found);
    }
    let mut ranges: Vec<Range<usize>> = found.iter().filter_map(|range| reading.source(range)).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, kept| {
        let joins = next.start <= kept.end;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
    ranges
}

/// `AKIA` and what follows; the prefix stays.
fn key_ids(bytes: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < bytes.len() {
        let run = length_of(&bytes[at..], |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if run >= 4 + KEY_ID_REST {
            let word = &bytes[at..at + run];
            let starts = (0..=run - 4 - KEY_ID_REST)
                .find(|start| KEY_ID_PREFIXES.iter().any(|prefix| word[*start..].starts_with(prefix)));
            if let Some(start) = starts {
                found.push(at + start + 4..at + run);
            }
        }
        at += run.max(1);
    }
}

/// `scheme://user:password@host`: the password.
fn passwords(reading: &Reading, found: &mut Vec<Range<usize>>) {
    let bytes = &reading.bytes;
    let mut at = 0;
    while let Some(slashes) = position(&bytes[at..], b"://").map(|place| at + place) {
        let start = slashes + 3;
        let depth = reading.depth(slashes).max(reading.depth(slashes + 1));
        let length = bytes[start..]
            .iter()
            .enumerate()
            .take_while(|(place, byte)| !(ends_authority(**byte) && reading.depth(start + place) <= depth))
            .count();
        let authority = &bytes[start..start + length];
        if let Some(sign) = authority.iter().rposition(|byte| *byte == b'@')
            && let Some(colon) = authority[..sign].iter().position(|byte| *byte == b':')
        {
            found.push(start + colon + 1..start + sign);
        }
        // One that begins inside this authority is looked at as well.
        at = start;
    }
}

fn ends_authority(byte: u8) -> bool {
    matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>') || byte.is_ascii_whitespace()
}

/// From the line that begins a private key to the one that ends it, or to the end.
fn private_keys(bytes: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(begin) = position(&bytes[at..], b"PRIVATE KEY-----").map(|place| at + place + 16) {
        let end = position(&bytes[begin..], b"-----END").map_or(bytes.len(), |place| begin + place);
        found.push(begin..end);
        at = end.saturating_add(8).min(bytes.len());
        // The word stands in the last line too.
        at += position(&bytes[at..], b"PRIVATE KEY-----")
            .filter(|place| *place < 32)
            .map_or(0, |place| place + 16);
    }
}

pub(super) fn length_of(bytes: &[u8], is_part: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is_part(**byte)).count()
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memchr_iter(what[0], bytes).find(|at| bytes[*at..].starts_with(what))
}
