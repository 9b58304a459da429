//! `IMDS-HOST`.

use super::sigma::{Detection, Selection, Sigma, Source, Values, forms};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"203.0.113.9 - - [04/Mar/2026:09:13:02 +0000] "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/ HTTP/1.1" 200 14 "-" "-""#;

/// A request that names a metadata service as its own host.
pub static HOST: Rule = Rule {
    id: "IMDS-HOST",
    title: "request addressed to a metadata service",
    severity: Severity::Medium,
    what: "The `Host` header, the authority, the server name or the absolute target of a request is a metadata service.",
    why: "A reverse proxy that forwards to whatever host the request names becomes a way to the service, and the answer \
          goes straight back to the sender.",
    example: EXAMPLE,
    instead: "Let the proxy forward to named upstreams only, and answer 421 to every other host.",
    false_positives: "Logs of an emulated metadata service, such as `onehop serve`.",
    references: &[
        "https://owasp.org/www-community/attacks/Server_Side_Request_Forgery",
        "https://www.rfc-editor.org/rfc/rfc9110#name-421-misdirected-request",
    ],
    tags: &["T1552.005", "T1190", "CWE-441", "CWE-918"],
    docs_url: Some("docs/rules/IMDS-HOST.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &HOST,
    found: &[
        Sample { about: "the target in absolute form", logs: &[EXAMPLE] },
        Sample {
            about: "the `Host` header of a request to a reverse proxy, in a log of Caddy",
            logs: &[
                r#"{"level":"info","ts":1772615583.1,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.9","remote_port":"40112","client_ip":"203.0.113.9","proto":"HTTP/1.1","method":"GET","host":"169.254.169.254","uri":"/latest/user-data","headers":{"User-Agent":["curl/8.5.0"]}},"bytes_read":0,"user_id":"","duration":0.004,"size":2048,"status":200,"resp_headers":{}}"#,
            ],
        },
    ],
    benign: &[
        Sample {
            about: "a host of one's own",
            logs: &[
                r#"{"level":"info","ts":1772615583.1,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.9","remote_port":"40112","client_ip":"203.0.113.9","proto":"HTTP/1.1","method":"GET","host":"shop.example","uri":"/latest/offers","headers":{"User-Agent":["curl/8.5.0"]}},"bytes_read":0,"user_id":"","duration":0.004,"size":2048,"status":200,"resp_headers":{}}"#,
            ],
        },
        Sample {
            about: "a target in absolute form at a host of one's own",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:13:02 +0000] "GET http://shop.example/latest/offers HTTP/1.1" 200 14 "-" "-""#,
            ],
        },
    ],
    sigma: &[SIGMA],
};

const SIGMA: Sigma = Sigma {
    name: "web_onehop_imds_host",
    title: "Web Request Addressed to a Metadata Service",
    description: "The host that a web server or reverse proxy was asked for is a metadata or credential service of a \
                  cloud, plain or in numbers. A proxy that forwards to any host becomes a way to the service.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Webserver,
        selections: &[
            Selection::Anywhere(
                "selection_plain",
                &["cs-host"],
                Values::Texts(&[
                    forms::PLAIN_AWS,
                    forms::PLAIN_OTHERS,
                    &["metadata.google.internal", "169-254-169-254"],
                ]),
            ),
            Selection::Anywhere(
                "selection_disguised",
                &["cs-host"],
                Values::Forms(&[forms::FOUR_PARTS, forms::FEWER_PARTS, forms::SIX]),
            ),
        ],
        condition: "1 of selection_*",
    },
    fields: &["c-ip", "cs-host", "cs-method", "cs-uri-stem", "cs-user-agent", "sc-status", "sc-bytes"],
    false_positives: &[],
};
