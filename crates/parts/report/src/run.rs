//! One run of a product: what was started, and what came of it.

use crate::excerpt::put;
use crate::facts::Facts;
use crate::rule::Rule;
use crate::severity::Severity;
use serde::Serialize;
use time::OffsetDateTime;

/// What was started.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The command of `onehop`, e.g. `scan`. Part of metric names: letters, digits and `_`.
    pub command: &'a str,
    /// The version of `onehop`.
    pub version: &'a str,
    /// Every rule that may fire.
    pub rules: &'a [Rule],
    /// When.
    pub started: OffsetDateTime,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Findings that count, by severity.
    pub counts: Counts,
    /// How many of them are grave enough to fail the run.
    pub failing: u64,
    /// Findings for which somebody answers.
    pub excepted: u64,
    /// Findings that the baseline knows.
    pub known: u64,
    /// Findings milder than what was asked for; they are not shown.
    pub milder: u64,
    /// What the product counted, e.g. `files`, `lines`, `bytes`.
    pub facts: Facts,
    /// What the reader must know about the run itself.
    pub notices: Vec<Notice>,
    /// When it ended.
    pub ended: Option<OffsetDateTime>,
}

impl Summary {
    /// Whether the run is to exit with 1.
    pub fn has_failed(&self) -> bool {
        self.failing > 0
    }

    /// Whether everything that was to be looked at was looked at.
    pub fn is_complete(&self) -> bool {
        !self.notices.iter().any(|notice| notice.code == NoticeCode::Incomplete)
    }

    /// One line for people, without a full stop: how many of what, and what does not count.
    pub fn verdict(&self) -> String {
        let mut text = match self.counts.total() {
            0 => String::from("no findings"),
            1 => String::from("1 finding: "),
            many => format!("{many} findings: "),
        };
        let parts: Vec<String> = Severity::ALL
            .into_iter()
            .rev()
            .filter(|severity| self.counts.of(*severity) > 0)
            .map(|severity| format!("{} {severity}", self.counts.of(severity)))
            .collect();
        text.push_str(&parts.join(", "));
        for (count, what) in
            [(self.excepted, "excepted"), (self.known, "in the baseline"), (self.milder, "milder, not shown")]
        {
            if count > 0 {
                put(&mut text, format_args!("; {count} {what}"));
            }
        }
        if !self.is_complete() {
            text.push_str("; not everything was looked at");
        }
        text
    }
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Severity::ALL.len()]);

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        self.0[severity.index()] += 1;
    }

    /// How many of this severity.
    pub fn of(&self, severity: Severity) -> u64 {
        self.0[severity.index()]
    }

    /// How many at all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// Something about the run itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What kind.
    pub code: NoticeCode,
    /// In a sentence, without a full stop.
    pub text: String,
}

/// The kinds of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoticeCode {
    /// An exception whose last day is over; its findings count.
    SuppressionExpired,
    /// An exception that no finding matched.
    SuppressionUnused,
    /// Entries of the baseline that no finding matched.
    BaselineStale,
    /// Something that could not be looked at.
    Incomplete,
    /// Something that what was looked at cannot show.
    CannotShow,
    /// Findings that did not reach a command or a webhook.
    NotDelivered,
}

impl NoticeCode {
    /// The stable text, e.g. `suppression-expired`.
    pub const fn as_str(self) -> &'static str {
        match self {
            NoticeCode::SuppressionExpired => "suppression-expired",
            NoticeCode::SuppressionUnused => "suppression-unused",
            NoticeCode::BaselineStale => "baseline-stale",
            NoticeCode::Incomplete => "incomplete",
            NoticeCode::CannotShow => "cannot-show",
            NoticeCode::NotDelivered => "not-delivered",
        }
    }
}
