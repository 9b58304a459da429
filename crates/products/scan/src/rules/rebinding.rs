//! `DNS-REBINDING`.

use super::sigma::{Detection, Selection, Sigma, Source, Together, Values, forms};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:15:01Z","query_name":"r.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53130","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}
{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:15:02Z","query_name":"r.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"169.254.169.254","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53131","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#;

/// One name with a public answer and the address of a metadata service.
pub static REBINDING: Rule = Rule {
    id: "DNS-REBINDING",
    title: "name with a public answer and a metadata address",
    severity: Severity::Critical,
    what: "Within a window of time one name was answered with a public address and with the address of a metadata \
           service.",
    why: "A check sees the first answer and the connection uses the second.",
    example: EXAMPLE,
    instead: "Resolve once, judge every answer and connect to the judged address.",
    false_positives: "None known.",
    references: &[
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html",
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html",
    ],
    tags: &["T1552.005", "T1071.004", "CWE-350", "CWE-367"],
    docs_url: Some("docs/rules/DNS-REBINDING.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &REBINDING,
    found: &[
        Sample { about: "one answer after the other", logs: &[EXAMPLE] },
        Sample {
            about: "both in one answer",
            logs: &[
                r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:15:03Z","query_name":"both.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"},{"Rdata":"169.254.169.254","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53132","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#,
            ],
        },
    ],
    benign: &[Sample {
        about: "two names, of which one leads there",
        logs: &[
            r#"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:15:04Z","query_name":"one.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53133","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}
{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0example","query_timestamp":"2026-03-04T09:15:05Z","query_name":"two.example.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"169.254.169.254","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.7","srcport":"53134","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}"#,
        ],
    }],
    sigma: &[PUBLIC_ANSWER, METADATA_ANSWER, TOGETHER],
};

const PUBLIC_ANSWER: Sigma = Sigma {
    name: "net_dns_onehop_public_answer",
    title: "DNS Answer With an Address Outside the Link",
    description: "Half of a correlation, of no use by itself: a resolver answered with an IPv4 address that is not \
                  link-local.",
    level: Severity::Info,
    detection: Detection::Event {
        source: Source::Dns,
        selections: &[
            Selection::Every(
                "selection",
                &[("record_type", Values::Texts(&[&["A"]])), ("answer|contains", Values::Texts(&[&["."]]))],
            ),
            Selection::Anywhere(
                "filter_link_local",
                &["answer"],
                Values::Texts(&[&["169.254.", "100.100.100.200"]]),
            ),
        ],
        condition: "selection and not filter_link_local",
    },
    fields: &["src_ip", "query", "record_type", "answer"],
    false_positives: &["Nearly every answer: do not alert on this rule"],
};

const METADATA_ANSWER: Sigma = Sigma {
    name: "net_dns_onehop_metadata_answer",
    title: "DNS Answer With a Metadata Address as Half of a Correlation",
    description: "Half of a correlation, of no use by itself: a resolver answered with the address of a metadata or \
                  credential service.",
    level: Severity::Info,
    detection: Detection::Event {
        source: Source::Dns,
        selections: &[Selection::Anywhere("selection", &["answer"], Values::Texts(&[forms::ANSWERS]))],
        condition: "selection",
    },
    fields: &["src_ip", "query", "record_type", "answer"],
    false_positives: &["Names of the provider itself: do not alert on this rule"],
};

const TOGETHER: Sigma = Sigma {
    name: "correlation_onehop_dns_rebinding",
    title: "DNS Rebinding to a Metadata Service",
    description: "Within ten minutes one name was answered with an ordinary address and with the address of a metadata \
                  service.",
    level: Severity::Critical,
    detection: Detection::Together(Together {
        rules: &["net_dns_onehop_public_answer", "net_dns_onehop_metadata_answer"],
        group_by: &["query"],
        within: "10m",
        distinct: None,
    }),
    fields: &[],
    false_positives: &["Names that are meant to lead to the service from inside and elsewhere from outside"],
};
