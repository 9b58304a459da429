//! Metadata, credential and platform services of clouds, container runtimes and clusters, as data.
//!
//! Addresses and names listed here belong to the deny floor: no policy opens them for a URL that a stranger chose.
//! A service that listens on the machine's own loopback has no address of its own; it is known by its port.
//! Several clouds share an address: [`at`] returns the first row of the table, [`sharing`] all of them.
//! Nothing here fails. A table: it runs long on purpose.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a service hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Instance metadata, credentials of the instance's role among them.
    Metadata,
    /// Credentials of a task, a pod or a function.
    Credentials,
    /// The platform's channel to its own software on the instance.
    Platform,
    /// Name, time and licence services beside the metadata service: for the host, never for a stranger's URL.
    Neighbour,
    /// The control interface of a runtime or cluster on the machine itself.
    Control,
}

/// One service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provider {
    /// Stable short name, e.g. `ec2`.
    pub name: &'static str,
    /// What it hands out.
    pub role: Role,
    /// Its addresses. The same address may stand in several rows.
    pub addresses: &'static [IpAddr],
    /// Its names, lower-case, without a dot at the end. Names below them count too.
    pub names: &'static [&'static str],
    /// Ports where it answers. For [`Role::Control`] and rows without an address: on the machine's own addresses.
    pub ports: &'static [u16],
    /// Beginnings of its paths.
    pub paths: &'static [&'static str],
    /// Headers that a request must carry.
    pub headers: &'static [(&'static str, &'static str)],
    /// Where the row comes from.
    pub source: &'static str,
}

const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

/// An address from its first three groups and its last two; the groups between are zero.
const fn v6(head: [u16; 3], tail: [u16; 2]) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(head[0], head[1], head[2], 0, 0, 0, tail[0], tail[1]))
}

/// The address that most clouds use.
const COMMON: IpAddr = v4(169, 254, 169, 254);
/// The same four bytes at the end of a link-local IPv6 address.
const COMMON_LINK_LOCAL: IpAddr = v6([0xfe80, 0, 0], [0xa9fe, 0xa9fe]);

const BLANK: Provider = Provider {
    name: "",
    role: Role::Metadata,
    addresses: &[],
    names: &[],
    ports: &[80],
    paths: &[],
    headers: &[],
    source: "",
};

const EC2_PATHS: &[&str] = &["/latest/", "/2009-04-04/"];

/// Every service, the most common first.
pub static CATALOGUE: &[Provider] = &[
    Provider {
        name: "ec2",
        addresses: &[COMMON, v6([0xfd00, 0xec2, 0], [0, 0x254])],
        names: &["instance-data", "instance-data.ec2.internal"],
        paths: &["/latest/meta-data/", "/latest/user-data", "/latest/dynamic/", "/latest/api/token"],
        headers: &[("x-aws-ec2-metadata-token", "a token, unless version 1 is allowed")],
        source: "EC2 User Guide, instance metadata; cloud-init DataSourceEc2.py",
        ..BLANK
    },
    Provider {
        name: "ecs",
        role: Role::Credentials,
        addresses: &[v4(169, 254, 170, 2)],
        paths: &["/v2/credentials", "/v2/metadata", "/v3/", "/v4/"],
        source: "ECS Developer Guide, task metadata; smithy-rs aws-config/src/ecs.rs",
        ..BLANK
    },
    Provider {
        name: "eks-pod-identity",
        role: Role::Credentials,
        addresses: &[v4(169, 254, 170, 23), v6([0xfd00, 0xec2, 0], [0, 0x23])],
        paths: &["/v1/credentials"],
        headers: &[("authorization", "the pod's token")],
        source: "eks-pod-identity-agent configuration/config.go",
        ..BLANK
    },
    Provider {
        name: "aws-neighbours",
        role: Role::Neighbour,
        addresses: &[
            v4(169, 254, 169, 253),
            v6([0xfd00, 0xec2, 0], [0, 0x253]),
            v4(169, 254, 169, 123),
            v6([0xfd00, 0xec2, 0], [0, 0x123]),
            v4(169, 254, 169, 250),
            v4(169, 254, 169, 251),
        ],
        ports: &[53, 123, 1688],
        source: "VPC and EC2 User Guides: resolver, time service, Windows licence service",
        ..BLANK
    },
    Provider {
        name: "lambda",
        role: Role::Credentials,
        ports: &[9001],
        paths: &["/2018-06-01/runtime/", "/2020-01-01/extension/"],
        source: "Lambda runtime interface, AWS_LAMBDA_RUNTIME_API on the loopback address",
        ..BLANK
    },
    Provider {
        name: "gcp",
        addresses: &[COMMON, v6([0xfd20, 0xce, 0], [0, 0x254]), v4(169, 254, 169, 252)],
        names: &["metadata.google.internal", "metadata.goog", "metadata"],
        paths: &["/computeMetadata/v1/", "/computeMetadata/v1beta1/", "/0.1/meta-data/"],
        headers: &[("metadata-flavor", "Google")],
        source: "Compute Engine documentation, metadata server; GKE workload identity",
        ..BLANK
    },
    Provider {
        name: "azure",
        addresses: &[COMMON],
        names: &["metadata.azure.internal"],
        paths: &["/metadata/instance", "/metadata/identity/oauth2/token", "/metadata/attested/"],
        headers: &[("metadata", "true")],
        source: "Azure Instance Metadata Service documentation; cloud-init DataSourceAzure.py",
        ..BLANK
    },
    Provider {
        name: "azure-wireserver",
        role: Role::Platform,
        addresses: &[v4(168, 63, 129, 16)],
        ports: &[80, 32526, 53],
        paths: &["/machine", "/machine/", "/?comp=versions", "/vmSettings"],
        headers: &[("x-ms-version", "a date")],
        source: "Azure documentation, what is IP address 168.63.129.16; GuestProxyAgent",
        ..BLANK
    },
    Provider {
        name: "azure-local-identity",
        role: Role::Credentials,
        ports: &[40342, 41741, 42356],
        paths: &["/metadata/identity/oauth2/token", "/msi/token"],
        headers: &[("metadata", "true"), ("x-identity-header", "a secret of the process")],
        source: "Azure Arc and App Service managed identity endpoints on the loopback address",
        ..BLANK
    },
    Provider {
        name: "alibaba",
        addresses: &[v4(100, 100, 100, 200)],
        paths: &["/latest/meta-data/", "/latest/user-data", "/latest/dynamic/", "/latest/api/token"],
        headers: &[("x-aliyun-ecs-metadata-token", "a token, unless plain reads are allowed")],
        source: "Alibaba Cloud ECS documentation; cloud-init DataSourceAliYun.py",
        ..BLANK
    },
    Provider {
        name: "oracle",
        addresses: &[COMMON, v6([0xfd00, 0xc1, 0], [0xa9fe, 0xa9fe])],
        paths: &["/opc/v1/", "/opc/v2/"],
        headers: &[("authorization", "Bearer Oracle")],
        source: "cloud-init DataSourceOracle.py",
        ..BLANK
    },
    Provider {
        name: "oracle-classic",
        addresses: &[v4(192, 0, 0, 192)],
        paths: EC2_PATHS,
        source: "Oracle Cloud Infrastructure Classic documentation",
        ..BLANK
    },
    Provider {
        name: "scaleway",
        addresses: &[v4(169, 254, 42, 42), v6([0xfd00, 0x42, 0], [0, 0x42])],
        paths: &["/conf", "/user_data/", "/vendor_data/"],
        source: "cloud-init DataSourceScaleway.py (user data asks for a source port below 1024)",
        ..BLANK
    },
    Provider {
        name: "akamai",
        addresses: &[COMMON, v6([0xfd00, 0xa9fe, 0xa9fe], [0, 1])],
        paths: &["/v1/instance", "/v1/user-data", "/v1/network", "/v1/token"],
        headers: &[("metadata-token", "a token")],
        source: "cloud-init DataSourceAkamai.py",
        ..BLANK
    },
    Provider {
        name: "openstack",
        addresses: &[COMMON, COMMON_LINK_LOCAL],
        paths: &["/openstack/", "/latest/", "/2009-04-04/"],
        source: "cloud-init DataSourceOpenStack.py",
        ..BLANK
    },
    Provider {
        name: "hetzner",
        addresses: &[COMMON, COMMON_LINK_LOCAL],
        paths: &["/hetzner/v1/metadata", "/hetzner/v1/userdata"],
        source: "cloud-init DataSourceHetzner.py",
        ..BLANK
    },
    Provider {
        name: "digitalocean",
        addresses: &[COMMON],
        paths: &["/metadata/v1"],
        source: "cloud-init DataSourceDigitalOcean.py",
        ..BLANK
    },
    Provider {
        name: "vultr",
        addresses: &[COMMON],
        paths: &["/v1.json", "/v1/"],
        source: "cloud-init DataSourceVultr.py",
        ..BLANK
    },
    Provider {
        name: "upcloud",
        addresses: &[COMMON],
        paths: &["/metadata/v1.json"],
        source: "cloud-init DataSourceUpCloud.py",
        ..BLANK
    },
    Provider {
        name: "exoscale",
        addresses: &[COMMON],
        paths: &["/1.0/meta-data", "/1.0/user-data"],
        source: "cloud-init DataSourceExoscale.py",
        ..BLANK
    },
    Provider {
        name: "nwcs",
        addresses: &[COMMON],
        paths: &["/api/v1/metadata"],
        source: "cloud-init DataSourceNWCS.py",
        ..BLANK
    },
    Provider {
        name: "cloudcix",
        addresses: &[COMMON],
        paths: &["/v1/metadata", "/v1/userdata"],
        source: "cloud-init DataSourceCloudCIX.py",
        ..BLANK
    },
    Provider {
        name: "ibm",
        addresses: &[COMMON],
        names: &["api.metadata.cloud.ibm.com"],
        paths: &["/metadata/v1/", "/instance_identity/v1/"],
        headers: &[("metadata-flavor", "ibm"), ("authorization", "Bearer and a token")],
        source: "IBM Cloud VPC documentation, metadata service",
        ..BLANK
    },
    Provider {
        name: "yandex",
        addresses: &[COMMON],
        paths: &["/computeMetadata/v1/", "/latest/"],
        headers: &[("metadata-flavor", "Google")],
        source: "Yandex Cloud documentation, VM metadata",
        ..BLANK
    },
    Provider {
        name: "huawei",
        addresses: &[COMMON],
        paths: &["/openstack/latest/", "/latest/meta-data/"],
        source: "Huawei Cloud ECS documentation",
        ..BLANK
    },
    Provider {
        name: "tencent",
        addresses: &[v4(169, 254, 0, 23)],
        names: &["metadata.tencentyun.com"],
        paths: &["/latest/meta-data/", "/meta-data/"],
        source: "Tencent Cloud CVM documentation, instance metadata",
        ..BLANK
    },
    Provider {
        name: "equinix",
        names: &["metadata.packet.net", "metadata.platformequinix.com"],
        paths: &["/metadata", "/2009-04-04/", "/userdata"],
        source: "Equinix Metal documentation: a public name for an address inside",
        ..BLANK
    },
    Provider {
        name: "rancher",
        names: &["rancher-metadata", "rancher-metadata.rancher.internal"],
        paths: &["/latest/", "/2015-07-25/", "/2015-12-19/"],
        source: "Rancher 1.6 documentation, metadata service",
        ..BLANK
    },
    Provider {
        name: "cloudstack",
        names: &["data-server"],
        paths: &["/latest/meta-data/", "/latest/user-data"],
        source: "cloud-init DataSourceCloudStack.py (or the DHCP server's address)",
        ..BLANK
    },
    Provider {
        name: "kubernetes",
        role: Role::Control,
        names: &[
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
        ],
        ports: &[6443, 10250, 10255, 10256],
        paths: &["/api/v1/", "/apis/", "/pods", "/runningpods/", "/exec/", "/metrics"],
        source: "Kubernetes documentation, ports and protocols",
        ..BLANK
    },
    Provider {
        name: "etcd",
        role: Role::Control,
        ports: &[2379, 2380],
        paths: &["/v2/keys/", "/v3/kv/"],
        source: "etcd documentation",
        ..BLANK
    },
    Provider {
        name: "docker",
        role: Role::Control,
        ports: &[2375, 2376],
        paths: &["/containers/", "/images/", "/version", "/info"],
        source: "Docker Engine API documentation",
        ..BLANK
    },
    Provider {
        name: "consul",
        role: Role::Control,
        ports: &[8500, 8501],
        paths: &["/v1/agent/", "/v1/kv/"],
        source: "Consul documentation, required ports",
        ..BLANK
    },
    Provider {
        name: "vault",
        role: Role::Control,
        ports: &[8200],
        paths: &["/v1/sys/", "/v1/secret/"],
        source: "Vault documentation, listener",
        ..BLANK
    },
];

/// The first service of the catalogue at this address, as it stands: embeddings are for
/// [`classify`](crate::classify).
pub fn at(address: IpAddr) -> Option<&'static Provider> {
    sharing(address).next()
}

/// Every service of the catalogue at this address.
pub fn sharing(address: IpAddr) -> impl Iterator<Item = &'static Provider> {
    CATALOGUE.iter().filter(move |provider| provider.addresses.contains(&address))
}

/// The service that listens on this port of the machine's own addresses.
pub fn on_own_port(port: u16) -> Option<&'static Provider> {
    CATALOGUE
        .iter()
        .find(|provider| provider.addresses.is_empty() && port != 80 && provider.ports.contains(&port))
}

/// The service with this name or a name above it. The name is canonical: lower-case, no dot at the end.
pub fn named(name: &str) -> Option<&'static Provider> {
    CATALOGUE.iter().find(|provider| provider.names.iter().any(|known| is_or_below(name, known)))
}

/// Whether a name is another one or lies below it, label by label.
pub(crate) fn is_or_below(name: &str, above: &str) -> bool {
    name.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
