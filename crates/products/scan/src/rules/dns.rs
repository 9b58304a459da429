//! `IMDS-DNS`.

use onehop_report::{Rule, Severity};

/// A name that leads to a metadata service.
pub static DNS: Rule = Rule {
    id: "IMDS-DNS",
    title: "name that leads to a metadata service",
    severity: Severity::High,
    what: "A DNS answer is the address of a metadata service, or a name was asked that carries one, such as \
           `169-254-169-254.nip.io`.",
    why: "No public name has a reason to lead there: it is made to pass a filter that looks at names.",
    example: r#"{"query_name":"a.example.","answers":[{"Rdata":"169.254.169.254","Type":"A"}]}"#,
    instead: "Judge every answer before connecting (`onehop check --resolve`), and block such answers in the resolver.",
    false_positives: "Names of the provider itself, such as `metadata.google.internal` on its own instances.",
    references: &["https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html"],
    tags: &["T1552.005", "T1071.004", "CWE-350"],
    docs_url: None,
};
