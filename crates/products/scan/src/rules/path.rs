//! `IMDS-PATH`.

use super::sigma::{Detection, Selection, Sigma, Source, Values, forms};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"203.0.113.9 - - [04/Mar/2026:09:13:20 +0000] "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" 404 153 "-" "curl/8.5.0""#;

/// A path that only a metadata service has, at some other host.
pub static PATH: Rule = Rule {
    id: "IMDS-PATH",
    title: "path of a metadata service",
    severity: Severity::Low,
    what: "A request for a path such as `/latest/meta-data/`, `/computeMetadata/v1/` or `/metadata/instance`, where the \
           log does not show the service as host.",
    why: "The host may be in a header that the log does not hold, or a proxy may map the path to the service. An answer \
          with status 200 means that one of both is the case.",
    example: EXAMPLE,
    instead: "Look at the `Host` header of these requests, in a log that has it.",
    false_positives: "Scanners that try such paths everywhere and are told 404; a service of your own with such paths; an \
                      emulated metadata service.",
    references: &["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"],
    tags: &["T1552.005", "T1595", "CWE-441"],
    docs_url: Some("docs/rules/IMDS-PATH.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &PATH,
    found: &[
        Sample { about: "credentials of EC2", logs: &[EXAMPLE] },
        Sample {
            about: "a token of Google Cloud, under one encoding",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:13:21 +0000] "GET /r?p=%2FcomputeMetadata%2Fv1%2Finstance%2Fservice-accounts%2Fdefault%2Ftoken HTTP/1.1" 404 153 "-" "curl/8.5.0""#,
            ],
        },
    ],
    benign: &[
        Sample {
            about: "a path that begins alike",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:13:22 +0000] "GET /latest/meta-analysis/2026 HTTP/1.1" 200 912 "-" "Mozilla/5.0""#,
            ],
        },
        Sample {
            about: "metadata of something else",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:13:23 +0000] "GET /api/metadata/books HTTP/1.1" 200 912 "-" "Mozilla/5.0""#,
            ],
        },
    ],
    sigma: &[SIGMA],
};

const SIGMA: Sigma = Sigma {
    name: "web_onehop_imds_path",
    title: "Path of a Metadata Service in a Web Request",
    description: "A request asks for a path that only metadata services have. The host may be in a header that the log \
                  does not hold, or in a spelling that other rules do not list. A status of 200 makes it urgent.",
    level: Severity::Low,
    detection: Detection::Event {
        source: Source::Webserver,
        selections: &[
            Selection::Anywhere(
                "selection_path",
                &["cs-uri-stem", "cs-uri-query"],
                Values::Texts(&[forms::PATHS]),
            ),
            Selection::Anywhere(
                "selection_encoded",
                &["cs-uri-stem", "cs-uri-query"],
                Values::Texts(&[forms::ENCODED_PATHS]),
            ),
        ],
        condition: "1 of selection_*",
    },
    fields: &["c-ip", "cs-host", "cs-method", "cs-uri-stem", "cs-uri-query", "sc-status", "sc-bytes"],
    false_positives: &[],
};
