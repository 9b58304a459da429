//! The complete tree of an instance: every category that applies to it, derived from [`Instance`].
//!
//! Categories that do not apply are absent, as on EC2: `iam` without a role, `spot` and `autoscaling` without a notice,
//! `public-ipv4` without a public address, `tags` without exposed tags. Cannot fail.

use std::net::{Ipv4Addr, Ipv6Addr};

use onehop_imds::version::Version;

use super::build::Entries;
use super::{Instance, Interface, Leaf, LiveKind, place, public_keys};
use crate::identity;

/// What `metrics/vhostmd` has been on every instance seen: an XML prolog and nothing else.
const VHOSTMD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

const SUBNET_IPV4_BITS: u32 = 20;
const VPC_IPV4_BITS: u32 = 16;
const SUBNET_IPV6_BITS: u32 = 64;
const VPC_IPV6_BITS: u32 = 56;

/// The tree of `instance`.
pub(super) fn entries(instance: &Instance) -> Entries {
    let mut entries = live_entries(instance);
    machine(&mut entries, instance);
    names(&mut entries, instance);
    placement(&mut entries, instance);
    for (number, interface) in instance.interfaces.iter().enumerate() {
        network_interface(&mut entries, instance, number, interface);
    }
    tags(&mut entries, instance);
    identity(&mut entries, instance);
    public_keys::put(&mut entries, &instance.public_keys);
    entries
}

/// The parts that the service answers itself and the user data: all that an empty base has.
pub(super) fn live_entries(instance: &Instance) -> Entries {
    let mut entries = Entries::default();
    if let Some(role) = &instance.role {
        let list = "meta-data/iam/security-credentials";
        entries.put("meta-data/iam/info", Leaf::Live(LiveKind::IamInfo));
        entries.set(list, Version::introduced("2012-01-12"), Leaf::Live(LiveKind::RoleList));
        entries.put(&format!("{list}/{role}"), Leaf::Live(LiveKind::RoleCredentials));
    }
    if let Some(body) = &instance.user_data {
        entries.put("user-data", Leaf::octets(body.clone()));
    }
    entries
}

fn machine(entries: &mut Entries, instance: &Instance) {
    for (key, text) in [
        ("ami-id", instance.image_id.as_str()),
        ("ami-launch-index", &instance.launch_index.to_string()),
        ("ami-manifest-path", "(unknown)"),
        ("block-device-mapping/ami", "/dev/xvda"),
        ("block-device-mapping/root", "/dev/xvda"),
        ("events/maintenance/history", "[]"),
        ("events/maintenance/scheduled", "[]"),
        ("hibernation/configured", "false"),
        ("instance-action", "none"),
        ("instance-id", &instance.id),
        ("instance-life-cycle", &instance.life_cycle),
        ("instance-type", &instance.instance_type),
        ("metrics/vhostmd", VHOSTMD),
        ("profile", "default-hvm"),
        ("reservation-id", &instance.reservation_id),
        ("system", "nitro"),
    ] {
        entries.text(&format!("meta-data/{key}"), text);
    }
    if !instance.product_codes.is_empty() {
        entries.text("meta-data/product-codes", instance.product_codes.join("\n"));
    }
    entries.text("dynamic/fws/instance-monitoring", "disabled");
}

fn names(entries: &mut Entries, instance: &Instance) {
    if let Some(hostname) = instance.hostname() {
        entries.text("meta-data/hostname", hostname.as_str());
        entries.text("meta-data/local-hostname", hostname);
    }
    if !instance.security_groups.is_empty() {
        entries.text("meta-data/security-groups", instance.security_groups.join("\n"));
    }
    let Some(primary) = instance.primary() else { return };
    entries.text("meta-data/mac", primary.mac.as_str());
    if let Some(address) = instance.private_ipv4() {
        entries.text("meta-data/local-ipv4", address.to_string());
    }
    if let Some(address) = primary.public_ipv4 {
        entries.text("meta-data/public-ipv4", address.to_string());
        entries.text("meta-data/public-hostname", place::public_name(address, &instance.placement.region));
    }
    if let Some(address) = primary.ipv6.first() {
        entries.text("meta-data/ipv6", address.to_string());
    }
}

fn placement(entries: &mut Entries, instance: &Instance) {
    let placement = &instance.placement;
    let partition = place::partition(&placement.region);
    entries.text("meta-data/placement/availability-zone", placement.availability_zone.as_str());
    entries.text("meta-data/placement/availability-zone-id", placement.zone_id());
    entries.text("meta-data/placement/region", placement.region.as_str());
    entries.text("meta-data/services/domain", partition.domain);
    entries.text("meta-data/services/partition", partition.name);
    if let Some(name) = &placement.group_name {
        entries.text("meta-data/placement/group-name", name.as_str());
    }
    if let Some(id) = &placement.host_id {
        entries.text("meta-data/placement/host-id", id.as_str());
    }
    if let Some(number) = placement.partition_number {
        entries.text("meta-data/placement/partition-number", number.to_string());
    }
}

fn network_interface(entries: &mut Entries, instance: &Instance, number: usize, interface: &Interface) {
    let base = format!("meta-data/network/interfaces/macs/{}", interface.mac);
    let mut text = |key: &str, text: &str| entries.text(&format!("{base}/{key}"), text);
    let number = number.to_string();
    let card = interface.network_card.to_string();
    text("device-number", &number);
    text("interface-id", &interface.id);
    text("mac", &interface.mac);
    text("network-card", &card);
    text("network-card-index", &card);
    text("owner-id", &instance.account);
    text("subnet-id", &subnet_id(interface));
    text("vpc-id", "vpc-0e0c0ffee00000006");
    if !instance.security_groups.is_empty() {
        text("security-groups", &instance.security_groups.join("\n"));
        let ids = (1..=instance.security_groups.len()).map(|number| format!("sg-0e0c0ffee0000{number:04x}"));
        text("security-group-ids", &ids.collect::<Vec<_>>().join("\n"));
    }
    interface_ipv4(entries, instance, &base, interface);
    interface_ipv6(entries, instance, &base, interface);
}

fn interface_ipv4(entries: &mut Entries, instance: &Instance, base: &str, interface: &Interface) {
    let Some(primary) = interface.private_ipv4.first().copied() else {
        return;
    };
    let region = &instance.placement.region;
    let is_primary = instance.private_ipv4() == Some(primary);
    let hostname = is_primary.then(|| instance.hostname()).flatten();
    let mut text = |key: &str, text: String| entries.text(&format!("{base}/{key}"), text);
    text("local-hostname", hostname.unwrap_or_else(|| place::private_name(primary, region)));
    text("local-ipv4s", lines(&interface.private_ipv4));
    let blocks = vpc_blocks(
        instance,
        |interface| &interface.private_ipv4,
        |address| network_v4(address, VPC_IPV4_BITS),
    );
    text("subnet-ipv4-cidr-block", network_v4(primary, SUBNET_IPV4_BITS));
    text("vpc-ipv4-cidr-block", blocks.lines().next().unwrap_or_default().to_owned());
    text("vpc-ipv4-cidr-blocks", blocks);
    if !interface.ipv4_prefixes.is_empty() {
        text("ipv4-prefix", interface.ipv4_prefixes.join("\n"));
    }
    if let Some(public) = interface.public_ipv4 {
        text("public-hostname", place::public_name(public, region));
        text("public-ipv4s", public.to_string());
        text(&format!("ipv4-associations/{public}"), primary.to_string());
    }
}

fn interface_ipv6(entries: &mut Entries, instance: &Instance, base: &str, interface: &Interface) {
    let Some(primary) = interface.ipv6.first().copied() else {
        return;
    };
    let mut text = |key: &str, text: String| entries.text(&format!("{base}/{key}"), text);
    text("ipv6s", lines(&interface.ipv6));
    let blocks =
        vpc_blocks(instance, |interface| &interface.ipv6, |address| network_v6(address, VPC_IPV6_BITS));
    text("subnet-ipv6-cidr-blocks", network_v6(primary, SUBNET_IPV6_BITS));
    text("vpc-ipv6-cidr-blocks", blocks);
    if !interface.ipv6_prefixes.is_empty() {
        text("ipv6-prefix", interface.ipv6_prefixes.join("\n"));
    }
}

/// Tags are there once one is exposed. Until then the directory answers an empty listing, though nothing lists it.
fn tags(entries: &mut Entries, instance: &Instance) {
    entries.hide("meta-data/tags/instance", Version::introduced("2021-03-23"));
    for (key, value) in &instance.tags {
        entries.text(&format!("meta-data/tags/instance/{key}"), value.as_str());
    }
}

fn identity(entries: &mut Entries, instance: &Instance) {
    let own = "meta-data/identity-credentials/ec2";
    entries.put(&format!("{own}/info"), Leaf::Live(LiveKind::IdentityCredentialsInfo));
    let role = Leaf::Live(LiveKind::IdentityCredentialsRole);
    entries.put(&format!("{own}/security-credentials/ec2-instance"), role);
    entries.text("dynamic/instance-identity/document", identity::document(instance));
    if identity::SIGNATURES_AVAILABLE {
        for (key, kind) in [
            ("pkcs7", LiveKind::IdentityPkcs7),
            ("rsa2048", LiveKind::IdentityRsa2048),
            ("signature", LiveKind::IdentitySignature),
        ] {
            entries.put(&format!("dynamic/instance-identity/{key}"), Leaf::Live(kind));
        }
    }
}

/// An id that follows from the subnet, so that interfaces in one subnet say so.
fn subnet_id(interface: &Interface) -> String {
    let address = interface.private_ipv4.first().map_or(0, |address| address.to_bits());
    format!("subnet-0e0c00000{:08x}", address & subnet_mask())
}

const fn subnet_mask() -> u32 {
    u32::MAX << (32 - SUBNET_IPV4_BITS)
}

/// The networks of all interfaces, each once: a VPC may have several blocks.
fn vpc_blocks<'a, T: Copy + 'a>(
    instance: &'a Instance,
    addresses: impl Fn(&'a Interface) -> &'a [T],
    network: impl Fn(T) -> String,
) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for address in instance.interfaces.iter().filter_map(|interface| addresses(interface).first()) {
        let block = network(*address);
        if !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    blocks.join("\n")
}

fn lines<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

fn network_v4(address: Ipv4Addr, bits: u32) -> String {
    let mask = u32::MAX << (32 - bits);
    format!("{}/{bits}", Ipv4Addr::from_bits(address.to_bits() & mask))
}

fn network_v6(address: Ipv6Addr, bits: u32) -> String {
    let mask = u128::MAX << (128 - bits);
    format!("{}/{bits}", Ipv6Addr::from_bits(address.to_bits() & mask))
}
