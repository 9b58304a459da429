//! The spellings of hosts and paths that the Sigma pack lists. A table: it runs long on purpose.
//!
//! Texts are looked for as they stand. A form becomes a regular expression that lets every letter, digit, dot, colon,
//! slash and dash stand under any number of percent-encodings, and letters in both cases:
//!
//! | in a form | matches |
//! |---|---|
//! | `1` | `1`, `%31`, `%2531`, … |
//! | `a` | `a`, `A`, `%61`, `%41`, `%2561`, … |
//! | `.` | `.`, `%2e`, `%252E`, … |
//! | `(a\|b)`, `0*`, `0+`, `0?` | choice and repetition |

/// Plain addresses of services of AWS; the second covers the pod identity agent, `169.254.170.23`.
pub const PLAIN_AWS: &[&str] = &["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "fd00:ec2::23"];

/// Plain addresses that only other clouds use.
pub const PLAIN_OTHERS: &[&str] =
    &["100.100.100.200", "168.63.129.16", "169.254.0.23", "169.254.42.42", "192.0.0.192", "fd20:ce::254"];

/// Names of services, and names under public services that carry an address.
pub const NAMES: &[&str] = &[
    "instance-data.ec2.internal",
    "//instance-data/",
    "%2f%2finstance-data%2f",
    "metadata.google.internal",
    "//metadata.goog",
    "%2f%2fmetadata.goog",
    "metadata.tencentyun.com",
    "metadata.packet.net",
    "metadata.azure.internal",
    "api.metadata.cloud.ibm.com",
    "169-254-169-254",
    "169-254-170-2",
];

/// Names that carry an address, as they are asked of a resolver.
pub const CARRYING_NAMES: &[&str] = &[
    "169-254-169-254",
    "169.254.169.254.",
    "169-254-170-2",
    "169.254.170.2.",
    "a9fea9fe",
    "a9feaa02",
    "a9feaa17",
    "a9fe-a9fe",
    "fd00-ec2--",
    "100-100-100-200",
];

/// IPv4 of `169.254.169.254` and its kin in four parts, each in decimal, hexadecimal or octal.
pub const FOUR_PARTS: &[&str] = &[
    "(169|0x0*a9|0+251).(254|0x0*fe|0+376).(169|0x0*a9|0+251).(254|0x0*fe|0+376)",
    "(169|0x0*a9|0+251).(254|0x0*fe|0+376).(170|0x0*aa|0+252).(2|0x0*(2|17)|0+2)",
];

/// IPv4 in fewer parts, and with parts that overflow.
pub const FEWER_PARTS: &[&str] = &[
    "(169|0x0*a9|0+251).(254|0x0*fe|0+376).(435(18|22|43)|0x0*a(9fe|a02|a17)|0+12(4776|5002|5027))",
    "(169|0x0*a9|0+251).(166896(62|66|87)|0x0*fea(9fe|a02|a17)|0+775(24776|25002|25027))",
    "28520391(66|70|91)",
    "0x0*a9fea(9fe|a02|a17)",
    "0+251775(24776|25002|25027)",
    "425.510.425.510",
    "7147006462",
];

/// IPv6: IPv4 inside (mapped, compatible, NAT64, 6to4), and addresses of its own.
pub const SIX: &[&str] = &["a9fe:a(9fe|a02|a17)", "fd00:0?ec2:(0*:)+0*(254|23)", "fd20:0*ce:(0*:)+0*254"];

/// Names with letters under percent-encodings.
pub const ENCODED_NAMES: &[&str] =
    &["instance-data.ec2.internal", "metadata.google.internal", "169-254-169-254", "100.100.100.200"];

/// Paths that only a metadata service has.
pub const PATHS: &[&str] = &[
    "/latest/meta-data",
    "/latest/user-data",
    "/latest/dynamic/instance-identity",
    "/latest/api/token",
    "/computemetadata/v1",
    "/metadata/instance",
    "/metadata/identity/oauth2",
    "/opc/v1/instance",
    "/opc/v2/instance",
];

/// The same inside the value of a parameter.
pub const ENCODED_PATHS: &[&str] = &[
    "latest%2fmeta-data",
    "latest%252fmeta-data",
    "latest%2fuser-data",
    "latest%2fapi%2ftoken",
    "computemetadata%2fv1",
    "iam/security-credentials",
    "iam%2fsecurity-credentials",
];

/// Networks of the services, for fields that hold one address.
pub const NETWORKS: &[&str] =
    &["169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "fd00:ec2::254/128", "fd00:ec2::23/128"];

/// Addresses in answers of a resolver.
pub const ANSWERS: &[&str] = &[
    "169.254.169.254",
    "169.254.170.2",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe:",
    "100.100.100.200",
    "fd20:ce::254",
];
