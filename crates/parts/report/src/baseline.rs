//! Findings that were there before: a run shows what came since.
//!
//! A file of JSON lines, sorted, so that two of them compare and merge line by line:
//! ```text
//! {"type":"baseline","v":1}
//! {"fingerprint":"5d41…","count":2,"rule":"IMDS-TOKENS-OPTIONAL","place":"main.tf"}
//! ```
//! `rule` and `place` are for people. Equal findings are counted: a third one beside two known ones is shown.
//!
//! # Failure
//! A file with any line that is not of this form is refused whole, with the line.

use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::run::{Notice, NoticeCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Read, Write};

/// Most entries of a baseline. Who has more is not at the point of writing one.
const ENTRIES_MAX: usize = 1_000_000;
/// Longest line that is read, in bytes.
const LINE_MAX_BYTES: u64 = 64 * 1024;
/// The first line of a file.
const HEAD: &str = r#"{"type":"baseline","v":1}"#;

/// Findings that were there before.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    left: HashMap<Fingerprint, u64>,
}

/// Why a baseline could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It could not be read or written.
    #[error("the baseline could not be read or written")]
    Io(#[from] io::Error),
    /// A line is not what it should be.
    #[error("line {line} of the baseline: {what}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// It has too many entries.
    #[error("a baseline has at most {ENTRIES_MAX} entries")]
    TooMany,
}

#[derive(Deserialize)]
struct ReadEntry {
    fingerprint: String,
    count: u64,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is not what [`Recorder::write`] writes.
    pub fn read(from: impl BufRead) -> Result<Baseline, BaselineError> {
        let mut from = from;
        let mut left = HashMap::new();
        let mut text = String::new();
        for line in 1.. {
            text.clear();
            // What is wrong is told with words of the file.
            let wrong = |what: String| BaselineError::Line { line, what: Excerpt::from(what).into() };
            if from.by_ref().take(LINE_MAX_BYTES).read_line(&mut text)? == 0 {
                if line == 1 {
                    return Err(wrong("the file is empty".into()));
                }
                break;
            }
            let entry = text.trim_end();
            match line {
                1 if entry == HEAD => continue,
                1 => return Err(wrong(format!("a baseline begins with `{HEAD}`"))),
                _ if left.len() >= ENTRIES_MAX => return Err(BaselineError::TooMany),
                _ => {}
            }
            let entry: ReadEntry = serde_json::from_str(entry).map_err(|error| wrong(error.to_string()))?;
            let fingerprint = Fingerprint::parse(&entry.fingerprint)
                .ok_or_else(|| wrong("`fingerprint` has 32 hexadecimal digits".into()))?;
            let count: &mut u64 = left.entry(fingerprint).or_default();
            *count = count.saturating_add(entry.count);
        }
        Ok(Baseline { left })
    }

    /// Whether a finding was there before. Each entry counts once.
    pub(crate) fn takes(&mut self, finding: &Finding) -> bool {
        if self.left.is_empty() {
            return false;
        }
        match self.left.get_mut(&Fingerprint::of(finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// That entries are left which no finding matched.
    pub(crate) fn notice(&self) -> Option<Notice> {
        let left = self.left.values().copied().fold(0, u64::saturating_add);
        (left > 0).then(|| Notice {
            code: NoticeCode::BaselineStale,
            text: format!("{left} findings of the baseline are gone; write it again so that they stay gone"),
        })
    }
}

/// Collects findings for a baseline.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    entries: BTreeMap<Fingerprint, Recorded>,
    is_full: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Recorded {
    count: u64,
    rule: String,
    place: String,
}

#[derive(Serialize)]
struct Line<'a> {
    fingerprint: Fingerprint,
    #[serde(flatten)]
    recorded: &'a Recorded,
}

impl Recorder {
    /// Adds a finding.
    pub fn add(&mut self, finding: &Finding) {
        let fingerprint = Fingerprint::of(finding);
        if let Some(known) = self.entries.get_mut(&fingerprint) {
            known.count += 1;
        } else if self.entries.len() < ENTRIES_MAX {
            // Without the line, which moves.
            let place = match finding.place.path() {
                Some(path) => path.to_owned(),
                None => finding.place.to_string(),
            };
            self.entries.insert(fingerprint, Recorded { count: 1, rule: finding.rule.to_string(), place });
        } else {
            self.is_full = true;
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// There were too many findings, or the writer fails.
    pub fn write(&self, to: &mut impl Write) -> Result<(), BaselineError> {
        if self.is_full {
            return Err(BaselineError::TooMany);
        }
        writeln!(to, "{HEAD}")?;
        for (fingerprint, recorded) in &self.entries {
            serde_json::to_writer(&mut *to, &Line { fingerprint: *fingerprint, recorded })
                .map_err(io::Error::from)?;
            writeln!(to)?;
        }
        to.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, HEAD, Recorder};
    use crate::{Finding, Place};

    fn finding(line: u64) -> Finding {
        Finding {
            rule: "R".into(),
            place: Place::line("main.tf", line, 0, 0),
            matched: "x".into(),
            ..Finding::default()
        }
    }

    fn written(findings: &[Finding]) -> String {
        let mut recorder = Recorder::default();
        for finding in findings {
            recorder.add(finding);
        }
        let mut file = Vec::new();
        recorder.write(&mut file).expect("a vector can be written to");
        String::from_utf8(file).expect("JSON is text")
    }

    #[test]
    fn what_was_there_is_known_as_often_as_it_was() {
        let file = written(&[finding(1), finding(2)]);
        assert_eq!(file.lines().count(), 2, "{file}");
        let mut baseline = Baseline::read(file.as_bytes()).expect("it was just written");
        assert!(baseline.notice().is_some(), "nothing was found yet");
        assert!(baseline.takes(&finding(7)) && baseline.takes(&finding(8)), "lines may move");
        assert!(!baseline.takes(&finding(9)), "the third is one too many");
        assert!(baseline.notice().is_none());
        assert!(!baseline.takes(&Finding { rule: "S".into(), ..finding(1) }));
    }

    #[test]
    fn the_file_does_not_depend_on_the_order() {
        let other = Finding { rule: "S".into(), ..finding(1) };
        assert_eq!(written(&[finding(1), other.clone()]), written(&[other, finding(3)]));
    }

    #[test]
    fn counts_stop_at_their_end() {
        let good = written(&[finding(1)]);
        let full = good.replace("\"count\":1", &format!("\"count\":{}", u64::MAX));
        let entry = full.lines().nth(1).expect("an entry");
        let other = format!("{{\"fingerprint\":\"{}\",\"count\":{}}}", "0".repeat(32), u64::MAX);
        let file = format!("{full}{entry}\n{other}\n");
        let mut baseline = Baseline::read(file.as_bytes()).expect("every line is right");
        assert!(baseline.takes(&finding(1)));
        assert!(baseline.notice().is_some_and(|notice| notice.text.starts_with(&u64::MAX.to_string())));
    }

    #[test]
    fn a_message_is_short_and_visible() {
        let long = format!("{HEAD}\n{{\"fingerprint\":[\"{}\"]}}\n", "x\u{202e}".repeat(5_000));
        let error = Baseline::read(long.as_bytes()).expect_err("it is wrong").to_string();
        assert!(error.starts_with("line 2 of the baseline: ") && error.len() < 600, "{error}");
        assert!(!error.contains('\u{202e}'), "{error}");
    }

    #[test]
    fn a_file_with_a_mistake_is_refused_whole() {
        let good = written(&[finding(1)]);
        let second = good.lines().nth(1).expect("an entry");
        for (file, want) in [
            (String::new(), "line 1 of the baseline: the file is empty"),
            ("{}\n".into(), "line 1 of the baseline: a baseline begins with"),
            (format!("{HEAD}\n{second}\nx\n"), "line 3 of the baseline: expected value"),
            (format!("{HEAD}\n{}\n", second.replace("\"fingerprint\":\"", "\"fingerprint\":\"z")), "line 2 "),
            (format!("{HEAD}\n{}\n", second.replace("\"count\":1", "\"count\":-1")), "line 2 "),
        ] {
            let error = Baseline::read(file.as_bytes()).expect_err("it is wrong").to_string();
            assert!(error.starts_with(want), "{error}");
        }
    }
}
