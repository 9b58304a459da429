//! From a product's findings to a report: what is known or excepted, what counts, what is shown.
//!
//! ```text
//! finding ─▶ excepted? ─▶ in the baseline? ─▶ grave enough? ─▶ counted ─▶ shown
//!               │ yes         │ yes              │ no
//!               ╰─ counted as such, shown only by formats that mark it   ╰─ counted as milder, not shown
//! ```

use crate::baseline::Baseline;
use crate::facts::Facts;
use crate::finding::{Finding, Suppression};
use crate::render::Renderer;
use crate::run::{Notice, Run, Summary};
use crate::severity::Severity;
use crate::suppress::Suppressions;
use std::io;
use time::OffsetDateTime;

/// What counts, and what is shown.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Exceptions.
    pub suppressions: Suppressions,
    /// What was there before.
    pub baseline: Baseline,
    /// The mildest that is shown and counted.
    pub minimum: Severity,
    /// The mildest that fails the run.
    pub fail_at: Severity,
    /// Whether formats that have no mark for it show suppressed findings too.
    pub show_suppressed: bool,
}

/// Everything counts, nothing is known.
impl Default for Gate {
    fn default() -> Self {
        Gate {
            suppressions: Suppressions::none(),
            baseline: Baseline::default(),
            minimum: Severity::Info,
            fail_at: Severity::Info,
            show_suppressed: false,
        }
    }
}

/// Takes a product's findings and renders what is to be shown.
pub struct Reporter<'a> {
    renderer: Box<dyn Renderer + 'a>,
    gate: Gate,
    summary: Summary,
}

/// What a product says at the end.
#[derive(Clone, Debug)]
pub struct End {
    /// When.
    pub time: OffsetDateTime,
    /// What was counted, e.g. `files`, `lines`, `bytes`.
    pub facts: Facts,
    /// What could not be looked at, and the like.
    pub notices: Vec<Notice>,
}

impl<'a> Reporter<'a> {
    /// Begins a report.
    ///
    /// # Errors
    /// The writer's.
    pub fn new(mut renderer: Box<dyn Renderer + 'a>, gate: Gate, run: &Run<'_>) -> io::Result<Reporter<'a>> {
        renderer.begin(run)?;
        Ok(Reporter { renderer, gate, summary: Summary::default() })
    }

    /// Takes a finding.
    ///
    /// # Errors
    /// The writer's.
    pub fn finding(&mut self, mut finding: Finding) -> io::Result<()> {
        finding.suppressed = finding.suppressed.take().or_else(|| self.suppression(&finding));
        match &finding.suppressed {
            Some(suppression) => {
                match suppression {
                    Suppression::Excepted { .. } => self.summary.excepted += 1,
                    Suppression::Known => self.summary.known += 1,
                }
                if !self.gate.show_suppressed && !self.renderer.marks_suppressed() {
                    return Ok(());
                }
            }
            None if finding.severity < self.gate.minimum => {
                self.summary.milder += 1;
                return Ok(());
            }
            None => {
                self.summary.counts.add(finding.severity);
                self.summary.failing += u64::from(finding.severity >= self.gate.fail_at);
            }
        }
        self.renderer.finding(&finding)
    }

    /// Ends the report.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(self, end: End) -> io::Result<Summary> {
        let Reporter { mut renderer, gate, mut summary } = self;
        summary.ended = Some(end.time);
        summary.facts = end.facts;
        summary.notices = end.notices;
        summary.notices.extend(gate.suppressions.notices());
        summary.notices.extend(gate.baseline.notice());
        renderer.end(&summary)?;
        Ok(summary)
    }

    fn suppression(&mut self, finding: &Finding) -> Option<Suppression> {
        self.gate
            .suppressions
            .find(finding)
            .or_else(|| self.gate.baseline.takes(finding).then_some(Suppression::Known))
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Gate, Reporter};
    use crate::{Baseline, Facts, Finding, Recorder, Renderer, Run, Severity, Summary, Suppressions};
    use std::cell::RefCell;
    use std::io;
    use time::OffsetDateTime;
    use time::macros::date;

    /// Writes down the rules of the findings that it was given.
    struct Seen<'a>(&'a RefCell<Vec<String>>, bool);

    impl Renderer for Seen<'_> {
        fn begin(&mut self, _: &Run<'_>) -> io::Result<()> {
            Ok(())
        }

        fn finding(&mut self, finding: &Finding) -> io::Result<()> {
            let mark = if finding.suppressed.is_some() { "suppressed " } else { "" };
            self.0.borrow_mut().push(format!("{mark}{}", finding.rule));
            Ok(())
        }

        fn end(&mut self, _: &Summary) -> io::Result<()> {
            Ok(())
        }

        fn marks_suppressed(&self) -> bool {
            self.1
        }
    }

    fn finding(rule: &'static str, severity: Severity) -> Finding {
        Finding { rule: rule.into(), severity, ..Finding::default() }
    }

    fn gate() -> Gate {
        let mut known = Recorder::default();
        known.add(&finding("KNOWN", Severity::High));
        let mut file = Vec::new();
        known.write(&mut file).expect("a vector can be written to");
        let exceptions =
            "[[suppress]]\nrule = \"EXCEPTED\"\nowner = \"a\"\nuntil = 2027-01-01\nreason = \"made up\"\n";
        Gate {
            suppressions: Suppressions::parse(exceptions, date!(2026 - 01 - 01)).expect("the file is right"),
            baseline: Baseline::read(file.as_slice()).expect("it was just written"),
            minimum: Severity::Low,
            fail_at: Severity::High,
            show_suppressed: false,
        }
    }

    fn report(gate: Gate, marks: bool, findings: &[Finding]) -> (Summary, Vec<String>) {
        let seen = RefCell::default();
        let run = Run { command: "scan", version: "0", rules: &[], started: OffsetDateTime::UNIX_EPOCH };
        let mut reporter =
            Reporter::new(Box::new(Seen(&seen, marks)), gate, &run).expect("it does not write");
        for finding in findings {
            reporter.finding(finding.clone()).expect("it does not write");
        }
        let end = End { time: OffsetDateTime::UNIX_EPOCH, facts: Facts::new(), notices: Vec::new() };
        let summary = reporter.finish(end).expect("it does not write");
        (summary, seen.into_inner())
    }

    #[test]
    fn what_counts_is_shown_and_the_rest_is_counted() {
        let findings = [
            finding("MILD", Severity::Info),
            finding("LOW", Severity::Low),
            finding("KNOWN", Severity::High),
            finding("KNOWN", Severity::High),
            finding("EXCEPTED", Severity::Critical),
        ];
        let (summary, seen) = report(gate(), false, &findings);
        assert_eq!(seen, ["LOW", "KNOWN"], "the baseline has one KNOWN");
        assert_eq!((summary.milder, summary.known, summary.excepted, summary.failing), (1, 1, 1, 1));
        assert!(summary.has_failed() && summary.notices.is_empty());
        assert_eq!(
            summary.verdict(),
            "2 findings: 1 high, 1 low; 1 excepted; 1 in the baseline; 1 milder, not shown"
        );
        let (_, seen) = report(gate(), true, &findings);
        assert_eq!(seen, ["LOW", "suppressed KNOWN", "KNOWN", "suppressed EXCEPTED"]);
    }

    #[test]
    fn a_mild_finding_does_not_fail_the_run() {
        let (summary, _) = report(gate(), false, &[finding("LOW", Severity::Low)]);
        assert!(!summary.has_failed());
        let codes: Vec<_> = summary.notices.iter().map(|notice| notice.code.as_str()).collect();
        assert_eq!(codes, ["suppression-unused", "baseline-stale"]);
    }

    #[test]
    fn by_default_everything_fails() {
        let (summary, seen) = report(Gate::default(), false, &[finding("MILD", Severity::Info)]);
        assert!(summary.has_failed() && seen == ["MILD"]);
    }
}
