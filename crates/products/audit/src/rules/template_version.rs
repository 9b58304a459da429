//! `TEMPLATE-PINNED`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_launch_template" "web" {
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_autoscaling_group" "web" {
  max_size = 3
  min_size = 1
  launch_template {
    id      = aws_launch_template.web.id
    version = "1"
  }
}
"#;

/// A fixed version of a template is used.
pub static TEMPLATE_VERSION: Rule = Rule {
    id: "TEMPLATE-PINNED",
    title: "a fixed version of a template is used",
    severity: Severity::Medium,
    what: "A group or an instance that names a version of a launch template by its number, while \
          the code describes the latest one.",
    why: "Repairing the template changes nothing for it: new instances go on coming from the \
          old version.",
    example: EXAMPLE,
    instead: "`version = aws_launch_template.NAME.latest_version`, or `$Latest`.",
    false_positives: "Numbers that are kept up by hand, or that are the latest one: a plan as JSON tells.",
    references: &["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html"],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &TEMPLATE_VERSION,
    found: &[Sample { about: "a group on version 1", files: &[("main.tf", EXAMPLE)] }],
    clean: &[Sample {
        about: "the latest version",
        files: &[(
            "main.tf",
            r#"resource "aws_launch_template" "web" {
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_autoscaling_group" "web" {
  max_size = 3
  min_size = 1
  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}
"#,
        )],
    }],
};
