//! Properties: totality, idempotence, and that all spellings of one address are judged alike.

use onehop_address::spelling::{Fold, Host, HostReading, read};
use onehop_address::{Class, Classifier, Nat64Prefix, classify, names, range_of};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses of interest more often than chance has them.
fn ipv4() -> impl Strategy<Value = Ipv4Addr> {
    prop_oneof![
        any::<u32>().prop_map(Ipv4Addr::from_bits),
        prop::sample::select(vec![
            "127.0.0.1",
            "169.254.169.254",
            "10.0.0.1",
            "192.168.1.1",
            "0.0.0.0",
            "100.100.100.200",
            "168.63.129.16",
            "8.8.8.8",
            "255.255.255.255",
            "192.0.0.192",
            "1.0.0.0",
        ])
        .prop_map(|text| text.parse().expect("an address")),
    ]
}

fn ipv6() -> impl Strategy<Value = Ipv6Addr> {
    let prefix = prop::sample::select(vec![
        "::",
        "::ffff:0:0",
        "64:ff9b::",
        "64:ff9b:1::",
        "2001::",
        "2002::",
        "2606:4700::",
        "fe80::",
        "fd00:ec2::",
        "ff02::",
        "2001:db8::",
        "::ffff:0:0:0",
        "2a00:1450:0:1:0:5efe::",
    ]);
    prop_oneof![
        any::<u128>().prop_map(Ipv6Addr::from_bits),
        (prefix, any::<u128>(), 0_u32..128).prop_map(|(prefix, noise, shift)| {
            let prefix: Ipv6Addr = prefix.parse().expect("an address");
            Ipv6Addr::from_bits(prefix.to_bits() | (noise >> shift))
        }),
    ]
}

/// One number in a base, perhaps padded.
fn number(value: u32, base: u8, zeros: usize, upper: bool) -> String {
    let padding = "0".repeat(zeros);
    let text = match base {
        0 => format!("{value}"),
        1 => format!("0x{padding}{value:x}"),
        _ => format!("0{padding}{value:o}"),
    };
    if upper { text.to_uppercase() } else { text }
}

/// An IPv4 address in any of the old spellings.
fn spelt(address: Ipv4Addr, parts: usize, bases: [u8; 4], zeros: usize, upper: bool) -> String {
    let bits = address.to_bits();
    let mut texts = Vec::new();
    for (at, base) in bases.iter().enumerate().take(parts) {
        let last = at + 1 == parts;
        let value = if last { bits & (u32::MAX >> (8 * at)) } else { (bits >> (24 - 8 * at)) & 0xff };
        texts.push(number(value, *base, zeros, upper));
    }
    texts.join(".")
}

/// Puts characters in disguise.
fn disguised(text: &str, ways: &[u8]) -> String {
    let mut out = String::new();
    for (at, character) in text.chars().enumerate() {
        let foreign = match character {
            '0'..='9' => char::from_u32(0xff10 + u32::from(character) - u32::from('0')),
            'a'..='z' => char::from_u32(0x24d0 + u32::from(character) - u32::from('a')),
            '.' => Some('。'),
            _ => None,
        };
        match (ways[at % ways.len()] % 5, foreign) {
            (1, Some(foreign)) => out.push(foreign),
            (2, _) => write!(out, "%{:02x}", u32::from(character)).expect("text"),
            (3, _) => out.extend([character, '\u{ad}']),
            (4, Some(foreign)) => out.extend(foreign.to_string().bytes().map(|byte| format!("%{byte:02X}"))),
            _ => out.push(character),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn all_spellings_of_an_ipv4_address_are_that_address(
        address in ipv4(), parts in 1_usize..=4, bases in any::<[u8; 4]>(), zeros in 0_usize..8, upper: bool, dot: bool,
        ways in prop::collection::vec(any::<u8>(), 1..40), disguise: bool,
    ) {
        let mut text = spelt(address, parts, bases.map(|base| base % 3), zeros, upper);
        if disguise {
            text = disguised(&text, &ways);
        }
        if dot {
            text.push('.');
        }
        let reading = read(&text);
        prop_assert_eq!(reading.map(|reading| reading.host), Ok(Host::Address(address.into())), "{}", text);
    }

    #[test]
    fn forms_that_only_reach_ipv4_are_judged_as_it_is(address in ipv4(), under in any::<u64>()) {
        let want = classify(address.into());
        let bits = u128::from(address.to_bits());
        let operator = u128::from((under >> 16) | (0x2a00 << 48)) << 64;
        let prefix = Nat64Prefix::new(Ipv6Addr::from_bits(operator), 96).expect("a prefix");
        let classifier = Classifier::new().with_nat64(prefix);
        for high in [0xffff_0000_0000, 0x0064_ff9b_u128 << 96, operator] {
            let judged = classifier.classify(Ipv6Addr::from_bits(high | bits).into());
            if high != operator {
                prop_assert_eq!(judged.class(), want.class());
            }
            prop_assert!(judged.class() >= want.class());
            prop_assert!(judged.provider().is_some() || want.provider().is_none());
            prop_assert!(judged.route().steps().iter().any(|step| step.address == address));
        }
    }

    #[test]
    fn embedding_never_makes_an_address_milder(address in ipv4(), high in any::<u32>()) {
        let want = classify(address.into());
        let bits = u128::from(address.to_bits());
        let inverted = u128::from(!address.to_bits());
        let isatap = (0x2a00_u128 << 112) | (u128::from(high) << 64) | (0x5efe << 32) | bits;
        for carrier in [
            bits,
            (0xffff_0000 << 32) | bits,
            (0x2002 << 112) | (bits << 80),
            (0x2001_0000 << 96) | (bits << 64) | u128::from(high),
            (0x2001_0000 << 96) | (0x0808_0808 << 64) | inverted,
            isatap,
            (0x0064_ff9b_0001 << 80) | bits,
        ] {
            let judged = classify(Ipv6Addr::from_bits(carrier).into());
            prop_assert!(!judged.is_global(), "{judged:?}");
            prop_assert!(judged.class() >= want.class(), "{judged:?}");
            prop_assert!(judged.provider().is_some() || want.provider().is_none(), "{judged:?}");
        }
    }

    #[test]
    fn an_ipv6_address_is_never_milder_than_its_range(address in ipv6()) {
        let (judged, range) = (classify(address.into()), range_of(address.into()));
        prop_assert!(range.first <= address && address <= range.last);
        if range.class != Class::Embedded && judged.provider().is_none() {
            prop_assert!(judged.class() >= range.class, "{judged:?} in {range:?}");
        }
        prop_assert_eq!(judged, Classifier::new().classify(address.into()));
    }

    #[test]
    fn telling_more_of_own_addresses_never_allows(address in ipv6(), own in prop::collection::vec(ipv6(), 0..4), other in ipv4()) {
        let own = own.into_iter().map(IpAddr::from).chain([other.into()]);
        let classifier = Classifier::new().with_own(own);
        for address in [IpAddr::from(address), other.to_ipv6_mapped().into()] {
            prop_assert!(classify(address).class() <= classifier.classify(address).class());
        }
        prop_assert!(!classifier.classify(other.into()).is_global());
    }

    #[test]
    fn any_text_is_read_and_reading_again_changes_nothing(text in prop_oneof![
        any::<String>(),
        "[0-9a-fxA-FX.%:\\[\\]]{0,24}",
        "[a-z0-9.\\-_]{1,40}",
        "[①-⑨０-９ａ-ｚ。．a-z0-9.%ⓐ-ⓩ\u{ad}ßİſK]{0,20}",
    ]) {
        let Ok(HostReading { host, folds }) = read(&text) else { return Ok(()) };
        let rendered = host.to_string();
        let again = read(&rendered);
        prop_assert_eq!(again.as_ref().map(|again| &again.host), Ok(&host), "{:?}", text);
        let left: Vec<Fold> = again.map(|again| again.folds.iter().collect()).unwrap_or_default();
        prop_assert!(left.iter().all(|fold| *fold == Fold::NonAscii), "{left:?} after {folds:?}");
    }

    #[test]
    fn any_name_is_judged(name in prop_oneof![any::<String>(), "[a-z0-9.\\-]{0,40}(nip\\.io|sslip\\.io|rbndr\\.us|1u\\.ms)"]) {
        let found = names::judge(&name, &Classifier::new());
        prop_assert_eq!(&found, &names::judge(&name, &Classifier::new()));
    }

    #[test]
    fn an_address_in_a_wildcard_name_is_found(address in ipv4(), label in "[a-z]{0,8}", hexadecimal: bool) {
        let [a, b, c, d] = address.octets();
        let written = if hexadecimal { format!("{:08x}", address.to_bits()) } else { format!("{a}-{b}-{c}-{d}") };
        let name = format!("{label}{}{written}.nip.io", if label.is_empty() { "" } else { "." });
        let carried = names::carried_address(&name).map(|carried| carried.addresses().to_vec());
        prop_assert!(carried.is_some_and(|found| found.contains(&address.into())), "{name}");
    }
}

/// Lower-casing what is beyond ASCII settles at once, for every character.
#[test]
fn lower_case_is_idempotent() {
    for character in '\u{80}'..=char::MAX {
        let host = format!("a{character}b");
        let Ok(HostReading { host: Host::Name(name), .. }) = read(&host) else { continue };
        let again = read(&name).map(|again| again.host.to_string());
        assert_eq!(again.as_deref(), Ok(&*name), "{host:?}");
    }
}
