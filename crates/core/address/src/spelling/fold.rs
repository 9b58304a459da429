//! Folds the characters of a host to what clients make of them.
//!
//! Percent-encoding is decoded once. Characters that are compatible with ASCII (Unicode NFKC) become ASCII; dots of
//! other scripts become `.`; invisible characters go. What is left must be a character that a host has; the rest
//! fails with its name.

use super::compatible::COMPATIBLE;
use super::{Fold, Folds, Unreadable};
use std::borrow::Cow;

/// A run of characters that fold to ASCII: all to the same text, or each to the character after that of the one before.
pub(super) struct Run {
    pub(super) first: char,
    pub(super) last: char,
    pub(super) text: &'static str,
    pub(super) counts: bool,
}

/// Whether the text is lower-case letters, digits, `-`, `_` and `.`: the common case, which needs no fold.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && is_host_character(byte as char))
}

fn is_host_character(character: char) -> bool {
    matches!(character, 'a'..='z' | '0'..='9' | '-' | '_' | '.')
}

/// The folded text.
pub(super) fn fold(host: &str, folds: &mut Folds) -> Result<String, Unreadable> {
    let decoded = percent_decoded(host, folds)?;
    let mut out = String::with_capacity(decoded.len());
    for character in decoded.chars() {
        if character.is_ascii() {
            push_ascii(character, &mut out, folds)?;
        } else if is_invisible(character) {
            folds.add(Fold::Invisible);
        } else if let Some(run) = find(character) {
            folds.add(kind(character, run));
            let offset = if run.counts { u32::from(character) - u32::from(run.first) } else { 0 };
            for target in run.text.chars() {
                let target =
                    char::from_u32(u32::from(target) + offset).ok_or(Unreadable::Character(character))?;
                if !is_host_character(target) {
                    return Err(Unreadable::Character(character));
                }
                out.push(target);
            }
        } else if character.is_control()
            || character.is_whitespace()
            || character == char::REPLACEMENT_CHARACTER
        {
            return Err(Unreadable::Character(character));
        } else {
            folds.add(Fold::NonAscii);
            out.extend(character.to_lowercase());
        }
    }
    Ok(out)
}

fn push_ascii(character: char, out: &mut String, folds: &mut Folds) -> Result<(), Unreadable> {
    let lower = character.to_ascii_lowercase();
    if lower != character {
        folds.add(Fold::Case);
    }
    if is_host_character(lower) {
        out.push(lower);
        return Ok(());
    }
    let twice = character == '%' && folds.contains(Fold::Percent);
    Err(if twice { Unreadable::EncodedTwice } else { Unreadable::Character(character) })
}

fn percent_decoded<'a>(host: &'a str, folds: &mut Folds) -> Result<Cow<'a, str>, Unreadable> {
    if !host.contains('%') {
        return Ok(Cow::Borrowed(host));
    }
    folds.add(Fold::Percent);
    let mut out = Vec::with_capacity(host.len());
    let mut bytes = host.bytes();
    while let Some(byte) = bytes.next() {
        let decoded = if byte == b'%' {
            let high = bytes.next().and_then(hex_digit).ok_or(Unreadable::BadEscape)?;
            let low = bytes.next().and_then(hex_digit).ok_or(Unreadable::BadEscape)?;
            high * 16 + low
        } else {
            byte
        };
        out.push(decoded);
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_| Unreadable::NotUtf8)
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

fn find(character: char) -> Option<&'static Run> {
    let at = COMPATIBLE.partition_point(|run| run.first <= character);
    let run = COMPATIBLE.get(at.checked_sub(1)?)?;
    (character <= run.last).then_some(run)
}

fn kind(character: char, run: &Run) -> Fold {
    match character {
        '\u{ff0e}' => Fold::ForeignDot,
        _ if run.text == "." => Fold::ForeignDot,
        '\u{ff01}'..='\u{ff5e}' => Fold::FullWidth,
        '\u{2460}'..='\u{24ff}' | '\u{1f100}'..='\u{1f1ff}' | '\u{3200}'..='\u{32ff}' => Fold::Enclosed,
        _ => Fold::Compatible,
    }
}

/// Characters that UTS 46 or a client's IDNA step drops: soft hyphen, zero-width, joiners, variation selectors, tags.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
