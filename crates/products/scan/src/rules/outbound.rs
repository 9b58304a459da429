//! `IMDS-OUTBOUND`.

use onehop_report::{Rule, Severity};

/// A call to a metadata service, seen on its way out.
pub static OUTBOUND: Rule = Rule {
    id: "IMDS-OUTBOUND",
    title: "outbound call to a metadata service",
    severity: Severity::High,
    what: "A proxy or a network sensor saw a connection to a metadata service, or was asked for one.",
    why: "Programs reach the service directly. A call through a proxy is a fetch on behalf of somebody else, and it \
          proves that the forged request left the application.",
    example: "1700000000.000 3 10.0.0.7 TCP_MISS/200 1502 GET http://169.254.169.254/latest/meta-data/ - \
              HIER_DIRECT/169.254.169.254 text/plain",
    instead: "Deny the service's addresses in the proxy (`onehop proxy` does, in every form).",
    false_positives: "Software of the host itself that is made to use the proxy for everything: set `NO_PROXY`. A \
                      network sensor on the instance sees every legitimate call.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-limiting-access.html",
    ],
    tags: &["T1552.005", "CWE-918"],
    docs_url: None,
};
