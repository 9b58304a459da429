//! `CODE-UNREAD`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_instance" "web" {
  metadata_options {
"#;

/// Code that could not be read.
pub static CODE_UNREAD: Rule = Rule {
    id: "CODE-UNREAD",
    title: "code that could not be read",
    severity: Severity::Medium,
    what: "A file that is no valid text of its language, or more than is looked at.",
    why: "What it would start is not judged: it may allow IMDSv1.",
    example: EXAMPLE,
    instead: "Repair the file, or leave it out of the paths.",
    false_positives: "Files that are broken on purpose, such as test data of other tools, and templates of \
          templates.",
    references: &[],
    tags: &[],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &CODE_UNREAD,
    found: &[Sample { about: "a block without an end", files: &[("main.tf", EXAMPLE)] }],
    clean: &[Sample {
        about: "code that says nothing of instances",
        files: &[(
            "main.tf",
            r"locals {
  a = 1
}
",
        )],
    }],
};
