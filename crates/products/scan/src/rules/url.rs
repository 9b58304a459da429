//! `IMDS-URL`.

use onehop_report::{Rule, Severity};

/// The URL of a metadata service inside a request or another text.
pub static URL: Rule = Rule {
    id: "IMDS-URL",
    title: "URL of a metadata service in a request",
    severity: Severity::Medium,
    what: "A URL or host in a request, header or text leads to a metadata or credential service of a cloud, in any \
           spelling and under any encoding that a client may take off.",
    why: "A program that fetches a URL chosen by a stranger (server-side request forgery) hands over the credentials of \
          the instance's role. Under IMDSv1 one GET is enough.",
    example: "GET /preview?url=http%3A%2F%2F0xa9.254.43518%2Flatest%2Fmeta-data%2Fiam%2Fsecurity-credentials%2F",
    instead: "Validate URLs with `onehop check` or the crate `onehop-url`, and set `http_tokens=required` on the \
              instance.",
    false_positives: "Documentation, examples and tests that name the address; security scanners that you run yourself.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
        "https://owasp.org/www-community/attacks/Server_Side_Request_Forgery",
    ],
    tags: &["T1552.005", "T1190", "CWE-918", "CAPEC-664"],
    docs_url: None,
};
