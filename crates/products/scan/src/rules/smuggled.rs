//! `IMDS-SMUGGLED-TOKEN`.

use super::sigma::{Detection, Selection, Sigma, Source, Values};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"203.0.113.9 - - [04/Mar/2026:09:14:10 +0000] "GET /fetch?u=gopher://169.254.169.254:80/_PUT%20/latest/api/token%20HTTP/1.1%0D%0AX-aws-ec2-metadata-token-ttl-seconds:%2021600%0D%0A HTTP/1.1" 200 56 "-" "curl/8.5.0""#;

/// A request for an IMDSv2 token inside another request.
pub static SMUGGLED: Rule = Rule {
    id: "IMDS-SMUGGLED-TOKEN",
    title: "token request of IMDSv2 smuggled in a URL",
    severity: Severity::High,
    what: "A URL that leads to a metadata service carries a PUT, the token header or line ends: `gopher:` and header \
           injection.",
    why: "IMDSv2 stops plain URL fetches. Whoever writes this knows that, and aims at a client that lets a stranger \
          choose method and headers.",
    example: EXAMPLE,
    instead: "Allow `http` and `https` only, refuse control characters in URLs, and keep the hop limit at 1.",
    false_positives: "Tests of your own.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html",
        "https://owasp.org/www-community/vulnerabilities/CRLF_Injection",
    ],
    tags: &["T1552.005", "T1190", "CWE-918", "CWE-93"],
    docs_url: Some("docs/rules/IMDS-SMUGGLED-TOKEN.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &SMUGGLED,
    found: &[
        Sample { about: "`gopher:` with a whole request in its path", logs: &[EXAMPLE] },
        Sample {
            about: "a header added after a line end, under two encodings",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:14:11 +0000] "GET /fetch?u=http%3A%2F%2F169.254.169.254%2Flatest%2Fmeta-data%2F%2520HTTP%2F1.1%250D%250AX-aws-ec2-metadata-token:%2520made-up HTTP/1.1" 200 56 "-" "curl/8.5.0""#,
            ],
        },
    ],
    benign: &[
        Sample {
            about: "a plain URL of the service, which is `IMDS-URL`",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:14:12 +0000] "GET /fetch?u=http://169.254.169.254/latest/meta-data/ HTTP/1.1" 200 56 "-" "curl/8.5.0""#,
            ],
        },
        Sample {
            about: "`gopher:` to somewhere else",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:14:13 +0000] "GET /fetch?u=gopher://203.0.113.70:70/_index HTTP/1.1" 200 56 "-" "curl/8.5.0""#,
            ],
        },
    ],
    sigma: &[SIGMA],
};

const SIGMA: Sigma = Sigma {
    name: "web_onehop_imds_smuggled_token",
    title: "Token Request of IMDSv2 Smuggled in a Web Request",
    description: "A request carries the token header of the EC2 metadata service, or a PUT for a token inside a gopher URL \
                  or after injected line ends.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Webserver,
        selections: &[
            Selection::Anywhere(
                "selection_header",
                &["cs-uri-query", "cs-uri-stem"],
                Values::Texts(&[&["x-aws-ec2-metadata-token", "x%2daws%2dec2%2dmetadata%2dtoken"]]),
            ),
            Selection::Anywhere(
                "selection_put",
                &["cs-uri-query", "cs-uri-stem"],
                Values::Texts(&[&[
                    "_put /latest/api/token",
                    "_put%20/latest/api/token",
                    "_put%20%2flatest%2fapi%2ftoken",
                    "_put%2520/latest/api/token",
                    "_put%2520%2flatest%2fapi%2ftoken",
                    "_put%2520%252flatest%252fapi%252ftoken",
                    "put+/latest/api/token",
                ]]),
            ),
        ],
        condition: "1 of selection_*",
    },
    fields: &["c-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "cs-user-agent", "sc-status", "sc-bytes"],
    false_positives: &[],
};
