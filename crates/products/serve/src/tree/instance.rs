//! The facts about one instance, from which every value of the default tree is derived, so that values agree.
//!
//! Everything in the default is made up: the account is AWS's example number, public addresses are from the ranges
//! reserved for documentation (RFC 5737, RFC 3849), names say `onehop`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;

use super::place;

/// One instance. Change fields freely; [`Tree::new`](super::Tree::new) derives names, networks and the identity
/// document from them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "instance type and instance profile are the field's terms")]
pub struct Instance {
    /// `i-` and 17 hexadecimal digits.
    pub id: String,
    /// Instance type, e.g. `t3.micro`.
    pub instance_type: String,
    /// Machine image, `ami-` and 17 hexadecimal digits.
    pub image_id: String,
    /// `x86_64`, `arm64`, `i386`, `x86_64_mac` or `arm64_mac`.
    pub architecture: String,
    /// Account, 12 digits.
    pub account: String,
    /// Region, availability zone and what follows from them.
    pub placement: Placement,
    /// Start of the instance, `YYYY-MM-DDTHH:MM:SSZ`: `pendingTime` of the identity document.
    pub launch_time: String,
    /// Place in a launch request that started several instances.
    pub launch_index: u32,
    /// The launch request, `r-` and 17 hexadecimal digits.
    pub reservation_id: String,
    /// `on-demand`, `spot`, `scheduled` or `capacity-block`.
    pub life_cycle: String,
    /// Private host name; `None` derives EC2's IP-based name from the private address.
    pub hostname: Option<String>,
    /// Names of the security groups; the ids are derived from the position.
    pub security_groups: Vec<String>,
    /// Network interfaces; the first is the primary one. Without any, the tree has no network.
    pub interfaces: Vec<Interface>,
    /// Login keys by index.
    pub public_keys: Vec<PublicKey>,
    /// Exposed tags. Empty means that tags are not exposed: `tags` is 404.
    pub tags: BTreeMap<String, String>,
    /// The role that is attached; `None` means that `iam` is 404.
    pub role: Option<String>,
    /// The instance profile that carries the role; `None` means that it is named like the role.
    pub instance_profile: Option<String>,
    /// Product codes of the image.
    pub product_codes: Vec<String>,
    /// User data, at most 16 KiB; `None` means 404.
    pub user_data: Option<Bytes>,
}

/// Where an instance runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Region, e.g. `us-east-1`.
    pub region: String,
    /// Availability zone, e.g. `us-east-1a`.
    pub availability_zone: String,
    /// Zone id, the same for all accounts, e.g. `use1-az1`; `None` derives it from the zone.
    pub availability_zone_id: Option<String>,
    /// Placement group, if any.
    pub group_name: Option<String>,
    /// Dedicated host, if any.
    pub host_id: Option<String>,
    /// Partition of the placement group, if any.
    pub partition_number: Option<u32>,
}

/// One elastic network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// MAC address, lower case with colons.
    pub mac: String,
    /// `eni-` and 17 hexadecimal digits.
    pub id: String,
    /// Private addresses, the primary one first. The /20 around it is the subnet, the /16 is the VPC.
    pub private_ipv4: Vec<Ipv4Addr>,
    /// Public address of the primary private address, if any.
    pub public_ipv4: Option<Ipv4Addr>,
    /// IPv6 addresses. The /64 around the first is the subnet, the /56 is the VPC.
    pub ipv6: Vec<Ipv6Addr>,
    /// Delegated IPv4 prefixes, e.g. `10.0.32.16/28`.
    pub ipv4_prefixes: Vec<String>,
    /// Delegated IPv6 prefixes, e.g. `2001:db8:0:20:1::/80`.
    pub ipv6_prefixes: Vec<String>,
    /// Index of the network card.
    pub network_card: u32,
}

/// One login key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Name of the key pair.
    pub name: String,
    /// The key in OpenSSH's one-line form.
    pub openssh: String,
}

impl Instance {
    /// The primary interface.
    pub fn primary(&self) -> Option<&Interface> {
        self.interfaces.first()
    }

    /// The primary private address.
    pub fn private_ipv4(&self) -> Option<Ipv4Addr> {
        self.primary()?.private_ipv4.first().copied()
    }

    /// The primary public address.
    pub fn public_ipv4(&self) -> Option<Ipv4Addr> {
        self.primary()?.public_ipv4
    }

    /// The private host name: the given one, or EC2's IP-based name.
    pub fn hostname(&self) -> Option<String> {
        let derived =
            || self.private_ipv4().map(|address| place::private_name(address, &self.placement.region));
        self.hostname.clone().or_else(derived)
    }

    /// The instance profile, if a role is attached.
    pub fn profile(&self) -> Option<&str> {
        self.instance_profile.as_deref().or(self.role.as_deref())
    }

    /// ARN of the instance profile, if a role is attached.
    pub fn profile_arn(&self) -> Option<String> {
        let partition = place::partition(&self.placement.region).name;
        self.role.as_ref()?;
        Some(format!("arn:{partition}:iam::{}:instance-profile/{}", self.account, self.profile()?))
    }

    /// Moves the instance to `region`, into its zone `a`.
    pub fn set_region(&mut self, region: &str) {
        region.clone_into(&mut self.placement.region);
        self.placement.availability_zone = format!("{region}a");
        self.placement.availability_zone_id = None;
    }

    /// Moves the instance to `zone` and to the region that the zone belongs to.
    pub fn set_availability_zone(&mut self, zone: &str) {
        place::region_of_zone(zone).clone_into(&mut self.placement.region);
        zone.clone_into(&mut self.placement.availability_zone);
        self.placement.availability_zone_id = None;
    }
}

impl Placement {
    /// The zone id: the given one, or one derived from the zone.
    pub fn zone_id(&self) -> String {
        let derived = || place::zone_id(&self.region, &self.availability_zone);
        self.availability_zone_id.clone().unwrap_or_else(derived)
    }
}

impl Default for Instance {
    /// The made-up instance that `serve` shows without a tree file.
    fn default() -> Instance {
        Instance {
            id: "i-0e0c0ffee00000001".into(),
            instance_type: "t3.micro".into(),
            image_id: "ami-0e0c0ffee00000002".into(),
            architecture: "x86_64".into(),
            account: "123456789012".into(),
            placement: Placement::default(),
            launch_time: "2026-01-01T00:00:00Z".into(),
            launch_index: 0,
            reservation_id: "r-0e0c0ffee00000003".into(),
            life_cycle: "on-demand".into(),
            hostname: None,
            security_groups: vec!["onehop-example".into()],
            interfaces: vec![first_interface(), second_interface()],
            public_keys: vec![PublicKey::made_up("onehop-example")],
            tags: BTreeMap::new(),
            role: None,
            instance_profile: None,
            product_codes: Vec::new(),
            user_data: None,
        }
    }
}

impl Default for Placement {
    fn default() -> Placement {
        Placement {
            region: "us-east-1".into(),
            availability_zone: "us-east-1a".into(),
            availability_zone_id: None,
            group_name: None,
            host_id: None,
            partition_number: None,
        }
    }
}

impl PublicKey {
    /// An Ed25519 key whose 32 bytes are a readable text, so nobody has the private half.
    pub fn made_up(name: &str) -> PublicKey {
        // "ssh-ed25519", then the bytes "onehop: made-up key, not in use.", each with its length.
        const BLOB: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIG9uZWhvcDogbWFkZS11cCBrZXksIG5vdCBpbiB1c2Uu";
        PublicKey { name: name.into(), openssh: format!("ssh-ed25519 {BLOB} {name}") }
    }
}

fn first_interface() -> Interface {
    Interface {
        mac: "0e:00:00:c0:ff:01".into(),
        id: "eni-0e0c0ffee00000004".into(),
        private_ipv4: vec![Ipv4Addr::new(10, 0, 16, 23)],
        public_ipv4: Some(Ipv4Addr::new(203, 0, 113, 25)),
        ipv6: vec![Ipv6Addr::new(0x2001, 0xdb8, 0, 0x10, 0, 0, 0, 0x23)],
        ipv4_prefixes: vec!["10.0.17.16/28".into()],
        ipv6_prefixes: vec!["2001:db8:0:10:1::/80".into()],
        network_card: 0,
    }
}

fn second_interface() -> Interface {
    Interface {
        mac: "0e:00:00:c0:ff:02".into(),
        id: "eni-0e0c0ffee00000005".into(),
        private_ipv4: vec![Ipv4Addr::new(10, 0, 32, 24), Ipv4Addr::new(10, 0, 32, 25)],
        public_ipv4: Some(Ipv4Addr::new(203, 0, 113, 26)),
        ipv6: vec![Ipv6Addr::new(0x2001, 0xdb8, 0, 0x20, 0, 0, 0, 0x24)],
        ipv4_prefixes: vec!["10.0.33.16/28".into()],
        ipv6_prefixes: vec!["2001:db8:0:20:1::/80".into()],
        network_card: 0,
    }
}
