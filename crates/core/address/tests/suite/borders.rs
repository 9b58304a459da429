//! Every border of the IPv6 registries, and one address to each side, against the slow reference.

use crate::reference::Registry;
use onehop_address::{Class, classify, range_of};
use std::net::Ipv6Addr;

#[test]
fn every_ipv6_border() {
    let registry = Registry::v6();
    let mut compared = 0;
    for row in &registry.rows {
        let (first, last) = (row.first, row.last(128));
        let middle = first + (last - first) / 2;
        for bits in [
            first.wrapping_sub(1),
            first,
            first.wrapping_add(1),
            middle,
            last.wrapping_sub(1),
            last,
            last.wrapping_add(1),
        ] {
            let address = Ipv6Addr::from_bits(bits);
            let want = registry.find(bits);
            let range = range_of(address.into());
            assert_eq!((range.class, range.name), (want.class, want.name.as_str()), "{address}");

            let judged = classify(address.into());
            let read = !judged.route().is_empty() || judged.provider().is_some();
            assert!(read || judged.class() == want.class, "{address} is {judged:?}");
            assert_eq!(want.class == Class::Embedded, !judged.route().is_empty(), "{address} is {judged:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, registry.rows.len() * 7);
}

/// One bit set anywhere, everywhere: no address falls outside the tables or into another row than the reference's.
#[test]
fn every_power_of_two_and_its_neighbours() {
    let registry = Registry::v6();
    for shift in 0..128 {
        for bits in [(1_u128 << shift) - 1, 1 << shift, (1 << shift) + 1, !(1 << shift)] {
            let range = range_of(Ipv6Addr::from_bits(bits).into());
            assert_eq!(range.name, registry.find(bits).name, "{}", Ipv6Addr::from_bits(bits));
        }
    }
}
