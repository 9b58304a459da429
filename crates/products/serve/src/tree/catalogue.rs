//! Every path that EC2 documents or serves, with the date on which its category was introduced.
//!
//! A segment in braces stands for a name that differs by instance, and names the rule it must obey
//! ([`Placeholder`]). The table is long on purpose: one row a path.
//!
//! Sources: EC2 User Guide, "Instance metadata categories" (2023-06); recorded trees of public instances. Rows marked
//! *date assumed* have no documented date.

use onehop_imds::version::Version;

use super::values;

/// Full path below the version and date of introduction, byte-sorted.
const CATEGORIES: &[(&str, &str)] = &[
    // Recorded trees of 2009-04-04 have no `fws`, although the guide gives that date: next listed version.
    ("dynamic/fws/instance-monitoring", "2011-01-01"),
    ("dynamic/instance-identity/document", "2009-04-04"),
    ("dynamic/instance-identity/dsa2048", "2016-04-19"), // date assumed
    ("dynamic/instance-identity/pkcs7", "2009-04-04"),
    ("dynamic/instance-identity/rsa2048", "2016-04-19"), // date assumed
    ("dynamic/instance-identity/signature", "2009-04-04"),
    ("meta-data/ami-id", "1.0"),
    ("meta-data/ami-launch-index", "1.0"),
    ("meta-data/ami-manifest-path", "1.0"),
    ("meta-data/ancestor-ami-ids", "2007-10-10"),
    ("meta-data/autoscaling/target-lifecycle-state", "2021-07-15"),
    ("meta-data/block-device-mapping/{device}", "2007-12-15"),
    ("meta-data/elastic-gpus/associations/{id}", "2016-11-30"),
    ("meta-data/elastic-inference/associations/{id}", "2018-11-29"),
    ("meta-data/events/maintenance/history", "2018-08-17"),
    ("meta-data/events/maintenance/scheduled", "2018-08-17"),
    ("meta-data/events/recommendations/rebalance", "2020-10-27"),
    ("meta-data/hibernation/configured", "2018-11-28"), // date assumed
    ("meta-data/hostname", "1.0"),
    ("meta-data/iam/info", "2012-01-12"),
    ("meta-data/iam/security-credentials/{role}", "2012-01-12"),
    ("meta-data/identity-credentials/ec2/info", "2018-05-23"),
    ("meta-data/identity-credentials/ec2/security-credentials/ec2-instance", "2018-05-23"),
    ("meta-data/instance-action", "2008-09-01"),
    ("meta-data/instance-id", "1.0"),
    ("meta-data/instance-life-cycle", "2019-10-01"),
    ("meta-data/instance-type", "2007-08-29"),
    ("meta-data/ipv6", "2021-01-03"),
    ("meta-data/kernel-id", "2008-02-01"),
    ("meta-data/local-hostname", "2007-01-19"),
    ("meta-data/local-ipv4", "1.0"),
    ("meta-data/mac", "2011-01-01"),
    ("meta-data/managed-ssh-keys/signer-cert", "2019-10-01"), // date assumed
    ("meta-data/metrics/vhostmd", "2011-05-01"),
    ("meta-data/network/interfaces/macs/{mac}/device-number", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/interface-id", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/ipv4-associations/{ipv4}", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/ipv4-prefix", "2021-07-15"), // date assumed
    ("meta-data/network/interfaces/macs/{mac}/ipv6-prefix", "2021-07-15"), // date assumed
    ("meta-data/network/interfaces/macs/{mac}/ipv6s", "2016-06-30"),
    ("meta-data/network/interfaces/macs/{mac}/local-hostname", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/local-ipv4s", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/mac", "2011-01-01"),
    // Instances serve `network-card`; the guide says `network-card-index`.
    ("meta-data/network/interfaces/macs/{mac}/network-card", "2020-11-01"),
    ("meta-data/network/interfaces/macs/{mac}/network-card-index", "2020-11-01"),
    ("meta-data/network/interfaces/macs/{mac}/owner-id", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/public-hostname", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/public-ipv4s", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/security-group-ids", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/security-groups", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/subnet-id", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/subnet-ipv4-cidr-block", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/subnet-ipv6-cidr-blocks", "2016-06-30"),
    ("meta-data/network/interfaces/macs/{mac}/vpc-id", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/vpc-ipv4-cidr-block", "2011-01-01"),
    ("meta-data/network/interfaces/macs/{mac}/vpc-ipv4-cidr-blocks", "2016-06-30"),
    ("meta-data/network/interfaces/macs/{mac}/vpc-ipv6-cidr-blocks", "2016-06-30"),
    ("meta-data/placement/availability-zone", "2008-02-01"),
    ("meta-data/placement/availability-zone-id", "2019-10-01"),
    ("meta-data/placement/group-id", "2020-08-24"), // date assumed
    ("meta-data/placement/group-name", "2020-08-24"),
    ("meta-data/placement/host-id", "2020-08-24"),
    ("meta-data/placement/partition-number", "2020-08-24"),
    ("meta-data/placement/region", "2020-08-24"),
    ("meta-data/product-codes", "2007-03-01"),
    ("meta-data/profile", "2011-05-01"), // date assumed
    ("meta-data/public-hostname", "2007-01-19"),
    ("meta-data/public-ipv4", "2007-01-19"),
    ("meta-data/public-keys/{index}/openssh-key", "1.0"),
    ("meta-data/ramdisk-id", "2007-10-10"),
    ("meta-data/reservation-id", "1.0"),
    ("meta-data/security-groups", "1.0"),
    ("meta-data/services/domain", "2014-02-25"),
    ("meta-data/services/partition", "2015-10-20"),
    ("meta-data/spot/instance-action", "2016-11-15"),
    ("meta-data/spot/termination-time", "2014-11-05"),
    ("meta-data/system", "2022-09-24"), // date assumed
    ("meta-data/tags/instance/{tag}", "2021-03-23"),
    ("user-data", "1.0"),
];

/// What the catalogue knows about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value.
    Leaf,
    /// Something with entries below it.
    Directory,
    /// Neither.
    Unknown,
}

/// What `path` is, whether or not an instance has it.
pub(super) fn kind(path: &str) -> Kind {
    CATEGORIES.iter().fold(Kind::Unknown, |kind, (pattern, _)| match (compare(pattern, path), kind) {
        (Match::Whole, _) | (_, Kind::Leaf) => Kind::Leaf,
        (Match::Start(_), _) => Kind::Directory,
        (Match::Different, kind) => kind,
    })
}

/// The version that introduced `path`; for an unknown path the first one.
pub(super) fn since(path: &str) -> Version {
    let row = CATEGORIES.iter().find(|(pattern, _)| matches!(compare(pattern, path), Match::Whole));
    row.map_or(Version::FIRST, |(_, date)| Version::introduced(date))
}

/// The segments that may stand below a directory of the catalogue: names, and placeholders in braces.
pub(super) fn children(directory: &str) -> Vec<&'static str> {
    let below = CATEGORIES.iter().filter_map(|(pattern, _)| match compare(pattern, directory) {
        Match::Start(rest) => rest.split('/').next(),
        Match::Whole | Match::Different => None,
    });
    let mut names: Vec<&str> = below.collect();
    names.dedup();
    names
}

/// How a path compares with a row.
enum Match {
    /// It is the row's path.
    Whole,
    /// It is a directory on the way; this is what the row has below it.
    Start(&'static str),
    Different,
}

fn compare(pattern: &'static str, path: &str) -> Match {
    let mut rest = Some(pattern);
    for segment in path.split('/') {
        let Some(pattern) = rest else {
            return Match::Different;
        };
        let (expected, below) = match pattern.split_once('/') {
            Some((expected, below)) => (expected, Some(below)),
            None => (pattern, None),
        };
        let fits = match Placeholder::parse(expected) {
            Some(placeholder) => placeholder.check(segment),
            None => expected == segment,
        };
        if !fits {
            return Match::Different;
        }
        rest = below;
    }
    rest.map_or(Match::Whole, Match::Start)
}

/// A name in a path that differs by instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// `ami`, `root`, `swap`, `ebsN`, `ephemeralN`.
    Device,
    /// A name without slash or blank.
    Id,
    /// A MAC address in lower case.
    Mac,
    /// An IPv4 address.
    Ipv4,
    /// A decimal number.
    Index,
    /// A role name.
    Role,
    /// A tag key that can be exposed.
    Tag,
}

impl Placeholder {
    /// The placeholder that a segment of a pattern is, if it is one.
    pub(super) fn parse(segment: &str) -> Option<Placeholder> {
        Some(match segment {
            "{device}" => Placeholder::Device,
            "{id}" => Placeholder::Id,
            "{mac}" => Placeholder::Mac,
            "{ipv4}" => Placeholder::Ipv4,
            "{index}" => Placeholder::Index,
            "{role}" => Placeholder::Role,
            "{tag}" => Placeholder::Tag,
            _ => return None,
        })
    }

    /// Whether `segment` may stand for it.
    pub(super) fn check(self, segment: &str) -> bool {
        match self {
            Placeholder::Device => values::is_device(segment),
            Placeholder::Id => values::is_segment(segment),
            Placeholder::Mac => values::is_mac(segment),
            Placeholder::Ipv4 => segment.parse::<std::net::Ipv4Addr>().is_ok(),
            Placeholder::Index => values::is_index(segment),
            Placeholder::Role => values::is_role(segment),
            Placeholder::Tag => values::is_tag_key(segment),
        }
    }

    /// What is wanted there, for an error message.
    pub(super) fn wanted(self) -> &'static str {
        match self {
            Placeholder::Device => "`ami`, `root`, `swap`, `ebs` or `ephemeral` and a number",
            Placeholder::Id => concat!("a name of ", values::segment_wanted!()),
            Placeholder::Mac => "a MAC address such as `0e:00:00:c0:ff:01`, in lower case",
            Placeholder::Ipv4 => "an IPv4 address",
            Placeholder::Index => "a number",
            Placeholder::Role => "a role name: letters, digits and `+=,.@_-`, at most 64",
            Placeholder::Tag => values::TAG_KEY_WANTED,
        }
    }
}

#[cfg(test)]
mod tests {
    use onehop_imds::version::Version;

    use super::{CATEGORIES, Kind, children, kind, since};

    #[test]
    fn the_table_is_sorted_so_that_children_dedup() {
        assert!(CATEGORIES.is_sorted_by(|a, b| a.0 < b.0), "unsorted or duplicate row");
    }

    #[test]
    fn every_date_is_one_that_a_version_answers() {
        for (path, date) in CATEGORIES {
            assert_ne!(Version::introduced(date), Version::LATEST, "{path}: {date}");
        }
    }

    #[test]
    fn paths_are_leaves_directories_or_unknown() {
        for (path, want) in [
            ("meta-data", Kind::Directory),
            ("meta-data/ami-id", Kind::Leaf),
            ("meta-data/ami-id/x", Kind::Unknown),
            ("meta-data/network/interfaces/macs/0e:00:00:c0:ff:01", Kind::Directory),
            ("meta-data/network/interfaces/macs/0e:00:00:c0:ff:01/mac", Kind::Leaf),
            ("meta-data/network/interfaces/macs/0E:00:00:c0:ff:01/mac", Kind::Unknown),
            ("meta-data/tags/instance/Name", Kind::Leaf),
            ("meta-data/tags/instance/_index", Kind::Unknown),
            ("meta-data/iam/security-credentials-extended", Kind::Unknown),
            ("", Kind::Unknown),
        ] {
            assert_eq!(kind(path), want, "{path}");
        }
    }

    #[test]
    fn directories_name_their_children() {
        assert_eq!(children("meta-data/services"), ["domain", "partition"]);
        assert_eq!(children("meta-data/tags/instance"), ["{tag}"]);
        assert_eq!(children("dynamic"), ["fws", "instance-identity"]);
        assert!(children("meta-data/ami-id").is_empty());
        assert_eq!(since("meta-data/placement/region").as_str(), "2020-10-27");
    }
}
