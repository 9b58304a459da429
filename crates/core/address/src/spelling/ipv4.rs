//! IPv4 by the old rules: one to four parts, each decimal, octal after `0` or hexadecimal after `0x`; the last part
//! fills the bytes that remain (WHATWG URL §3.5, `inet_aton`).
//!
//! A host whose last label is a number is an IPv4 address or nothing: it fails, with the reason, and is never a name.

use super::{Fold, Folds, Unreadable};
use std::net::Ipv4Addr;

/// The address, or `None` if the text does not end in a number.
pub(super) fn parse(text: &str, folds: &mut Folds) -> Result<Option<Ipv4Addr>, Unreadable> {
    let text = text.as_bytes();
    let last = text.iter().rposition(|byte| *byte == b'.').map_or(text, |dot| &text[dot + 1..]);
    if !last.first().is_some_and(u8::is_ascii_digit) || !looks_numeric(last) {
        return Ok(None);
    }
    let mut parts = [0_u64; 4];
    let mut count = 0;
    for part in text.split(|byte| *byte == b'.') {
        if part.is_empty() {
            return Err(Unreadable::EmptyLabel);
        }
        let value = number(part, folds).ok_or(Unreadable::NotIpv4)?;
        *parts.get_mut(count).ok_or(Unreadable::TooManyParts)? = value;
        count += 1;
    }
    match count {
        1 => folds.add(Fold::SingleNumberIpv4),
        2 | 3 => folds.add(Fold::ShortIpv4),
        _ => {}
    }
    join(&parts[..count]).map(Some)
}

fn looks_numeric(label: &[u8]) -> bool {
    match label.strip_prefix(b"0x") {
        Some(digits) => digits.iter().all(u8::is_ascii_hexdigit),
        None => label.iter().all(u8::is_ascii_digit),
    }
}

/// The value of one part; what does not fit 64 bits is `u64::MAX`, which is too large anyway.
fn number(part: &[u8], folds: &mut Folds) -> Option<u64> {
    let (digits, radix) = if let Some(digits) = part.strip_prefix(b"0x") {
        folds.add(Fold::HexIpv4);
        (digits, 16)
    } else if part.len() > 1 && part.starts_with(b"0") {
        folds.add(Fold::OctalIpv4);
        (&part[1..], 8)
    } else {
        (part, 10)
    };
    digits.iter().try_fold(0_u64, |value, digit| {
        let digit = u64::from(char::from(*digit).to_digit(radix)?);
        Some(value.saturating_mul(u64::from(radix)).saturating_add(digit))
    })
}

fn join(parts: &[u64]) -> Result<Ipv4Addr, Unreadable> {
    let (last, before) = parts.split_last().ok_or(Unreadable::Empty)?;
    let mut bits = 0_u64;
    for part in before {
        if *part > 0xff {
            return Err(Unreadable::Overflow);
        }
        bits = (bits << 8) | part;
    }
    let room = 8 * (4 - before.len());
    if *last >> room != 0 {
        return Err(Unreadable::Overflow);
    }
    let bits = (bits << room) | last;
    u32::try_from(bits).map(Ipv4Addr::from_bits).map_err(|_| Unreadable::Overflow)
}
