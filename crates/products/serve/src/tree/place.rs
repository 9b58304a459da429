//! What follows from a region or zone name: partition, DNS domains, zone id, IP-based host names.
//!
//! Total: a name of no known form gives a plausible value rather than an error, because regions are added and tests
//! invent them.

use std::net::Ipv4Addr;

/// One partition of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Partition {
    /// As in ARNs and `services/partition`.
    pub(super) name: &'static str,
    /// As in `services/domain`.
    pub(super) domain: &'static str,
}

/// Region prefixes and their partitions; the last matches all.
const PARTITIONS: [(&str, Partition); 5] = [
    ("cn-", Partition { name: "aws-cn", domain: "amazonaws.com.cn" }),
    ("us-gov-", Partition { name: "aws-us-gov", domain: "amazonaws.com" }),
    ("us-isob-", Partition { name: "aws-iso-b", domain: "sc2s.sgov.gov" }),
    ("us-iso-", Partition { name: "aws-iso", domain: "c2s.ic.gov" }),
    ("", Partition { name: "aws", domain: "amazonaws.com" }),
];

/// The partition of a region.
pub(super) fn partition(region: &str) -> Partition {
    let matching = PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix));
    matching.map_or(PARTITIONS[4].1, |(_, partition)| *partition)
}

/// The region of a zone: `us-east-1a` → `us-east-1`, `us-west-2-lax-1a` → `us-west-2`. A zone of another form is its own region.
pub(super) fn region_of_zone(zone: &str) -> &str {
    let mut end = 0;
    for part in zone.split('-') {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && end > 0 {
            return &zone[..end + digits];
        }
        end += part.len() + 1;
    }
    zone
}

/// A zone id in EC2's form: `us-east-1a` → `use1-az1`. Real ids differ by account; this one numbers by letter.
pub(super) fn zone_id(region: &str, zone: &str) -> String {
    let short: String = region.split('-').map(short_part).collect();
    let letter = zone.bytes().last().filter(u8::is_ascii_lowercase).map_or(1, |letter| letter - b'a' + 1);
    let local = zone.strip_prefix(region).and_then(|rest| rest.strip_prefix('-'));
    match local.and_then(|rest| rest.split('-').next()) {
        Some(place) => format!("{short}-{place}-az{letter}"),
        None => format!("{short}-az{letter}"),
    }
}

/// `northeast` → `ne`, `central` → `c`; short parts (`us`, `gov`, `1`) stay, `gov` becomes `g`.
fn short_part(part: &str) -> String {
    match part {
        "northeast" => "ne".into(),
        "northwest" => "nw".into(),
        "southeast" => "se".into(),
        "southwest" => "sw".into(),
        "north" | "south" | "east" | "west" | "central" | "gov" => part[..1].into(),
        other => other.into(),
    }
}

/// The IP-based private name: `ip-10-0-16-23.ec2.internal` in us-east-1, else with the region.
pub(super) fn private_name(address: Ipv4Addr, region: &str) -> String {
    let [a, b, c, d] = address.octets();
    match region {
        "us-east-1" => format!("ip-{a}-{b}-{c}-{d}.ec2.internal"),
        _ => format!("ip-{a}-{b}-{c}-{d}.{region}.compute.internal"),
    }
}

/// The public name: `ec2-203-0-113-25.compute-1.amazonaws.com` in us-east-1, else with the region.
pub(super) fn public_name(address: Ipv4Addr, region: &str) -> String {
    let [a, b, c, d] = address.octets();
    let domain = partition(region).domain;
    match region {
        "us-east-1" => format!("ec2-{a}-{b}-{c}-{d}.compute-1.{domain}"),
        _ => format!("ec2-{a}-{b}-{c}-{d}.{region}.compute.{domain}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{partition, private_name, public_name, region_of_zone, zone_id};

    #[test]
    fn zones_name_their_region_and_id() {
        for (zone, region, id) in [
            ("us-east-1a", "us-east-1", "use1-az1"),
            ("eu-central-1b", "eu-central-1", "euc1-az2"),
            ("ap-southeast-2c", "ap-southeast-2", "apse2-az3"),
            ("us-gov-west-1a", "us-gov-west-1", "usgw1-az1"),
            ("us-west-2-lax-1a", "us-west-2", "usw2-lax-az1"),
            ("ap-northeast-12f", "ap-northeast-12", "apne12-az6"),
            ("madeupb", "madeupb", "madeupb-az2"),
        ] {
            assert_eq!(region_of_zone(zone), region, "{zone}");
            assert_eq!(zone_id(region, zone), id, "{zone}");
        }
    }

    #[test]
    fn regions_name_their_partition_and_hosts() {
        let address = "192.0.2.7".parse().expect("an address");
        for (region, name, private, public) in [
            ("us-east-1", "aws", "ip-192-0-2-7.ec2.internal", "ec2-192-0-2-7.compute-1.amazonaws.com"),
            (
                "cn-north-1",
                "aws-cn",
                "ip-192-0-2-7.cn-north-1.compute.internal",
                "ec2-192-0-2-7.cn-north-1.compute.amazonaws.com.cn",
            ),
            (
                "us-gov-west-1",
                "aws-us-gov",
                "ip-192-0-2-7.us-gov-west-1.compute.internal",
                "ec2-192-0-2-7.us-gov-west-1.compute.amazonaws.com",
            ),
        ] {
            assert_eq!(partition(region).name, name, "{region}");
            assert_eq!(private_name(address, region), private, "{region}");
            assert_eq!(public_name(address, region), public, "{region}");
        }
    }
}
