//! Names: the service's own in other cases, and public names that carry an address.
//!
//! Nothing fails: a place that the name service cannot carry is `None`.

use crate::dice::Dice;
use crate::target::Place;
use std::net::Ipv4Addr;

const PREFIXES: &[&str] = &["", "", "app.", "www.", "x1.", "img."];
/// Harmless addresses beside the attacked one in names made for rebinding.
const DECOYS: &[Ipv4Addr] =
    &[Ipv4Addr::new(8, 8, 8, 8), Ipv4Addr::new(1, 1, 1, 1), Ipv4Addr::new(93, 184, 216, 34)];

fn address(place: Place) -> Option<Ipv4Addr> {
    match place {
        Place::V4(address) => Some(address),
        Place::V6(_) | Place::Name(_) => None,
    }
}

fn dashed(address: Ipv4Addr) -> String {
    address.to_string().replace('.', "-")
}

/// The first letter, and never two in a row after it, as capitals: letters of both cases in every name.
pub(super) fn mixed_case(place: Place, dice: &mut Dice) -> Option<String> {
    let Place::Name(name) = place else { return None };
    let mut last = 0;
    let cased = name.chars().enumerate().map(|(at, sign)| {
        if at == 0 || (dice.chance(40) && at > last + 1) {
            last = at;
            sign.to_ascii_uppercase()
        } else {
            sign
        }
    });
    Some(cased.collect())
}

pub(super) fn nip_dotted(place: Place, dice: &mut Dice) -> Option<String> {
    Some(format!("{}{}.nip.io", dice.pick(PREFIXES), address(place)?))
}

pub(super) fn nip_dashed(place: Place, dice: &mut Dice) -> Option<String> {
    let before = dice.pick(&["", "app-", "customer1-", "www."]);
    Some(format!("{before}{}.nip.io", dashed(address(place)?)))
}

pub(super) fn nip_hex(place: Place, dice: &mut Dice) -> Option<String> {
    Some(format!("{}{:08x}.nip.io", dice.pick(PREFIXES), address(place)?.to_bits()))
}

pub(super) fn sslip_dotted(place: Place, dice: &mut Dice) -> Option<String> {
    Some(format!("{}{}.sslip.io", dice.pick(PREFIXES), address(place)?))
}

pub(super) fn sslip_dashed(place: Place, dice: &mut Dice) -> Option<String> {
    match place {
        Place::V4(address) => {
            Some(format!("{}{}.sslip.io", dice.pick(&["", "www-", "www."]), dashed(address)))
        }
        Place::V6(address) => Some(format!("{}.sslip.io", address.to_string().replace(':', "-"))),
        Place::Name(_) => None,
    }
}

pub(super) fn xip(place: Place, dice: &mut Dice) -> Option<String> {
    Some(format!("{}{}.xip.io", dice.pick(PREFIXES), address(place)?))
}

pub(super) fn one_u_ms(place: Place, dice: &mut Dice) -> Option<String> {
    let address = address(place)?;
    let decoy = dice.pick(DECOYS);
    Some(match dice.below(3) {
        0 => format!("make-{address}-rr.1u.ms"),
        1 => format!("make-{decoy}-rebind-{address}-rr.1u.ms"),
        _ => format!("make-{}-rebind-{}-rr.1u.ms", dashed(decoy), dashed(address)),
    })
}

pub(super) fn rbndr(place: Place, dice: &mut Dice) -> Option<String> {
    let (attacked, decoy) = (address(place)?.to_bits(), dice.pick(DECOYS).to_bits());
    let (first, second) = if dice.chance(50) { (attacked, decoy) } else { (decoy, attacked) };
    Some(format!("{first:08x}.{second:08x}.rbndr.us"))
}
