//! The file of exceptions.

use super::Entry;
use crate::excerpt::Excerpt;
use glob::Pattern;
use serde::Deserialize;
use std::fmt;
use time::{Date, Month};
use toml::Spanned;
use toml::value::Datetime;

/// Why a file of exceptions is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct SuppressError {
    line: usize,
    what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    suppress: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rule: Option<String>,
    path: Option<String>,
    contains: Option<String>,
    owner: String,
    until: Datetime,
    reason: String,
}

pub(super) fn parse(text: &str, today: Date) -> Result<Vec<Entry>, SuppressError> {
    let file: File = toml::from_str(text).map_err(|error| SuppressError {
        line: line_at(text, error.span().map_or(0, |span| span.start)),
        // Told with words of the file, such as the name of a key.
        what: Excerpt::from(error.message().trim().replace('\n', "; ")).into(),
    })?;
    file.suppress
        .into_iter()
        .map(|written| {
            let line = line_at(text, written.span().start);
            entry(written.into_inner(), line, today).map_err(|what| SuppressError { line, what })
        })
        .collect()
}

fn entry(written: Written, line: usize, today: Date) -> Result<Entry, String> {
    let Written { rule, path, contains, owner, until, reason } = written;
    for (name, word) in [
        ("rule", rule.as_deref()),
        ("path", path.as_deref()),
        ("contains", contains.as_deref()),
        ("owner", Some(owner.as_str())),
        ("reason", Some(reason.as_str())),
    ] {
        if word.is_some_and(|word| word.trim().is_empty()) {
            return Err(format!("`{name}` is empty"));
        }
    }
    if rule.is_none() && path.is_none() && contains.is_none() {
        return Err("one of `rule`, `path`, `contains` is needed".into());
    }
    let path = path.map(|glob| Pattern::new(glob.trim_start_matches("./"))).transpose();
    let until = date(&until).ok_or("`until` must be a day, such as `until = 2027-03-31`")?;
    Ok(Entry {
        line,
        rule,
        path: path.map_err(|error| format!("`path` is no glob: {}", Lower(error.msg)))?,
        contains,
        owner,
        until,
        reason,
        is_over: until < today,
        matched: 0,
    })
}

fn date(written: &Datetime) -> Option<Date> {
    let date = written.date.filter(|_| written.time.is_none())?;
    Date::from_calendar_date(i32::from(date.year), Month::try_from(date.month).ok()?, date.day).ok()
}

/// The line of a byte, from 1.
fn line_at(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|one| *one == b'\n').count()
}

/// A sentence of another library as part of one of ours.
struct Lower(&'static str);

impl fmt::Display for Lower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        let first: String = characters.next().map(|first| first.to_lowercase().collect()).unwrap_or_default();
        write!(f, "{first}{}", characters.as_str())
    }
}
