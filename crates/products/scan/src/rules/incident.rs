//! `INCIDENT`.

use onehop_report::{Rule, Severity};

/// Several kinds of evidence for one story.
pub static INCIDENT: Rule = Rule {
    id: "INCIDENT",
    title: "attempt with evidence of success",
    severity: Severity::High,
    what: "Findings of different kinds that belong together by time, source and target: an attempt in a request, the \
           call that left the application, a name that led there, credentials of an instance used from elsewhere.",
    why: "One line in a log is an attempt, and there are many of those. Two or three that fit together are a theft.",
    example: "request with `169.254.169.254` answered with 1502 bytes, and in the same second a proxy saw the call",
    instead: "Revoke the sessions of the role, find the application, and close IMDSv1 on the instance.",
    false_positives: "Two unrelated findings of one source within the window.",
    references: &["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"],
    tags: &["T1552.005", "T1078.004", "T1190", "CWE-918"],
    docs_url: None,
};
