//! `IMDS-HOST`.

use onehop_report::{Rule, Severity};

/// A request that names a metadata service as its own host.
pub static HOST: Rule = Rule {
    id: "IMDS-HOST",
    title: "request addressed to a metadata service",
    severity: Severity::Medium,
    what: "The `Host` header, the authority, the server name or the absolute target of a request is a metadata service.",
    why: "A reverse proxy that forwards to whatever host the request names becomes a way to the service.",
    example: "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/ HTTP/1.1",
    instead: "Let the proxy forward to named upstreams only, and answer 421 to every other host.",
    false_positives: "Logs of an emulated metadata service.",
    references: &["https://owasp.org/www-community/attacks/Server_Side_Request_Forgery"],
    tags: &["T1552.005", "T1190", "CWE-441", "CWE-918"],
    docs_url: None,
};
