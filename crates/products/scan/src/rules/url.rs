//! `IMDS-URL`.

use super::sigma::{Detection, Selection, Sigma, Source, Values, forms};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"203.0.113.9 - - [04/Mar/2026:09:12:44 +0000] "GET /preview?url=http%3A%2F%2F0xa9.254.43518%2Flatest%2Fmeta-data%2Fiam%2Fsecurity-credentials%2F HTTP/1.1" 200 1502 "-" "curl/8.5.0""#;

/// The URL of a metadata service inside a request or another text.
pub static URL: Rule = Rule {
    id: "IMDS-URL",
    title: "URL of a metadata service in a request",
    severity: Severity::Medium,
    what: "A URL or host in a request line, a header or any other text leads to a metadata or credential service of a \
           cloud, in any spelling and under any encoding that a client may take off.",
    why: "A program that fetches a URL chosen by a stranger (server-side request forgery) hands over the credentials of \
          the instance's role. Under IMDSv1 one GET is enough. A spelling in hexadecimal or under two encodings is there \
          to pass a filter: nobody writes it by accident.",
    example: EXAMPLE,
    instead: "Validate URLs with `onehop check` or the crate `onehop-url`, and set `HttpTokens` to `required` on the \
              instance. The status and the size of the answer tell whether it was too late.",
    false_positives: "Documentation, examples and tests that name the address, and security scanners that you run \
                      yourself: look at the source address and the user agent.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
        "https://owasp.org/www-community/attacks/Server_Side_Request_Forgery",
    ],
    tags: &["T1552.005", "T1190", "CWE-918", "CAPEC-664"],
    docs_url: Some("docs/rules/IMDS-URL.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &URL,
    found: &[
        Sample { about: "three parts, in hexadecimal and decimal, under one encoding", logs: &[EXAMPLE] },
        Sample {
            about: "one number under two encodings, in the referrer",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:12:45 +0000] "GET /img HTTP/1.1" 200 43 "https://app.example/r?to=http%253A%252F%252F2852039166%252Flatest%252Fuser-data" "Mozilla/5.0""#,
            ],
        },
        Sample {
            about: "IPv4 in IPv6, in a log of JSON",
            logs: &[
                r#"{"time":"2026-03-04T09:12:46Z","client":"203.0.113.9","path":"/hook","body":"target=http://[::ffff:a9fe:a9fe]/latest/meta-data/"}"#,
            ],
        },
        Sample {
            about: "the credentials of a task",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:12:47 +0000] "GET /fetch?u=http://169.254.170.2/v2/credentials/made-up HTTP/1.1" 502 0 "-" "python-requests/2.32""#,
            ],
        },
    ],
    benign: &[
        Sample {
            about: "another address, public",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:12:44 +0000] "GET /preview?url=http%3A%2F%2F169.253.169.254%2Flatest%2F HTTP/1.1" 200 1502 "-" "curl/8.5.0""#,
            ],
        },
        Sample {
            about: "a number that is no address of a service",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:12:45 +0000] "GET /order?id=2852039167 HTTP/1.1" 200 812 "-" "Mozilla/5.0""#,
            ],
        },
        Sample {
            about: "the address as a part of a longer number",
            logs: &[
                r#"203.0.113.9 - - [04/Mar/2026:09:12:46 +0000] "GET /build/1.169.254.169.2547 HTTP/1.1" 200 812 "-" "Mozilla/5.0""#,
            ],
        },
    ],
    sigma: &[PLAIN, DISGUISED],
};

const PLAIN: Sigma = Sigma {
    name: "web_onehop_imds_url",
    title: "URL of a Metadata Service in a Web Request",
    description: "A request or one of its headers names a metadata or credential service of a cloud by its plain address \
                  or name. Programs that fetch a URL for a stranger can be made to hand over the credentials of the \
                  instance's role.",
    level: Severity::Medium,
    detection: Detection::Event {
        source: Source::Webserver,
        selections: &[Selection::Anywhere(
            "selection",
            &["cs-uri-query", "cs-uri-stem", "cs-referer", "cs-user-agent", "cs-cookie"],
            Values::Texts(&[forms::PLAIN_AWS, forms::PLAIN_OTHERS, forms::NAMES]),
        )],
        condition: "selection",
    },
    fields: &["c-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "cs-referer", "sc-status", "sc-bytes"],
    false_positives: &[],
};

const DISGUISED: Sigma = Sigma {
    name: "web_onehop_imds_url_disguised",
    title: "Disguised URL of a Metadata Service in a Web Request",
    description: "A request names a metadata or credential service in a spelling that is made to pass a filter: as one \
                  number, in hexadecimal or octal, in fewer parts, inside IPv6, or with its letters and dots under one or \
                  more percent-encodings.",
    level: Severity::High,
    detection: Detection::Event {
        source: Source::Webserver,
        selections: &[
            Selection::Anywhere(
                "selection",
                &["cs-uri-query", "cs-uri-stem", "cs-referer"],
                Values::Forms(&[forms::FOUR_PARTS, forms::FEWER_PARTS, forms::SIX, forms::ENCODED_NAMES]),
            ),
            Selection::Anywhere(
                "filter_plain",
                &["cs-uri-query", "cs-uri-stem", "cs-referer"],
                Values::Texts(&[forms::PLAIN_AWS, forms::PLAIN_OTHERS, forms::NAMES]),
            ),
        ],
        condition: "selection and not filter_plain",
    },
    fields: &["c-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "cs-referer", "sc-status", "sc-bytes"],
    false_positives: &["Security scanners that you run yourself"],
};
