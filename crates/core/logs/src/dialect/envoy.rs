//! The command operators of Envoy's access log, `%COMMAND(argument):length%`.
//!
//! Envoy escapes nothing in text: a header value stands in the log as it came, without control characters.

use super::Parts;
use crate::column::{Column, Meaning, Role, Shape};
use crate::kind::Kind;
use crate::known;
use crate::pattern::Part;
use crate::unescape::Escaping;

/// What commands hold.
const COMMANDS: &[(&str, &str, Meaning)] = &[
    ("START_TIME", "start_time", Meaning::new(Kind::Time, Role::Time)),
    ("PROTOCOL", "protocol", Meaning::TEXT),
    ("RESPONSE_CODE", "response_code", Meaning::new(Kind::Number, Role::Status)),
    ("RESPONSE_FLAGS", "response_flags", Meaning::TEXT),
    ("RESPONSE_CODE_DETAILS", "response_code_details", Meaning::TEXT),
    ("BYTES_RECEIVED", "bytes_received", Meaning::of(Kind::Number)),
    ("BYTES_SENT", "bytes_sent", Meaning::new(Kind::Number, Role::Size)),
    ("DURATION", "duration", Meaning::of(Kind::Number)),
    ("UPSTREAM_HOST", "upstream_host", Meaning::of(Kind::Target)),
    ("UPSTREAM_HOST_NAME", "upstream_host_name", Meaning::of(Kind::Target)),
    ("UPSTREAM_REMOTE_ADDRESS", "upstream_remote_address", Meaning::of(Kind::Target)),
    ("DOWNSTREAM_REMOTE_ADDRESS", "downstream_remote_address", Meaning::new(Kind::Client, Role::Source)),
    (
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
        "downstream_remote_address",
        Meaning::new(Kind::Client, Role::Source),
    ),
    ("DOWNSTREAM_DIRECT_REMOTE_ADDRESS", "downstream_direct_remote_address", Meaning::of(Kind::Client)),
    ("REQUESTED_SERVER_NAME", "requested_server_name", Meaning::of(Kind::Host)),
];

/// Whether a command in capital letters stands between percent signs.
pub(super) fn is_written_in(text: &str) -> bool {
    text.match_indices('%').any(|(at, _)| command(&text[at + 1..]).is_some())
}

pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut out = Parts::default();
    let mut rest = text;
    while let Some(percent) = rest.find('%') {
        let after = &rest[percent + 1..];
        if let Some((name, argument, used)) = command(after) {
            out.literal(&rest[..percent]);
            out.column(column(name, argument));
            rest = &after[used..];
        } else {
            out.literal(&rest[..=percent]);
            rest = after.strip_prefix('%').unwrap_or(after);
        }
    }
    out.literal(rest);
    out.parts
}

/// `REQ(:METHOD):20%`: the name, the argument, and the length with the sign at the end.
fn command(text: &str) -> Option<(&str, &str, usize)> {
    let end = text.bytes().position(|byte| !matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))?;
    let name = Some(&text[..end]).filter(|name| name.len() >= 2)?;
    let (argument, after) = match text[end..].strip_prefix('(') {
        Some(inner) => {
            let (argument, _) = inner.split_once(')')?;
            (argument, end + argument.len() + 2)
        }
        None => ("", end),
    };
    let length = match text[after..].strip_prefix(':') {
        Some(digits) => 1 + digits.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    };
    text[after + length..].starts_with('%').then_some((name, argument, after + length + 1))
}

fn column(name: &str, argument: &str) -> Column {
    match name {
        "REQ" => header(argument),
        "RESP" | "TRAILER" => {
            let name = format!("response:{}", argument.to_ascii_lowercase());
            Column::new(name, Meaning::TEXT, Escaping::None)
        }
        "START_TIME" if !argument.is_empty() => {
            Column::new("start_time", Meaning::new(Kind::Time, Role::Time), Escaping::None).shaped(Shape::Any)
        }
        _ => match COMMANDS.iter().find(|(known, _, _)| *known == name) {
            Some((_, name, meaning)) => Column::new(*name, *meaning, Escaping::None),
            None => Column::new(name.to_ascii_lowercase(), Meaning::TEXT, Escaping::None),
        },
    }
}

/// `X-ENVOY-ORIGINAL-PATH?:PATH`: a header, or another one if it is not there. Behind a colon stands a part of the request
/// line.
fn header(argument: &str) -> Column {
    let last = argument.rsplit('?').next().unwrap_or(argument).to_ascii_lowercase();
    let meaning = match last.as_str() {
        ":method" => Meaning::new(Kind::Text, Role::Method),
        ":path" => Meaning::new(Kind::Request, Role::Request),
        "x-forwarded-for" => Meaning::new(Kind::Header, Role::Forwarded),
        name => known::header(name.as_bytes()),
    };
    let name = last.strip_prefix(':').unwrap_or(&last).to_owned();
    Column::new(name, meaning, Escaping::None)
}
