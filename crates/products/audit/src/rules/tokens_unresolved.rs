//! `TOKENS-UNRESOLVED`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"variable "tokens" {
  type = string
}

resource "aws_instance" "web" {
  metadata_options {
    http_tokens = var.tokens
  }
}
"#;

/// Whether tokens are required cannot be known from the code.
pub static TOKENS_UNRESOLVED: Rule = Rule {
    id: "TOKENS-UNRESOLVED",
    title: "whether tokens are required cannot be known from the code",
    severity: Severity::Medium,
    what: "A value that the code takes from where it cannot be read: a variable without a \
          default, a data source, a module that is not on disk, a template of another stack, an \
          older version of a template.",
    why: "It may allow IMDSv1. Nothing passes because nobody could tell.",
    example: EXAMPLE,
    instead: "Give the values with which the code is applied (`--var-file`, a plan as JSON), fetch \
          the modules (`terraform init`), or write the value down.",
    false_positives: "Code whose values are right and come from elsewhere: audit the plan instead, which \
          has them.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &TOKENS_UNRESOLVED,
    found: &[
        Sample { about: "a variable without a default", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "a template of another stack",
            files: &[(
                "main.tf",
                r#"resource "aws_instance" "web" {
  launch_template {
    id      = "lt-0123456789abcdef0"
    version = "$Latest"
  }
}
"#,
            )],
        },
    ],
    clean: &[Sample {
        about: "a variable with a default",
        files: &[(
            "main.tf",
            r#"variable "tokens" {
  default = "required"
}

resource "aws_instance" "web" {
  metadata_options {
    http_tokens = var.tokens
  }
}
"#,
        )],
    }],
};
