//! What commands that report findings have in common: what counts, where it goes, how it ends.

use crate::failure::{Failure, OrHint as _};
use onehop_report::{
    Baseline, End, Facts, Finding, Format, Gate, Notice, NoticeCode, Reporter, Rule, Run, Severity, Style,
    Suppressions,
};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use time::OffsetDateTime;

/// Bytes of a report that are written at once.
const BLOCK_BYTES: usize = 64 << 10;

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// What was counted.
    pub(crate) facts: Facts,
    /// What could not be looked at.
    pub(crate) losses: Vec<String>,
    /// Whether that fails the run.
    pub(crate) keeps_going: bool,
}

/// What counts.
pub(crate) fn gate(
    severity: Option<&str>,
    suppressions: Option<&Path>,
    baseline: Option<&Path>,
) -> Result<Gate, Failure> {
    let mut gate = Gate::default();
    if let Some(text) = severity {
        let minimum: Severity = text.parse()?;
        (gate.minimum, gate.fail_at) = (minimum, minimum);
    }
    if let Some(path) = suppressions {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read exceptions `{}`: {error}", path.display())))
            .or_hint(|| "each is a table `[[suppress]]` with `rule`, `owner` and `until`".to_owned())?;
        gate.suppressions = Suppressions::parse(&text, OffsetDateTime::now_utc().date())
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    }
    if let Some(path) = baseline {
        let file = File::open(path)
            .map_err(|error| Failure::new(format!("cannot read baseline `{}`: {error}", path.display())))
            .or_hint(|| "write one with --write-baseline".to_owned())?;
        gate.baseline = Baseline::read(BufReader::new(file))
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    }
    Ok(gate)
}

/// Whether standard output shows colours.
pub(crate) fn has_color() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a report of findings that are all there, and says how the run ended.
pub(crate) fn report(
    command: &'static str,
    rules: &[Rule],
    format: Format,
    gate: Gate,
    found: Vec<Finding>,
    ended: Ended,
) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::with_capacity(BLOCK_BYTES, io::stdout().lock());
    let run = Run { command, version: env!("CARGO_PKG_VERSION"), rules, started: OffsetDateTime::now_utc() };
    let style = Style { color: has_color(), ..Style::default() };
    let written = (|| {
        let mut reporter = Reporter::new(format.renderer(&mut out, style), gate, &run)?;
        for finding in found {
            reporter.finding(finding)?;
        }
        let incomplete = |text: &String| Notice { code: NoticeCode::Incomplete, text: text.clone() };
        let notices = ended.losses.iter().map(incomplete).collect();
        reporter.finish(End { time: OffsetDateTime::now_utc(), facts: ended.facts, notices })
    })();
    match written.and_then(|summary| out.flush().map(|()| summary)) {
        Ok(_) if !ended.losses.is_empty() && !ended.keeps_going => Ok(ExitCode::from(2)),
        Ok(summary) => Ok(ExitCode::from(u8::from(summary.has_failed()))),
        // Whoever reads the report has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::from(1)),
        Err(error) => Err(Failure::new(format!("cannot write the report: {error}"))),
    }
}
