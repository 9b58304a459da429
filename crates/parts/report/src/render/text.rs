//! A block for each finding, for people; a verdict at the end.
//!
//! ```text
//! HIGH  SSRF-ATTEMPT  Metadata service asked for through a parameter
//!       access.log:1042:57
//!       the parameter `url` names the metadata service
//!       decoded  http%3a%2f%2f0251.0376.43518%2flatest ─percent→ http://0251.0376.43518/latest ─octal→ http://169.254.169.254/latest
//!       target   169.254.169.254 (ec2)
//!       facts    source nginx, status 200, size 1312
//! ```
//! Nothing is said by colour alone.

use super::Renderer;
use crate::clock::{gap, rfc3339};
use crate::excerpt::put;
use crate::excerpt::visible;
use crate::facts::plain;
use crate::finding::{Finding, Step};
use crate::place::Place;
use crate::run::{Run, Summary};
use crate::severity::Severity;
use anstyle::{AnsiColor, Effects, Style};
use serde_json::Value;
use std::io::{self, Write};

/// Columns before the text of a block.
const INDENT: &str = "          ";
/// Longest text, in bytes, that begins the drawing of its layers; a longer one stands above it.
const CHAIN_LINE: usize = 72;
const STRONG: Style = Style::new().effects(Effects::BOLD);
const FAINT: Style = Style::new().effects(Effects::DIMMED);

/// Writes text.
#[derive(Debug)]
pub(super) struct Text<W> {
    out: W,
    color: bool,
}

impl<W: Write> Text<W> {
    pub(super) fn new(out: W, color: bool) -> Text<W> {
        Text { out, color }
    }

    /// Words, in a style if there are colours.
    fn styled(&mut self, style: Style, words: &str) -> io::Result<()> {
        if self.color {
            write!(self.out, "{style}{words}{style:#}")
        } else {
            self.out.write_all(words.as_bytes())
        }
    }

    fn detail(&mut self, name: &str, text: &str) -> io::Result<()> {
        write!(self.out, "{INDENT}")?;
        self.styled(FAINT, &format!("{name:8} "))?;
        writeln!(self.out, "{}", visible(text))
    }

    fn steps(&mut self, steps: &[Step]) -> io::Result<()> {
        let mut before = None;
        for (at, step) in steps.iter().enumerate() {
            let branch = if at + 1 == steps.len() { "└─" } else { "├─" };
            let time = step.time.map_or_else(|| "no time".into(), rfc3339);
            let later = match (before, step.time) {
                (Some(before), Some(time)) => format!("  (after {})", gap(before, time)),
                _ => String::new(),
            };
            before = step.time.or(before);
            write!(self.out, "{INDENT}{branch} {time:24} {:10} {}", visible(&step.lane), step.text)?;
            self.styled(FAINT, &later)?;
            writeln!(self.out)?;
            if step.place != Place::Nowhere {
                let stem = if at + 1 == steps.len() { "  " } else { "│ " };
                write!(self.out, "{INDENT}{stem} {:35} ", "")?;
                self.styled(FAINT, &visible(&step.place.to_string()))?;
                writeln!(self.out)?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Renderer for Text<W> {
    fn begin(&mut self, _: &Run<'_>) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let word = format!("{:8}", finding.severity.as_str().to_uppercase());
        self.styled(style(finding.severity), &word)?;
        self.out.write_all(b"  ")?;
        self.styled(STRONG, &visible(&finding.rule))?;
        writeln!(self.out, "  {}", visible(&finding.title))?;
        if finding.place != Place::Nowhere {
            write!(self.out, "{INDENT}")?;
            self.styled(FAINT, &visible(&finding.place.to_string()))?;
            writeln!(self.out)?;
        }
        if !finding.message.is_empty() {
            writeln!(self.out, "{INDENT}{}", finding.message)?;
        }
        for (name, text) in details(finding) {
            self.detail(name, &text)?;
        }
        self.steps(&finding.steps)?;
        writeln!(self.out)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        for notice in &summary.notices {
            writeln!(self.out, "{}: {}", notice.code.as_str(), visible(&notice.text))?;
        }
        let gravest = Severity::ALL.into_iter().rev().find(|severity| summary.counts.of(*severity) > 0);
        let mut verdict = summary.verdict();
        let counted: Vec<String> =
            summary.facts.iter().filter_map(|(name, value)| counted(name, &value)).collect();
        if !counted.is_empty() {
            put(&mut verdict, format_args!(" (in {})", counted.join(", ")));
        }
        self.styled(gravest.map_or(STRONG, style), &visible(&verdict))?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

/// What is known about a finding beyond its title, place and message: names and texts, not escaped.
pub(super) fn details(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    let mut add = |name, text: String| {
        if !text.is_empty() {
            details.push((name, text));
        }
    };
    add("subject", finding.subject.clone().unwrap_or_default());
    // A short one begins the drawing of its layers.
    if finding.encodings.is_empty() || finding.matched.as_str().len() > CHAIN_LINE {
        add("found", finding.matched.to_string());
    }
    add("decoded", chain(finding));
    add("target", target(finding));
    add("time", finding.time.map(rfc3339).unwrap_or_default());
    let facts: Vec<String> = finding
        .facts
        .iter()
        .filter(|(_, value)| !is_nested(value))
        .map(|(name, value)| format!("{name} {}", plain(&value)))
        .collect();
    add("facts", facts.join(", "));
    if let Some(fix) = &finding.fix {
        add("fix", fix.text.to_string());
        add("command", fix.command.clone().unwrap_or_default());
        for edit in &fix.edits {
            let words: Vec<&str> = edit.insert.split_whitespace().collect();
            add("edit", format!("{}:{}: {}", edit.path, edit.region.line, words.join(" ")));
        }
    }
    add("excepted", finding.suppressed.as_ref().map(super::junit::why).unwrap_or_default());
    details
}

/// The drawing of how what was found became what it says: `%2e%2e ─percent→ .. ─…`. What was not kept is left out.
pub(super) fn chain(finding: &Finding) -> String {
    let chain = finding.chain();
    if chain.is_empty() {
        return finding.decoded.as_ref().map(ToString::to_string).unwrap_or_default();
    }
    let mut drawn = String::new();
    let found = finding.matched.as_str();
    drawn.push_str(if found.len() > CHAIN_LINE { "…" } else { found });
    for (encoding, text) in chain {
        drawn.push_str(" ─");
        drawn.push_str(encoding);
        drawn.push('→');
        if let Some(text) = text {
            drawn.push(' ');
            drawn.push_str(text.as_str());
        }
    }
    drawn
}

fn target(finding: &Finding) -> String {
    match (&finding.target, &finding.provider) {
        (Some(target), Some(provider)) => format!("{target} ({provider})"),
        (Some(target), None) => target.to_string(),
        (None, Some(provider)) => provider.to_string(),
        (None, None) => String::new(),
    }
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Info => AnsiColor::Blue,
        Severity::Low => AnsiColor::Cyan,
        Severity::Medium => AnsiColor::Yellow,
        Severity::High => AnsiColor::Red,
        Severity::Critical => AnsiColor::Magenta,
    };
    color.on_default().effects(Effects::BOLD)
}

/// Whether a value is for programs: people have it in the words of the message.
fn is_nested(value: &Value) -> bool {
    value.is_object()
        || value.as_array().is_some_and(|items| items.iter().any(|item| item.is_object() || item.is_array()))
}

/// A count with its name; counts by name as a list of their own. What is drawn and not read is left out.
fn counted(name: &str, value: &Value) -> Option<String> {
    let name = name.replace('_', " ");
    let list = |parts: Vec<String>, between: &str| {
        (!parts.is_empty()).then(|| format!("{name}: {}", parts.join(between)))
    };
    match value {
        _ if name == crate::facts::POSTURE => None,
        Value::Object(counts) => {
            list(counts.iter().map(|(name, count)| format!("{} {name}", plain(count))).collect(), " + ")
        }
        Value::Array(items) => list(items.iter().map(|item| plain(item).into_owned()).collect(), " + "),
        count if count.as_u64() == Some(1) => Some(format!("1 {}", of_one(&name))),
        count => Some(format!("{} {name}", plain(count))),
    }
}

/// `lines decoded` as `line decoded`.
fn of_one(name: &str) -> String {
    let (things, rest) = name.split_at(name.find(' ').unwrap_or(name.len()));
    let thing = match things.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => things
            .strip_suffix("es")
            .filter(|stem| stem.ends_with("ss"))
            .unwrap_or_else(|| things.strip_suffix('s').unwrap_or(things))
            .to_owned(),
    };
    thing + rest
}

#[cfg(test)]
mod tests;
