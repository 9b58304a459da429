//! What tests, pages and the Sigma pack need beside a rule.

use super::sigma::Sigma;
use onehop_report::Rule;

/// A rule with logs that show it and logs that do not.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The rule. Its example is the first of `found`, text after text.
    pub rule: &'static Rule,
    /// Logs in which the scanner finds it. Never empty.
    pub found: &'static [Sample],
    /// Logs that look like it, in which the scanner does not find it. Never empty.
    pub benign: &'static [Sample],
    /// The rules of the Sigma pack that say as much of it as Sigma can; none if it can say nothing.
    pub sigma: &'static [Sigma],
}

/// Logs that are read together.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// What is special about them, as the end of a sentence that begins with "here".
    pub about: &'static str,
    /// A log each, of one format each. Lines end with `\n`, but for the last.
    pub logs: &'static [&'static str],
}
