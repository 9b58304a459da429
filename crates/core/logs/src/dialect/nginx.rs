//! The variables of nginx, `ngx_http_log_module` and others, and those of API Gateway.
//!
//! A variable without a value is logged as `-`, or as nothing with `escape=json` and `escape=none`.

use super::Parts;
use crate::column::{Column, Meaning, Role, Shape};
use crate::kind::Kind;
use crate::known;
use crate::pattern::Part;
use crate::unescape::Escaping;
use std::borrow::Cow;

/// What variables hold. Others go by their prefix.
const VARIABLES: &[(&str, Meaning)] = &[
    ("remote_addr", Meaning::new(Kind::Client, Role::Source)),
    ("realip_remote_addr", Meaning::of(Kind::Client)),
    ("proxy_protocol_addr", Meaning::of(Kind::Client)),
    ("remote_user", Meaning::TEXT),
    ("time_local", Meaning::new(Kind::Time, Role::Time)),
    ("time_iso8601", Meaning::new(Kind::Time, Role::Time)),
    ("msec", Meaning::new(Kind::Time, Role::Time)),
    ("request", Meaning::new(Kind::Request, Role::Request)),
    ("request_uri", Meaning::new(Kind::Request, Role::Request)),
    ("request_method", Meaning::new(Kind::Text, Role::Method)),
    ("uri", Meaning::of(Kind::Path)),
    ("document_uri", Meaning::of(Kind::Path)),
    ("args", Meaning::of(Kind::Query)),
    ("query_string", Meaning::of(Kind::Query)),
    ("is_args", Meaning::of(Kind::Query)),
    ("status", Meaning::new(Kind::Number, Role::Status)),
    ("body_bytes_sent", Meaning::new(Kind::Number, Role::Size)),
    ("bytes_sent", Meaning::new(Kind::Number, Role::Size)),
    ("request_length", Meaning::of(Kind::Number)),
    ("request_time", Meaning::of(Kind::Number)),
    ("request_body", Meaning::of(Kind::Body)),
    ("host", Meaning::new(Kind::Host, Role::Host)),
    ("server_name", Meaning::of(Kind::Host)),
    ("ssl_server_name", Meaning::of(Kind::Host)),
    ("http_user_agent", Meaning::of(Kind::UserAgent)),
    ("http_referer", Meaning::of(Kind::Referer)),
    ("http_cookie", Meaning::of(Kind::Cookie)),
    ("http_host", Meaning::new(Kind::Host, Role::Host)),
    ("http_x_forwarded_for", Meaning::of(Kind::Header)),
    ("proxy_add_x_forwarded_for", Meaning::of(Kind::Header)),
    ("upstream_addr", Meaning::of(Kind::Target)),
    ("proxy_host", Meaning::of(Kind::Target)),
    // API Gateway.
    ("context.identity.sourceIp", Meaning::new(Kind::Client, Role::Source)),
    ("context.requestId", Meaning::TEXT),
    ("context.requestTime", Meaning::new(Kind::Time, Role::Time)),
    ("context.httpMethod", Meaning::new(Kind::Text, Role::Method)),
    ("context.path", Meaning::of(Kind::Path)),
    ("context.resourcePath", Meaning::of(Kind::Path)),
    ("context.status", Meaning::new(Kind::Number, Role::Status)),
    ("context.responseLength", Meaning::new(Kind::Number, Role::Size)),
    ("context.domainName", Meaning::new(Kind::Host, Role::Host)),
    ("context.identity.userAgent", Meaning::of(Kind::UserAgent)),
];

pub(super) fn is_written_in(text: &str) -> bool {
    text.split('$')
        .skip(1)
        .any(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '{'))
}

pub(super) fn parts(text: &str, escaping: Escaping) -> Vec<Part> {
    template(text, |name| column(name, escaping))
}

/// Text in which `$name` and `${name}` stand for the columns of these names.
pub(crate) fn template(text: &str, column: impl Fn(&str) -> Column) -> Vec<Part> {
    let mut out = Parts::default();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let after = &rest[dollar + 1..];
        let (name, used) = variable(after);
        if name.is_empty() {
            out.literal(&rest[..=dollar]);
        } else {
            out.literal(&rest[..dollar]);
            out.column(column(name));
        }
        rest = &after[used..];
    }
    out.literal(rest);
    out.parts
}

/// The name at the beginning, and how many bytes it takes.
fn variable(text: &str) -> (&str, usize) {
    if let Some((name, _)) = text.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        return (name, name.len() + 2);
    }
    let dots = text.starts_with("context.");
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || (dots && byte == b'.');
    let end = text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len());
    (&text[..end], end)
}

fn column(name: &str, escaping: Escaping) -> Column {
    let shown = name.strip_prefix("context.").unwrap_or(name);
    if let Some((known, meaning)) = VARIABLES.iter().find(|(known, _)| *known == name) {
        let known = known.strip_prefix("context.").unwrap_or(known);
        let column = Column::new(Cow::Borrowed(known), *meaning, escaping);
        // What tells the common form of API Gateway from that of Apache httpd.
        return if name == "context.requestId" { column.shaped(Shape::Id) } else { column };
    }
    Column::new(shown.to_owned(), guess(name), escaping).shaped(Shape::Any)
}

fn guess(name: &str) -> Meaning {
    if let Some(header) = name.strip_prefix("http_") {
        return known::header(header.replace('_', "-").as_bytes());
    }
    let by_prefix = [
        ("cookie_", Kind::Cookie),
        ("arg_", Kind::Query),
        ("sent_", Kind::Text),
        ("upstream_http_", Kind::Text),
        ("upstream_cookie_", Kind::Text),
        ("upstream_", Kind::Text),
        ("ssl_", Kind::Text),
    ];
    let found = by_prefix.iter().find(|(prefix, _)| name.starts_with(prefix));
    found.map_or_else(|| known::guess(name).unwrap_or(Meaning::TEXT), |(_, kind)| Meaning::of(*kind))
}
