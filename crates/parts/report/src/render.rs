//! Ways to write findings down.
//!
//! | format | for | written | suppressed findings |
//! |---|---|---|---|
//! | text | people at a terminal | as they come | left out |
//! | json | programs: [JSON lines](json) | as they come | left out |
//! | sarif | code checkers' readers, SARIF 2.1.0 | as they come | marked |
//! | ocsf | security lakes, OCSF 1.5.0 Detection Finding | as they come | marked |
//! | ecs | Elastic, ECS 8.17 | as they come | left out |
//! | junit | build servers | at the end | skipped tests |
//! | csv | tables | as they come | left out |
//! | markdown | a comment on a change | at the end | left out |
//! | html | people with a browser, one file | at the end | marked |
//! | prometheus | a text file collector | counts at the end | left out |
//!
//! [`Gate::show_suppressed`](crate::Gate) has those that leave them out show them too.

mod csv;
mod ecs;
mod html;
pub mod json;
mod junit;
mod kept;
mod markdown;
mod ocsf;
mod prometheus;
mod sarif;
mod text;

pub use ocsf::SCHEMA_VERSION as OCSF_SCHEMA_VERSION;

use crate::finding::Finding;
use crate::run::{Run, Summary};
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// Writes findings down. [`Renderer::begin`] comes first, [`Renderer::end`] last, each once.
///
/// # Errors
/// All three fail with the writer's error only.
#[expect(clippy::missing_errors_doc, reason = "said once, for all of them")]
pub trait Renderer {
    /// Writes what stands before the findings.
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()>;
    /// Writes a finding, or keeps it for the end.
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;
    /// Writes what stands behind the findings, and flushes.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
    /// Whether the format says of a finding that it is suppressed.
    fn marks_suppressed(&self) -> bool {
        false
    }
}

/// A way to write findings down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A block for each finding, for people.
    #[default]
    Text,
    /// JSON lines.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// OCSF Detection Findings, a line each.
    Ocsf,
    /// Elastic Common Schema, a line each.
    Ecs,
    /// `JUnit` XML.
    Junit,
    /// A table with a head.
    Csv,
    /// Markdown for a comment on a change.
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// Counts in Prometheus' text format.
    Prometheus,
}

/// What a renderer may choose.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Colours, in text. Nothing is said by colour alone.
    pub color: bool,
    /// Most findings that a format which writes at the end keeps: the gravest, then the first. Default 2,000.
    pub kept: usize,
}

impl Default for Style {
    fn default() -> Self {
        Style { color: false, kept: 2_000 }
    }
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 10] = [
        Format::Text,
        Format::Json,
        Format::Sarif,
        Format::Ocsf,
        Format::Ecs,
        Format::Junit,
        Format::Csv,
        Format::Markdown,
        Format::Html,
        Format::Prometheus,
    ];

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Ocsf => "ocsf",
            Format::Ecs => "ecs",
            Format::Junit => "junit",
            Format::Csv => "csv",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Prometheus => "prometheus",
        }
    }

    /// A renderer that writes to `out`; many small writes, so hand over a buffered one.
    pub fn renderer<'a>(self, out: impl Write + 'a, style: Style) -> Box<dyn Renderer + 'a> {
        match self {
            Format::Text => Box::new(text::Text::new(out, style.color)),
            Format::Json => Box::new(json::Json::new(out)),
            Format::Sarif => Box::new(sarif::Sarif::new(out)),
            Format::Ocsf => Box::new(ocsf::Ocsf::new(out)),
            Format::Ecs => Box::new(ecs::Ecs::new(out)),
            Format::Junit => Box::new(junit::Junit::new(out, style.kept)),
            Format::Csv => Box::new(csv::Csv::new(out)),
            Format::Markdown => Box::new(markdown::Markdown::new(out)),
            Format::Html => Box::new(html::Html::new(out, style.kept)),
            Format::Prometheus => Box::new(prometheus::Prometheus::new(out)),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

/// Text that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no format; they are text, json, sarif, ocsf, ecs, junit, csv, markdown, html, prometheus")]
pub struct UnknownFormat(String);

/// A line of JSON.
fn json_line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Writes text with some characters written in another way.
fn escaped(out: &mut impl Write, text: &str, other: impl Fn(char) -> Option<&'static str>) -> io::Result<()> {
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        if let Some(written) = other(character) {
            out.write_all(&text.as_bytes()[plain..at])?;
            out.write_all(written.as_bytes())?;
            plain = at + character.len_utf8();
        }
    }
    out.write_all(&text.as_bytes()[plain..])
}

/// `&`, `<`, `>` and quotes as XML and HTML write them.
fn markup(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}
