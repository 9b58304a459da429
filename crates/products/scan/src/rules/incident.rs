//! `INCIDENT`.

use super::sigma::{Detection, Selection, Sigma, Source, Values, forms};
use super::trail::{ABROAD_LOG, LAUNCH};
use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

macro_rules! attempt {
    () => {
        r#"203.0.113.9 - - [04/Mar/2026:09:14:10 +0000] "GET /preview?url=http://169.254.169.254/latest/meta-data/iam/security-credentials/made-up HTTP/1.1" 200 1502 "-" "curl/8.5.0""#
    };
}

macro_rules! call {
    () => {
        "1772615650.117      3 10.0.0.7 TCP_MISS/200 1502 GET http://169.254.169.254/latest/meta-data/iam/security-credentials/made-up - HIER_DIRECT/169.254.169.254 text/plain"
    };
}

const REFUSED: &str = r#"203.0.113.9 - - [04/Mar/2026:09:14:10 +0000] "GET /preview?url=http://169.254.169.254/latest/meta-data/iam/security-credentials/made-up HTTP/1.1" 403 153 "-" "curl/8.5.0""#;

/// Several kinds of evidence for one story.
pub static INCIDENT: Rule = Rule {
    id: "INCIDENT",
    title: "attempt with evidence of success",
    severity: Severity::High,
    what: "Findings of different kinds that belong together by time, source and target: an attempt in a request, the \
           call that left the application, a name that led there, credentials of an instance used from elsewhere. An \
           attempt that was answered with the size of credentials is one by itself.",
    why: "One line in a log is an attempt, and there are many of those. Two or three that fit together are a theft.",
    example: concat!(attempt!(), "\n", call!()),
    instead: "Revoke the sessions of the role, find the application, and close IMDSv1 on the instance.",
    false_positives: "Two unrelated findings of one source within the window.",
    references: &["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"],
    tags: &["T1552.005", "T1078.004", "T1190", "CWE-918"],
    docs_url: Some("docs/rules/INCIDENT.md"),
};

/// The rule with its logs.
pub(super) static ENTRY: Entry = Entry {
    rule: &INCIDENT,
    found: &[
        Sample {
            about: "the request in the log of a web server, the call in that of a proxy",
            logs: &[attempt!(), call!()],
        },
        Sample { about: "an answer of the size of credentials", logs: &[attempt!()] },
        Sample {
            about: "credentials of an instance are used from somewhere else after an attempt",
            logs: &[REFUSED, LAUNCH, ABROAD_LOG],
        },
    ],
    benign: &[Sample { about: "an attempt that was refused", logs: &[REFUSED] }],
    sigma: &[ANSWERED],
};

const ANSWERED: Sigma = Sigma {
    name: "web_onehop_imds_credentials_answered",
    title: "Request for Role Credentials Answered With Their Size",
    description: "A request for role credentials of a metadata service was answered with success and with as many bytes as \
                  credentials have. The role has to be taken for stolen until the application proves otherwise.",
    level: Severity::Critical,
    detection: Detection::Event {
        source: Source::Webserver,
        selections: &[
            Selection::Anywhere(
                "selection_service",
                &["cs-uri-query", "cs-uri-stem"],
                Values::Forms(&[forms::FOUR_PARTS, forms::FEWER_PARTS, forms::SIX, forms::ENCODED_NAMES]),
            ),
            Selection::Anywhere(
                "selection_credentials",
                &["cs-uri-query", "cs-uri-stem"],
                Values::Forms(&[&["security-credentials", "/v2/credentials", "/v1/credentials"]]),
            ),
            Selection::Every(
                "selection_answer",
                &[
                    ("sc-status", Values::Number(200)),
                    ("sc-bytes|gte", Values::Number(300)),
                    ("sc-bytes|lt", Values::Number(8192)),
                ],
            ),
        ],
        condition: "all of selection_*",
    },
    fields: &["c-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "cs-user-agent", "sc-status", "sc-bytes"],
    false_positives: &["Pages that show the requested URL and happen to have that size"],
};
