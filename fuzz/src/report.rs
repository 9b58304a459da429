//! Reports: no credential that stands in a stranger's text comes out of any format, and what comes out is bounded and
//! visible; files of exceptions and baselines are read whole or refused with a line.
//!
//! The first two bytes choose a secret, how it is written and where the excerpt is cut. The rest is the text around it; it
//! is read as a file of exceptions and as a baseline as well. Secrets follow from the input and stand in it nowhere else,
//! so that any part of one that is found in a report came from where it was planted.

mod planted;

use crate::Reached;
use onehop_report::{
    Baseline, BaselineError, EXCERPT_MAX_BYTES, End, Excerpt, Facts, Finding, Format, Gate, Layer, Place,
    Recorder, Reporter, Run, Style, Summary, Suppressions,
};
use planted::Planted;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use time::{Date, Month, OffsetDateTime};

/// Longest message about a file, in characters.
const MESSAGE_MAX: usize = 1_000;
/// The shortest excerpt.
const BOUND_MIN: usize = 16;

/// Reports one text.
pub fn run(data: &[u8]) -> Reached {
    let [choice, cut, text @ ..] = data else { return Reached::Refused };
    check_excerpts(text, usize::from(*cut) * 3);
    let planted = Planted::among(text, *choice);
    check_planted(&planted, usize::from(*cut) * 3);
    let suppressions = check_suppressions(text);
    let baseline = check_baseline(text);
    let is_read = suppressions.is_some() || baseline.is_some();
    let gate = Gate {
        suppressions: suppressions.unwrap_or_default(),
        baseline: baseline.unwrap_or_default(),
        ..Gate::default()
    };
    check_formats(&planted, &gate, usize::from(*choice));
    Reached::accepted_if(is_read)
}

/// Whatever the bytes are, an excerpt keeps to its bound and shows nothing that moves or hides.
fn check_excerpts(text: &[u8], place: usize) {
    let from = place % (text.len() + 1);
    for (range, bound) in [(0..0, EXCERPT_MAX_BYTES), (from..text.len(), place), (from..from + 9, 200)] {
        let excerpt = Excerpt::around(text, range, bound);
        check_shown(excerpt.as_str(), bound.max(BOUND_MIN));
        assert_eq!(excerpt.is_empty(), text.is_empty() || excerpt.as_str().is_empty());
    }
    let is_plain = text.iter().all(|byte| matches!(byte, b'a'..=b'z' | b' ' | b'.'));
    if is_plain && text.len() <= 32 {
        assert_eq!(Excerpt::new(text).as_str().as_bytes(), text, "what is plain stays");
    }
}

fn check_shown(shown: &str, bound: usize) {
    assert!(shown.len() <= bound, "{} bytes of {bound}", shown.len());
    let is_hidden = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    assert!(!shown.contains(is_hidden), "{shown:?}");
}

/// No part of a planted secret comes out, wherever the excerpt begins and ends.
fn check_planted(planted: &Planted, bound: usize) {
    let (text, at) = (&planted.text, planted.at);
    for range in [0..0, at..at + 1, at.saturating_sub(bound)..at, at + bound..text.len(), 0..text.len()] {
        for bound in [EXCERPT_MAX_BYTES, bound, 2 * EXCERPT_MAX_BYTES] {
            planted.check(Excerpt::around(text, range.clone(), bound).as_str());
        }
    }
}

/// A file of exceptions is read, or refused with a line of it in one line.
fn check_suppressions(text: &[u8]) -> Option<Suppressions> {
    let text = std::str::from_utf8(text).ok()?;
    match Suppressions::parse(text, today()) {
        Ok(read) => Some(read),
        Err(error) => {
            check_message(&error.to_string(), text);
            None
        }
    }
}

/// A baseline is read, or refused with a line of it in one line.
fn check_baseline(text: &[u8]) -> Option<Baseline> {
    match Baseline::read(text) {
        Ok(read) => Some(read),
        Err(error) => {
            if let BaselineError::Line { .. } = error {
                check_message(&error.to_string(), &String::from_utf8_lossy(text));
            }
            None
        }
    }
}

fn check_message(message: &str, text: &str) {
    assert!(!message.chars().any(char::is_control), "{message:?}");
    assert!(message.chars().count() <= MESSAGE_MAX, "{message}");
    let digits: String =
        message.trim_start_matches("line ").chars().take_while(char::is_ascii_digit).collect();
    let line: usize = digits.parse().unwrap_or_else(|_| panic!("no line in `{message}`"));
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    assert!((1..=lines + 1).contains(&line), "line {line} of {lines}: {message}");
}

/// Every format, with the secret in every word that may be a stranger's, behind whatever the gate lets through.
fn check_formats(planted: &Planted, gate: &Gate, choice: usize) {
    let finding = finding(planted);
    check_known(&finding);
    for format in [Format::ALL[choice % Format::ALL.len()], Format::Json] {
        let (report, summary) = report(format, gate.clone(), &finding);
        planted.check(&report);
        let is_lined = matches!(format, Format::Json | Format::Ocsf | Format::Ecs);
        let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        assert!(!is_lined || report.lines().all(is_json), "{format}: {report}");
        assert!(format != Format::Sarif || is_json(&report), "{report}");
        let is_odd = |character: char| character.is_control() && character != '\n' && character != '\r';
        assert!(!report.contains(is_odd), "{format}: {report:?}");
        assert_eq!(summary.counts.total() + summary.excepted + summary.known, 1);
    }
}

/// What was recorded is known the next time, once.
fn check_known(finding: &Finding) {
    let mut recorder = Recorder::default();
    recorder.add(finding);
    let mut file = Vec::new();
    recorder.write(&mut file).expect("memory can be written to");
    let baseline = Baseline::read(file.as_slice()).expect("what was just written");
    let (_, summary) = report(Format::Prometheus, Gate { baseline, ..Gate::default() }, finding);
    assert_eq!((summary.known, summary.notices.len()), (1, 0), "a finding of the baseline is known");
}

fn finding(planted: &Planted) -> Finding {
    let excerpt = || Excerpt::new(&planted.text);
    let text = || String::from_utf8_lossy(&planted.text).into_owned();
    Finding {
        rule: "MADE-UP".into(),
        message: excerpt(),
        place: Place::line("access.log", 1, 0, 9),
        matched: Excerpt::around(&planted.text, planted.at..planted.text.len(), EXCERPT_MAX_BYTES),
        decoded: Some(excerpt()),
        encodings: vec![Layer { encoding: "percent".into(), text: Some(excerpt()) }],
        target: Some(text().into()),
        facts: Facts::new().with("host", text()).with("more", serde_json::json!({ "list": [text()] })),
        ..Finding::default()
    }
}

/// A writer that can be looked at afterwards.
#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn report(format: Format, gate: Gate, finding: &Finding) -> (String, Summary) {
    let (page, now) = (Page::default(), OffsetDateTime::UNIX_EPOCH);
    let run = Run { command: "scan", version: "0", rules: &[], started: now };
    let written = || {
        let mut reporter = Reporter::new(format.renderer(page.clone(), Style::default()), gate, &run)?;
        reporter.finding(finding.clone())?;
        reporter.finish(End { time: now, facts: Facts::new(), notices: Vec::new() })
    };
    let summary = written().expect("memory can be written to");
    (String::from_utf8(page.0.take()).expect("reports are UTF-8"), summary)
}

fn today() -> Date {
    Date::from_calendar_date(2026, Month::November, 22).expect("a day")
}
