//! Counts in Prometheus' text format, version 0.0.4, for a text file collector.
//!
//! Labels are bounded: rules are those of the run, providers at most [`PROVIDERS_MAX`]; others are `other`.

use super::{Renderer, escaped};
use crate::excerpt::visible;
use crate::finding::Finding;
use crate::run::{Run, Summary};
use crate::severity::Severity;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Most names of providers that are labels.
const PROVIDERS_MAX: usize = 64;
/// The label of everything else.
const OTHER: &str = "other";

/// Counts, and writes at the end.
#[derive(Debug)]
pub(super) struct Prometheus<W> {
    out: W,
    command: String,
    rules: BTreeSet<&'static str>,
    providers: BTreeSet<String>,
    counts: BTreeMap<(Cow<'static, str>, Severity, String), u64>,
}

impl<W: Write> Prometheus<W> {
    pub(super) fn new(out: W) -> Prometheus<W> {
        Prometheus {
            out,
            command: String::new(),
            rules: BTreeSet::new(),
            providers: BTreeSet::new(),
            counts: BTreeMap::new(),
        }
    }

    fn provider(&mut self, finding: &Finding) -> String {
        let Some(name) = finding.provider.as_deref() else { return "none".into() };
        if self.providers.len() < PROVIDERS_MAX {
            self.providers.insert(name.to_owned());
        }
        if self.providers.contains(name) { name.to_owned() } else { OTHER.into() }
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) -> io::Result<()> {
        let command = &self.command;
        writeln!(self.out, "# HELP onehop_{command}_{name} {help}\n# TYPE onehop_{command}_{name} {kind}")
    }

    fn single(
        &mut self,
        name: &str,
        help: &str,
        kind: &str,
        value: impl std::fmt::Display,
    ) -> io::Result<()> {
        self.head(name, help, kind)?;
        writeln!(self.out, "onehop_{}_{name} {value}", self.command)
    }

    fn label(&mut self, name: &str, value: &str) -> io::Result<()> {
        write!(self.out, "{name}=\"")?;
        escaped(&mut self.out, &visible(value), |character| match character {
            '\\' => Some("\\\\"),
            '"' => Some("\\\""),
            _ => None,
        })?;
        self.out.write_all(b"\"")
    }
}

impl<W: Write> Renderer for Prometheus<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        let is_name = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
        self.command = run.command.chars().filter(is_name).collect();
        self.rules = run.rules.iter().map(|rule| rule.id).collect();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.suppressed.is_some() {
            return Ok(());
        }
        let rule = self.rules.get(finding.rule.as_ref()).copied().unwrap_or(OTHER);
        let provider = self.provider(finding);
        *self.counts.entry((Cow::Borrowed(rule), finding.severity, provider)).or_insert(0) += 1;
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.head("findings_total", "Findings that count.", "counter")?;
        for ((rule, severity, provider), count) in std::mem::take(&mut self.counts) {
            write!(self.out, "onehop_{}_findings_total{{", self.command)?;
            self.label("rule", &rule)?;
            self.out.write_all(b",")?;
            self.label("severity", severity.as_str())?;
            self.out.write_all(b",")?;
            self.label("provider", &provider)?;
            writeln!(self.out, "}} {count}")?;
        }
        let suppressed = summary.excepted + summary.known;
        self.single(
            "suppressed_total",
            "Findings that are excepted or in the baseline.",
            "counter",
            suppressed,
        )?;
        let complete = u8::from(summary.is_complete());
        self.single("complete", "Whether everything was looked at.", "gauge", complete)?;
        let ended = summary.ended.map_or(0, time::OffsetDateTime::unix_timestamp);
        self.single("last_run_timestamp_seconds", "When the run ended.", "gauge", ended)?;
        self.out.flush()
    }
}
