//! A table (RFC 4180) with a head.
//!
//! A cell that a spreadsheet would take for a formula begins with `'`: findings carry what attackers wrote.

use super::Renderer;
use crate::clock::rfc3339;
use crate::excerpt::{Excerpt, visible};
use crate::facts::{self, Facts};
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::run::{Run, Summary};
use std::borrow::Cow;
use std::io::{self, Write};

/// Facts that have a column.
const FACTS: [&str; 8] = [
    facts::SOURCE,
    facts::CLIENT,
    facts::HOST,
    facts::METHOD,
    facts::STATUS,
    facts::SIZE,
    facts::OUTCOME,
    facts::OWNER,
];

/// Signs that begin a formula, and their wide forms, which some spreadsheets take for them.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Writes a table.
#[derive(Debug)]
pub(super) struct Csv<W> {
    out: W,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(out: W) -> Csv<W> {
        Csv { out }
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.out.write_all(b",")?;
            }
            self.cell(&cell)?;
        }
        self.out.write_all(b"\r\n")
    }

    fn cell(&mut self, text: &str) -> io::Result<()> {
        let text = visible(text);
        // `-` alone is standard input.
        let is_formula = text.starts_with(FORMULA) && text.len() > 1;
        if !is_formula && !text.contains(['"', ',', '\'', ';']) {
            return self.out.write_all(text.as_bytes());
        }
        self.out.write_all(if is_formula { b"\"'" } else { b"\"" })?;
        super::escaped(&mut self.out, &text, |character| (character == '"').then_some("\"\""))?;
        self.out.write_all(b"\"")
    }
}

impl<W: Write> Renderer for Csv<W> {
    fn begin(&mut self, _: &Run<'_>) -> io::Result<()> {
        let names = [
            "rule",
            "severity",
            "title",
            "message",
            "place",
            "line",
            "offset",
            "time",
            "matched",
            "decoded",
            "encodings",
            "target",
            "provider",
            "subject",
        ];
        let all = names.into_iter().chain(FACTS).chain(["suppressed", "fingerprint"]);
        self.row(all.map(Cow::Borrowed))
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let number = |value: Option<u64>| value.map(|value| value.to_string().into()).unwrap_or_default();
        let region = finding.place.region();
        let excerpt = |excerpt: &Option<Excerpt>| {
            Cow::Owned(excerpt.as_ref().map(ToString::to_string).unwrap_or_default())
        };
        let place = match finding.place.path() {
            Some(path) => Cow::Borrowed(path),
            None => Cow::Owned(finding.place.to_string()),
        };
        let cells = [
            Cow::Borrowed(finding.rule.as_ref()),
            finding.severity.as_str().into(),
            finding.title.as_ref().into(),
            finding.message.as_str().into(),
            place,
            number(region.map(|region| region.line)),
            number(region.map(|region| region.offset)),
            finding.time.map(rfc3339).unwrap_or_default().into(),
            finding.matched.as_str().into(),
            excerpt(&finding.decoded),
            finding.encoding_names().collect::<Vec<_>>().join(" ").into(),
            excerpt(&finding.target),
            finding.provider.as_deref().unwrap_or_default().into(),
            finding.subject.as_deref().unwrap_or_default().into(),
        ];
        let facts = FACTS.map(|name| fact(&finding.facts, name));
        let last = [
            if finding.suppressed.is_some() { "yes".into() } else { Cow::Borrowed("") },
            Fingerprint::of(finding).to_string().into(),
        ];
        self.row(cells.into_iter().chain(facts).chain(last))
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// A fact as a cell.
fn fact<'f>(all: &'f Facts, name: &str) -> Cow<'f, str> {
    match all.text(name) {
        Some(text) => Cow::Borrowed(text),
        None => all.find(name).map_or(Cow::Borrowed(""), |value| Cow::Owned(value.to_string())),
    }
}
