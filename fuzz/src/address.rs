//! Addresses: what they are judged to be, against a plain reading of their bytes.
//!
//! The input is 16 bytes of an IPv6 address, of which the last four are read as an IPv4 address too. Behind them may
//! stand what is known of the network: a NAT64 prefix of 16 bytes, its length in one byte, and own addresses of 16
//! bytes each. What is missing is zero.

use crate::Reached;
use onehop_address::{Class, Classifier, Form, Judged, Nat64Prefix, ROUTE_MAX_STEPS, classify, range_of};
use onehop_address::{Step, catalogue};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Most own addresses that are read.
const OWN_MAX: usize = 4;

/// Judges one address in both families.
pub fn run(data: &[u8]) -> Reached {
    let bytes: [u8; 16] = chunk(data, 0);
    let v6 = Ipv6Addr::from(bytes);
    let v4 = Ipv4Addr::new(bytes[12], bytes[13], bytes[14], bytes[15]);
    let judged4 = classify(v4.into());
    check_ipv4(v4, &judged4);
    check_forms(v4, &judged4);
    let judged6 = classify(v6.into());
    check_route(&judged6, &Classifier::new());
    check_readings(&bytes, &judged6);
    check_global(v6.into(), &judged6);
    check_known(data, v6, &judged6);
    Reached::accepted_if(judged6.is_global())
}

/// 16 bytes from a place on.
fn chunk(data: &[u8], at: usize) -> [u8; 16] {
    let mut bytes = [0; 16];
    let there = data.get(at..).unwrap_or_default();
    for (to, from) in bytes.iter_mut().zip(there) {
        *to = *from;
    }
    bytes
}

/// Greater is more dangerous.
fn danger(judged: &Judged) -> (bool, Class) {
    (judged.provider().is_some(), judged.class())
}

fn check_ipv4(v4: Ipv4Addr, judged: &Judged) {
    let range = range_of(v4.into());
    assert_eq!(judged.class(), range.class, "{v4}");
    assert!(range.first <= v4 && IpAddr::V4(v4) <= range.last);
    assert_eq!(judged.provider().is_some(), catalogue::at(v4.into()).is_some(), "{v4}");
    assert!(judged.route().is_empty());
    check_global(v4.into(), judged);
}

/// What the standard library knows to be no address of the public Internet is none here.
fn check_global(address: IpAddr, judged: &Judged) {
    assert_eq!(judged.code().is_none(), judged.is_global());
    let is_local = match address.to_canonical() {
        IpAddr::V4(v4) => {
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation()
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    };
    assert!(!(is_local && judged.is_global()), "{address} is not global");
}

/// Every form that carries an IPv4 address is at least as dangerous as that address; two of them are the address.
fn check_forms(v4: Ipv4Addr, judged: &Judged) {
    let low = u128::from(v4.to_bits());
    let server = 0x0808_0808_u128 << 64;
    let same = [0xffff << 32 | low, 0x0064_ff9b << 96 | low];
    let worse = [
        low,
        0xffff_0000 << 32 | low,
        0x0064_ff9b_0001 << 80 | low,
        0x2002 << 112 | low << 80,
        0x2001_0000 << 96 | low << 64,
        0x2001_0000 << 96 | server | u128::from(!v4.to_bits()),
        0x2a00_1450 << 96 | 0x5efe << 32 | low,
        0x2a00_1450 << 96 | 0x0200_5efe << 32 | low,
    ];
    for bits in same {
        let carrier = classify(Ipv6Addr::from_bits(bits).into());
        assert_eq!(danger(&carrier), danger(judged), "{} in {}", v4, Ipv6Addr::from_bits(bits));
    }
    // `::` and `::1` are addresses of their own.
    for bits in worse.into_iter().filter(|bits| *bits > 1) {
        let carrier = classify(Ipv6Addr::from_bits(bits).into());
        assert!(danger(&carrier) >= danger(judged), "{} in {}", v4, Ipv6Addr::from_bits(bits));
        assert!(!carrier.is_global(), "{}", Ipv6Addr::from_bits(bits));
    }
}

/// The route is bounded, its worst step stands first, and the verdict is no milder than any of its steps.
fn check_route(judged: &Judged, classifier: &Classifier) {
    let steps = judged.route().steps();
    assert!(steps.len() <= ROUTE_MAX_STEPS);
    let inner = |step: &Step| danger(&classifier.classify(step.address.into()));
    let dangers: Vec<_> = steps.iter().map(inner).collect();
    assert!(dangers.is_sorted_by(|a, b| a >= b), "{steps:?}");
    assert!(dangers.first().is_none_or(|worst| danger(judged) >= *worst), "{judged:?}");
}

/// The IPv4 addresses that stand in the bytes of an IPv6 address at the places of the forms.
fn second_reading(bytes: &[u8; 16]) -> Vec<Ipv4Addr> {
    let at = |place: [usize; 4]| Ipv4Addr::from(place.map(|place| bytes[place]));
    let last = at([12, 13, 14, 15]);
    let mut found = Vec::new();
    match *bytes {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ..]
        | [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, ..]
        | [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] => found.push(last),
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] if last.to_bits() > 1 => found.push(last),
        [0x20, 0x02, ..] => found.push(at([2, 3, 4, 5])),
        [0x20, 0x01, 0, 0, ..] => {
            found.extend([at([4, 5, 6, 7]), Ipv4Addr::from_bits(!last.to_bits())]);
        }
        _ => {}
    }
    if matches!(bytes[8..12], [0 | 2, 0, 0x5e, 0xfe]) {
        found.push(last);
    }
    found
}

fn check_readings(bytes: &[u8; 16], judged: &Judged) {
    let address = Ipv6Addr::from(*bytes);
    let steps = judged.route().steps();
    if catalogue::at(address.into()).is_some() {
        assert!(judged.provider().is_some() && steps.is_empty());
        return;
    }
    let carried = second_reading(bytes);
    for carried in &carried {
        let is_there = steps.iter().any(|step| step.address == *carried) || steps.len() == ROUTE_MAX_STEPS;
        assert!(is_there, "{address} carries {carried}: {steps:?}");
        let inner = classify((*carried).into());
        assert!(danger(judged) >= danger(&inner), "{address} carries {carried}");
    }
    let is_known = |step: &Step| match step.form {
        Form::Nat64(96) => carried.contains(&step.address),
        Form::Nat64(_) => false,
        Form::LocalNat64(_) => bytes.starts_with(&[0, 0x64, 0xff, 0x9b, 0, 1]),
        Form::Hidden(_) => catalogue::at(step.address.into()).is_some(),
        _ => carried.contains(&step.address),
    };
    assert!(steps.iter().all(is_known), "{address}: {steps:?}");
}

/// What is known of the network never makes an address milder, unless a NAT64 prefix covers it.
fn check_known(data: &[u8], v6: Ipv6Addr, judged: &Judged) {
    let address = IpAddr::V6(v6);
    assert_eq!(Classifier::new().classify(address), *judged);
    let own: Vec<IpAddr> =
        (33..data.len()).step_by(16).take(OWN_MAX).map(|at| Ipv6Addr::from(chunk(data, at)).into()).collect();
    let classifier = Classifier::new().with_own(own.iter().copied());
    let owning = classifier.classify(address);
    assert!(danger(&owning) >= danger(judged), "{owning:?} is milder than {judged:?}");
    check_route(&owning, &classifier);
    for own in own {
        let judged = classifier.classify(own);
        assert!(!judged.is_global() && danger(&judged) >= (false, Class::Own), "{own} is our own");
    }
    let length = data.get(32).copied().unwrap_or_default();
    let Ok(prefix) = Nat64Prefix::new(Ipv6Addr::from(chunk(data, 16)), length) else {
        return;
    };
    let classifier = Classifier::new().with_nat64(prefix);
    let translated = classifier.classify(address);
    check_route(&translated, &classifier);
    let mask = !u128::MAX.checked_shr(u32::from(length)).unwrap_or(0);
    if (v6.to_bits() ^ prefix.address().to_bits()) & mask != 0 {
        assert_eq!(translated, *judged, "{v6} is not under {prefix:?}");
    } else if translated.is_global() {
        let step = translated.route().steps().first();
        let is_translated = step.is_some_and(|step| matches!(step.form, Form::Nat64(_)));
        assert!(is_translated, "{v6} is under {prefix:?}: {translated:?}");
    }
}
