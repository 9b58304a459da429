//! What a hit in a line is: which rule, how grave, what else the line tells about it.
//!
//! | the field that holds it | rule |
//! |---|---|
//! | an address that was dialled, a host that a proxy was asked for | [`OUTBOUND`](crate::rules::OUTBOUND) |
//! | what DNS answered, a name that was asked | [`DNS`](crate::rules::DNS) |
//! | the host that a request was for | [`HOST`](crate::rules::HOST) |
//! | anywhere else, with a PUT or the token header smuggled along | [`SMUGGLED`](crate::rules::SMUGGLED) |
//! | anywhere else, as a host | [`URL`](crate::rules::URL) |
//! | anywhere, a path that only the service has | [`PATH`](crate::rules::PATH) |
//! | the address of the sender, a number, a time | nothing |
//!
//! Nothing fails.

use crate::rules;
use onehop_detect::{Hit, Imds, PathClass, Way, classify_path};
use onehop_logs::{Field, Kind, Record, request_line};
use onehop_report::{Rule, Severity};
use std::ops::Range;

/// Sizes of an answer that may hold credentials, in bytes: a document of a role has 900 to 1800, headers on top.
const CREDENTIALS_BYTES: Range<u64> = 300..8192;

/// What came of a request, as far as the log shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered with success, and by its size the answer may hold credentials.
    Credentials,
    /// Answered with success.
    Answered,
    /// Refused or failed.
    Refused,
    /// The log does not show it.
    Unknown,
}

impl Outcome {
    /// The stable text, e.g. `answered`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Credentials => "answered-credential-size",
            Outcome::Answered => "answered",
            Outcome::Refused => "refused",
            Outcome::Unknown => "unknown",
        }
    }

    fn of(record: &Record<'_>) -> Self {
        match (record.status, record.size) {
            (Some(200..=299), Some(size)) if CREDENTIALS_BYTES.contains(&size) => Outcome::Credentials,
            (Some(200..=299), _) => Outcome::Answered,
            (Some(300..), _) => Outcome::Refused,
            _ => Outcome::Unknown,
        }
    }
}

/// A hit with what its line says about it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave this one is.
    pub severity: Severity,
    /// What was found.
    pub hit: Hit,
    /// What is asked for, from the whole line.
    pub path: PathClass,
    /// The version of the protocol, from the whole line.
    pub imds: Imds,
    /// What came of it.
    pub outcome: Outcome,
    /// The name of the field, and what kind of place it is. `None` where the line is text.
    pub field: Option<(String, Kind)>,
}

/// Reads a hit in the light of its line. `None` if it stands where it means nothing.
pub(crate) fn judge(hit: Hit, record: &Record<'_>) -> Option<Attempt> {
    let field = around(record, hit.place.start);
    let kind = field.map_or(Kind::Text, |field| field.kind);
    let rule = match kind {
        Kind::Client | Kind::Time => return None,
        // No server writes a number with zeros in front.
        Kind::Number if field.is_none_or(|field| !is_padded(field.raw)) => return None,
        _ if hit.way == Way::Path => &rules::PATH,
        Kind::Target => &rules::OUTBOUND,
        Kind::Name | Kind::Answer => &rules::DNS,
        Kind::Host => &rules::HOST,
        Kind::Request if is_own_target(&hit, field) => &rules::HOST,
        _ if hit.imds == Imds::V2 && hit.path != PathClass::Token => &rules::SMUGGLED,
        _ if hit.decoded.starts_with(b"gopher") => &rules::SMUGGLED,
        _ => &rules::URL,
    };
    let is_direct = matches!(kind, Kind::Target | Kind::Host);
    let path = if is_direct && hit.path == PathClass::Root { path_of(record) } else { hit.path };
    let imds = match (kind, record.method) {
        (Kind::Target | Kind::Host, Some(b"PUT")) => Imds::V2,
        (Kind::Name | Kind::Answer, _) | (Kind::Target, None) => Imds::Unknown,
        _ => hit.imds,
    };
    let outcome = Outcome::of(record);
    let severity = severity(rule, path, outcome, hit.way);
    let field = field.map(|field| (field.name.clone().into_owned(), field.kind));
    Some(Attempt { rule, severity, hit, path, imds, outcome, field })
}

fn is_padded(number: &[u8]) -> bool {
    matches!(number, [b'0', b'0'..=b'9', ..])
}

/// The narrowest field around a place.
fn around<'r, 'a>(record: &'r Record<'a>, at: usize) -> Option<&'r Field<'a>> {
    let holds = |field: &&Field<'_>| field.at <= at && at < field.at + field.raw.len();
    record.fields.iter().filter(holds).min_by_key(|field| field.raw.len())
}

/// Whether the hit is the host of the request's own target, written in full: `GET http://host/path HTTP/1.1`.
fn is_own_target(hit: &Hit, field: Option<&Field<'_>>) -> bool {
    let Some(field) = field else { return false };
    let line = request_line(field.raw);
    let before =
        (hit.place.start - field.at).checked_sub(line.at).and_then(|length| line.target.get(..length));
    before.is_some_and(|before| {
        before.eq_ignore_ascii_case(b"http://") || before.eq_ignore_ascii_case(b"https://")
    })
}

/// What a request asks for whose host is in a field of its own.
fn path_of(record: &Record<'_>) -> PathClass {
    let parts =
        record.fields.iter().filter(|field| matches!(field.kind, Kind::Request | Kind::Path | Kind::Query));
    let classes = parts.map(|field| classify_path(&field.value));
    classes.min().unwrap_or(PathClass::Root)
}

fn severity(rule: &Rule, path: PathClass, outcome: Outcome, way: Way) -> Severity {
    let asks_secrets = matches!(path, PathClass::Credentials | PathClass::Token | PathClass::UserData);
    let base = match rule.severity {
        Severity::Medium if asks_secrets => Severity::High,
        Severity::Medium if way == Way::Host && path == PathClass::Root => Severity::Low,
        given => given,
    };
    match outcome {
        Outcome::Credentials if path == PathClass::Credentials => Severity::Critical,
        Outcome::Answered if asks_secrets => base.max(Severity::High),
        _ => base,
    }
}

#[cfg(test)]
mod tests;
