//! `HOP-LIMIT-CONTAINERS`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r##"resource "aws_instance" "host" {
  user_data = "#!/bin/sh\ndocker run -d --restart always example/web\n"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
"##;

/// Containers will not get a token.
pub static HOP_LIMIT: Rule = Rule {
    id: "HOP-LIMIT-CONTAINERS",
    title: "containers will not get a token",
    severity: Severity::Medium,
    what: "Tokens are required with a hop limit of 1 where containers run: user data says so, or an \
           ECS capacity provider that starts tasks on the group.",
    why: "The answer to a token request travels one hop: containers with a network of their own \
          are two or more away. As long as IMDSv1 is open they do not notice; once tokens are \
          required they are cut off.",
    example: EXAMPLE,
    instead: "A hop limit of 2, or 3 behind an overlay network; or give containers credentials of \
          their own (pod identity, task roles), and keep 1.",
    false_positives: "Containers on the network of the host, and those that never ask the service.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
    ],
    tags: &["T1552.005"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &HOP_LIMIT,
    found: &[Sample { about: "a host of containers", files: &[("main.tf", EXAMPLE)] }],
    clean: &[
        Sample {
            about: "two hops",
            files: &[(
                "main.tf",
                r##"resource "aws_instance" "host" {
  user_data = "#!/bin/sh\ndocker run -d example/web\n"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}
"##,
            )],
        },
        Sample {
            about: "no containers",
            files: &[(
                "main.tf",
                r#"resource "aws_instance" "host" {
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
"#,
            )],
        },
    ],
};
