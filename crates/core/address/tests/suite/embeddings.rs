//! What an IPv6 address carries, by which route, and what follows.

use onehop_address::{Class, Classifier, Nat64Prefix, ROUTE_MAX_STEPS, classify};
use onehop_verdict::Code;
use std::net::{IpAddr, Ipv6Addr};

struct Case {
    input: &'static str,
    /// The code of the denial, or `allow`.
    want: &'static str,
    class: &'static str,
    /// The first step, or nothing.
    route: &'static str,
}

const fn case(input: &'static str, want: &'static str, class: &'static str, route: &'static str) -> Case {
    Case { input, want, class, route }
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn check(classifier: &Classifier, cases: &[Case]) {
    for Case { input, want, class, route } in cases {
        let judged = classifier.classify(ip(input));
        let code = judged.code().map_or("allow", Code::as_str);
        let step = judged.route().steps().first().map(ToString::to_string).unwrap_or_default();
        assert_eq!((code, judged.class().as_str(), step.as_str()), (*want, *class, *route), "{input}");
        assert_eq!(judged.is_global(), *want == "allow", "{input}");
    }
}

/// Addresses that classifiers in use let through.
#[test]
fn gaps_of_other_classifiers_are_denied() {
    check(
        &Classifier::new(),
        &[
            case("168.63.129.16", "ADDR-METADATA", "global", ""),
            case("192.0.0.192", "ADDR-METADATA", "protocol-assignment", ""),
            case("100.64.0.1", "ADDR-SHARED", "shared", ""),
            case("100.100.100.200", "ADDR-METADATA", "shared", ""),
            case("224.0.0.1", "ADDR-MULTICAST", "multicast", ""),
            case("240.0.0.1", "ADDR-RESERVED", "reserved", ""),
            case("255.255.255.255", "ADDR-MULTICAST", "broadcast", ""),
            case("198.18.0.1", "ADDR-RESERVED", "benchmarking", ""),
            case("0.0.0.1", "ADDR-UNSPECIFIED", "this-network", ""),
            case("192.0.2.1", "ADDR-DOCUMENTATION", "documentation", ""),
            case("192.88.99.1", "ADDR-RESERVED", "protocol-assignment", ""),
            case("::169.254.169.254", "ADDR-METADATA", "link-local", "compatible 169.254.169.254"),
            case("::ffff:0:169.254.169.254", "ADDR-METADATA", "link-local", "siit 169.254.169.254"),
            case("64:ff9b::a9fe:a9fe", "ADDR-METADATA", "link-local", "nat64/96 169.254.169.254"),
            case("64:ff9b:1::a9fe:a9fe", "ADDR-METADATA", "link-local", "local-nat64/96 169.254.169.254"),
            case("2002:a9fe:a9fe::1", "ADDR-METADATA", "link-local", "6to4 169.254.169.254"),
            case("2001:0:a9fe:a9fe::", "ADDR-METADATA", "link-local", "teredo-server 169.254.169.254"),
            case("2001:0:808:808::5601:5601", "ADDR-METADATA", "link-local", "teredo-client 169.254.169.254"),
            case("fec0::1", "ADDR-UNIQUE-LOCAL", "site-local", ""),
            case("3fff::1", "ADDR-DOCUMENTATION", "documentation", ""),
            case("5f00::1", "ADDR-RESERVED", "segment-routing", ""),
            case("2a00:1450:0:1:0:5efe:a9fe:a9fe", "ADDR-METADATA", "link-local", "isatap 169.254.169.254"),
            case("2a00:1450:0:1:200:5efe:a9fe:a9fe", "ADDR-METADATA", "link-local", "isatap 169.254.169.254"),
            case("2a00:1450:a9fe:a9fe::", "ADDR-METADATA", "link-local", "hidden/32 169.254.169.254"),
            case("100::1", "ADDR-RESERVED", "discard", ""),
            case("100:0:0:1::1", "ADDR-RESERVED", "protocol-assignment", ""),
            case("2001:2::1", "ADDR-RESERVED", "benchmarking", ""),
            case("2001:10::1", "ADDR-RESERVED", "protocol-assignment", ""),
            case("2001:db8::1", "ADDR-DOCUMENTATION", "documentation", ""),
            case("4000::1", "ADDR-RESERVED", "reserved", ""),
            case("2d00::1", "ADDR-RESERVED", "unallocated", ""),
        ],
    );
}

#[test]
fn forms_that_only_reach_ipv4_are_judged_by_it() {
    check(
        &Classifier::new(),
        &[
            case("::ffff:8.8.8.8", "allow", "global", "mapped 8.8.8.8"),
            case("::ffff:127.0.0.1", "ADDR-LOOPBACK", "loopback", "mapped 127.0.0.1"),
            case("::ffff:0.0.0.0", "ADDR-UNSPECIFIED", "unspecified", "mapped 0.0.0.0"),
            case("64:ff9b::8.8.8.8", "allow", "global", "nat64/96 8.8.8.8"),
            case("64:ff9b::10.0.0.1", "ADDR-PRIVATE", "private", "nat64/96 10.0.0.1"),
            case("64:ff9b::100.64.0.1", "ADDR-SHARED", "shared", "nat64/96 100.64.0.1"),
        ],
    );
}

#[test]
fn forms_refused_as_a_whole() {
    check(
        &Classifier::new(),
        &[
            case("::8.8.8.8", "ADDR-EMBEDDED", "embedded", "compatible 8.8.8.8"),
            case("::2", "ADDR-UNSPECIFIED", "this-network", "compatible 0.0.0.2"),
            case("::ffff:0:8.8.8.8", "ADDR-EMBEDDED", "embedded", "siit 8.8.8.8"),
            case("2002:808:808::1", "ADDR-EMBEDDED", "embedded", "6to4 8.8.8.8"),
            case("2002:a00:1::1", "ADDR-PRIVATE", "private", "6to4 10.0.0.1"),
            case("2001:0:808:808::f7f7:f7f7", "ADDR-EMBEDDED", "embedded", "teredo-server 8.8.8.8"),
            case("2001:0:808:808::f5ff:fffe", "ADDR-PRIVATE", "private", "teredo-client 10.0.0.1"),
            case("2a00:1450::5efe:8.8.8.8", "ADDR-EMBEDDED", "embedded", "isatap 8.8.8.8"),
            case("2a00:1450::200:5efe:127.0.0.1", "ADDR-LOOPBACK", "loopback", "isatap 127.0.0.1"),
            case("fe80::5efe:10.0.0.1", "ADDR-LINK-LOCAL", "link-local", "isatap 10.0.0.1"),
            case("64:ff9b:1::8.8.8.8", "ADDR-EMBEDDED", "embedded", "local-nat64/96 8.8.8.8"),
        ],
    );
}

#[test]
fn local_nat64_at_every_length() {
    check(
        &Classifier::new(),
        &[
            case("64:ff9b:1:7f00:0:100::", "ADDR-LOOPBACK", "loopback", "local-nat64/48 127.0.0.1"),
            case("64:ff9b:1:ff7f:0:1::", "ADDR-LOOPBACK", "loopback", "local-nat64/56 127.0.0.1"),
            case("64:ff9b:1:ffff:7f:0:100:0", "ADDR-LOOPBACK", "loopback", "local-nat64/64 127.0.0.1"),
            case("64:ff9b:1::127.0.0.1", "ADDR-LOOPBACK", "loopback", "local-nat64/96 127.0.0.1"),
            case("64:ff9b:1:a9fe:a9:fe00::", "ADDR-METADATA", "link-local", "local-nat64/48 169.254.169.254"),
            case("64:ff9b:1:7f00:0:100:dead:beef", "ADDR-LOOPBACK", "loopback", "local-nat64/48 127.0.0.1"),
        ],
    );
}

/// The same service at each of the six places of RFC 6052, under prefixes that nobody configured.
#[test]
fn services_are_found_at_every_nat64_place() {
    for service in [
        "169.254.169.254",
        "169.254.170.2",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "169.254.42.42",
    ] {
        for length in [32_u8, 40, 48, 56, 64, 96] {
            let IpAddr::V4(v4) = ip(service) else { panic!("IPv4") };
            let bits = "2606:4700::".parse::<Ipv6Addr>().expect("an address").to_bits()
                | place(v4.to_bits(), length);
            for filler in [0_u128, 0xff << 56] {
                let address = Ipv6Addr::from_bits(bits | if length < 64 { filler } else { 0 });
                let judged = classify(address.into());
                assert_eq!(judged.code(), Some(Code::AddrMetadata), "{address}");
                let steps: Vec<_> = judged.route().steps().iter().map(ToString::to_string).collect();
                assert!(steps.contains(&format!("hidden/{length} {service}")), "{address}: {steps:?}");
            }
        }
    }
}

/// Puts an address where a NAT64 prefix of this length does, written apart from the crate's own decoder.
fn place(v4: u32, length: u8) -> u128 {
    let mut bytes = [0_u8; 16];
    let mut at = usize::from(length / 8);
    for octet in v4.to_be_bytes() {
        at += usize::from(at == 8);
        bytes[at] = octet;
        at += 1;
    }
    u128::from_be_bytes(bytes)
}

#[test]
fn operator_prefixes_of_every_length() {
    for (prefix, length) in [
        ("2a00:1450::/32", 32),
        ("2a00:1450:100::/40", 40),
        ("2a00:1450:1::/48", 48),
        ("2a00:1450:1:100::/56", 56),
        ("2a00:1450:1:1::/64", 64),
        ("2a00:1450:1:1::/96", 96),
    ] {
        let prefix: Nat64Prefix = prefix.parse().expect("a prefix");
        let classifier = Classifier::new().with_nat64(prefix);
        let under = |v4: &str| {
            let IpAddr::V4(v4) = ip(v4) else { panic!("IPv4") };
            classifier.classify(
                Ipv6Addr::from_bits(prefix.address().to_bits() | place(v4.to_bits(), length)).into(),
            )
        };
        for (v4, want) in [
            ("8.8.8.8", None),
            ("10.0.0.1", Some(Code::AddrPrivate)),
            ("127.0.0.1", Some(Code::AddrLoopback)),
        ] {
            let judged = under(v4);
            assert_eq!(judged.code(), want, "{v4} under {prefix}");
            assert_eq!(judged.route().steps()[0].to_string(), format!("nat64/{length} {v4}"), "{prefix}");
        }
        assert_eq!(under("169.254.169.254").code(), Some(Code::AddrMetadata), "{prefix}");
        let IpAddr::V4(private) = ip("10.0.0.1") else { panic!("IPv4") };
        let unknown = Ipv6Addr::from_bits(prefix.address().to_bits() | place(private.to_bits(), length));
        assert_eq!(classify(unknown.into()).code(), None, "not told of {prefix}");
    }
}

#[test]
fn a_configured_prefix_opens_what_is_refused_otherwise() {
    let classifier = Classifier::new().with_nat64("64:ff9b:1::/96".parse().expect("a prefix"));
    check(
        &classifier,
        &[
            case("64:ff9b:1::10.0.0.1", "ADDR-PRIVATE", "private", "nat64/96 10.0.0.1"),
            case("64:ff9b:1::169.254.169.254", "ADDR-METADATA", "link-local", "nat64/96 169.254.169.254"),
        ],
    );
    let judged = classifier.classify(ip("64:ff9b:1::8.8.8.8"));
    assert_eq!(judged.class(), Class::Global, "{judged:?}");
    let private = Classifier::new().with_nat64("fd00:64::/96".parse().expect("a prefix"));
    assert_eq!(private.classify(ip("fd00:64::8.8.8.8")).code(), None);
    assert_eq!(private.classify(ip("fd00:65::8.8.8.8")).code(), Some(Code::AddrUniqueLocal));
}

#[test]
fn own_addresses_in_every_form() {
    let classifier = Classifier::new().with_own(["198.41.0.4", "2606:4700::7", "127.0.0.1"].map(ip));
    check(
        &classifier,
        &[
            case("198.41.0.4", "ADDR-OWN", "own", ""),
            case("198.41.0.5", "allow", "global", ""),
            case("::ffff:198.41.0.4", "ADDR-OWN", "own", "mapped 198.41.0.4"),
            case("64:ff9b::198.41.0.4", "ADDR-OWN", "own", "nat64/96 198.41.0.4"),
            case("2002:c629:4::1", "ADDR-OWN", "own", "6to4 198.41.0.4"),
            case("2606:4700::7", "ADDR-OWN", "own", ""),
            case("2606:4700::8", "allow", "global", ""),
            case("127.0.0.1", "ADDR-LOOPBACK", "loopback", ""),
        ],
    );
    let metadata = Classifier::new().with_own([ip("169.254.169.254")]);
    assert_eq!(metadata.classify(ip("169.254.169.254")).code(), Some(Code::AddrMetadata));
}

#[test]
fn the_worst_reading_wins_and_stands_first() {
    // 6to4 of a public address around an ISATAP identifier of the metadata service.
    let judged = classify(ip("2002:808:808:0:0:5efe:a9fe:a9fe"));
    let steps: Vec<_> = judged.route().steps().iter().map(ToString::to_string).collect();
    assert_eq!(steps, ["isatap 169.254.169.254", "6to4 8.8.8.8"]);
    assert_eq!(judged.provider().map(|provider| provider.name), Some("ec2"));
}

#[test]
fn more_readings_than_fit_keep_the_worst() {
    let prefixes = ["2a00:1::/32", "2a00:1::/40", "2a00:1::/48", "2a00:1::/56", "2a00:1::/64", "2a00:1::/96"];
    let classifier = prefixes.iter().fold(Classifier::new(), |classifier, prefix| {
        classifier.with_nat64(prefix.parse().expect("a prefix"))
    });
    let judged = classifier.classify(ip("2a00:1::5efe:127.0.0.1"));
    assert_eq!(judged.route().steps().len(), ROUTE_MAX_STEPS);
    assert_eq!(judged.code(), Some(Code::AddrLoopback));
    assert_eq!(judged.route().steps()[0].address.to_string(), "127.0.0.1");
}

#[test]
fn ordinary_addresses_carry_nothing() {
    for text in [
        "8.8.8.8",
        "1.1.1.1",
        "192.0.0.9",
        "2606:4700:4700::1111",
        "2a00:1450:4001:82a::200e",
        "2001:4860:4860::8888",
    ] {
        let judged = classify(ip(text));
        assert!(
            judged.is_global() && judged.route().is_empty() && judged.provider().is_none(),
            "{text}: {judged:?}"
        );
    }
}
