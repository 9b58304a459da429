//! `DNS-REBINDING`.

use onehop_report::{Rule, Severity};

/// One name with a public answer and the address of a metadata service.
pub static REBINDING: Rule = Rule {
    id: "DNS-REBINDING",
    title: "name with a public answer and a metadata address",
    severity: Severity::Critical,
    what: "Within a window of time one name was answered with a public address and with the address of a metadata \
           service.",
    why: "A check sees the first answer and the connection uses the second.",
    example: r#"{"query_name":"r.example.","answers":[{"Rdata":"203.0.113.9"},{"Rdata":"169.254.169.254"}]}"#,
    instead: "Resolve once, judge every answer and connect to the judged address.",
    false_positives: "None known.",
    references: &["https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html"],
    tags: &["T1552.005", "T1071.004", "CWE-350", "CWE-367"],
    docs_url: None,
};
