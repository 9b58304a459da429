//! `TOKENS-OPTIONAL`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_instance" "web" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  metadata_options {
    http_tokens = "optional"
  }
}
"#;

/// IMDSv1 is allowed explicitly.
pub static TOKENS_OPTIONAL: Rule = Rule {
    id: "TOKENS-OPTIONAL",
    title: "IMDSv1 is allowed explicitly",
    severity: Severity::High,
    what: "Metadata options that say `optional`: the service answers requests without a session \
          token. What a template says holds for everything that is started from it.",
    why: "One GET without a token reads the credentials of the role, so a program that fetches \
          a URL for a stranger can be made to hand them out. A value that is written down beats \
          the defaults of account and image.",
    example: EXAMPLE,
    instead: "`http_tokens = \"required\"`. Find who still uses IMDSv1 first (the metric \
          MetadataNoToken); with containers on the instance set the hop limit to 2 as well.",
    false_positives: "Hosts that run software which knows only IMDSv1. Give them an exception with an owner \
          and a last day.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-transition-to-version-2.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &TOKENS_OPTIONAL,
    found: &[
        Sample { about: "an instance", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "a launch template of CloudFormation, by the default of a parameter",
            files: &[(
                "stack.yaml",
                r"Parameters:
  Tokens:
    Type: String
    Default: optional
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        MetadataOptions:
          HttpTokens: !Ref Tokens
",
            )],
        },
    ],
    clean: &[
        Sample {
            about: "required",
            files: &[(
                "main.tf",
                r#"resource "aws_instance" "web" {
  metadata_options {
    http_tokens = "required"
  }
}
"#,
            )],
        },
        Sample {
            about: "the service is off",
            files: &[(
                "main.tf",
                r#"resource "aws_instance" "web" {
  metadata_options {
    http_endpoint = "disabled"
    http_tokens   = "optional"
  }
}
"#,
            )],
        },
    ],
};
