//! `POLICY-BLOCKS-FIX`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": "ec2:ModifyInstanceMetadataOptions",
      "Resource": "*"
    }
  ]
}
"#;

/// A policy forbids the repair to everybody.
pub static POLICY_BLOCKS_FIX: Rule = Rule {
    id: "POLICY-BLOCKS-FIX",
    title: "a policy forbids the repair to everybody",
    severity: Severity::Low,
    what: "A service control policy that denies `ec2:ModifyInstanceMetadataOptions` without an \
          exception.",
    why: "It keeps everybody from opening IMDSv1 again, and also from closing it: instances \
          that are open stay so.",
    example: EXAMPLE,
    instead: "Exempt the role that migrates, by a condition on `aws:PrincipalArn`, until all \
          instances require tokens.",
    false_positives: "Accounts in which every instance requires tokens already.",
    references: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_ec2.html",
    ],
    tags: &["T1552.005"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &POLICY_BLOCKS_FIX,
    found: &[Sample { about: "a policy", files: &[("scp.json", EXAMPLE)] }],
    clean: &[Sample {
        about: "with an exception",
        files: &[(
            "scp.json",
            r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": "ec2:ModifyInstanceMetadataOptions",
      "Resource": "*",
      "Condition": {"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/migration"}}
    }
  ]
}
"#,
        )],
    }],
};
