//! What else is known of a finding: the level that decides among all that could, the risk by its parts, and the rest by
//! name.
//!
//! ```text
//! decided by   instance ─ request ─ [template] ─ account ─ image ─ built-in
//! risk 12      v1     ██████████  IMDSv1 is answered
//!              reach  ███░░░░░░░  only its own network can send it requests
//! ```
//! Facts are values of any shape. One of these two is drawn if it has the shape that is drawn, and is told like the rest
//! otherwise.

use crate::excerpt::visible;
use crate::facts::{self, plain};
use crate::render::{escaped, markup};
use serde_json::Value;
use std::borrow::Cow;
use std::io::{self, Write};

/// The fact that has the parts of the risk: a list of `{"name", "weight", "words"}`, weights from 0 to 100.
const RISK_PARTS: &str = "risk_parts";
/// Levels that can decide an option, the first one that says something does.
const LEVELS: [&str; 6] = ["instance", "request", "template", "account", "image", "built-in"];

/// All facts. Nothing if there are none.
pub(super) fn draw<'a>(
    out: &mut impl Write,
    all: impl Iterator<Item = (&'a str, Cow<'a, Value>)>,
) -> io::Result<()> {
    let (drawn, told): (Vec<_>, Vec<_>) = all.partition(|(name, value)| is_drawn(name, value));
    for (name, value) in drawn {
        match name {
            facts::DECIDED_BY => levels(out, value.as_str().unwrap_or_default())?,
            _ => risk(out, &value)?,
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    out.write_all(b"<dl class=\"facts\">")?;
    for (name, value) in told {
        let class = if is_long(&value) { " class=\"long\"" } else { "" };
        write!(out, "<div{class}><dt>")?;
        words(out, &name.replace('_', " "))?;
        out.write_all(b"</dt> <dd>")?;
        tell(out, &value)?;
        out.write_all(b"</dd></div> ")?;
    }
    out.write_all(b"</dl>")
}

/// Text with what stands in backticks as code.
pub(super) fn prose(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((code, behind)) = behind.split_once('`') else { break };
        words(out, before)?;
        out.write_all(b"<code>")?;
        words(out, code)?;
        out.write_all(b"</code>")?;
        rest = behind;
    }
    words(out, rest)
}

/// Text of anybody: hidden characters visible, signs of markup escaped.
fn words(out: &mut impl Write, text: &str) -> io::Result<()> {
    escaped(out, &visible(text), markup)
}

fn is_drawn(name: &str, value: &Value) -> bool {
    match name {
        facts::DECIDED_BY => value.as_str().is_some_and(|level| LEVELS.contains(&level)),
        RISK_PARTS => value.as_array().is_some_and(|parts| parts.iter().all(|part| part_of(part).is_some())),
        _ => false,
    }
}

fn levels(out: &mut impl Write, decides: &str) -> io::Result<()> {
    write!(out, "<div class=\"levels\">decided by {decides}<ol aria-hidden=\"true\">")?;
    for level in LEVELS {
        let class = if level == decides { " class=\"decides\"" } else { "" };
        write!(out, "<li{class}>{level}</li>")?;
    }
    out.write_all(b"</ol></div>")
}

fn part_of(part: &Value) -> Option<(&str, u64, &str)> {
    let weight = part.get("weight")?.as_u64().filter(|weight| *weight <= 100)?;
    Some((part.get("name")?.as_str()?, weight, part.get("words")?.as_str()?))
}

fn risk(out: &mut impl Write, parts: &Value) -> io::Result<()> {
    out.write_all(b"<table class=\"risk\"><caption>Risk, by its parts</caption>")?;
    for (name, weight, text) in parts.as_array().into_iter().flatten().filter_map(part_of) {
        out.write_all(b"<tr><th>")?;
        words(out, name)?;
        write!(
            out,
            "</th> <td><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{weight} of 100\">\
             <rect width=\"{weight}\" height=\"10\"/></svg></td> <td>"
        )?;
        prose(out, text)?;
        out.write_all(b"</td></tr>")?;
    }
    out.write_all(b"</table>")
}

/// Lists of texts, each on a line of its own.
fn is_long(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_string))
}

/// A value of any shape, without the signs of its notation.
fn tell(out: &mut impl Write, value: &Value) -> io::Result<()> {
    match value {
        Value::Array(items) if is_long(value) => {
            out.write_all(b"<ul>")?;
            for item in items {
                out.write_all(b"<li>")?;
                tell(out, item)?;
                out.write_all(b"</li> ")?;
            }
            out.write_all(b"</ul>")
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                out.write_all(if at > 0 { b", " } else { b"" })?;
                tell(out, item)?;
            }
            Ok(())
        }
        Value::Object(fields) => {
            for (at, (name, item)) in fields.iter().enumerate() {
                out.write_all(if at > 0 { b", " } else { b"" })?;
                words(out, &name.replace('_', " "))?;
                out.write_all(b": ")?;
                tell(out, item)?;
            }
            Ok(())
        }
        Value::String(text) => prose(out, text),
        other => words(out, &plain(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::draw;
    use serde_json::{Value, json};
    use std::borrow::Cow;

    fn drawn(facts: &[(&str, Value)]) -> String {
        let mut out = Vec::new();
        draw(&mut out, facts.iter().map(|(name, value)| (*name, Cow::Borrowed(value))))
            .expect("a vector can be written to");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn what_decides_and_the_risk_are_drawn() {
        let parts = json!([{"name": "v1", "weight": 100, "words": "IMDSv1 is `answered`"}]);
        let page = drawn(&[("decided_by", json!("template")), ("risk_parts", parts), ("risk", json!(3))]);
        for want in [
            "decided by template<ol",
            "<li class=\"decides\">template</li><li>account</li>",
            "<rect width=\"100\"",
            "IMDSv1 is <code>answered</code>",
            "<dt>risk</dt> <dd>3</dd>",
        ] {
            assert!(page.contains(want), "{want}: {page}");
        }
    }

    #[test]
    fn other_shapes_are_told_and_escaped() {
        for (name, value, want) in [
            ("decided_by", json!("<b>"), "<dt>decided by</dt> <dd>&lt;b&gt;</dd>"),
            ("risk_parts", json!([{"name": 1}]), "<dd>name: 1</dd>"),
            ("risk_parts", json!([{"name": "a", "weight": 101, "words": "w"}]), "weight: 101"),
            ("risk_range", json!([2, 3]), "<dt>risk range</dt> <dd>2, 3</dd>"),
            ("notes", json!(["a", "<b>"]), "<ul><li>a</li> <li>&lt;b&gt;</li> </ul>"),
            ("action", json!({"<v>": {"from": 1}}), "&lt;v&gt;: from: 1"),
        ] {
            let page = drawn(&[(name, value)]);
            assert!(page.contains(want), "{want}: {page}");
        }
        assert_eq!(drawn(&[]), "");
    }
}
