//! IPv6 addresses that carry an IPv4 address, and the ways to write an IPv6 address.
//!
//! ```text
//! ::ffff:V4  ::V4  ::ffff:0:V4  64:ff9b::V4   the last four bytes
//! 2002:V4::                                   bytes 2 to 5
//! <operator prefix>/32 to /96                 RFC 6052 §2.2: byte 8 is skipped
//! <any prefix>:0:5efe:V4                      ISATAP
//! ```
//! Nothing fails: a place that is no such address is `None`.

use crate::dice::Dice;
use crate::target::Place;
use std::net::{Ipv4Addr, Ipv6Addr};

fn inner(place: Place) -> Option<Ipv4Addr> {
    match place {
        Place::V4(address) => Some(address),
        Place::V6(_) | Place::Name(_) => None,
    }
}

fn own(place: Place) -> Option<Ipv6Addr> {
    match place {
        Place::V6(address) => Some(address),
        Place::V4(_) | Place::Name(_) => None,
    }
}

/// The upper and the lower half, as groups.
fn halves(place: Place) -> Option<(u16, u16)> {
    let [a, b, c, d] = inner(place)?.octets();
    Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
}

pub(super) fn mapped(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("[::ffff:{}]", inner(place)?))
}

pub(super) fn mapped_hex(place: Place, _: &mut Dice) -> Option<String> {
    let (high, low) = halves(place)?;
    Some(format!("[::ffff:{high:x}:{low:x}]"))
}

pub(super) fn mapped_full(place: Place, dice: &mut Dice) -> Option<String> {
    let (high, low) = halves(place)?;
    Some(match dice.below(4) {
        0 => format!("[0:0:0:0:0:ffff:{}]", inner(place)?),
        1 => format!("[0:0:0:0:0:ffff:{high:x}:{low:x}]"),
        2 => format!("[0000:0000:0000:0000:0000:ffff:{high:04x}:{low:04x}]"),
        _ => format!("[0000:0000:0000:0000:0000:FFFF:{high:04X}:{low:04X}]"),
    })
}

pub(super) fn compatible(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("[::{}]", inner(place)?))
}

pub(super) fn translated(place: Place, _: &mut Dice) -> Option<String> {
    let (high, low) = halves(place)?;
    Some(format!("[::ffff:0:{high:x}:{low:x}]"))
}

pub(super) fn nat64(place: Place, _: &mut Dice) -> Option<String> {
    let (high, low) = halves(place)?;
    Some(format!("[{}]", Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low)))
}

pub(super) fn nat64_dotted(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("[64:ff9b::{}]", inner(place)?))
}

/// The address under a prefix of this length, the local-use one where it fits, else one of an operator.
pub(super) fn nat64_operator(place: Place, length: usize, dice: &mut Dice) -> Option<String> {
    let address = inner(place)?.octets();
    let mut bytes = [0_u8; 16];
    let prefix: &[u8] = if length >= 48 && dice.chance(50) {
        &[0, 0x64, 0xff, 0x9b, 0, 1]
    } else {
        &[0x2a, 0x01, dice.byte(1, 0x60), dice.byte(0, 0x60)]
    };
    bytes[..prefix.len()].copy_from_slice(prefix);
    for (at, byte) in bytes.iter_mut().enumerate().take(length / 8).skip(prefix.len()) {
        *byte = if at == 8 { 0 } else { dice.byte(1, 0x60) };
    }
    let free = (length / 8..16).filter(|at| *at != 8);
    for (at, byte) in free.zip(address) {
        bytes[at] = byte;
    }
    Some(format!("[{}]", Ipv6Addr::from(bytes)))
}

pub(super) fn six_to_four(place: Place, _: &mut Dice) -> Option<String> {
    let (high, low) = halves(place)?;
    Some(format!("[{}]", Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 0)))
}

pub(super) fn isatap(place: Place, dice: &mut Dice) -> Option<String> {
    let (high, low) = halves(place)?;
    let kind = if dice.chance(50) { 0x200 } else { 0 };
    let group = u16::from(dice.byte(1, 0x60));
    Some(format!("[{}]", Ipv6Addr::new(0x2a01, 0x4f8, group, 1, kind, 0x5efe, high, low)))
}

fn groups(address: Ipv6Addr, group: impl Fn(u16) -> String) -> String {
    format!("[{}]", address.segments().map(group).join(":"))
}

pub(super) fn full(place: Place, _: &mut Dice) -> Option<String> {
    Some(groups(own(place)?, |group| format!("{group:04x}")))
}

pub(super) fn uncompressed(place: Place, _: &mut Dice) -> Option<String> {
    Some(groups(own(place)?, |group| format!("{group:x}")))
}

pub(super) fn upper(place: Place, _: &mut Dice) -> Option<String> {
    Some(format!("[{}]", own(place)?.to_string().to_ascii_uppercase()))
}

/// Compressed as a rule, but with zeros in front of some groups.
pub(super) fn padded(place: Place, dice: &mut Dice) -> Option<String> {
    let text = own(place)?.to_string();
    let groups: Vec<String> = text
        .split(':')
        .map(
            |group| {
                if group.is_empty() || dice.chance(30) { group.to_owned() } else { format!("{group:0>4}") }
            },
        )
        .collect();
    Some(format!("[{}]", groups.join(":")))
}

/// The last two groups as a dotted quad.
pub(super) fn dotted_tail(place: Place, _: &mut Dice) -> Option<String> {
    let address = own(place)?;
    let [.., a, b, c, d] = address.octets();
    let head = Ipv6Addr::from_bits(address.to_bits() >> 32 << 32).to_string();
    let head = head.strip_suffix("::")?;
    Some(format!("[{head}::{}]", Ipv4Addr::new(a, b, c, d)))
}

/// With the name of an interface, raw or percent-encoded as RFC 6874 has it.
pub(super) fn zone(place: Place, dice: &mut Dice) -> Option<String> {
    let address = match place {
        Place::V4(address) => address.to_ipv6_mapped(),
        Place::V6(address) => address,
        Place::Name(_) => return None,
    };
    let sign = dice.pick(&["%25", "%"]);
    let zone = dice.pick(&["eth0", "ens5", "lo", "1"]);
    Some(format!("[{address}{sign}{zone}]"))
}
