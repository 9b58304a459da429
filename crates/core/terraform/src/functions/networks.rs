//! Functions over networks, of both families.

use super::Args;
use crate::value::{Outcome, Val};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Calls a function of this group, if it is one.
pub(super) fn call(name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "cidrhost" => host(args),
        "cidrnetmask" => net_mask(args),
        "cidrsubnet" => subnet(args),
        "cidrsubnets" => subnets(args),
        "cidrcontains" => contains(args),
        _ => return None,
    })
}

/// A network: its first address, in as many bits as its family has, and how many of them are the same in all of it.
#[derive(Clone, Copy)]
struct Network {
    first: u128,
    same: u32,
    bits: u32,
}

impl Network {
    /// As it is written, `10.0.0.0/8`. The rest of the address is ignored; zeros in front of a number are too.
    fn parse(text: &str) -> Option<Network> {
        let (address, same) = text.split_once('/')?;
        let (first, bits) = number(address)?;
        let same: u32 = same.parse().ok().filter(|same| *same <= bits)?;
        let whole = Network { first, same, bits };
        Some(Network { first: first & !whole.rest(), ..whole })
    }

    /// All ones in the bits that differ.
    const fn rest(self) -> u128 {
        match self.bits - self.same {
            128 => u128::MAX,
            free => (1 << free) - 1,
        }
    }

    /// The network of more bits and the number that is in them.
    fn part(self, more: i64, at: i128) -> Option<Network> {
        let more = u32::try_from(more).ok().filter(|more| *more <= self.bits - self.same)?;
        let same = self.same + more;
        let at = within(at, more)?;
        let free = self.bits - same;
        let first = if free == 128 { self.first } else { self.first | at << free };
        Some(Network { first, same, bits: self.bits })
    }

    fn last(self) -> u128 {
        self.first | self.rest()
    }

    fn address(self, number: u128) -> IpAddr {
        if self.bits == 32 {
            Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).into()
        } else {
            Ipv6Addr::from(number).into()
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}/{}", self.address(self.first), self.same)
    }
}

/// A number in so many bits; a negative one counts from the end.
fn within(at: i128, bits: u32) -> Option<u128> {
    if bits >= 127 {
        return u128::try_from(at).ok();
    }
    let count = 1_i128 << bits;
    let at = if at < 0 { at + count } else { at };
    (0..count).contains(&at).then_some(at)?.try_into().ok()
}

fn number(address: &str) -> Option<(u128, u32)> {
    if address.contains(':') {
        return address.parse::<Ipv6Addr>().ok().map(|address| (address.into(), 128));
    }
    let parts: Vec<u8> = address.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let parts: [u8; 4] = parts.try_into().ok()?;
    Some((u32::from_be_bytes(parts).into(), 32))
}

fn network(args: &Args<'_>) -> Outcome<Network> {
    Network::parse(&args.text(0)?).ok_or_else(|| args.wrong())
}

fn host(args: &Args<'_>) -> Outcome {
    let (network, at) = (network(args)?, args.index(1)?);
    let at = within(at.into(), network.bits - network.same).ok_or_else(|| args.wrong())?;
    Ok(Val::text(network.address(network.first | at).to_string()))
}

/// Of networks of the old family only.
fn net_mask(args: &Args<'_>) -> Outcome {
    let network = network(args)?;
    if network.bits != 32 {
        return Err(args.wrong());
    }
    let mask = u128::from(u32::MAX) & !network.rest();
    Ok(Val::text(network.address(mask).to_string()))
}

fn subnet(args: &Args<'_>) -> Outcome {
    let found = network(args)?.part(args.index(1)?, args.index(2)?.into());
    found.map(|part| Val::text(part.to_string())).ok_or_else(|| args.wrong())
}

/// One behind the other, each where the next one of its size can begin.
fn subnets(args: &Args<'_>) -> Outcome {
    let whole = network(args)?;
    let mut next = Some(whole.first);
    let mut made = Vec::new();
    for at in 1..args.all.len() {
        let more = args.index(at)?;
        let size = whole.part(more, 0).filter(|_| more > 0).ok_or_else(|| args.wrong())?;
        let first = next
            .and_then(|next| next.checked_add(size.rest()))
            .map(|end| end & !size.rest())
            .filter(|first| *first <= whole.last())
            .ok_or_else(|| args.wrong())?;
        let part = Network { first, ..size };
        next = part.last().checked_add(1);
        made.push(Val::text(part.to_string()));
    }
    Ok(Val::list(made))
}

/// Whether an address, or a whole network, is in a network.
fn contains(args: &Args<'_>) -> Outcome {
    let (outer, text) = (network(args)?, args.text(1)?);
    let inner = match number(&text) {
        Some((first, bits)) => Network { first, same: bits, bits },
        None => Network::parse(&text).ok_or_else(|| args.wrong())?,
    };
    if inner.bits != outer.bits {
        return Err(args.wrong());
    }
    Ok(Val::bool(outer.first <= inner.first && inner.last() <= outer.last()))
}
