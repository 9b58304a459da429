use super::*;

#[test]
fn careless_readings_are_found() {
    for (host, want) in [
        ("425.510.425.510", "169.254.169.254"),
        ("681.766.681.766", "169.254.169.254"),
        ("7147006462", "169.254.169.254"),
        ("0x1a9fea9fe", "169.254.169.254"),
        ("0169.0254.0169.0254", "169.254.169.254"),
        ("0251.0254.169.254", "169.254.169.254"),
        ("169.254.170.2.", "169.254.170.2"),
        ("100.100.25800", "100.100.100.200"),
    ] {
        assert_eq!(careless_target(host), want.parse().ok(), "{host}");
    }
    for host in [
        "1.2.3.4",
        "425.510.425",
        "169.254.169.254.1",
        "",
        "...",
        "0x",
        "169.254.169.25x",
        "99999999999999999999999999",
    ] {
        assert_eq!(careless_target(host), None, "{host}");
    }
}

#[test]
fn the_targets_are_those_of_the_catalogue() {
    use onehop_address::catalogue::{CATALOGUE, Role};
    let mut known: Vec<Ipv4Addr> = CATALOGUE
        .iter()
        .filter(|provider| matches!(provider.role, Role::Metadata | Role::Credentials | Role::Platform))
        .flat_map(|provider| provider.addresses)
        .filter_map(|address| if let std::net::IpAddr::V4(address) = address { Some(*address) } else { None })
        .collect();
    known.sort_unstable();
    known.dedup();
    let mut targets = TARGETS.map(Ipv4Addr::from_bits);
    targets.sort_unstable();
    assert_eq!(known, targets);
}
