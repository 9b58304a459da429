//! IPv4 addresses as `inet_aton` and its relatives read them: other bases, fewer parts, padding, overflow.
//!
//! Nothing fails: a place that is no IPv4 address is `None`.

use crate::dice::Dice;
use crate::target::Place;
use std::net::Ipv4Addr;

fn address(place: Place) -> Option<Ipv4Addr> {
    match place {
        Place::V4(address) => Some(address),
        Place::V6(_) | Place::Name(_) => None,
    }
}

/// Four parts, each written by `part`.
fn dotted(place: Place, mut part: impl FnMut(u8) -> String) -> Option<String> {
    let [a, b, c, d] = address(place)?.octets();
    Some([part(a), part(b), part(c), part(d)].join("."))
}

/// The last `count` bytes as one number.
fn tail(address: Ipv4Addr, count: u32) -> u32 {
    address.to_bits() & (u32::MAX >> (32 - 8 * count))
}

pub(super) fn decimal(place: Place, _: &mut Dice) -> Option<String> {
    Some(address(place)?.to_bits().to_string())
}

pub(super) fn hex(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("0x{:08x}", address(place)?.to_bits()))
}

pub(super) fn hex_upper(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("0X{:08X}", address(place)?.to_bits()))
}

pub(super) fn octal(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("0{:o}", address(place)?.to_bits()))
}

pub(super) fn dotted_hex(place: Place, _: &mut Dice) -> Option<String> {
    dotted(place, |byte| format!("{byte:#x}"))
}

pub(super) fn dotted_octal(place: Place, _: &mut Dice) -> Option<String> {
    dotted(place, |byte| format!("0{byte:o}"))
}

pub(super) fn padded_hex(place: Place, dice: &mut Dice) -> Option<String> {
    dotted(place, |byte| match dice.below(3) {
        0 => format!("0x{byte:03x}"),
        1 => format!("0x{byte:04x}"),
        _ => format!("0x{byte:08x}"),
    })
}

pub(super) fn padded_octal(place: Place, dice: &mut Dice) -> Option<String> {
    dotted(place, |byte| match dice.below(3) {
        0 => format!("{byte:05o}"),
        1 => format!("{byte:07o}"),
        _ => format!("{byte:012o}"),
    })
}

pub(super) fn two_parts(place: Place, _: &mut Dice) -> Option<String> {
    let address = address(place)?;
    Some(format!("{}.{}", address.octets()[0], tail(address, 3)))
}

pub(super) fn three_parts(place: Place, _: &mut Dice) -> Option<String> {
    let address = address(place)?;
    let [a, b, ..] = address.octets();
    Some(format!("{a}.{b}.{}", tail(address, 2)))
}

pub(super) fn short_hex(place: Place, dice: &mut Dice) -> Option<String> {
    let address = address(place)?;
    let [a, b, ..] = address.octets();
    Some(match dice.below(2) {
        0 => format!("{a:#x}.{:#x}", tail(address, 3)),
        _ => format!("{a:#x}.{b:#x}.{:#x}", tail(address, 2)),
    })
}

pub(super) fn short_octal(place: Place, dice: &mut Dice) -> Option<String> {
    let address = address(place)?;
    let [a, b, ..] = address.octets();
    Some(match dice.below(2) {
        0 => format!("0{a:o}.0{:o}", tail(address, 3)),
        _ => format!("0{a:o}.0{b:o}.0{:o}", tail(address, 2)),
    })
}

/// A base for each part, never the same for all.
pub(super) fn mixed_bases(place: Place, dice: &mut Dice) -> Option<String> {
    let mut base = dice.below(3);
    dotted(place, |byte| {
        base += 1 + dice.below(2);
        match base % 3 {
            0 => byte.to_string(),
            1 => format!("{byte:#x}"),
            _ => format!("0{byte:o}"),
        }
    })
}

/// Parts that are right only for those who keep eight bits of them.
pub(super) fn overflow_parts(place: Place, _: &mut Dice) -> Option<String> {
    dotted(place, |byte| (u32::from(byte) + 256).to_string())
}

/// A number that is right only for those who keep 32 bits of it.
pub(super) fn overflow_whole(place: Place, _: &mut Dice) -> Option<String> {
    Some((u64::from(address(place)?.to_bits()) + (1 << 32)).to_string())
}

/// Zeros in front, meant for those who read them as decimal all the same.
pub(super) fn leading_zero_decimal(place: Place, dice: &mut Dice) -> Option<String> {
    let width = dice.between(4, 6) as usize;
    dotted(place, |byte| format!("{byte:0width$}"))
}
