//! One page that needs nothing else: works from a file, without a network, in the dark, on paper.
//!
//! ```text
//! head: verdict, counts │ charts: posture, by rule, source, encoding, target, over time │ toolbar │ findings │ rules
//!                                                      known: what decides, the risk ──────────╯
//! ```
//! Findings carry what attackers wrote. Everything is escaped where it is written, and the page's own policy allows
//! this one script, by its digest, and nothing from outside: what would slip through could neither run nor call home.
//! Without the script the page shows everything; with it, it filters and sorts.

mod charts;
mod known;
mod page;
mod posture;
mod timeline;

use super::{Renderer, kept::Kept};
use crate::facts;
use crate::finding::Finding;
use crate::rule::Rule;
use crate::run::{Run, Summary};
use charts::{OverTime, Tally};
use std::io::{self, Write};
use time::OffsetDateTime;

/// Keeps the gravest, counts the rest, and writes at the end.
pub(super) struct Html<W> {
    out: W,
    head: Head,
    kept: Kept,
    tallies: Tallies,
}

/// What is known before the first finding.
struct Head {
    command: String,
    version: String,
    started: OffsetDateTime,
    rules: Vec<Rule>,
}

/// Counts of everything that counts, kept or not.
#[derive(Default)]
struct Tallies {
    rules: Tally,
    sources: Tally,
    encodings: Tally,
    targets: Tally,
    deciders: Tally,
    over_time: OverTime,
}

impl Tallies {
    fn add(&mut self, finding: &Finding) {
        self.rules.add(&finding.rule);
        if let Some(source) = finding.facts.text(facts::SOURCE) {
            self.sources.add(source);
        }
        let encodings: Vec<&str> = finding.encoding_names().collect();
        if finding.place.path().is_some() && (finding.target.is_some() || !encodings.is_empty()) {
            self.encodings.add(&if encodings.is_empty() { "none".into() } else { encodings.join(" + ") });
        }
        if let Some(level) = finding.facts.text(facts::DECIDED_BY) {
            self.deciders.add(level);
        }
        if let Some(target) = &finding.target {
            self.targets.add(target.as_str());
        }
        if let Some(time) = finding.time {
            self.over_time.add(time.unix_timestamp(), finding.severity);
        }
    }
}

impl<W: Write> Html<W> {
    pub(super) fn new(out: W, kept: usize) -> Html<W> {
        let head = Head {
            command: String::new(),
            version: String::new(),
            started: OffsetDateTime::UNIX_EPOCH,
            rules: Vec::new(),
        };
        Html { out, head, kept: Kept::new(kept), tallies: Tallies::default() }
    }
}

impl<W: Write> Renderer for Html<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.head = Head {
            command: run.command.to_owned(),
            version: run.version.to_owned(),
            started: run.started,
            rules: run.rules.to_vec(),
        };
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.suppressed.is_none() {
            self.tallies.add(finding);
        }
        self.kept.add(finding);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let left_out = self.kept.left_out();
        let findings = self.kept.take();
        page::Page { out: &mut self.out, head: &self.head, summary, findings: &findings, left_out }
            .write(&self.tallies)?;
        self.out.flush()
    }

    fn marks_suppressed(&self) -> bool {
        true
    }
}
