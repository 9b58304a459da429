//! `onehop scan evaluate`: what detectors find in a labelled corpus.
//!
//! ```text
//! labels ─▶ truth ──────────────────────────────┐
//! lines ─┬─▶ the scanner, in this process ──────┼─▶ scores ─▶ table or JSON
//!        └─▶ each command, on standard input ───┘
//! ```
//! A detector that fails, and a label that cannot be read, end the run: half a measure is none.

mod command;

use crate::arguments::{EvaluateArguments, EvaluateFormat};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_corpus::evaluate::{Contender, Scope, Score, Speed, Truth, render_json, render_text};
use onehop_input::Options;
use onehop_report::Place;
use onehop_scan::{Event, Scanner};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// What a detector reported, and how fast it was.
struct Outcome {
    reported: Vec<u64>,
    speed: Speed,
}

/// Runs the detectors and shows what they found.
pub(crate) fn run(arguments: &EvaluateArguments) -> Result<ExitCode, Failure> {
    let EvaluateArguments { lines, labels, deep, commands, format } = arguments;
    let truth = truth(labels)?;
    let scope = if *deep { Scope::All } else { Scope::Visible };
    let contender = |name: String, outcome: Outcome| Contender {
        name,
        score: truth.score(outcome.reported, scope),
        speed: Some(outcome.speed),
    };
    let mut contenders = vec![contender("onehop".to_owned(), own(lines, *deep)?)];
    for command in commands {
        contenders.push(contender(command.clone(), command::run(command, lines)?));
    }
    let is_perfect = is_perfect(&contenders[0].score);
    let text = match format {
        EvaluateFormat::Json => render_json(&contenders),
        EvaluateFormat::Text => table(contenders),
    };
    output::line(text.trim_end())?;
    Ok(ExitCode::from(u8::from(!is_perfect)))
}

/// Whether every attempt that counts was found, and nothing else.
fn is_perfect(score: &Score) -> bool {
    score.recall.hits == score.recall.cases && score.alarms.rate.hits == 0 && score.unknown == 0
}

fn truth(labels: &Path) -> Result<Truth, Failure> {
    let cannot = |error| Failure::new(format!("cannot read labels `{}`: {error}", labels.display()));
    let mut reader = BufReader::new(File::open(labels).map_err(cannot)?);
    let (mut truth, mut label) = (Truth::default(), Vec::new());
    for number in 1_u64.. {
        label.clear();
        if reader.read_until(b'\n', &mut label).map_err(cannot)? == 0 {
            break;
        }
        truth
            .read_line(&label)
            .map_err(|error| Failure::new(format!("{}:{number}: {error}", labels.display())))
            .or_hint(|| "labels are what `onehop scan generate` writes; the lines come first".to_owned())?;
    }
    Ok(truth)
}

/// What the scanner finds.
fn own(lines: &Path, deep: bool) -> Result<Outcome, Failure> {
    let options = Options::default();
    let expanded = onehop_input::expand(&[lines.to_owned()], &options);
    let (mut reported, mut lost) = (Vec::new(), Vec::new());
    lost.extend(expanded.problems.iter().map(ToString::to_string));
    let mut bytes = 0;
    let began = Instant::now();
    for source in &expanded.sources {
        let mut take = |event| {
            match event {
                Event::Finding(finding) => reported.extend(line_of(&finding.place)),
                Event::Ended(ended) => {
                    bytes += ended.totals.bytes_out;
                    lost.extend(ended.totals.lost.iter().map(ToString::to_string));
                }
                Event::Lost(text) => lost.push(text),
                _ => {}
            }
            true
        };
        let mut scanner = Scanner::new(None, &mut take).deep(deep);
        if let Err(error) = onehop_input::read(source, &options, &mut scanner) {
            scanner.lost(&source.name(), &error);
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    match lost.first() {
        Some(lost) => Err(Failure::new(format!("cannot read the lines: {lost}"))),
        None => Ok(Outcome { reported, speed: Speed { bytes, seconds } }),
    }
}

fn line_of(place: &Place) -> Option<u64> {
    match place {
        Place::Text { region, .. } => Some(region.line),
        _ => None,
    }
}

/// The table. Commands are too long for the head of a column: they stand below it.
fn table(mut contenders: Vec<Contender>) -> String {
    let mut legend = String::new();
    for (number, contender) in contenders.iter_mut().enumerate().skip(1) {
        let short = format!("command {number}");
        let _ = write!(legend, "\n{short}: {}", contender.name);
        contender.name = short;
    }
    render_text(&contenders) + &legend
}
