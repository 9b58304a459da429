//! `onehop scan`: findings in logs, in the order of the inputs.
//!
//! ```text
//! paths ─▶ sources ─▶ onehop_scan::run ─▶ finding ─▶ onehop_report ─▶ standard output
//!    │                        ╰─ what was lost, what a format cannot show ─▶ the end of the report
//!    ╰─ what cannot be opened ─▶ standard error, and the end of the report
//! ```

mod evaluate;
mod generate;
mod state;

use crate::arguments::{ScanArguments, ScanCommand, ScanSettings};
use crate::config::{ConfigFile, keys_of};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_input::{Options, Stop};
use onehop_logs::{Format as LogFormat, Layout, blind_spots};
use onehop_report::{
    End, Facts, Format, Gate, Notice, NoticeCode, Reporter, Rule, Run, Severity, Style, Suppressions,
};
use onehop_scan::{Ended, Plan, Told};
use std::collections::BTreeSet;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use time::OffsetDateTime;

/// Bytes of a report that are written at once.
const BLOCK_BYTES: usize = 64 << 10;

/// Scans, or does what was asked instead.
pub(crate) fn run(config: &ConfigFile, arguments: &ScanArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Some(ScanCommand::Rules(flags)) => super::rules::run(flags, onehop_scan::rules::RULES),
        Some(ScanCommand::Generate(flags)) => generate::run(flags),
        Some(ScanCommand::Evaluate(flags)) => evaluate::run(flags),
        None => {
            let keys = keys_of::<ScanSettings>(&[]);
            scan(&arguments.paths, &config.overlay("scan", &keys, &arguments.settings)?)
        }
    }
}

fn scan(paths: &[PathBuf], settings: &ScanSettings) -> Result<ExitCode, Failure> {
    let layout = layout(settings)?;
    let format: Format = settings.format.as_deref().map_or(Ok(Format::Text), str::parse)?;
    let mut options = Options::default();
    if let Some(threads) = settings.threads {
        options.threads = threads;
    }
    let expanded = onehop_input::expand(paths, &options);
    let rules: Vec<Rule> = onehop_scan::rules::RULES.iter().map(|rule| (*rule).clone()).collect();
    let run = Run {
        command: "scan",
        version: env!("CARGO_PKG_VERSION"),
        rules: &rules,
        started: OffsetDateTime::now_utc(),
    };
    let stdout = io::stdout();
    let color = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let follows = settings.follow == Some(true);
    // Whoever follows wants each finding at once.
    let mut out: Box<dyn io::Write> = if follows {
        Box::new(io::LineWriter::new(stdout.lock()))
    } else {
        Box::new(BufWriter::with_capacity(BLOCK_BYTES, stdout.lock()))
    };
    let renderer = format.renderer(&mut out, Style { color, ..Style::default() });
    let mut reporter = Reporter::new(renderer, gate(settings)?, &run)?;
    let mut tally = Tally::default();
    for problem in &expanded.problems {
        tally.lose(problem.to_string());
    }
    let mut failed = None;
    let deep = settings.deep == Some(true);
    let plan = Plan { input: options, layout, deep, state: state::read(settings.state.as_deref())? };
    let mut take = |told| {
        match told {
            Told::Finding(finding) => failed = reporter.finding(*finding).err(),
            Told::Ended(ended) => tally.add(&ended),
            Told::Lost(lost) => tally.lose(lost),
            _ => {}
        }
        failed.is_none()
    };
    let state = if follows {
        onehop_scan::follow(&expanded.sources, plan, &*stop_on_signals()?, &mut take)
    } else {
        onehop_scan::run(&expanded.sources, plan, &mut take)
    };
    state::write(settings.state.as_deref(), &state)?;
    let ended = match failed {
        Some(error) => Err(error),
        None => reporter.finish(tally.end()).and_then(|summary| out.flush().map(|()| summary)),
    };
    match ended {
        Ok(_) if tally.has_lost() && settings.keep_going != Some(true) => Ok(ExitCode::from(2)),
        Ok(summary) => Ok(ExitCode::from(u8::from(summary.has_failed()))),
        // Whoever reads the report has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::from(1)),
        Err(error) => Err(Failure::new(format!("cannot write the report: {error}"))),
    }
}

/// What ends the following: SIGINT or SIGTERM.
fn stop_on_signals() -> Result<Arc<Stop>, Failure> {
    let stop = Arc::new(Stop::new());
    let (of_input, of_signals) = (Arc::clone(&stop), onehop_server::Stop::new());
    onehop_server::on_signals(of_signals.clone(), || {})?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    std::thread::spawn(move || {
        runtime.block_on(of_signals.triggered());
        of_input.stop();
    });
    Ok(stop)
}

fn layout(settings: &ScanSettings) -> Result<Option<Layout>, Failure> {
    let from = settings.from.as_deref().unwrap_or("auto");
    let custom = settings.log_format.as_deref();
    if from == "auto" && custom.is_none() {
        return Ok(None);
    }
    let format = match (from, custom) {
        ("auto", Some(_)) => LogFormat::Nginx,
        _ => LogFormat::from_text(from).ok_or_else(|| {
            let known: Vec<&str> = LogFormat::ALL.iter().map(|format| format.as_str()).collect();
            Failure::new(format!("`{from}` is no format of a log"))
                .hint(format!("they are auto, {}", known.join(", ")))
        })?,
    };
    Ok(Some(Layout::of(format, custom)?))
}

fn gate(settings: &ScanSettings) -> Result<Gate, Failure> {
    let mut gate = Gate::default();
    if let Some(text) = &settings.severity {
        let minimum: Severity = text.parse()?;
        (gate.minimum, gate.fail_at) = (minimum, minimum);
    }
    if let Some(path) = &settings.suppressions {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read exceptions `{}`: {error}", path.display())))
            .or_hint(|| "each is a table `[[suppress]]` with `rule`, `owner` and `until`".to_owned())?;
        gate.suppressions = Suppressions::parse(&text, OffsetDateTime::now_utc().date())
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    }
    Ok(gate)
}

/// What was counted on the way.
#[derive(Debug, Default)]
struct Tally {
    texts: u64,
    lines: u64,
    looked_at: u64,
    bytes: u64,
    formats: BTreeSet<&'static str>,
    blind: BTreeSet<&'static str>,
    lost: Vec<String>,
    losses: u64,
}

impl Tally {
    /// Losses that are told one by one.
    const LOST_MAX: usize = 100;

    fn add(&mut self, ended: &Ended) {
        self.texts += 1;
        self.lines += ended.lines;
        self.looked_at += ended.looked_at;
        self.bytes += ended.totals.bytes_out;
        if ended.totals.bytes_out > 0 {
            self.formats.insert(ended.format.as_str());
            self.blind.extend(blind_spots(ended.format));
        }
        for loss in &ended.totals.lost {
            self.lose(loss.to_string());
        }
        self.losses += ended.totals.losses.saturating_sub(ended.totals.lost.len() as u64);
    }

    fn lose(&mut self, text: String) {
        output::warning(&text);
        self.losses += 1;
        if self.lost.len() < Self::LOST_MAX {
            self.lost.push(text);
        }
    }

    fn has_lost(&self) -> bool {
        self.losses > 0
    }

    fn end(&self) -> End {
        let facts = Facts::new()
            .with("files", self.texts)
            .with("lines", self.lines)
            .with("bytes", self.bytes)
            .with("lines_decoded", self.looked_at)
            .with("formats", self.formats.iter().copied().collect::<Vec<_>>());
        let incomplete = |text: &String| Notice { code: NoticeCode::Incomplete, text: text.clone() };
        let blind = |text: &&str| Notice { code: NoticeCode::CannotShow, text: (*text).to_owned() };
        let notices = self.lost.iter().map(incomplete).chain(self.blind.iter().map(blind)).collect();
        End { time: OffsetDateTime::now_utc(), facts, notices }
    }
}
