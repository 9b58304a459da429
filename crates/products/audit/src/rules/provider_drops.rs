//! `PROVIDER-DROPS-OPTIONS`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "4.22.0"
    }
  }
}

resource "aws_launch_template" "web" {
  metadata_options {
    http_tokens = "required"
  }
}
"#;

/// The provider release does not send what is written.
pub static PROVIDER_DROPS: Rule = Rule {
    id: "PROVIDER-DROPS-OPTIONS",
    title: "the provider release does not send what is written",
    severity: Severity::High,
    what: "A launch template that writes `http_tokens` without `http_endpoint = \"enabled\"` for \
          a release of the Terraform provider before 4.61.0, and a launch configuration that \
          does so for any release.",
    why: "The provider then sends tokens, hop limit and tags only where the endpoint is written as \
          enabled: the code says `required`, and EC2 never hears of it.",
    example: EXAMPLE,
    instead: "Write `http_endpoint = \"enabled\"` too. For a launch template, release 4.61.0 or later \
          of the provider does as well.",
    false_positives: "None known.",
    references: &["https://github.com/hashicorp/terraform-provider-aws/pull/30107"],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &PROVIDER_DROPS,
    found: &[
        Sample { about: "a release that is asked for", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "a launch configuration, whatever the release",
            files: &[(
                "main.tf",
                r#"resource "aws_launch_configuration" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  metadata_options {
    http_tokens = "required"
  }
}
"#,
            )],
        },
    ],
    clean: &[Sample {
        about: "with the endpoint",
        files: &[(
            "main.tf",
            r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "4.22.0"
    }
  }
}

resource "aws_launch_template" "web" {
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
}
"#,
        )],
    }],
};
