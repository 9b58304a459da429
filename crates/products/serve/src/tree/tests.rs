//! The default tree: complete, dated, crawlable, consistent.

use std::collections::BTreeMap;

use super::{Found, Instance, Leaf, LiveKind, Overlay, Tree, Version, catalogue, defaults};

/// An instance with everything optional.
fn full() -> Instance {
    let mut instance = Instance {
        role: Some("web".into()),
        user_data: Some("#!/bin/sh\n".into()),
        product_codes: vec!["1abc".into()],
        ..Instance::default()
    };
    instance.tags.insert("Name".into(), "web-1".into());
    instance.placement.group_name = Some("group".into());
    instance.placement.host_id = Some("h-0e0c0ffee00000007".into());
    instance.placement.partition_number = Some(1);
    instance
}

fn tree_of(instance: &Instance) -> Tree {
    Tree::new(instance, &Overlay::default())
}

fn listing(tree: &Tree, version: Version, path: &str) -> Option<String> {
    match tree.lookup(version, path) {
        Found::Directory(listing) => Some(String::from_utf8(listing.to_vec()).expect("listings are UTF-8")),
        Found::Leaf(_) | Found::Absent => None,
    }
}

fn text(tree: &Tree, path: &str) -> Option<String> {
    match tree.lookup(Version::LATEST, path) {
        Found::Leaf(Leaf::Fixed { body, .. }) => Some(String::from_utf8(body.to_vec()).expect("text")),
        _ => None,
    }
}

/// Follows every listing as a client does and gives each leaf with its path. Panics on an entry that does not answer.
fn crawl(tree: &Tree, version: Version, directory: &str, leaves: &mut BTreeMap<String, Leaf>) {
    let listing = listing(tree, version, directory).unwrap_or_else(|| panic!("{version}/{directory} lists"));
    let lines: Vec<&str> = listing.lines().collect();
    assert!(!listing.is_empty() && !listing.ends_with('\n'), "{version}/{directory}: {listing:?}");
    assert!(lines.is_sorted_by(|a, b| a < b), "{version}/{directory}: {lines:?}");
    for line in lines {
        let name = match line.split_once('=') {
            Some((index, _)) if directory.ends_with("public-keys") => index,
            _ => line.trim_end_matches('/'),
        };
        let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
        match tree.lookup(version, &path) {
            // Computed, yet with entries below that its parent's slash promises.
            Found::Leaf(Leaf::Live(LiveKind::RoleList)) => {
                assert!(line.ends_with('/'), "{line}");
                leaves.insert(path, Leaf::Live(LiveKind::RoleList));
            }
            Found::Leaf(leaf) => {
                assert!(!line.ends_with('/'), "{version}/{path} is listed as a directory");
                leaves.insert(path, leaf.clone());
            }
            Found::Directory(_) => {
                let marked = line.ends_with('/') || line.contains('=') || directory.is_empty();
                assert!(marked, "{version}/{path} is listed as a leaf");
                crawl(tree, version, &path, leaves);
            }
            Found::Absent => panic!("{version}/{path} is listed but absent"),
        }
    }
}

#[test]
fn every_listed_path_of_every_version_resolves() {
    for instance in [Instance::default(), full()] {
        let tree = tree_of(&instance);
        let mut before = 0;
        for version in Version::all() {
            let mut leaves = BTreeMap::new();
            crawl(&tree, version, "", &mut leaves);
            assert!(leaves.len() >= before, "{version} lost entries");
            before = leaves.len();
        }
        let reachable: usize = defaults::entries(&instance).paths().count();
        // The one entry that a crawl does not reach: the role below the computed role list.
        assert_eq!(before + usize::from(instance.role.is_some()), reachable);
    }
}

#[test]
fn every_default_path_is_in_the_catalogue() {
    for path in defaults::entries(&full()).paths() {
        let computed = path == "meta-data/iam/security-credentials";
        assert!(computed || catalogue::kind(path) == catalogue::Kind::Leaf, "{path}");
    }
}

#[test]
fn categories_appear_with_the_version_that_introduced_them() {
    let tree = tree_of(&full());
    let mac = "meta-data/network/interfaces/macs/0e:00:00:c0:ff:01";
    let mac_key = |key: &str| format!("{mac}/{key}");
    for (path, first) in [
        ("meta-data/ami-id", "1.0"),
        ("meta-data/instance-id", "1.0"),
        ("meta-data/public-keys/0/openssh-key", "1.0"),
        ("user-data", "1.0"),
        ("meta-data/public-ipv4", "2007-01-19"),
        ("meta-data/product-codes", "2007-03-01"),
        ("meta-data/instance-type", "2007-08-29"),
        ("meta-data/block-device-mapping", "2007-12-15"),
        ("meta-data/placement/availability-zone", "2008-02-01"),
        ("meta-data/instance-action", "2008-09-01"),
        ("dynamic", "2009-04-04"),
        ("dynamic/instance-identity/document", "2009-04-04"),
        ("dynamic/fws/instance-monitoring", "2011-01-01"),
        ("meta-data/mac", "2011-01-01"),
        (&mac_key("owner-id"), "2011-01-01"),
        ("meta-data/metrics/vhostmd", "2011-05-01"),
        ("meta-data/iam/info", "2012-01-12"),
        ("meta-data/iam/security-credentials/web", "2012-01-12"),
        ("meta-data/services/domain", "2014-02-25"),
        ("meta-data/services/partition", "2015-10-20"),
        (&mac_key("ipv6s"), "2016-06-30"),
        ("meta-data/identity-credentials/ec2/info", "2018-08-17"),
        ("meta-data/events/maintenance/scheduled", "2018-08-17"),
        ("meta-data/instance-life-cycle", "2019-10-01"),
        ("meta-data/placement/availability-zone-id", "2019-10-01"),
        ("meta-data/placement/region", "2020-10-27"),
        (&mac_key("network-card"), "2021-01-03"),
        ("meta-data/ipv6", "2021-01-03"),
        ("meta-data/tags/instance/Name", "2021-03-23"),
        (&mac_key("ipv4-prefix"), "2021-07-15"),
        ("meta-data/system", "2022-09-24"),
    ] {
        let first = Version::parse(first).expect("a version");
        for version in Version::all() {
            let found = tree.lookup(version, path) != Found::Absent;
            assert_eq!(found, version >= first, "{version}/{path}");
        }
    }
}

#[test]
fn listings_have_the_documented_form() {
    let bare = Tree::default();
    let full = tree_of(&full());
    let macs = "0e:00:00:c0:ff:01/\n0e:00:00:c0:ff:02/";
    for (tree, version, path, want) in [
        (&bare, "latest", "", "dynamic\nmeta-data"),
        (&full, "latest", "", "dynamic\nmeta-data\nuser-data"),
        (&bare, "1.0", "", "meta-data"),
        (&bare, "2009-04-04", "dynamic", "instance-identity/"),
        (&bare, "latest", "dynamic", "fws/\ninstance-identity/"),
        (&bare, "2009-04-04", "meta-data/placement", "availability-zone"),
        (&bare, "latest", "meta-data/placement", "availability-zone\navailability-zone-id\nregion"),
        (&bare, "latest", "meta-data/public-keys", "0=onehop-example"),
        (&bare, "latest", "meta-data/public-keys/0", "openssh-key"),
        (&bare, "latest", "meta-data/network/interfaces/macs", macs),
        (&full, "latest", "meta-data/iam", "info\nsecurity-credentials/"),
        (&full, "latest", "meta-data/tags", "instance/"),
        (&full, "latest", "meta-data/tags/instance", "Name"),
        (&bare, "latest", "meta-data/tags/instance", ""),
        (&bare, "latest", "meta-data/identity-credentials", "ec2/"),
        (&bare, "latest", "meta-data/identity-credentials/ec2", "info\nsecurity-credentials/"),
        (
            &bare,
            "1.0",
            "meta-data",
            "ami-id\nami-launch-index\nami-manifest-path\nhostname\ninstance-id\nlocal-ipv4\npublic-keys/\n\
             reservation-id\nsecurity-groups",
        ),
        (
            &full,
            "latest",
            "meta-data",
            "ami-id\nami-launch-index\nami-manifest-path\nblock-device-mapping/\nevents/\nhibernation/\nhostname\n\
             iam/\nidentity-credentials/\ninstance-action\ninstance-id\ninstance-life-cycle\ninstance-type\nipv6\n\
             local-hostname\nlocal-ipv4\nmac\nmetrics/\nnetwork/\nplacement/\nproduct-codes\nprofile\n\
             public-hostname\npublic-ipv4\npublic-keys/\nreservation-id\nsecurity-groups\nservices/\nsystem\ntags/",
        ),
    ] {
        let version = Version::parse(version).expect("a version");
        assert_eq!(listing(tree, version, path).as_deref(), Some(want), "{version}/{path}");
    }
}

#[test]
fn what_does_not_apply_is_absent() {
    let mut lonely = Instance { interfaces: Vec::new(), public_keys: Vec::new(), ..Instance::default() };
    lonely.security_groups.clear();
    let lonely = tree_of(&lonely);
    let (bare, full) = (Tree::default(), tree_of(&full()));
    for (tree, path) in [
        (&bare, "meta-data/iam"),
        (&bare, "meta-data/tags"),
        (&bare, "meta-data/spot"),
        (&bare, "meta-data/autoscaling"),
        (&bare, "meta-data/managed-ssh-keys"),
        (&bare, "user-data"),
        (&bare, "api"),
        (&bare, "/meta-data"),
        (&bare, "meta-data/"),
        (&bare, "meta-data/instance-id/x"),
        (&full, "meta-data/iam/security-credentials-extended"),
        (&full, "meta-data/iam/security-credentials-extended/web"),
        (&full, "meta-data/iam/security-credentials/other"),
        (&full, "meta-data/tags/instance/name"),
        (&lonely, "meta-data/mac"),
        (&lonely, "meta-data/network"),
        (&lonely, "meta-data/hostname"),
        (&lonely, "meta-data/public-keys"),
        (&lonely, "meta-data/security-groups"),
    ] {
        assert_eq!(tree.lookup(Version::LATEST, path), Found::Absent, "{path}");
    }
}

#[test]
fn oddities_are_kept() {
    let tree = Tree::default();
    let mac = "meta-data/network/interfaces/macs/0e:00:00:c0:ff:02";
    for (path, want) in [
        ("meta-data/metrics/vhostmd", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
        ("meta-data/profile", "default-hvm"),
        ("meta-data/instance-action", "none"),
        ("meta-data/ami-manifest-path", "(unknown)"),
        ("meta-data/events/maintenance/scheduled", "[]"),
        ("meta-data/events/maintenance/history", "[]"),
        ("meta-data/hibernation/configured", "false"),
        ("meta-data/system", "nitro"),
        (&format!("{mac}/network-card"), "0"),
        (&format!("{mac}/network-card-index"), "0"),
        (&format!("{mac}/device-number"), "1"),
        (&format!("{mac}/local-ipv4s"), "10.0.32.24\n10.0.32.25"),
        (&format!("{mac}/ipv4-associations/203.0.113.26"), "10.0.32.24"),
        (&format!("{mac}/subnet-ipv4-cidr-block"), "10.0.32.0/20"),
        (&format!("{mac}/vpc-ipv4-cidr-blocks"), "10.0.0.0/16"),
        (&format!("{mac}/subnet-ipv6-cidr-blocks"), "2001:db8:0:20::/64"),
    ] {
        assert_eq!(text(&tree, path).as_deref(), Some(want), "{path}");
    }
}

#[test]
fn values_agree_with_each_other() {
    let tree = Tree::default();
    let value = |path: &str| text(&tree, path).unwrap_or_else(|| panic!("{path}"));
    let document = tree.identity_document().expect("a document");
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    let nic = format!("meta-data/network/interfaces/macs/{}", value("meta-data/mac"));
    for (left, right) in [
        (value("meta-data/instance-id"), document["instanceId"].as_str()),
        (value("meta-data/instance-type"), document["instanceType"].as_str()),
        (value("meta-data/ami-id"), document["imageId"].as_str()),
        (value("meta-data/local-ipv4"), document["privateIp"].as_str()),
        (value("meta-data/placement/region"), document["region"].as_str()),
        (value("meta-data/placement/availability-zone"), document["availabilityZone"].as_str()),
        (value(&format!("{nic}/owner-id")), document["accountId"].as_str()),
        (value(&format!("{nic}/local-ipv4s")), Some(value("meta-data/local-ipv4").as_str())),
        (value(&format!("{nic}/public-ipv4s")), Some(value("meta-data/public-ipv4").as_str())),
        (value(&format!("{nic}/local-hostname")), Some(value("meta-data/hostname").as_str())),
        (value(&format!("{nic}/public-hostname")), Some(value("meta-data/public-hostname").as_str())),
        (value(&format!("{nic}/ipv6s")), Some(value("meta-data/ipv6").as_str())),
        (value(&format!("{nic}/security-groups")), Some(value("meta-data/security-groups").as_str())),
    ] {
        assert_eq!(Some(left.as_str()), right);
    }
}

#[test]
fn the_root_lists_every_version() {
    let root = Tree::root_listing();
    let text = std::str::from_utf8(&root).expect("UTF-8");
    assert!(text.starts_with("1.0\n2007-01-19\n") && text.ends_with("\n2024-04-11\nlatest"), "{text}");
    assert_eq!(text.lines().count(), Version::all().len());
}
