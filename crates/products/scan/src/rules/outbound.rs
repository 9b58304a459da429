//! `IMDS-OUTBOUND`.

use super::sigma::{Detection, Selection, Sigma, Source, Values, forms};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = "1772615650.117      3 10.0.0.7 TCP_MISS/200 1502 GET http://169.254.169.254/latest/meta-data/iam/security-credentials/made-up - HIER_DIRECT/169.254.169.254 text/plain";

/// A call to a metadata service, seen on its way out.
pub static OUTBOUND: Rule = Rule {
    id: "IMDS-OUTBOUND",
    title: "outbound call to a metadata service",
    severity: Severity::High,
    what: "A proxy or a network sensor saw a connection to a metadata service, or was asked for one.",
    why: "Programs reach the service directly. A call through a proxy is a fetch on behalf of somebody else, and it \
          proves that the forged request left the application.",
    example: EXAMPLE,
    instead: "Deny the service's addresses in the proxy, in every form and after resolving.",
    false_positives: "Software of the host itself that is made to use the proxy for everything: set `NO_PROXY`. A \
                      network sensor on the instance sees every legitimate call.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-limiting-access.html",
    ],
    tags: &["T1552.005", "T1190", "CWE-918"],
    docs_url: Some("docs/rules/IMDS-OUTBOUND.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &OUTBOUND,
    found: &[
        Sample { about: "Squid, asked for the address", logs: &[EXAMPLE] },
        Sample {
            about: "Squid, asked for a name that led there",
            logs: &[
                "1772615651.204      4 10.0.0.7 TCP_MISS/200 1502 GET http://cdn.example/a - HIER_DIRECT/169.254.169.254 text/plain",
            ],
        },
        Sample {
            about: "Smokescreen, which refused",
            logs: &[
                r#"{"allow":false,"decision_reason":"The destination address was denied by rule","enforce_would_deny":true,"id":"made-up","inbound_remote_addr":"10.0.0.7:41000","level":"warning","msg":"CANONICAL-PROXY-DECISION","outbound_remote_addr":"169.254.169.254:80","project":"","proxy_type":"http","requested_host":"cdn.example:80","role":"web","time":"2026-03-04T09:14:11Z","trace_id":""}"#,
            ],
        },
    ],
    benign: &[
        Sample {
            about: "a call to somewhere else",
            logs: &[
                "1772615652.311     41 10.0.0.7 TCP_MISS/200 5120 GET http://cdn.example/latest/list - HIER_DIRECT/203.0.113.70 text/html",
            ],
        },
        Sample {
            about: "the address in the query of a call to somewhere else, which is `IMDS-URL`",
            logs: &[
                "1772615653.402     41 10.0.0.7 TCP_MISS/200 5120 GET http://search.example/?q=169.254.169.254 - HIER_DIRECT/203.0.113.70 text/html",
            ],
        },
    ],
    sigma: &[PROXY, PROXY_DISGUISED, ZEEK_RELAYED, ZEEK_CREDENTIALS],
};

const PROXY: Sigma = Sigma {
    name: "proxy_onehop_imds_outbound",
    title: "Outbound Call to a Metadata Service Through a Proxy",
    description: "A proxy was asked for a metadata or credential service of a cloud, or dialled one. Programs reach the \
                  service directly: this is a fetch on behalf of somebody else that left the application.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Proxy,
        selections: &[
            Selection::Anywhere(
                "selection_host",
                &["cs-host", "r-dns"],
                Values::Texts(&[
                    forms::PLAIN_AWS,
                    forms::PLAIN_OTHERS,
                    &["metadata.google.internal", "169-254-169-254"],
                ]),
            ),
            Selection::Anywhere(
                "selection_url",
                &["c-uri"],
                Values::Texts(&[&[
                    "://169.254.169.254",
                    "://169.254.170.2",
                    "://[fd00:ec2::254]",
                    "://[fd00:ec2::23]",
                    "://100.100.100.200",
                    "://metadata.google.internal",
                    "://instance-data.ec2.internal",
                    "://169-254-169-254",
                ]]),
            ),
            Selection::Every("selection_dialled", &[("dst_ip|cidr", Values::Texts(&[forms::NETWORKS]))]),
        ],
        condition: "1 of selection_*",
    },
    fields: &["src_ip", "dst_ip", "cs-method", "c-uri", "cs-host", "c-useragent", "sc-status", "sc-bytes"],
    false_positives: &["Software of the host itself that is made to use the proxy for everything"],
};

const PROXY_DISGUISED: Sigma = Sigma {
    name: "proxy_onehop_imds_outbound_disguised",
    title: "Disguised Outbound Call to a Metadata Service Through a Proxy",
    description: "A proxy was asked for a metadata or credential service in a spelling that is made to pass a filter: as \
                  one number, in hexadecimal or octal, in fewer parts, inside IPv6, or percent-encoded.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Proxy,
        selections: &[
            Selection::Anywhere(
                "selection",
                &["c-uri", "cs-host", "r-dns"],
                Values::Forms(&[forms::FOUR_PARTS, forms::FEWER_PARTS, forms::SIX]),
            ),
            Selection::Anywhere(
                "filter_plain",
                &["c-uri", "cs-host", "r-dns"],
                Values::Texts(&[forms::PLAIN_AWS, forms::PLAIN_OTHERS]),
            ),
        ],
        condition: "selection and not filter_plain",
    },
    fields: &["src_ip", "dst_ip", "cs-method", "c-uri", "cs-host", "c-useragent", "sc-status", "sc-bytes"],
    false_positives: &["Security scanners that you run yourself"],
};

const ZEEK_RELAYED: Sigma = Sigma {
    name: "zeek_http_onehop_imds_relayed",
    title: "HTTP Request for a Metadata Service Sent to Another Host",
    description: "A request names a metadata or credential service as its host but goes to another address: a proxy, or a \
                  reverse proxy that is tried as one.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::ZeekHttp,
        selections: &[
            Selection::Anywhere(
                "selection_host",
                &["host"],
                Values::Texts(&[forms::PLAIN_AWS, forms::PLAIN_OTHERS, &["metadata.google.internal"]]),
            ),
            Selection::Anywhere(
                "selection_target",
                &["uri"],
                Values::Texts(&[&[
                    "http://169.254.169.254",
                    "http://169.254.170.2",
                    "http://[fd00:ec2::254]",
                    "http://[fd00:ec2::23]",
                    "http://metadata.google.internal",
                ]]),
            ),
            Selection::Every("filter_direct", &[("id.resp_h|cidr", Values::Texts(&[forms::NETWORKS]))]),
        ],
        condition: "1 of selection_* and not filter_direct",
    },
    fields: &["id.orig_h", "id.resp_h", "method", "host", "uri", "user_agent", "status_code"],
    false_positives: &["Software of the host itself that is made to use a proxy for everything"],
};

const ZEEK_CREDENTIALS: Sigma = Sigma {
    name: "zeek_http_onehop_imds_credentials",
    title: "Role Credentials Read From the Metadata Service by an Unusual Client",
    description: "A sensor on the instance saw a read of role credentials or user data by a client that is neither an SDK \
                  of AWS nor its agents. The token header is not in this log, so that IMDSv1 and IMDSv2 look alike.",
    level: Severity::Low,
    detection: Detection::Event {
        source: Source::ZeekHttp,
        selections: &[
            Selection::Every(
                "selection",
                &[
                    ("id.resp_h|cidr", Values::Texts(&[forms::NETWORKS])),
                    (
                        "uri|contains",
                        Values::Texts(&[&["/security-credentials", "/user-data", "/credentials"]]),
                    ),
                ],
            ),
            Selection::Anywhere(
                "filter_ordinary",
                &["user_agent"],
                Values::Texts(&[&["aws", "amazon", "boto", "cloud-init", "hashicorp"]]),
            ),
        ],
        condition: "selection and not filter_ordinary",
    },
    fields: &["id.orig_h", "id.resp_h", "method", "uri", "user_agent", "status_code", "response_body_len"],
    false_positives: &["Scripts of your own that read credentials or user data with curl"],
};
