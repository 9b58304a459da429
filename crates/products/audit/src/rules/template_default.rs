//! `TEMPLATE-DEFAULT-STAYS`.

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
    id = aws_launch_template.web.id
  }
}
"#;

/// The default version of a template does not move.
pub static TEMPLATE_DEFAULT: Rule = Rule {
    id: "TEMPLATE-DEFAULT-STAYS",
    title: "the default version of a template does not move",
    severity: Severity::Low,
    what: "A group or an instance that uses the default version of a launch template, which the \
          code does not move when the template changes.",
    why: "A change of the template makes a new version; the default one stays what it was, and \
          so does what is started from it. A template that was repaired may still start \
          instances with IMDSv1.",
    example: EXAMPLE,
    instead: "`update_default_version = true` in the template, or its latest version in the group.",
    false_positives: "Templates whose default version is moved by other means.",
    references: &["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html"],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &TEMPLATE_DEFAULT,
    found: &[Sample { about: "the default version", files: &[("main.tf", EXAMPLE)] }],
    clean: &[Sample {
        about: "a default that moves",
        files: &[(
            "main.tf",
            r#"resource "aws_launch_template" "web" {
  update_default_version = true
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_autoscaling_group" "web" {
  max_size = 3
  min_size = 1
  launch_template {
    id = aws_launch_template.web.id
  }
}
"#,
        )],
    }],
};
