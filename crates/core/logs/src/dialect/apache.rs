//! The directives of Apache httpd, `mod_log_config` and `mod_logio`.
//!
//! ```text
//! % [!400,501] [< or >] [{argument}] letter      %^ti and %^to for trailers      %% for a percent sign
//! ```

use super::Parts;
use crate::column::{Column, Meaning, Role, Shape};
use crate::kind::Kind;
use crate::known;
use crate::pattern::Part;
use crate::unescape::Escaping;
use std::borrow::Cow;

/// What directives without an argument hold.
const DIRECTIVES: &[(&str, &str, Meaning)] = &[
    ("a", "client_address", Meaning::new(Kind::Client, Role::Source)),
    ("h", "remote_host", Meaning::new(Kind::Client, Role::Source)),
    ("A", "local_address", Meaning::TEXT),
    ("b", "bytes", Meaning::new(Kind::Number, Role::Size)),
    ("B", "bytes", Meaning::new(Kind::Number, Role::Size)),
    ("O", "bytes_sent", Meaning::new(Kind::Number, Role::Size)),
    ("I", "bytes_received", Meaning::of(Kind::Number)),
    ("S", "bytes_transferred", Meaning::of(Kind::Number)),
    ("D", "duration_us", Meaning::of(Kind::Number)),
    ("T", "duration_s", Meaning::of(Kind::Number)),
    ("f", "filename", Meaning::of(Kind::Path)),
    ("H", "protocol", Meaning::TEXT),
    ("k", "keepalive_requests", Meaning::of(Kind::Number)),
    ("l", "remote_logname", Meaning::TEXT),
    ("L", "log_id", Meaning::TEXT),
    ("m", "method", Meaning::new(Kind::Text, Role::Method)),
    ("p", "port", Meaning::of(Kind::Number)),
    ("P", "process", Meaning::of(Kind::Number)),
    ("q", "query", Meaning::of(Kind::Query)),
    ("r", "request", Meaning::new(Kind::Request, Role::Request)),
    ("R", "handler", Meaning::TEXT),
    ("s", "status", Meaning::new(Kind::Number, Role::Status)),
    ("u", "remote_user", Meaning::TEXT),
    ("U", "path", Meaning::of(Kind::Path)),
    ("v", "server_name", Meaning::new(Kind::Host, Role::Host)),
    ("V", "server_name", Meaning::new(Kind::Host, Role::Host)),
    ("X", "connection", Meaning::TEXT),
];

/// Headers that nearly every format string names, as it writes them: their names are not copied for each line.
const HEADERS: [&str; 2] = ["Referer", "User-Agent"];

/// A directive, taken apart.
struct Directive<'t> {
    argument: Option<&'t str>,
    letters: &'t str,
    used: usize,
}

pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut out = Parts::default();
    let mut rest = text;
    while let Some(percent) = rest.find('%') {
        let after = &rest[percent + 1..];
        if let Some(directive) = directive(after) {
            out.literal(&rest[..percent]);
            add(&mut out, &directive);
            rest = &after[directive.used..];
        } else {
            out.literal(&rest[..=percent]);
            rest = after.strip_prefix('%').unwrap_or(after);
        }
    }
    out.literal(rest);
    out.parts
}

/// The directive behind a percent sign.
fn directive(text: &str) -> Option<Directive<'_>> {
    let modifiers =
        text.bytes().take_while(|byte| matches!(byte, b'!' | b'<' | b'>' | b',' | b'0'..=b'9')).count();
    let (argument, start) = match text[modifiers..].strip_prefix('{') {
        Some(inner) => {
            let (argument, _) = inner.split_once('}')?;
            (Some(argument), modifiers + argument.len() + 2)
        }
        None => (None, modifiers),
    };
    let length = if text[start..].starts_with('^') { 3 } else { 1 };
    let letters = text.get(start..start + length)?;
    let all_letters = letters.trim_start_matches('^').bytes().all(|byte| byte.is_ascii_alphabetic());
    all_letters.then_some(Directive { argument, letters, used: start + length })
}

fn add(out: &mut Parts, directive: &Directive<'_>) {
    let escaped = |name: String, meaning| Column::new(name, meaning, Escaping::Backslash);
    let column = match (directive.argument, directive.letters) {
        (None, "t") => {
            out.literal("[");
            out.column(Column::new("time", Meaning::new(Kind::Time, Role::Time), Escaping::None));
            return out.literal("]");
        }
        (Some("sec" | "msec" | "usec" | "begin:sec" | "begin:msec" | "begin:usec"), "t") => {
            Column::new("time", Meaning::new(Kind::Time, Role::Time), Escaping::None)
        }
        (Some(format), "t") => escaped(format!("time:{format}"), Meaning::TEXT),
        (Some(name), "i") => {
            let known = HEADERS.iter().find(|known| **known == name);
            let shown = known.map_or_else(|| Cow::Owned(name.to_owned()), |known| Cow::Borrowed(*known));
            Column::new(shown, known::header(name.as_bytes()), Escaping::Backslash)
        }
        (Some(name), "C") => escaped(format!("cookie:{name}"), Meaning::of(Kind::Cookie)),
        (Some(name), "o") => escaped(format!("response:{name}"), Meaning::TEXT),
        (Some(name), "e" | "n" | "^ti" | "^to") => escaped(name.to_owned(), Meaning::TEXT),
        (argument, letters) => known_directive(argument, letters),
    };
    out.column(column);
}

fn known_directive(argument: Option<&str>, letters: &str) -> Column {
    let Some((_, name, meaning)) = DIRECTIVES.iter().find(|(known, _, _)| *known == letters) else {
        return Column::new(letters.to_owned(), Meaning::TEXT, Escaping::Backslash);
    };
    let column = Column::new(*name, *meaning, Escaping::Backslash);
    match (letters, argument) {
        ("a", Some("c")) => {
            Column::new("peer_address", Meaning::of(Kind::Client), Escaping::Backslash).shaped(Shape::Word)
        }
        ("T", Some(_)) => Column::new("duration", *meaning, Escaping::None),
        ("p", Some(_)) => column.shaped(Shape::Any),
        _ => column,
    }
}
