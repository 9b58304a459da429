//! Names, judged by their text alone.

use onehop_address::names::{self, WILDCARD_SERVICES, carried_address};
use onehop_address::spelling::{Host, read};
use onehop_address::{Classifier, Nat64Prefix};
use onehop_verdict::Code;

fn code(name: &str) -> &'static str {
    names::judge(name, &Classifier::new()).code().map_or("allow", Code::as_str)
}

#[test]
fn names_by_their_text() {
    for (name, want) in [
        ("localhost", "NAME-LOCALHOST"),
        ("a.b.localhost", "NAME-LOCALHOST"),
        ("localhost.localdomain", "NAME-LOCALHOST"),
        ("localhost6", "NAME-LOCALHOST"),
        ("ip6-localhost", "NAME-LOCALHOST"),
        ("ip6-loopback", "NAME-LOCALHOST"),
        ("metadata.google.internal", "NAME-METADATA"),
        ("metadata", "NAME-METADATA"),
        ("instance-data.ec2.internal", "NAME-METADATA"),
        ("metadata.packet.net", "NAME-METADATA"),
        ("kubernetes.default.svc", "NAME-METADATA"),
        ("rancher-metadata", "NAME-METADATA"),
        ("intranet", "NAME-SINGLE-LABEL"),
        ("notlocalhost", "NAME-SINGLE-LABEL"),
        ("host.docker.internal", "NAME-INTERNAL"),
        ("ip-10-0-0-1.eu-west-1.compute.internal", "NAME-INTERNAL"),
        ("printer.local", "NAME-INTERNAL"),
        ("router.home.arpa", "NAME-INTERNAL"),
        ("db.default.svc.cluster.local", "NAME-INTERNAL"),
        ("example.com", "allow"),
        ("localhost.example.com", "allow"),
        ("notmetadata.google.com", "allow"),
        ("xn--bcher-kva.example.com", "allow"),
        ("internal.example.com", "allow"),
    ] {
        assert_eq!(code(name), want, "{name}");
    }
}

#[test]
fn localhost_in_disguise() {
    for text in [
        "LOCALHOST",
        "localhost.",
        "LocalHost.",
        "loc%61lhost",
        "%6c%6f%63%61%6c%68%6f%73%74",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "ｌｏｃａｌｈｏｓｔ",
        "loc\u{ad}alhost",
        "local\u{200d}host",
        "𝐥𝐨𝐜𝐚𝐥𝐡𝐨𝐬𝐭",
        "a。localhost",
        "ˡᵒᶜᵃˡʰᵒˢᵗ",
    ] {
        let reading = read(text).expect(text);
        let Host::Name(name) = &reading.host else { panic!("{text} is an address") };
        assert_eq!(code(name), "NAME-LOCALHOST", "{text}");
        assert!(!reading.folds.is_empty(), "{text}");
    }
}

#[test]
fn addresses_written_in_names() {
    for (name, want) in [
        ("127.0.0.1.nip.io", &["127.0.0.1"][..]),
        ("www.127.0.0.1.nip.io", &["127.0.0.1"]),
        ("10-0-0-1.nip.io", &["10.0.0.1"]),
        ("customer1-app-10-8-0-1.nip.io", &["10.8.0.1"]),
        ("7f000001.nip.io", &["127.0.0.1"]),
        ("app-c0a801fc.nip.io", &["192.168.1.252"]),
        ("192.168.0.1.sslip.io", &["192.168.0.1"]),
        ("www-192-168-0-1.sslip.io", &["192.168.0.1"]),
        ("--1.sslip.io", &["::1"]),
        ("fd00-ec2--254.sslip.io", &["fd00:ec2::254"]),
        ("www.--1.sslip.io", &["::1"]),
        ("10.0.0.1.xip.io", &["10.0.0.1"]),
        ("10-0-0-1.traefik.me", &["10.0.0.1"]),
        ("whoami.traefik.me", &["127.0.0.1"]),
        ("localtest.me", &["127.0.0.1"]),
        ("a.b.lvh.me", &["127.0.0.1"]),
        ("vcap.me", &["127.0.0.1"]),
        ("7f000001.a9fea9fe.rbndr.us", &["127.0.0.1", "169.254.169.254"]),
        ("make-1-2-3-4-rebind-169-254-169-254-rr.1u.ms", &["1.2.3.4", "169.254.169.254"]),
        ("a.1.2.3.4.1time.10.0.0.1.forever.4d5e.rebind.network", &["1.2.3.4", "10.0.0.1"]),
        (
            "10-0-0-1.0123456789abcdef0123456789abcdef.plex.direct",
            &["10.0.0.1", "123:4567:89ab:cdef:123:4567:89ab:cdef"],
        ),
        ("127-0-0-1.my.local-ip.co", &["127.0.0.1"]),
        ("1-2-3-4-5.sslip.io", &["1.2.3.4", "2.3.4.5"]),
        ("app-10.0.0.1.sslip.io", &["10.0.0.1"]),
        ("a.-127.0.0.1.nip.io", &["127.0.0.1"]),
    ] {
        let carried = carried_address(name).expect(name);
        let found: Vec<String> = carried.addresses().iter().map(ToString::to_string).collect();
        assert_eq!(found, want, "{name}");
    }
}

#[test]
fn names_that_carry_nothing() {
    for name in [
        "nip.io",
        "www.nip.io",
        "10.0.0.nip.io",
        "256-0-0-1.nip.io",
        "10-0-0-1.example.com",
        "10-0-0-1.notnip.io",
        "xnip.io",
    ] {
        assert_eq!(carried_address(name), None, "{name}");
        assert_eq!(code(name), "allow", "{name}");
    }
}

#[test]
fn the_worst_address_in_the_name_counts() {
    for (name, want) in [
        ("8-8-8-8.sslip.io", "allow"),
        ("10-0-0-1.sslip.io", "NAME-CARRIES-ADDRESS"),
        ("169-254-169-254.sslip.io", "NAME-CARRIES-ADDRESS"),
        ("8.8.8.8.10-0-0-1.nip.io", "NAME-CARRIES-ADDRESS"),
        ("08080808.01010101.rbndr.us", "NAME-CARRIES-ADDRESS"),
        ("localtest.me", "NAME-CARRIES-ADDRESS"),
        ("s-8.8.8.8-1.1.1.1-42-rr-e.d.rebind.it", "NAME-CARRIES-ADDRESS"),
    ] {
        assert_eq!(code(name), want, "{name}");
    }
    for name in [
        "8-8-8-8.a9fea9fe.nip.io",
        "s-35.185.206.165-169.254.169.254-42-rr-e.d.rebind.it",
        "make-1.2.3.4-rebind-169.254-169.254-rr.1u.ms",
    ] {
        let found = names::judge(name, &Classifier::new());
        assert_eq!(found.provider().map(|provider| provider.name), Some("ec2"), "{name}");
    }
}

/// A name with more addresses than are kept cannot push the dangerous one out.
#[test]
fn padding_does_not_hide_the_dangerous_address() {
    for name in [
        "169-254-169-254.1-1-1-1.2-2-2-2.3-3-3-3.4-4-4-4.5-5-5-5.nip.io",
        "1-1-1-1.2-2-2-2.3-3-3-3.4-4-4-4.5-5-5-5.169-254-169-254.nip.io",
    ] {
        let found = names::judge(name, &Classifier::new());
        assert_eq!(found.provider().map(|provider| provider.name), Some("ec2"), "{name}");
    }
}

#[test]
fn the_classifier_given_judges_what_is_carried() {
    let own = Classifier::new()
        .with_own(["8.8.8.8".parse().expect("an address")])
        .with_nat64("2a00:64::/96".parse::<Nat64Prefix>().expect("a prefix"));
    assert_eq!(names::judge("8-8-8-8.nip.io", &own).code(), Some(Code::NameCarriesAddress));
    assert_eq!(names::judge("2a00-64--a00-1.sslip.io", &own).code(), Some(Code::NameCarriesAddress));
    assert_eq!(code("8-8-8-8.nip.io"), "allow");
    assert_eq!(code("2a00-64--a00-1.sslip.io"), "allow");
}

#[test]
fn services_are_well_formed() {
    let mut seen = std::collections::HashSet::new();
    for service in WILDCARD_SERVICES {
        assert!(seen.insert(service.suffix) && !service.source.is_empty(), "{}", service.suffix);
        let reading = read(service.suffix).expect(service.suffix);
        assert!(reading.folds.is_empty() && matches!(reading.host, Host::Name(_)), "{}", service.suffix);
        assert!(carried_address(&format!("10-0-0-1.{}", service.suffix)).is_some(), "{}", service.suffix);
    }
}
