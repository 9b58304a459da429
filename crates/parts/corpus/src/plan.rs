//! Writes a corpus: lines, and beside them what each line is.
//!
//! ```text
//! lines    one log line a line                          │ labels   {"type":"corpus", seed, counts}
//!   1      #Version: …   (one format with a preamble)   │          {"type":"benign","line":1,"kind":"preamble",…}
//!   2      203.0.113.9 - - [01/May/2024…                │          {"type":"attempt","line":2,"target":"ec2",…}
//! ```
//! Attempts stand among the harmless lines at places that follow from the seed. The same plan gives the same bytes.
//!
//! Fails when a writer does, and on a plan without formats.

use crate::attempt::{self, Choice, Label};
use crate::benign;
use crate::dice::{Dice, Stream};
use crate::format::{FORMATS, Format};
use crate::request::Request;
use crate::target::Weights;
use serde::Serialize;
use std::io::{self, Write};

/// The version of the label lines.
pub const LABELS_VERSION: u32 = 1;

/// What to write.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// How many attempts.
    pub attempts: u64,
    /// How many harmless lines.
    pub benign: u64,
    /// The formats, each as likely as the others. The default is all of them in one file; with one alone, the file
    /// begins with what such files begin with.
    pub formats: Vec<&'static Format>,
    /// How often each service is attacked.
    pub weights: Weights,
    /// Whether some attempts are packed, so that nothing of them is left to see.
    pub has_deep: bool,
}

impl Default for Plan {
    /// 10,000 attempts among 90,000 harmless lines.
    fn default() -> Self {
        Plan {
            seed: 1,
            attempts: 10_000,
            benign: 90_000,
            formats: FORMATS.iter().collect(),
            weights: Weights::default(),
            has_deep: true,
        }
    }
}

/// What a line is. Line numbers begin with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Record {
    /// The whole: the first label line.
    Corpus {
        /// [`LABELS_VERSION`].
        v: u32,
        /// The seed of the plan.
        seed: u64,
        /// All lines.
        lines: u64,
        /// Those that are attempts.
        attempts: u64,
    },
    /// An attempt.
    Attempt {
        /// Its number.
        line: u64,
        /// What it is made of.
        #[serde(flatten)]
        label: Label,
    },
    /// A harmless line.
    Benign {
        /// Its number.
        line: u64,
        /// The kind, by its name in [`benign::KINDS`], or [`benign::PREAMBLE`].
        kind: &'static str,
        /// The log.
        format: &'static str,
    },
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// All lines.
    pub lines: u64,
    /// Those that are attempts.
    pub attempts: u64,
    /// The bytes of the lines, line ends included.
    pub bytes: u64,
}

impl Plan {
    /// The plan's lines in order: `each` is given what a line is and its text without the line end, after a
    /// [`Record::Corpus`] with no text.
    ///
    /// # Errors
    /// The first error of `each`, and `InvalidInput` if the plan has no format.
    pub fn each(&self, mut each: impl FnMut(&Record, &str) -> io::Result<()>) -> io::Result<Written> {
        if self.formats.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a corpus needs at least one format"));
        }
        let preamble = self.preamble();
        let lines = preamble.len() as u64 + self.attempts + self.benign;
        let (seed, attempts) = (self.seed, self.attempts);
        each(&Record::Corpus { v: LABELS_VERSION, seed, lines, attempts }, "")?;
        let mut written = Written::default();
        for text in preamble {
            written.lines += 1;
            written.bytes += text.len() as u64 + 1;
            let format = self.formats[0].name;
            each(&Record::Benign { line: written.lines, kind: benign::PREAMBLE, format }, text)?;
        }
        let choice =
            Choice { formats: self.formats.clone(), weights: self.weights.clone(), has_deep: self.has_deep };
        let (mut request, mut text) = (Request::default(), String::new());
        while written.lines < lines {
            text.clear();
            let serial = written.lines;
            let line = serial + 1;
            let is_attempt = self.is_attempt(serial, attempts - written.attempts, lines - serial);
            let record = if is_attempt {
                let label = attempt::write(seed, serial, &choice, &mut request, &mut text);
                Record::Attempt { line, label }
            } else {
                let (kind, format) = benign::write(seed, serial, &self.formats, &mut request, &mut text);
                Record::Benign { line, kind: kind.name, format: format.name }
            };
            written.lines = line;
            written.attempts += u64::from(is_attempt);
            written.bytes += text.len() as u64 + 1;
            each(&record, &text)?;
        }
        Ok(written)
    }

    fn preamble(&self) -> &'static [&'static str] {
        match self.formats.as_slice() {
            [format] => format.preamble,
            _ => &[],
        }
    }

    /// Whether an attempt comes next, so many of them and so many lines being left: every order is as likely.
    fn is_attempt(&self, serial: u64, attempts: u64, lines: u64) -> bool {
        attempts > 0 && Dice::of(self.seed, Stream::Order, serial).bits() % lines < attempts
    }
}

/// Writes the lines of a plan to `lines` and what they are, as JSON lines, to `labels`. Both should be buffered.
///
/// # Errors
/// If a writer fails, or the plan has no format.
pub fn generate(plan: &Plan, lines: &mut dyn Write, labels: &mut dyn Write) -> io::Result<Written> {
    let mut label = Vec::with_capacity(256);
    let written = plan.each(|record, text| {
        label.clear();
        serde_json::to_writer(&mut label, record)?;
        label.push(b'\n');
        labels.write_all(&label)?;
        if matches!(record, Record::Corpus { .. }) {
            return Ok(());
        }
        lines.write_all(text.as_bytes())?;
        lines.write_all(b"\n")
    })?;
    lines.flush()?;
    labels.flush()?;
    Ok(written)
}
