//! The catalogue entry behind a finding.

use crate::severity::Severity;

/// What a rule finds, why that is bad, what to write instead. Products keep theirs in one table.
///
/// ```
/// use onehop_report::{Rule, Severity};
/// const OPTIONAL: Rule = Rule {
///     id: "IMDS-TOKENS-OPTIONAL",
///     title: "IMDSv1 is allowed",
///     severity: Severity::High,
///     what: "Metadata options that answer requests without a session token.",
///     ..Rule::BLANK
/// };
/// assert_eq!(OPTIONAL.tags, [""; 0]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, e.g. `IMDS-TOKENS-OPTIONAL`.
    pub id: &'static str,
    /// A few words, no full stop.
    pub title: &'static str,
    /// What most of its findings have; each has its own.
    pub severity: Severity,
    /// What it finds.
    pub what: &'static str,
    /// Why that is bad.
    pub why: &'static str,
    /// What it finds, written out.
    pub example: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// What it also finds and should not, and how to tell.
    pub false_positives: &'static str,
    /// URLs to read on.
    pub references: &'static [&'static str],
    /// Ids of ATT&CK techniques and weaknesses, e.g. `T1552.005`, `CWE-918`.
    pub tags: &'static [&'static str],
    /// The page about this rule: a URL, or a path from the root of the repository, e.g. `docs/rules/IMDS-URL.md`.
    pub docs_url: Option<&'static str>,
}

impl Rule {
    /// An entry without words, to fill the rest of one with `..Rule::BLANK`.
    pub const BLANK: Rule = Rule {
        id: "",
        title: "",
        severity: Severity::Info,
        what: "",
        why: "",
        example: "",
        instead: "",
        false_positives: "",
        references: &[],
        tags: &[],
        docs_url: None,
    };

    /// The page about this rule, if it is a URL: some formats allow nothing else.
    pub fn page_url(&self) -> Option<&'static str> {
        self.docs_url.filter(|page| page.contains("://"))
    }

    /// Tags that name ATT&CK techniques.
    pub fn techniques(&self) -> impl Iterator<Item = &'static str> {
        self.tags.iter().copied().filter(|tag| is_technique(tag))
    }
}

fn is_technique(tag: &str) -> bool {
    tag.strip_prefix('T').is_some_and(|number| {
        number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}
