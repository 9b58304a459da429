//! Reports of findings, all at once or as they are given, and how a run ends.

use crate::commands::findings::has_color;
use crate::failure::Failure;
use onehop_report::{End, Facts, Finding, Format, Gate, Notice, NoticeCode, Reporter, Rule, Run, Style};
use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;
use time::OffsetDateTime;

/// Bytes of a report that are written at once.
const BLOCK_BYTES: usize = 64 << 10;

/// How a run ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// What was counted.
    pub(super) facts: Facts,
    /// What could not be looked at.
    pub(super) losses: Vec<String>,
    /// Whether that fails the run.
    pub(super) keeps_going: bool,
}

/// Writes a report of findings that are all there, and says how the run ended.
pub(super) fn report(
    command: &'static str,
    rules: &[Rule],
    format: Format,
    gate: Gate,
    found: Vec<Finding>,
    ended: Ended,
) -> Result<ExitCode, Failure> {
    report_each(command, rules, format, gate, |give| {
        found.into_iter().for_each(give);
        ended
    })
}

/// Writes a report of findings as they are given, and says how the run ended.
pub(super) fn report_each(
    command: &'static str,
    rules: &[Rule],
    format: Format,
    gate: Gate,
    find: impl FnOnce(&mut dyn FnMut(Finding)) -> Ended,
) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::with_capacity(BLOCK_BYTES, io::stdout().lock());
    let run = Run { command, version: env!("CARGO_PKG_VERSION"), rules, started: OffsetDateTime::now_utc() };
    let style = Style { color: has_color(), ..Style::default() };
    let (mut losses, mut keeps_going) = (false, false);
    let written = (|| {
        let mut reporter = Reporter::new(format.renderer(&mut out, style), gate, &run)?;
        let mut failed = None;
        let ended = find(&mut |finding| {
            if failed.is_none() {
                failed = reporter.finding(finding).err();
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        (losses, keeps_going) = (!ended.losses.is_empty(), ended.keeps_going);
        let incomplete = |text: &String| Notice { code: NoticeCode::Incomplete, text: text.clone() };
        let notices = ended.losses.iter().map(incomplete).collect();
        reporter.finish(End { time: OffsetDateTime::now_utc(), facts: ended.facts, notices })
    })();
    match written.and_then(|summary| out.flush().map(|()| summary)) {
        Ok(_) if losses && !keeps_going => Ok(ExitCode::from(2)),
        Ok(summary) => Ok(ExitCode::from(u8::from(summary.has_failed()))),
        // Whoever reads the report has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::from(1)),
        Err(error) => Err(Failure::new(format!("cannot write the report: {error}"))),
    }
}
