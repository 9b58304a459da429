//! `IMDS-SMUGGLED-TOKEN`.

use onehop_report::{Rule, Severity};

/// A request for an IMDSv2 token inside another request.
pub static SMUGGLED: Rule = Rule {
    id: "IMDS-SMUGGLED-TOKEN",
    title: "token request of IMDSv2 smuggled in a URL",
    severity: Severity::High,
    what: "A URL that leads to a metadata service carries a PUT, the token header or line ends: `gopher:` and header \
           injection.",
    why: "IMDSv2 stops plain URL fetches. Whoever writes this knows that, and aims at a client that lets a stranger \
          choose method and headers.",
    example: "GET /fetch?u=gopher://169.254.169.254:80/_PUT%20/latest/api/token%20HTTP/1.1%0D%0A",
    instead: "Allow `http` and `https` only, refuse control characters in URLs, and keep the hop limit at 1.",
    false_positives: "Tests of your own.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html",
    ],
    tags: &["T1552.005", "T1190", "CWE-918", "CWE-93"],
    docs_url: None,
};
