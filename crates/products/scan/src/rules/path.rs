//! `IMDS-PATH`.

use onehop_report::{Rule, Severity};

/// A path that only a metadata service has, at some other host.
pub static PATH: Rule = Rule {
    id: "IMDS-PATH",
    title: "path of a metadata service",
    severity: Severity::Low,
    what: "A request for a path such as `/latest/meta-data/`, `/computeMetadata/v1/` or `/metadata/instance`, where the \
           log does not show the service as host.",
    why: "The host may be in a header that the log does not hold, or a proxy may map the path to the service.",
    example: "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1",
    instead: "Look at the `Host` header of these requests, in a log that has it.",
    false_positives: "A service of your own with such paths; an emulated metadata service.",
    references: &["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"],
    tags: &["T1552.005", "T1595"],
    docs_url: None,
};
