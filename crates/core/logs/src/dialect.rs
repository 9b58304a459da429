//! Format strings: the languages in which servers are told what to log.
//!
//! ```text
//! nginx          $remote_addr "$request" ${status}        also `$context.identity.sourceIp` of API Gateway
//! Apache httpd   %h "%r" %>s %{Referer}i
//! Envoy          %REQ(:METHOD)% %RESPONSE_CODE% %UPSTREAM_HOST%
//! ```
//! The string may stand alone or in its directive, `log_format name escape=json '…' '…';` or `LogFormat "…" name`.
//! The language is told by the string. Fields that nothing is known about are kept as text under their own name.

mod apache;
mod envoy;
mod nginx;

pub(crate) use nginx::template;

use crate::column::Column;
use crate::pattern::{Part, Pattern, Tail};
use crate::unescape::Escaping;
use std::borrow::Cow;

/// A format string without the directive around it.
struct Unwrapped<'t> {
    text: Cow<'t, str>,
    escaping: Escaping,
}

/// Compiles a format string. `None` if no field is in it.
pub(crate) fn compile(text: &str) -> Option<Pattern> {
    let Unwrapped { text, escaping } = unwrap(text.trim());
    let parts = if envoy::is_written_in(&text) {
        envoy::parts(&text)
    } else if nginx::is_written_in(&text) {
        nginx::parts(&text, escaping)
    } else {
        apache::parts(&text)
    };
    Pattern::new(parts, Tail::End)
}

fn unwrap(text: &str) -> Unwrapped<'_> {
    if let Some(rest) = directive(text, "log_format") {
        // The name of the format.
        let rest = rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        let (escaping, rest) = escape_parameter(rest);
        return Unwrapped { text: Cow::Owned(strings(rest.trim_end_matches(';'))), escaping };
    }
    if let Some(rest) = directive(text, "LogFormat") {
        return Unwrapped { text: Cow::Owned(strings(rest)), escaping: Escaping::Backslash };
    }
    let (escaping, rest) = escape_parameter(text);
    Unwrapped { text: Cow::Borrowed(rest), escaping }
}

fn directive<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.strip_prefix(name)?.strip_prefix(char::is_whitespace).map(str::trim_start)
}

/// `escape=default`, `escape=json` or `escape=none`.
fn escape_parameter(text: &str) -> (Escaping, &str) {
    let Some(rest) = text.strip_prefix("escape=") else { return (Escaping::Backslash, text) };
    let (value, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    (if value == "none" { Escaping::None } else { Escaping::Backslash }, rest.trim_start())
}

/// The text of quoted strings, joined; words outside quotes, such as the name of a format, are left out. Text without a
/// quote at its beginning is taken as it is.
fn strings(text: &str) -> String {
    let is_quote = |character: char| matches!(character, '"' | '\'');
    if !text.starts_with(is_quote) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut open = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match open {
            None => open = Some(character).filter(|character| is_quote(*character)),
            Some(quote) if character == quote => open = None,
            Some(_) if character == '\\' => out.extend(characters.next()),
            Some(_) => out.push(character),
        }
    }
    out
}

/// Collects the parts of a format string.
#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
}

impl Parts {
    fn literal(&mut self, text: &str) {
        if !text.is_empty() {
            self.parts.push(Part::Literal(text.as_bytes().to_vec()));
        }
    }

    fn column(&mut self, column: Column) {
        self.parts.push(Part::Column(column));
    }
}

#[cfg(test)]
mod tests;
