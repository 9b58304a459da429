//! Rules, arranged so that a decision costs a few look-ups however many there are.
//!
//! ```text
//! rule = hosts × networks × ports   ─▶   one cell for each host pattern and network, in it the ports and the effect
//! name ─▶ patterns that fit, most exact first ┐
//! address ─▶ networks that hold it, innermost first ┴─▶ the first cell with a fitting port decides
//! ```
//! Nothing here fails but adding a rule that contradicts or repeats another.

use super::networks::{ANY_NETWORK, Networks, Prefix};
use super::pattern::{ANY_HOST, Fitting, Pattern, Patterns};
use super::{Effect, Ruling};
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;

/// Most pairs of host and network that all rules may have together.
pub(super) const CELLS_MAX: usize = 1_000_000;

/// What a rule says of one host pattern and network.
#[derive(Clone, Debug)]
struct Entry {
    effect: Effect,
    /// Empty for all.
    ports: Vec<RangeInclusive<u16>>,
    line: usize,
}

impl Entry {
    fn fits(&self, port: u16) -> bool {
        self.ports.is_empty() || self.ports.iter().any(|range| range.contains(&port))
    }

    /// A more exact entry decides before a less exact one; of two that are alike, a denial.
    fn rank(&self) -> (bool, bool) {
        (self.ports.is_empty(), self.effect == Effect::Allow)
    }

    fn overlaps(&self, other: &Entry) -> bool {
        let touch =
            |a: &RangeInclusive<u16>, b: &RangeInclusive<u16>| a.start() <= b.end() && b.start() <= a.end();
        self.ports.is_empty() && other.ports.is_empty()
            || self.ports.iter().any(|a| other.ports.iter().any(|b| touch(a, b)))
    }
}

/// How a rule cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The rule at this line says the opposite.
    Contradicts(usize),
    /// The rule at this line says it already.
    Repeats(usize),
    /// There are too many pairs of host and network.
    TooMany,
}

/// A rule, read and checked by itself.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) effect: Effect,
    pub(super) hosts: Vec<Pattern>,
    pub(super) networks: Vec<IpNet>,
    pub(super) ports: Vec<RangeInclusive<u16>>,
    pub(super) line: usize,
}

/// Rules on their way into the index.
#[derive(Default)]
pub(super) struct Builder {
    patterns: Patterns,
    numbers: HashMap<IpNet, u32>,
    cells: HashMap<(u32, u32), Vec<Entry>>,
    named: HashMap<u32, Vec<Entry>>,
}

impl Builder {
    /// Adds a rule.
    pub(super) fn add(&mut self, rule: &Rule) -> Result<(), Conflict> {
        let pairs = rule.hosts.len().max(1).saturating_mul(rule.networks.len().max(1));
        if self.cells.len().saturating_add(pairs) > CELLS_MAX {
            return Err(Conflict::TooMany);
        }
        let entry = Entry { effect: rule.effect, ports: rule.ports.clone(), line: rule.line };
        let hosts = match rule.hosts.as_slice() {
            [] => vec![ANY_HOST],
            hosts => hosts.iter().map(|pattern| self.patterns.number(pattern)).collect(),
        };
        let networks = match rule.networks.as_slice() {
            [] => vec![ANY_NETWORK],
            networks => networks.iter().map(|network| self.network(*network)).collect(),
        };
        for host in hosts {
            if host != ANY_HOST && entry.effect == Effect::Allow {
                self.named.entry(host).or_default().push(entry.clone());
            }
            for network in &networks {
                self.put((*network, host), &entry)?;
            }
        }
        Ok(())
    }

    fn network(&mut self, network: IpNet) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
        *self.numbers.entry(network).or_insert(next)
    }

    fn put(&mut self, cell: (u32, u32), entry: &Entry) -> Result<(), Conflict> {
        let there = self.cells.entry(cell).or_default();
        if let Some(other) = there.iter().find(|other| other.overlaps(entry)) {
            return Err(if other.effect == entry.effect {
                Conflict::Repeats(other.line)
            } else {
                Conflict::Contradicts(other.line)
            });
        }
        let at = there.partition_point(|other| other.rank() <= entry.rank());
        there.insert(at, entry.clone());
        Ok(())
    }

    /// The index.
    pub(super) fn build(self) -> Index {
        let mut parents = vec![ANY_NETWORK; self.numbers.len() + 1];
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (network, number) in &self.numbers {
            let prefix =
                Prefix { first: bits(network.network()), length: network.prefix_len(), number: *number };
            if matches!(network, IpNet::V4(_)) { v4.push(prefix) } else { v6.push(prefix) }
        }
        let v4 = Networks::new(v4, &mut parents);
        let v6 = Networks::new(v6, &mut parents);
        Index { patterns: self.patterns, v4, v6, parents, cells: self.cells, named: self.named }
    }
}

/// The first bit of the address first, in both families.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// Every rule of a policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    patterns: Patterns,
    v4: Networks,
    v6: Networks,
    parents: Vec<u32>,
    cells: HashMap<(u32, u32), Vec<Entry>>,
    /// The rules that allow, by the hosts that they name.
    named: HashMap<u32, Vec<Entry>>,
}

/// A rule that applies, and how exactly it names the host: 0 is the most exact.
struct Found<'i> {
    entry: &'i Entry,
    host_rank: usize,
    names_host: bool,
}

impl Found<'_> {
    fn allows_host(&self) -> bool {
        self.names_host && self.entry.effect == Effect::Allow
    }
}

impl Index {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(super) fn names(&self, name: &str, port: u16) -> bool {
        let fitting = self.patterns.fitting(Some(name));
        let mut named = fitting.numbers().iter().filter_map(|number| self.named.get(number));
        named.any(|entries| entries.iter().any(|entry| entry.fits(port)))
    }

    pub(super) fn rule_for(&self, name: Option<&str>, address: Option<IpAddr>, port: u16) -> Ruling {
        let fitting = self.patterns.fitting(name);
        let by_name = self.find(ANY_NETWORK, &fitting, port);
        let by_network = address.and_then(|address| self.by_network(address, &fitting, port));
        let names_host = [&by_name, &by_network].into_iter().flatten().any(Found::allows_host);
        let (found, names_network) = match (by_name, by_network) {
            (Some(name), Some(network)) if outlives(&name, &network) => (Some(name), false),
            (name, None) => (name, false),
            (_, network) => (network, true),
        };
        let entry = found.map(|found| found.entry);
        let (effect, line) = (entry.map(|entry| entry.effect), entry.map(|entry| entry.line));
        Ruling { effect, line, names_network, names_host }
    }

    fn by_network(&self, address: IpAddr, fitting: &Fitting, port: u16) -> Option<Found<'_>> {
        let address = address.to_canonical();
        let networks = if address.is_ipv4() { &self.v4 } else { &self.v6 };
        let mut network = networks.innermost(bits(address));
        while network != ANY_NETWORK {
            let found = self.find(network, fitting, port);
            if found.is_some() {
                return found;
            }
            network = self.parents[network as usize];
        }
        None
    }

    fn find(&self, network: u32, fitting: &Fitting, port: u16) -> Option<Found<'_>> {
        fitting.numbers().iter().enumerate().find_map(|(host_rank, host)| {
            let entry = self.cells.get(&(network, *host))?.iter().find(|entry| entry.fits(port))?;
            Some(Found { entry, host_rank, names_host: *host != ANY_HOST })
        })
    }
}

/// A denial by name outlives an allow of a network that does not name the host as exactly.
fn outlives(name: &Found<'_>, network: &Found<'_>) -> bool {
    name.entry.effect == Effect::Deny
        && network.entry.effect == Effect::Allow
        && network.host_rank > name.host_rank
}
