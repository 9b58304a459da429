//! `ACCOUNT-DEFAULT-OPTIONAL`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_ec2_instance_metadata_defaults" "all" {
  http_tokens = "optional"
}
"#;

/// IMDSv1 is the default of an account.
pub static ACCOUNT_OPTIONAL: Rule = Rule {
    id: "ACCOUNT-DEFAULT-OPTIONAL",
    title: "IMDSv1 is the default of an account",
    severity: Severity::High,
    what: "Defaults of an account, or a declarative policy, that say `optional`.",
    why: "It holds for everything that says nothing itself, and beats images that would require \
          tokens.",
    example: EXAMPLE,
    instead: "`http_tokens = \"required\"`, with a hop limit of 2 where containers run.",
    false_positives: "None known.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &ACCOUNT_OPTIONAL,
    found: &[Sample { about: "defaults of an account", files: &[("main.tf", EXAMPLE)] }],
    clean: &[
        Sample {
            about: "no preference",
            files: &[(
                "main.tf",
                r#"resource "aws_ec2_instance_metadata_defaults" "all" {
  http_put_response_hop_limit = 2
}
"#,
            )],
        },
        Sample {
            about: "required",
            files: &[(
                "main.tf",
                r#"resource "aws_ec2_instance_metadata_defaults" "all" {
  http_tokens = "required"
}
"#,
            )],
        },
    ],
};
