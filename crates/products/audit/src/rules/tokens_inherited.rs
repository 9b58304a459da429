//! `TOKENS-INHERITED`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_ec2_instance_metadata_defaults" "all" {
  http_tokens = "optional"
}

resource "aws_instance" "web" {
  ami = "ami-0123456789abcdef0"
}
"#;

/// IMDSv1 is allowed by what stands above.
pub static TOKENS_INHERITED: Rule = Rule {
    id: "TOKENS-INHERITED",
    title: "IMDSv1 is allowed by what stands above",
    severity: Severity::Medium,
    what: "Something that says nothing about tokens itself, where the level that decides is \
          known and allows IMDSv1: the launch template, the default of the account, the image, \
          or what EC2 does when nobody says anything.",
    why: "It is as open as if it said `optional`. The place to repair is the level that \
          decides, or the resource itself.",
    example: EXAMPLE,
    instead: "Write `http_tokens = \"required\"` in the resource, or repair the level that the \
          message names.",
    false_positives: "None known.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &TOKENS_INHERITED,
    found: &[
        Sample { about: "an account default of the same code", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "the template of an instance",
            files: &[(
                "main.tf",
                r#"resource "aws_launch_template" "web" {
  metadata_options {
    http_tokens = "optional"
  }
}

resource "aws_instance" "web" {
  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}
"#,
            )],
        },
    ],
    clean: &[
        Sample {
            about: "the account default requires them",
            files: &[(
                "main.tf",
                r#"resource "aws_ec2_instance_metadata_defaults" "all" {
  http_tokens = "required"
}

resource "aws_instance" "web" {
  ami = "ami-0123456789abcdef0"
}
"#,
            )],
        },
        Sample {
            about: "the image requires them",
            files: &[(
                "main.tf",
                r#"resource "aws_ami" "base" {
  name         = "base"
  imds_support = "v2.0"
}

resource "aws_instance" "web" {
  ami = aws_ami.base.id
}
"#,
            )],
        },
    ],
};
