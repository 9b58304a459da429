//! The catalogue: well-formed, and each of its addresses and names denied.

use onehop_address::catalogue::{CATALOGUE, Role, at, named, on_own_port, sharing};
use onehop_address::names::NameFinding;
use onehop_address::{Classifier, classify, names};
use onehop_verdict::Code;
use std::collections::HashSet;
use std::net::IpAddr;

#[test]
fn rows_are_well_formed() {
    let mut seen = HashSet::new();
    for row in CATALOGUE {
        let name = row.name;
        assert!(seen.insert(name) && !name.is_empty(), "{name} twice or empty");
        assert!(!row.source.is_empty() && !row.ports.is_empty(), "{name}");
        assert!(row.role == Role::Neighbour || !row.paths.is_empty(), "{name} has no path");
        assert!(row.paths.iter().all(|path| path.starts_with('/')), "{name}");
        assert!(row.headers.iter().all(|(header, _)| *header == header.to_lowercase()), "{name}");
        assert!(
            row.addresses.iter().all(|address| !address.is_loopback()),
            "{name}: loopback is known by port"
        );
        for host in row.names {
            let reading = onehop_address::spelling::read(host).expect("a name");
            assert!(
                reading.folds.is_empty() && reading.host.to_string() == **host,
                "{host} is not canonical"
            );
        }
    }
}

#[test]
fn every_address_is_denied_as_metadata_in_every_form() {
    for row in CATALOGUE {
        for address in row.addresses {
            assert_eq!(classify(*address).code(), Some(Code::AddrMetadata), "{address}");
            let IpAddr::V4(v4) = address else { continue };
            let [a, b, c, d] = v4.octets();
            let (high, low) = (format!("{a:02x}{b:02x}"), format!("{c:02x}{d:02x}"));
            for text in [
                format!("::ffff:{v4}"),
                format!("::{v4}"),
                format!("::ffff:0:{v4}"),
                format!("64:ff9b::{v4}"),
                format!("64:ff9b:1::{v4}"),
                format!("2002:{high}:{low}::"),
                format!("2001:0:{high}:{low}::"),
                format!("2001:0:0808:0808::{:02x}{:02x}:{:02x}{:02x}", !a, !b, !c, !d),
                format!("2a00::5efe:{v4}"),
                format!("fe80::200:5efe:{v4}"),
                format!("2a00:1450:{high}:{low}::"),
            ] {
                let judged = classify(text.parse().expect("an address"));
                let provider = judged.provider().map(|provider| provider.addresses.contains(address));
                assert_eq!(provider, Some(true), "{text} is {judged:?}");
            }
        }
    }
}

#[test]
fn every_name_is_denied_as_metadata() {
    for host in CATALOGUE.iter().flat_map(|row| row.names) {
        let found = names::judge(host, &Classifier::new());
        assert!(matches!(found, NameFinding::Metadata(_)), "{host}: {found:?}");
        assert_eq!(found.code(), Some(Code::NameMetadata));
        let below = format!("a.{host}");
        assert_eq!(named(&below).map(|row| row.name), named(host).map(|row| row.name), "{below}");
        assert_eq!(named(&format!("a{host}x")), None);
    }
}

#[test]
fn an_address_that_clouds_share() {
    let address: IpAddr = "169.254.169.254".parse().expect("an address");
    assert_eq!(at(address).map(|row| row.name), Some("ec2"));
    let all: Vec<_> = sharing(address).map(|row| row.name).collect();
    for name in ["ec2", "gcp", "azure", "oracle", "openstack", "hetzner", "digitalocean"] {
        assert!(all.contains(&name), "{name}");
    }
    assert_eq!(at("169.254.169.255".parse().expect("an address")), None);
}

#[test]
fn services_on_the_machine_itself_are_known_by_port() {
    for (port, want) in [
        (9001, Some("lambda")),
        (10250, Some("kubernetes")),
        (10255, Some("kubernetes")),
        (2375, Some("docker")),
        (2379, Some("etcd")),
        (8500, Some("consul")),
        (8200, Some("vault")),
        (80, None),
        (443, None),
    ] {
        assert_eq!(on_own_port(port).map(|row| row.name), want, "{port}");
    }
}
