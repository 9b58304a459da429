//! What tests and pages need beside a rule.

use onehop_report::Rule;

/// A rule with code that breaks it and code that does not.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The rule. Its example is the first file of `found`.
    pub rule: &'static Rule,
    /// Each gives a finding of the rule.
    pub found: &'static [Sample],
    /// None gives one.
    pub clean: &'static [Sample],
}

/// Files of code.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// What it shows.
    pub about: &'static str,
    /// Names and texts.
    pub files: &'static [(&'static str, &'static str)],
}
