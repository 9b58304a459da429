//! What each line of a corpus is, as read from its labels.
//!
//! Names of groups are kept once, a line is a few bytes: labels of millions of lines fit. A label file may come from
//! another generator, with names of its own; their number is bounded by [`NAMES_MAX`].

use crate::plan::{Plan, Record};
use serde_json::Value;
use std::collections::HashMap;
use std::io;

/// Names of groups that a label file may have.
pub const NAMES_MAX: usize = 10_000;
/// What attempts are grouped by.
pub(super) const AXES: [&str; 7] = ["target", "spelling", "shape", "encoding", "carrier", "path", "format"];

/// A label line that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Not one JSON object.
    #[error("the label is no JSON object")]
    Json(#[from] serde_json::Error),
    /// Something is missing or of another type.
    #[error("the label has no usable `{0}`")]
    Field(&'static str),
    /// Another version.
    #[error("labels of version {0} are not understood, only {version}", version = crate::plan::LABELS_VERSION)]
    Version(u64),
    /// A line that has a label already.
    #[error("line {0} is labelled twice")]
    Twice(u64),
    /// More names than [`NAMES_MAX`].
    #[error("the labels have more than {NAMES_MAX} names of groups")]
    Names,
}

/// An attempt, as numbers of names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub(super) names: [u16; AXES.len()],
    pub(super) is_deep: bool,
}

/// A line that has a label.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    Attempt(Kept),
    Benign { kind: u16, format: u16 },
}

/// What each line of a corpus is.
#[derive(Debug, Default)]
pub struct Truth {
    pub(super) lines: HashMap<u64, Line>,
    pub(super) names: Vec<String>,
    numbers: HashMap<String, u16>,
}

impl Truth {
    /// The truth about a plan's corpus, without its label file. Takes as long as writing the corpus.
    ///
    /// # Errors
    /// If the plan has no format.
    pub fn of(plan: &Plan) -> io::Result<Self> {
        let mut truth = Truth::default();
        plan.each(|record, _| truth.add(record).map_err(io::Error::other))?;
        Ok(truth)
    }

    /// Adds what a generator says about a line.
    ///
    /// # Errors
    /// If the line has a label already.
    pub fn add(&mut self, record: &Record) -> Result<(), LabelError> {
        match *record {
            Record::Corpus { .. } => Ok(()),
            Record::Attempt { line, label } => {
                let all = [
                    label.target,
                    label.spelling,
                    label.shape,
                    label.encoding,
                    label.carrier,
                    label.path,
                    label.format,
                ];
                let mut names = [0; AXES.len()];
                for (number, name) in names.iter_mut().zip(all) {
                    *number = self.number(name)?;
                }
                self.insert(line, Line::Attempt(Kept { names, is_deep: label.deep }))
            }
            Record::Benign { line, kind, format } => {
                let (kind, format) = (self.number(kind)?, self.number(format)?);
                self.insert(line, Line::Benign { kind, format })
            }
        }
    }

    /// Adds one line of a label file. Empty lines and records of other types are skipped.
    ///
    /// # Errors
    /// If the line is no label, lacks something, or labels a line again.
    pub fn read_line(&mut self, label: &[u8]) -> Result<(), LabelError> {
        if label.trim_ascii().is_empty() {
            return Ok(());
        }
        let label: Value = serde_json::from_slice(label)?;
        let kind = text(&label, "type")?;
        if kind == "corpus" {
            let version = label.get("v").and_then(Value::as_u64).ok_or(LabelError::Field("v"))?;
            let is_known = version == u64::from(crate::plan::LABELS_VERSION);
            return if is_known { Ok(()) } else { Err(LabelError::Version(version)) };
        }
        let number = || label.get("line").and_then(Value::as_u64).ok_or(LabelError::Field("line"));
        let line = match kind {
            "attempt" => {
                let mut names = [0; AXES.len()];
                for (number, axis) in names.iter_mut().zip(AXES) {
                    *number = self.number(text(&label, axis)?)?;
                }
                let is_deep = label.get("deep").and_then(Value::as_bool).ok_or(LabelError::Field("deep"))?;
                Line::Attempt(Kept { names, is_deep })
            }
            "benign" => Line::Benign {
                kind: self.number(text(&label, "kind")?)?,
                format: self.number(text(&label, "format")?)?,
            },
            _ => return Ok(()),
        };
        self.insert(number()?, line)
    }

    /// How many lines have a label.
    pub fn lines(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn name(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", String::as_str)
    }

    fn insert(&mut self, number: u64, line: Line) -> Result<(), LabelError> {
        match self.lines.insert(number, line) {
            Some(_) => Err(LabelError::Twice(number)),
            None => Ok(()),
        }
    }

    fn number(&mut self, name: &str) -> Result<u16, LabelError> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        if self.names.len() >= NAMES_MAX {
            return Err(LabelError::Names);
        }
        let number = u16::try_from(self.names.len()).map_err(|_| LabelError::Names)?;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }
}

fn text<'a>(label: &'a Value, field: &'static str) -> Result<&'a str, LabelError> {
    label.get(field).and_then(Value::as_str).ok_or(LabelError::Field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_refused_with_the_reason() {
        let cases = [
            ("{", "the label is no JSON object"),
            ("[]", "the label has no usable `type`"),
            (r#"{"type":"corpus","v":2}"#, "labels of version 2 are not understood, only 1"),
            (r#"{"type":"benign","kind":"a","format":"b"}"#, "the label has no usable `line`"),
            (r#"{"type":"benign","line":-1,"kind":"a","format":"b"}"#, "the label has no usable `line`"),
            (r#"{"type":"attempt","line":1,"target":"ec2"}"#, "the label has no usable `spelling`"),
        ];
        for (label, want) in cases {
            let error = Truth::default().read_line(label.as_bytes()).expect_err(label);
            assert_eq!(error.to_string(), want, "{label}");
        }
        let mut truth = Truth::default();
        let label = br#"{"type":"benign","line":3,"kind":"a","format":"b"}"#;
        assert!(truth.read_line(label).is_ok());
        assert!(matches!(truth.read_line(label), Err(LabelError::Twice(3))));
        assert!(truth.read_line(b" ").is_ok() && truth.read_line(br#"{"type":"note"}"#).is_ok());
        assert_eq!(truth.lines(), 1);
    }
}
