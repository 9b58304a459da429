//! `SPOT-OPTIONS-IGNORED`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_spot_instance_request" "worker" {
  ami = "ami-0123456789abcdef0"
  metadata_options {
    http_tokens = "required"
  }
}
"#;

/// A spot request cannot carry metadata options.
pub static SPOT_IGNORED: Rule = Rule {
    id: "SPOT-OPTIONS-IGNORED",
    title: "a spot request cannot carry metadata options",
    severity: Severity::Medium,
    what: "Metadata options in `aws_spot_instance_request`.",
    why: "The interface behind it, RequestSpotInstances, has no field for them: what is written \
          does not arrive, and the default of the account or the image decides.",
    example: EXAMPLE,
    instead: "Use `aws_instance` with `instance_market_options`, or a launch template with the \
          options.",
    false_positives: "None known.",
    references: &[
        "https://github.com/hashicorp/terraform-provider-aws/issues/21204",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestSpotInstances.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &SPOT_IGNORED,
    found: &[Sample { about: "options in a spot request", files: &[("main.tf", EXAMPLE)] }],
    clean: &[Sample {
        about: "an instance of the spot market",
        files: &[(
            "main.tf",
            r#"resource "aws_instance" "worker" {
  instance_market_options {
    market_type = "spot"
  }
  metadata_options {
    http_tokens = "required"
  }
}
"#,
        )],
    }],
};
