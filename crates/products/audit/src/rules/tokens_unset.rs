//! `TOKENS-UNSET`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_instance" "web" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}
"#;

/// The code does not say whether tokens are required.
pub static TOKENS_UNSET: Rule = Rule {
    id: "TOKENS-UNSET",
    title: "the code does not say whether tokens are required",
    severity: Severity::Medium,
    what: "Something that starts instances and says nothing about tokens, where what decides is \
          outside of the code: the default of the account in the region, then the image, then \
          EC2, which allows IMDSv1.",
    why: "Whether IMDSv1 is open then depends on settings that this code does not make, and \
          that others can change.",
    example: EXAMPLE,
    instead: "Write `http_tokens = \"required\"`. Or give the defaults of the account \
          (`--account-defaults`), and the answer is definite.",
    false_positives: "Accounts whose defaults require tokens: give them with `--account-defaults`.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &TOKENS_UNSET,
    found: &[
        Sample { about: "an instance without a block", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "a dynamic block that is never made",
            files: &[(
                "main.tf",
                r#"resource "aws_launch_template" "web" {
  dynamic "metadata_options" {
    for_each = []
    content {
      http_tokens = "required"
    }
  }
}
"#,
            )],
        },
    ],
    clean: &[Sample {
        about: "a template that says it for the instance",
        files: &[(
            "main.tf",
            r#"resource "aws_launch_template" "web" {
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "web" {
  launch_template {
    id      = aws_launch_template.web.id
    version = "$Latest"
  }
}
"#,
        )],
    }],
};
