//! `IMDS-DNS`.

use super::sigma::{Detection, Selection, Sigma, Source, Values, forms};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:14:09Z","query_name":"a.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"169.254.169.254","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53122","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#;

/// A name that leads to a metadata service.
pub static DNS: Rule = Rule {
    id: "IMDS-DNS",
    title: "name that leads to a metadata service",
    severity: Severity::High,
    what: "A DNS answer is the address of a metadata service, or a name was asked that carries one, such as \
           `169-254-169-254.nip.io`.",
    why: "No public name has a reason to lead there: it is made to pass a filter that looks at names.",
    example: EXAMPLE,
    instead: "Judge every answer before connecting (`onehop check --resolve`), and block such answers in the resolver.",
    false_positives: "Names of the provider itself, such as `metadata.google.internal` on its own instances.",
    references: &[
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html",
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html",
    ],
    tags: &["T1552.005", "T1071.004", "CWE-350"],
    docs_url: Some("docs/rules/IMDS-DNS.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &DNS,
    found: &[
        Sample { about: "Route 53 Resolver, an answer", logs: &[EXAMPLE] },
        Sample {
            about: "Route 53 Resolver, a name that carries the address",
            logs: &[
                r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:14:10Z","query_name":"x.169-254-169-254.nip.io.","query_type":"A","query_class":"IN","rcode":"SERVFAIL","answers":[],"srcaddr":"10.0.0.7","srcport":"53123","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#,
            ],
        },
    ],
    benign: &[
        Sample {
            about: "a public answer",
            logs: &[
                r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:14:11Z","query_name":"a.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53124","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#,
            ],
        },
        Sample {
            about: "a name that carries a public address",
            logs: &[
                r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:14:12Z","query_name":"203-0-113-9.nip.io.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53125","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#,
            ],
        },
    ],
    sigma: &[ANSWER, NAME, ZEEK],
};

/// Names of the providers themselves.
const OWN_NAMES: Values =
    Values::Texts(&[&["metadata.google.internal", "instance-data.ec2.internal", "metadata.goog"]]);

const ANSWER: Sigma = Sigma {
    name: "net_dns_onehop_imds_answer",
    title: "DNS Answer With the Address of a Metadata Service",
    description: "A resolver answered with the address of a metadata or credential service, as it is or inside IPv6. No \
                  public name has a reason to lead there.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Dns,
        selections: &[
            Selection::Anywhere("selection", &["answer"], Values::Texts(&[forms::ANSWERS])),
            Selection::Anywhere("filter_own", &["query"], OWN_NAMES),
        ],
        condition: "selection and not filter_own",
    },
    fields: &["src_ip", "query", "record_type", "answer"],
    false_positives: &["Names of the provider itself under other spellings"],
};

const NAME: Sigma = Sigma {
    name: "net_dns_onehop_imds_name",
    title: "DNS Query for a Name That Carries a Metadata Address",
    description: "A name was asked that carries the address of a metadata service, for one of the public services that \
                  answer with what is written in the name.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Dns,
        selections: &[Selection::Anywhere("selection", &["query"], Values::Texts(&[forms::CARRYING_NAMES]))],
        condition: "selection",
    },
    fields: &["src_ip", "query", "record_type", "answer"],
    false_positives: &["Security researchers and scanners that you run yourself"],
};

const ZEEK: Sigma = Sigma {
    name: "zeek_dns_onehop_imds",
    title: "Name That Leads to a Metadata Service in Zeek",
    description: "Zeek saw an answer with the address of a metadata or credential service, or a query for a name that \
                  carries one.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::ZeekDns,
        selections: &[
            Selection::Anywhere("selection_answer", &["answers"], Values::Texts(&[forms::ANSWERS])),
            Selection::Anywhere("selection_name", &["query"], Values::Texts(&[forms::CARRYING_NAMES])),
            Selection::Anywhere("filter_own", &["query"], OWN_NAMES),
        ],
        condition: "1 of selection_* and not filter_own",
    },
    fields: &["id.orig_h", "id.resp_h", "query", "qtype_name", "answers", "rcode_name"],
    false_positives: &["Names of the provider itself under other spellings"],
};
