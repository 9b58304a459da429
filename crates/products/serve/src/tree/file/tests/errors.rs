//! What tree files are refused for, with the exact message behind the file name.

/// A tree file and its error.
pub(super) const CASES: &[(&str, &str)] = &[
    (
        "meta-data:\n  instnce-id: x\n",
        "2:3: unknown key `instnce-id` under `meta-data`; did you mean `instance-id`?",
    ),
    ("metadata: {}\n", "1:1: unknown key `metadata` under `the file`; did you mean `meta-data`?"),
    ("\n\n  zzzzzz: 1\n", "3:3: unknown key `zzzzzz` under `the file`"),
    (
        "meta-data:\n  placement:\n    availability_zone: x\n",
        "3:5: unknown key `availability_zone` under `meta-data/placement`; did you mean `availability-zone`?",
    ),
    ("meta-data: { iam/info: x }\n", "1:14: unknown key `iam/info` under `meta-data`"),
    (
        "meta-data: { tags: { instance: { a b: x } } }\n",
        "1:34: `a b` under `meta-data/tags/instance` is not letters, digits and `+-=.,_:@`, at most 128, and not \
             `.`, `..` or `_index`",
    ),
    (
        "meta-data: { network: { interfaces: { macs: { '0E:00:00:C0:FF:01': {} } } } }\n",
        "1:47: `0E:00:00:C0:FF:01` under `meta-data/network/interfaces/macs` is not a MAC address such as \
             `0e:00:00:c0:ff:01`, in lower case",
    ),
    ("meta-data: { ami-id: { x: y } }\n", "1:22: `ami-id` wants text or a list of texts, found a mapping"),
    ("meta-data: { ami-id: [a, [b]] }\n", "1:26: `ami-id` wants a list of texts, found a list"),
    ("meta-data: { placement: here }\n", "1:25: `meta-data/placement` wants a mapping, found text"),
    ("meta-data: x\n", "1:12: `meta-data` wants a mapping, found text"),
    ("- a\n", "1:1: `the file` wants a mapping, found a list"),
    ("a: 1\na: 2\n", "2:1: duplicate key `a`, first on line 1"),
    ("a: &x 1\nb: *x\n", "2:4: aliases (`*name`) are not supported; write the value out"),
    ("<<: {}\n", "1:1: a key must be one line of text"),
    ("? [a]\n: b\n", "1:3: a key must be one line of text"),
    ("\"a\\tb\": c\n", "1:1: a key must be one line of text"),
    ("a: 1\n---\nb: 1\n", "2:1: a second document starts here; a tree file is one document"),
    ("a: !!int 3\n", "1:4: unknown tag `!!int`; known are `!!str` and `!!binary`"),
    ("a: !own 3\n", "1:4: unknown tag `!own`; known are `!!str` and `!!binary`"),
    ("user-data: !!binary '*'\n", "1:12: `!!binary` wants base64"),
    ("user-data: [a]\n", "1:12: `user-data` wants text or `!!binary`, found a list"),
    ("base: full\n", "1:7: `base`: `full` is not `default` or `empty`"),
    ("instance: { typ: t3.micro }\n", "1:13: unknown key `typ` under `instance`; did you mean `type`?"),
    ("instance: { account: 12 }\n", "1:22: `account`: `12` is not an account number of 12 digits"),
    ("instance: { id: i-xyz }\n", "1:17: `id`: `i-xyz` is not `i-` and 8 or 17 hexadecimal digits"),
    ("instance: { id: null }\n", "1:17: `id` wants `i-` and 8 or 17 hexadecimal digits, found nothing"),
    (
        "instance: { region: us-east-1, availability-zone: us-west-2a }\n",
        "1:51: availability zone `us-west-2a` is not in region `us-east-1`",
    ),
    (
        "instance: { region: us-east-1, availability-zone: us-east-11a }\n",
        "1:51: availability zone `us-east-11a` is not in region `us-east-1`",
    ),
    ("instance: { private-ipv4: 10.0.0.256 }\n", "1:27: `private-ipv4`: `10.0.0.256` is not an IPv4 address"),
    (
        "instance: { tags: { '..': x } }\n",
        "1:21: `..` under `tags` is not letters, digits and `+-=.,_:@`, at most 128, and not `.`, `..` or `_index`",
    ),
    (
        "instance: { interfaces: [ { mac: 0e:00:00:c0:ff:01 } ] }\n",
        "1:27: `interfaces` wants a `private-ipv4`, found nothing",
    ),
    (
        "instance: { security-groups: [\"a\\nb\"] }\n",
        "1:30: `security-groups`: `a\u{fffd}b` is not one line of text",
    ),
    (
        "extra: { meta-data/ami-id: x }\n",
        "1:10: `meta-data/ami-id` is a known path; set it under `meta-data`",
    ),
    (
        "extra: { meta-data/ami-id/x: y }\n",
        "1:10: `meta-data/ami-id/x` runs through the value `meta-data/ami-id`",
    ),
    ("extra: { a: x, a/b: y }\n", "1:16: `a/b` runs through the value `a`"),
    ("extra: { api/token: y }\n", "1:10: `api/token` runs through the value `api`"),
    (
        "extra: { a//b: y }\n",
        "1:10: `path`: `a//b` is not a path of at most 256 bytes and 16 segments of letters, digits and \
             `-._~!$&'()*+,;=:@`",
    ),
    (
        "extra: { meta-data/a`b: y }\n",
        "1:10: `path`: `meta-data/a`b` is not a path of at most 256 bytes and 16 segments of letters, digits and \
             `-._~!$&'()*+,;=:@`",
    ),
    ("extra: { a: { since: 1.0 } }\n", "1:13: `a` wants a `value`, found nothing"),
    (
        "extra: { a: { value: x, since: soon } }\n",
        "1:32: `since`: `soon` is not a version such as `2021-03-23`",
    ),
    ("unknown: ignore\n", "1:10: `unknown`: `ignore` is not `refuse` or `keep`"),
    ("unknown: keep\nmeta-data: { a b: x }\n", "2:14: unknown key `a b` under `meta-data`"),
    (
        "unknown: keep\nmeta-data: { tags: { instance: { '': x } } }\n",
        "2:34: `` under `meta-data/tags/instance` is not letters, digits and `+-=.,_:@`, at most 128, and not `.`, \
         `..` or `_index`",
    ),
    (
        "meta-data: { spot: { termination-time: { a: b } } }\n",
        "1:40: `termination-time` wants text or a list of texts, found a mapping",
    ),
];
