//! Exceptions: findings for which somebody answers until a day.
//!
//! ```toml
//! [[suppress]]
//! rule = "IMDS-TOKENS-OPTIONAL"        # the id, `*` for any
//! path = "modules/legacy/**"           # a glob on the path, or on `account/region/kind/id` of a resource
//! contains = "aws_instance.batch"      # text of what was found, what it says, the subject or the target
//! owner = "platform@example.com"       # who answers for it
//! until = 2027-03-31                   # the last day
//! reason = "the vendor's agent speaks version 1 only; its release of March does not"
//! ```
//! All conditions that are there must hold, and one at least must be there. `owner`, `until` and `reason` must be there.
//! After the last day the exception hides nothing, and is reported; so is one that hid nothing.
//!
//! # Failure
//! A file with any mistake is refused whole, with the line.

mod file;

pub use file::SuppressError;

use crate::finding::{Finding, Suppression};
use crate::run::{Notice, NoticeCode};
use glob::{MatchOptions, Pattern};
use time::Date;

/// Exceptions, and what they have hidden.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    entries: Vec<Entry>,
}

/// One exception. Conditions that are not there hold.
#[derive(Clone, Debug)]
struct Entry {
    line: usize,
    rule: Option<String>,
    path: Option<Pattern>,
    contains: Option<String>,
    owner: String,
    until: Date,
    reason: String,
    is_over: bool,
    matched: u64,
}

/// `*` stays within a folder; `**` does not.
const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl Suppressions {
    /// None.
    pub const fn none() -> Suppressions {
        Suppressions { entries: Vec::new() }
    }

    /// Reads a file as it is on this day.
    ///
    /// # Errors
    /// No TOML, an unknown or a missing key, no condition, an empty word, a glob that is none, no date.
    pub fn parse(text: &str, today: Date) -> Result<Suppressions, SuppressError> {
        file::parse(text, today).map(|entries| Suppressions { entries })
    }

    /// The exception for a finding, if there is one. Counts.
    pub(crate) fn find(&mut self, finding: &Finding) -> Option<Suppression> {
        let mut found = None;
        for entry in self.entries.iter_mut().filter(|entry| entry.holds(finding)) {
            entry.matched += 1;
            if !entry.is_over && found.is_none() {
                found = Some(Suppression::Excepted {
                    owner: entry.owner.clone(),
                    until: entry.until,
                    reason: entry.reason.clone(),
                });
            }
        }
        found
    }

    /// What is wrong with the exceptions themselves, once every finding was looked at.
    pub(crate) fn notices(&self) -> impl Iterator<Item = Notice> {
        self.entries.iter().filter_map(Entry::notice)
    }
}

impl Entry {
    fn holds(&self, finding: &Finding) -> bool {
        self.rule.as_ref().is_none_or(|rule| rule == "*" || *rule == finding.rule)
            && self.path.as_ref().is_none_or(|glob| is_at(glob, finding))
            && self.contains.as_ref().is_none_or(|text| contains(finding, text))
    }

    fn notice(&self) -> Option<Notice> {
        let (line, owner, until) = (self.line, &self.owner, self.until);
        let (code, text) = match (self.is_over, self.matched) {
            (true, 0) => (
                NoticeCode::SuppressionExpired,
                format!(
                    "the exception on line {line} ended on {until} and matches nothing any more; remove it"
                ),
            ),
            (true, count) => (
                NoticeCode::SuppressionExpired,
                format!(
                    "the exception on line {line} ended on {until}; {count} of its findings count again; ask {owner}"
                ),
            ),
            (false, 0) => (
                NoticeCode::SuppressionUnused,
                format!("the exception on line {line} matches nothing; remove it, or ask {owner}"),
            ),
            (false, _) => return None,
        };
        Some(Notice { code, text })
    }
}

fn is_at(glob: &Pattern, finding: &Finding) -> bool {
    match (finding.place.path(), finding.place.resource()) {
        (Some(path), _) => glob.matches_with(path.trim_start_matches("./"), GLOB),
        (None, Some(resource)) => glob.matches_with(&resource.to_string(), GLOB),
        (None, None) => false,
    }
}

fn contains(finding: &Finding, text: &str) -> bool {
    let excerpts = [Some(&finding.matched), finding.decoded.as_ref(), finding.target.as_ref()];
    excerpts.into_iter().flatten().any(|excerpt| excerpt.as_str().contains(text))
        || finding.subject.as_ref().is_some_and(|subject| subject.contains(text))
}

#[cfg(test)]
mod tests;
