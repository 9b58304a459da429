//! SARIF 2.1.0 (OASIS Standard, errata 01), one run, written as results come.
//!
//! At most [`RESULTS_MAX`] results: code scanning refuses files with more. What is beyond is counted in a notification.
//! Fingerprints are told apart by their occurrence, `…:1`, `…:2`.

mod model;

use super::Renderer;
use crate::clock::rfc3339;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::run::{Run, Summary};
use model::{Invocation, Notification, ReportingDescriptor, SarifResult};
use std::collections::HashMap;
use std::io::{self, Write};

/// The schema that files name.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Most results of a file (GitHub, "SARIF support for code scanning": results per run).
const RESULTS_MAX: usize = 25_000;

/// Writes SARIF.
#[derive(Debug)]
pub(super) struct Sarif<W> {
    out: W,
    rules: HashMap<&'static str, usize>,
    occurrences: HashMap<Fingerprint, u32>,
    started: String,
    results: usize,
    left_out: u64,
}

impl<W: Write> Sarif<W> {
    pub(super) fn new(out: W) -> Sarif<W> {
        Sarif {
            out,
            rules: HashMap::new(),
            occurrences: HashMap::new(),
            started: String::new(),
            results: 0,
            left_out: 0,
        }
    }

    fn json(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        Ok(serde_json::to_writer(&mut self.out, value)?)
    }

    fn invocation(&self, summary: &Summary) -> Invocation {
        let mut notifications: Vec<Notification> = summary
            .notices
            .iter()
            .map(|notice| Notification::warning(notice.code.as_str(), notice.text.clone()))
            .collect();
        if self.left_out > 0 {
            let text = format!("{} more results; a file has at most {RESULTS_MAX}", self.left_out);
            notifications.push(Notification::warning("results-left-out", text));
        }
        Invocation {
            execution_successful: summary.is_complete(),
            start_time_utc: self.started.clone(),
            end_time_utc: summary.ended.map(rfc3339),
            tool_execution_notifications: notifications,
        }
    }
}

impl<W: Write> Renderer for Sarif<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.started = rfc3339(run.started);
        self.rules = run.rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
        let rules: Vec<_> = run.rules.iter().map(ReportingDescriptor::of).collect();
        write!(
            self.out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{{"
        )?;
        write!(self.out, "\"name\":\"onehop\",\"version\":")?;
        self.json(&run.version)?;
        self.out.write_all(b",\"rules\":")?;
        self.json(&rules)?;
        self.out.write_all(b"}},\"columnKind\":\"unicodeCodePoints\",\"automationDetails\":{\"id\":")?;
        self.json(&format!("onehop/{}/", run.command))?;
        self.out.write_all(b"},\"results\":[")
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.results >= RESULTS_MAX {
            self.left_out += 1;
            return Ok(());
        }
        let fingerprint = Fingerprint::of(finding);
        let occurrence = self.occurrences.entry(fingerprint).and_modify(|count| *count += 1).or_insert(1);
        let fingerprint = format!("{fingerprint}:{occurrence}");
        let result = SarifResult::of(finding, self.rules.get(finding.rule.as_ref()).copied(), fingerprint);
        self.out.write_all(if self.results == 0 { b"\n" } else { b",\n" })?;
        self.results += 1;
        self.json(&result)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let invocation = self.invocation(summary);
        self.out.write_all(b"\n],\"invocations\":[")?;
        self.json(&invocation)?;
        self.out.write_all(b"],\"properties\":")?;
        self.json(&model::RunProperties { verdict: summary.verdict(), facts: &summary.facts })?;
        self.out.write_all(b"}]}\n")?;
        self.out.flush()
    }

    fn marks_suppressed(&self) -> bool {
        true
    }
}
