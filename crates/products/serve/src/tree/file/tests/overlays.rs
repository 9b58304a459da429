//! What each tree file changes, path by path in `latest`.

/// A tree file and what some paths answer; `None` is absent.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) want: &'static [(&'static str, Option<&'static str>)],
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "an empty file changes nothing",
        file: "",
        want: &[("meta-data/instance-id", Some("i-0e0c0ffee00000001")), ("meta-data/iam", None)],
    },
    Case {
        name: "a value is replaced, its neighbours stay",
        file: "meta-data: { instance-action: shutdown, placement: { partition-number: 7 } }",
        want: &[
            ("meta-data/instance-action", Some("shutdown")),
            ("meta-data/placement/partition-number", Some("7")),
            ("meta-data/placement/region", Some("us-east-1")),
        ],
    },
    Case {
        name: "null removes a value from the listing too",
        file: "meta-data: { placement: { region: null, availability-zone-id: ~ } }",
        want: &[("meta-data/placement/region", None), ("meta-data/placement", Some("availability-zone"))],
    },
    Case {
        name: "null removes a directory",
        file: "meta-data: { events: null }\ndynamic:\n",
        want: &[("meta-data/events/maintenance/history", None), ("dynamic", None), ("", Some("meta-data"))],
    },
    Case {
        name: "a list is joined by line feeds, text keeps its spelling",
        file: "meta-data: { product-codes: [a, b], ami-launch-index: 007, ramdisk-id: '' }",
        want: &[
            ("meta-data/product-codes", Some("a\nb")),
            ("meta-data/ami-launch-index", Some("007")),
            ("meta-data/ramdisk-id", Some("")),
        ],
    },
    Case {
        name: "another interface appears beside the default ones",
        file: "meta-data: { network: { interfaces: { macs: { '02:00:00:00:00:01': { device-number: 2 } } } } }",
        want: &[
            (
                "meta-data/network/interfaces/macs",
                Some("02:00:00:00:00:01/\n0e:00:00:c0:ff:01/\n0e:00:00:c0:ff:02/"),
            ),
            ("meta-data/network/interfaces/macs/02:00:00:00:00:01", Some("device-number")),
        ],
    },
    Case {
        name: "login keys by name",
        file: "meta-data: { public-keys: { one: [ssh-rsa A one], two: ssh-rsa B two } }",
        want: &[
            ("meta-data/public-keys", Some("0=one\n1=two")),
            ("meta-data/public-keys/1/openssh-key", Some("ssh-rsa B two")),
        ],
    },
    Case {
        name: "login keys by index",
        file: "meta-data: { public-keys: { 0=one: { openssh-key: A }, 1: { openssh-key: B } } }",
        want: &[
            ("meta-data/public-keys", Some("0=one\n1=default")),
            ("meta-data/public-keys/0/openssh-key", Some("A")),
        ],
    },
    Case {
        name: "no login keys",
        file: "meta-data: { public-keys: null }",
        want: &[("meta-data/public-keys", None), ("meta-data/public-keys/0/openssh-key", None)],
    },
    Case {
        name: "tags given by path or as facts appear",
        file: "instance: { tags: { Name: a } }\nmeta-data: { tags: { instance: { b:c: '1' } } }",
        want: &[
            ("meta-data/tags", Some("instance/")),
            ("meta-data/tags/instance", Some("Name\nb:c")),
            ("meta-data/tags/instance/b:c", Some("1")),
        ],
    },
    Case {
        name: "a role brings the computed part",
        file: "instance: { role: web }",
        want: &[
            ("meta-data/iam", Some("info\nsecurity-credentials/")),
            ("meta-data/iam/security-credentials", Some("RoleList")),
            ("meta-data/iam/security-credentials/web", Some("RoleCredentials")),
        ],
    },
    Case {
        name: "credentials in the file are listed as they are",
        file: "instance: { role: web }\nmeta-data: { iam: { security-credentials: { own: '{}' } } }",
        want: &[
            ("meta-data/iam/security-credentials", Some("own\nweb")),
            ("meta-data/iam/security-credentials/own", Some("{}")),
        ],
    },
    Case {
        name: "facts reach every place that shows them",
        file: "instance: { id: i-12345678, type: m7i.large, account: '000000000001', private-ipv4: 10.7.0.9, \
                   public-ipv4: null, ipv6: ~, availability-zone: eu-west-1c }",
        want: &[
            ("meta-data/instance-id", Some("i-12345678")),
            ("meta-data/local-ipv4", Some("10.7.0.9")),
            ("meta-data/local-hostname", Some("ip-10-7-0-9.eu-west-1.compute.internal")),
            ("meta-data/public-ipv4", None),
            ("meta-data/public-hostname", None),
            ("meta-data/ipv6", None),
            ("meta-data/placement/region", Some("eu-west-1")),
            ("meta-data/placement/availability-zone-id", Some("euw1-az3")),
            (
                "meta-data/network/interfaces/macs/0e:00:00:c0:ff:01/subnet-ipv4-cidr-block",
                Some("10.7.0.0/20"),
            ),
            (
                "meta-data/network/interfaces/macs/0e:00:00:c0:ff:01/vpc-ipv4-cidr-blocks",
                Some("10.7.0.0/16\n10.0.0.0/16"),
            ),
            ("meta-data/network/interfaces/macs/0e:00:00:c0:ff:01/owner-id", Some("000000000001")),
            ("meta-data/network/interfaces/macs/0e:00:00:c0:ff:01/ipv4-prefix", None),
            ("meta-data/network/interfaces/macs/0e:00:00:c0:ff:01/ipv6s", None),
        ],
    },
    Case {
        name: "a region alone moves to its first zone and partition",
        file: "instance: { region: cn-north-1 }",
        want: &[
            ("meta-data/placement/availability-zone", Some("cn-north-1a")),
            ("meta-data/services/domain", Some("amazonaws.com.cn")),
            ("meta-data/services/partition", Some("aws-cn")),
        ],
    },
    Case {
        name: "a document of one's own",
        file: "dynamic: { instance-identity: { document: '{}', signature: null } }",
        want: &[(super::DOCUMENT, Some("{}")), ("dynamic/instance-identity/signature", None)],
    },
    Case {
        name: "user data",
        file: "user-data: hello",
        want: &[("user-data", Some("hello")), ("", Some("dynamic\nmeta-data\nuser-data"))],
    },
    Case {
        name: "an empty base shows what the file says",
        file: "base: empty\ninstance: { role: web }\nmeta-data: { ami-id: ami-1 }",
        want: &[("", Some("meta-data")), ("meta-data", Some("ami-id\niam/")), (super::DOCUMENT, None)],
    },
    Case {
        name: "extra paths",
        file: "extra: { vendor-data/a: x, meta-data/feature/b: { value: y, since: 2030-01-01 } }",
        want: &[
            ("", Some("dynamic\nmeta-data\nvendor-data")),
            ("vendor-data/a", Some("x")),
            ("meta-data/feature", Some("b")),
        ],
    },
    Case {
        name: "values that are JSON may be written out",
        file: "meta-data: { identity-credentials: { ec2: { info: { Code: Success, AccountId: '1' } } }, \
               events: { maintenance: { scheduled: [ { Code: system-reboot, NotAfter: null } ], history: [] } } }",
        want: &[
            (
                "meta-data/identity-credentials/ec2/info",
                Some("{\n  \"Code\" : \"Success\",\n  \"AccountId\" : \"1\"\n}"),
            ),
            (
                "meta-data/events/maintenance/scheduled",
                Some("[ {\n  \"Code\" : \"system-reboot\",\n  \"NotAfter\" : null\n} ]"),
            ),
            ("meta-data/events/maintenance/history", Some("[]")),
        ],
    },
    Case {
        name: "unknown keys can be kept, whatever the order of the sections",
        file: "meta-data: { later: { a: x, b: [y, z], c: {} } }\nunknown: keep",
        want: &[
            ("meta-data/later", Some("a\nb")),
            ("meta-data/later/a", Some("x")),
            ("meta-data/later/b", Some("y\nz")),
            ("meta-data/instance-id", Some("i-0e0c0ffee00000001")),
        ],
    },
];
