//! `IMAGE-LEGACY`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_ami" "base" {
  name = "base"
}
"#;

/// An image does not require tokens by itself.
pub static IMAGE_LEGACY: Rule = Rule {
    id: "IMAGE-LEGACY",
    title: "an image does not require tokens by itself",
    severity: Severity::Low,
    what: "An image that the code makes without `imds_support = \"v2.0\"`.",
    why: "Instances of it need tokens only if the launch or the account says so. With it they \
          start right wherever they are started.",
    example: EXAMPLE,
    instead: "`imds_support = \"v2.0\"`. It cannot be taken back for an image.",
    false_positives: "Images for software that knows only IMDSv1.",
    references: &["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html"],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &IMAGE_LEGACY,
    found: &[Sample { about: "an image", files: &[("main.tf", EXAMPLE)] }],
    clean: &[
        Sample {
            about: "with support",
            files: &[(
                "main.tf",
                r#"resource "aws_ami" "base" {
  name         = "base"
  imds_support = "v2.0"
}
"#,
            )],
        },
        Sample {
            about: "a copy takes it over",
            files: &[(
                "main.tf",
                r#"resource "aws_ami_copy" "base" {
  name              = "base"
  source_ami_id     = "ami-0123456789abcdef0"
  source_ami_region = "eu-west-1"
}
"#,
            )],
        },
    ],
};
