//! `onehop scan`: findings in logs, in the order of the inputs.
//!
//! ```text
//! paths ─▶ sources ─▶ onehop_scan::run ─▶ finding ─▶ onehop_report ─▶ standard output
//!    │                        ╰─ what was lost, what a format cannot show ─▶ the end of the report
//!    ╰─ what cannot be opened ─▶ standard error, and the end of the report
//! ```
//! A finding that counts also goes to counters, a command, a webhook and a baseline, where those are asked for:
//! ```text
//! onehop_report ─▶ shown ─▶ renderer
//!                    ╰─▶ metrics, outlets, baseline
//! ```

mod evaluate;
mod generate;
mod metrics;
mod outlets;
mod shown;
mod state;
mod tally;

use crate::arguments::{ScanArguments, ScanCommand, ScanSettings};
use crate::commands::{baseline, findings};
use crate::config::{ConfigFile, keys_of};
use crate::failure::Failure;
use crate::output;
use metrics::Counted;
use onehop_input::{Expanded, Options, Stop};
use onehop_logs::{Format as LogFormat, Layout};
use onehop_report::{Format, Gate, Reporter, Rule, Run, Style, Summary};
use onehop_scan::{Plan, State, Told};
use outlets::Outlets;
use shown::Shown;
use state::StateFile;
use std::cell::RefCell;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tally::Tally;
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
    let follows = settings.follow == Some(true);
    if settings.metrics.is_some() && !follows {
        return Err(Failure::new("--metrics needs --follow")
            .hint("a run that ends has `--format prometheus`, for a text file collector"));
    }
    let layout = layout(settings)?;
    let format: Format = settings.format.as_deref().map_or(Ok(Format::Text), str::parse)?;
    let mut options = Options::default();
    if let Some(threads) = settings.threads {
        options.threads = threads;
    }
    options.captures_only = layout.as_ref().is_some_and(|layout| layout.format() == LogFormat::Pcap);
    let gate = gate(settings)?;
    let (kept, state) = settings.state.as_deref().map(StateFile::open).transpose()?.unzip();
    let plan = Plan { input: options, layout, deep: settings.deep == Some(true), state, ..Plan::default() };
    let outlets = Outlets::start(settings.exec.as_deref(), settings.webhook.as_deref())?;
    let shown = Shown {
        outlets: &outlets,
        counted: Arc::new(Counted::new(Arc::clone(&plan.progress))),
        baseline: settings.write_baseline.as_ref().map(|_| RefCell::default()),
    };
    let (report, tally) = report(paths, settings, format, gate, plan, kept, &shown)?;
    if let (Some(path), Some(recorder), Ok(_)) = (&settings.write_baseline, &shown.baseline, &report) {
        baseline::write(path, &recorder.borrow())?;
    }
    match report {
        Ok(_) if tally.has_lost() && settings.keep_going != Some(true) => Ok(ExitCode::from(2)),
        Ok(summary) => Ok(ExitCode::from(u8::from(summary.has_failed()))),
        // Whoever reads the report has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::from(1)),
        Err(error) => Err(Failure::new(format!("cannot write the report: {error}"))),
    }
}

/// Scans and reports. What is returned is the summary, or the writer's error.
fn report(
    paths: &[PathBuf],
    settings: &ScanSettings,
    format: Format,
    gate: Gate,
    plan: Plan,
    kept: Option<StateFile>,
    shown: &Shown<'_>,
) -> Result<(io::Result<Summary>, Tally), Failure> {
    let rules: Vec<Rule> = onehop_scan::rules::RULES.iter().map(|rule| (*rule).clone()).collect();
    let run = Run {
        command: "scan",
        version: env!("CARGO_PKG_VERSION"),
        rules: &rules,
        started: OffsetDateTime::now_utc(),
    };
    let stdout = io::stdout();
    let color = findings::has_color();
    let follows = settings.follow == Some(true);
    // Whoever follows wants each finding at once.
    let mut out: Box<dyn io::Write> = if follows {
        Box::new(io::LineWriter::new(stdout.lock()))
    } else {
        Box::new(BufWriter::with_capacity(BLOCK_BYTES, stdout.lock()))
    };
    let renderer = format.renderer(&mut out, Style { color, ..Style::default() });
    let mut reporter = Reporter::new(shown.besides(renderer), gate, &run)?;
    let mut tally = Tally::default();
    // Whoever follows looks for files again and again.
    let expanded = if follows { Expanded::default() } else { onehop_input::expand(paths, &plan.input) };
    for problem in &expanded.problems {
        tally.lose(problem.to_string());
    }
    let mut failed = None;
    let mut take = |told| {
        match told {
            Told::Finding(finding) => failed = reporter.finding(*finding).err(),
            Told::Ended(ended) => tally.add(&ended),
            Told::Lost(lost) => tally.lose(lost),
            Told::Waits(path) => output::note(&format!("`{}` is waited for", path.display())),
            _ => {}
        }
        failed.is_none()
    };
    let state = if follows {
        let stop = stop_on_signals()?;
        let pages = settings.metrics.map(|address| metrics::serve(address, &shown.counted, shown.outlets));
        let pages = pages.transpose()?;
        let mut keep = |state: &State| kept.as_ref().is_some_and(|kept| kept.has_written(state));
        let state = onehop_scan::follow(paths, plan, &stop, &mut take, &mut keep);
        drop(pages);
        state
    } else {
        onehop_scan::run(&expanded.sources, plan, &mut take)
    };
    kept.map(|kept| kept.write(&state)).transpose()?;
    let undelivered = shown.outlets.finish();
    let ended = match failed {
        Some(error) => Err(error),
        None => reporter.finish(tally.end(undelivered)).and_then(|summary| out.flush().map(|()| summary)),
    };
    Ok((ended, tally))
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
    findings::gate(
        settings.severity.as_deref(),
        settings.suppressions.as_deref(),
        settings.baseline.as_deref(),
    )
}
