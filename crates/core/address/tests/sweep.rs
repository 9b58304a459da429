//! All 4,294,967,296 IPv4 addresses against the slow reference.
//!
//! With `--release` (as `scripts/test` runs it) every address; without, one of 4,093 and everything near a border.

#[path = "suite/reference.rs"]
#[expect(dead_code, reason = "the suite uses the rest")]
mod reference;

use onehop_address::catalogue::CATALOGUE;
use onehop_address::{Class, classify};
use reference::Registry;
use std::net::{IpAddr, Ipv4Addr};
use std::thread;

struct Reference {
    /// First address, mask, class; the longest prefix first.
    rows: Vec<(u32, u32, Class)>,
    services: Vec<u32>,
}

impl Reference {
    fn new() -> Self {
        let registry = Registry::v4();
        let low = |bits: u128| u32::try_from(bits).expect("32 bits");
        let rows = registry.rows.iter().map(|row| (low(row.first), low(row.mask(32)), row.class)).collect();
        let addresses = CATALOGUE.iter().flat_map(|provider| provider.addresses);
        let services = addresses.filter_map(|address| match address {
            IpAddr::V4(v4) => Some(v4.to_bits()),
            IpAddr::V6(_) => None,
        });
        Reference { rows, services: services.collect() }
    }

    fn class(&self, bits: u32) -> Class {
        self.rows.iter().find(|(first, mask, _)| bits & mask == *first).expect("a row covers everything").2
    }

    fn compare(&self, bits: u32) {
        let judged = classify(Ipv4Addr::from_bits(bits).into());
        let same = judged.class() == self.class(bits)
            && judged.provider().is_some() == self.services.contains(&bits)
            && judged.route().is_empty();
        assert!(same, "{} is {judged:?}, the registry says {}", Ipv4Addr::from_bits(bits), self.class(bits));
    }
}

#[test]
fn every_ipv4_address() {
    let reference = Reference::new();
    let step: u64 = if cfg!(debug_assertions) { 4093 } else { 1 };
    let workers = thread::available_parallelism().map_or(1, usize::from) as u64;
    let share = (1_u64 << 32).div_ceil(workers);
    let compared: u64 = thread::scope(|scope| {
        let run = |worker: u64| {
            let reference = &reference;
            let span = worker * share..((worker + 1) * share).min(1 << 32);
            scope.spawn(move || {
                let each = span.step_by(usize::try_from(step).expect("small"));
                each.inspect(|bits| reference.compare(u32::try_from(*bits).expect("32 bits"))).count() as u64
            })
        };
        let handles: Vec<_> = (0..workers).map(run).collect();
        handles.into_iter().map(|handle| handle.join().expect("no difference")).sum()
    });
    assert!(compared >= (1 << 32) / step, "compared {compared}");
}

#[test]
fn every_ipv4_border() {
    let reference = Reference::new();
    let services = reference.services.iter().copied();
    let borders = reference.rows.iter().flat_map(|(first, mask, _)| [*first, first | !mask]);
    for border in borders.chain(services).collect::<Vec<_>>() {
        for bits in [border.wrapping_sub(1), border, border.wrapping_add(1)] {
            reference.compare(bits);
        }
    }
}
