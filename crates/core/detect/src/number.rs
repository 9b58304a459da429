//! Addresses in spellings that the strict reader refuses: parts that wrap around, zeros in front of decimal parts.
//!
//! Old libraries drop the bits that do not fit, and some take `0169` for decimal. A log must be read as the most careless
//! client would read it.
//!
//! Nothing fails: what is no number is `None`.

use crate::anchor::TARGETS;
use std::net::Ipv4Addr;

/// Most readings of one part: octal and decimal.
const READINGS: usize = 2;

/// The target that a careless reader sees in `host`, if there is one.
pub(crate) fn careless_target(host: &str) -> Option<Ipv4Addr> {
    let mut parts = [[None; READINGS]; 4];
    let mut count = 0;
    for text in host.trim_end_matches('.').split('.') {
        *parts.get_mut(count)? = part(text)?;
        count += 1;
    }
    let parts = &parts[..count];
    let readings = READINGS.pow(u32::try_from(count).ok()?);
    (0..readings).find_map(|choice| address(parts, choice)).map(Ipv4Addr::from_bits)
}

/// The address by one choice of a reading for each part, if it is a target.
fn address(parts: &[[Option<u64>; READINGS]], choice: usize) -> Option<u32> {
    let mut value = 0_u32;
    let last = parts.len() - 1;
    for (place, readings) in parts.iter().enumerate() {
        let reading = readings[choice >> place & 1]?;
        let shift = 24 - 8 * place;
        let kept = if place == last { reading & ((1 << (shift + 8)) - 1) } else { (reading & 0xFF) << shift };
        value |= u32::try_from(kept).ok()?;
    }
    TARGETS.contains(&value).then_some(value)
}

/// The readings of one part.
fn part(text: &str) -> Option<[Option<u64>; READINGS]> {
    let read = |digits: &str, radix| u64::from_str_radix(digits, radix).ok();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return Some([Some(read(digits, 16)?), None]);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.len() > 24 {
        return None;
    }
    if text.len() > 1 && text.starts_with('0') {
        return Some([read(text, 8).or(read(text, 10)), read(text, 10)]);
    }
    Some([Some(read(text, 10)?), None])
}

#[cfg(test)]
mod tests;
