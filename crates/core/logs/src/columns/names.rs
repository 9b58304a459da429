//! The names of columns, and what stands in them.

use crate::column::{Column, Meaning, Role, Shape};
use crate::format::Format;
use crate::kind::Kind;
use crate::known;
use crate::unescape::Escaping;
use std::borrow::Cow;

/// Application Load Balancers User Guide, "Access log entries". AWS adds fields at the end.
pub(super) const ALB: &str = "type time elb client:port target:port request_processing_time target_processing_time \
    response_processing_time elb_status_code target_status_code received_bytes sent_bytes request user_agent \
    ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority \
    request_creation_time actions_executed redirect_url error_reason target:port_list target_status_code_list \
    classification classification_reason conn_trace_id";

/// Amazon `CloudFront` Developer Guide, "Standard log file fields".
pub(super) const CLOUDFRONT: &str = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status \
    cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol \
    cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version \
    fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type \
    sc-content-len sc-range-start sc-range-end";

/// Amazon `CloudFront` Developer Guide, "Real-time logs": all fields in their order. Whoever chose fewer gives the list.
pub(super) const CLOUDFRONT_REALTIME: &str = "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method \
    cs-protocol cs-host cs-uri-stem cs-bytes x-edge-location x-edge-request-id x-host-header time-taken \
    cs-protocol-version c-ip-version cs-user-agent cs-referer cs-cookie cs-uri-query x-edge-response-result-type \
    x-forwarded-for ssl-protocol ssl-cipher x-edge-result-type fle-encrypted-fields fle-status sc-content-type \
    sc-content-len sc-range-start sc-range-end c-port x-edge-detailed-result-type c-country cs-accept-encoding \
    cs-accept cache-behavior-path-pattern cs-headers cs-header-names cs-headers-count";

/// Microsoft, "W3C Logging": what IIS writes unless told otherwise.
pub(super) const IIS: &str = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) \
    cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

/// So many of them come first, in this order, whatever else is logged.
pub(super) const IIS_ALWAYS: usize = 9;

/// Amazon VPC User Guide, "Available fields": version 2, the default.
pub(super) const VPC_FLOW: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets \
    bytes start end action log-status";

/// Names of VPC flow logs that a header line cannot be without.
const VPC_MARKS: [&str; 6] =
    ["srcaddr", "dstaddr", "interface-id", "account-id", "pkt-dstaddr", "log-status"];

/// The column of that name in that format.
pub(super) fn column(format: Format, name: &str) -> Column {
    match format {
        Format::Alb => alb(name),
        Format::VpcFlow => vpc(name),
        _ => w3c(format, name),
    }
}

/// The name without an owner, where it is one of the documented ones.
fn owned(name: &str) -> Cow<'static, str> {
    [CLOUDFRONT, CLOUDFRONT_REALTIME, IIS, VPC_FLOW, ALB]
        .into_iter()
        .flat_map(str::split_ascii_whitespace)
        .find(|known| *known == name)
        .map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}

fn alb(name: &str) -> Column {
    let meaning = match name {
        "time" => Meaning::new(Kind::Time, Role::Time),
        "request_creation_time" => Meaning::of(Kind::Time),
        "client:port" => Meaning::new(Kind::Client, Role::Source),
        "target:port" | "target:port_list" => Meaning::of(Kind::Target),
        "elb_status_code" => Meaning::new(Kind::Number, Role::Status),
        "sent_bytes" => Meaning::new(Kind::Number, Role::Size),
        "target_status_code"
        | "received_bytes"
        | "matched_rule_priority"
        | "request_processing_time"
        | "target_processing_time"
        | "response_processing_time" => Meaning::of(Kind::Number),
        "request" => Meaning::new(Kind::Request, Role::Request),
        "user_agent" => Meaning::of(Kind::UserAgent),
        // It may hold text that the client sent as `X-Amzn-Trace-Id`.
        "trace_id" => Meaning::of(Kind::Header),
        "domain_name" => Meaning::new(Kind::Host, Role::Host),
        _ => Meaning::TEXT,
    };
    let column = Column::new(owned(name), meaning, Escaping::None);
    // A number behind the fields in quotes: if a quote within one of them has shifted the others, it is missed.
    if name == "matched_rule_priority" { column.shaped(Shape::Number) } else { column }
}

fn vpc(name: &str) -> Column {
    let meaning = match name {
        "srcaddr" => Meaning::new(Kind::Client, Role::Source),
        "pkt-srcaddr" => Meaning::of(Kind::Client),
        "dstaddr" | "pkt-dstaddr" => Meaning::of(Kind::Target),
        "start" => Meaning::new(Kind::Time, Role::Time),
        "end" => Meaning::of(Kind::Time),
        "bytes" => Meaning::new(Kind::Number, Role::Size),
        "version" => {
            return Column::new(owned(name), Meaning::of(Kind::Number), Escaping::None).shaped(Shape::Number);
        }
        "srcport" | "dstport" | "protocol" | "packets" | "tcp-flags" => Meaning::of(Kind::Number),
        _ => Meaning::TEXT,
    };
    Column::new(owned(name), meaning, Escaping::None)
}

/// `CloudFront` encodes every field; IIS writes blanks in headers as `+`.
fn w3c(format: Format, name: &str) -> Column {
    let header = name.strip_prefix("cs(").and_then(|inner| inner.strip_suffix(')'));
    let escaping = match format {
        Format::Iis if header.is_some() => Escaping::Plus,
        Format::Iis => Escaping::None,
        _ => Escaping::Percent,
    };
    let meaning = header.map_or_else(|| w3c_meaning(format, name), |header| header_meaning(format, header));
    Column::new(owned(name), meaning, escaping)
}

fn header_meaning(format: Format, header: &str) -> Meaning {
    match known::header(header.as_bytes()) {
        // In the standard log this is the distribution's own name.
        meaning if format == Format::CloudFront && meaning.role == Role::Host => Meaning::of(Kind::Host),
        meaning => meaning,
    }
}

fn w3c_meaning(format: Format, name: &str) -> Meaning {
    let realtime = format == Format::CloudFrontRealtime;
    match name {
        "date" => Meaning::new(Kind::Time, Role::Date),
        "time" => Meaning::new(Kind::Time, Role::Clock),
        "timestamp" => Meaning::new(Kind::Time, Role::Time),
        "c-ip" => Meaning::new(Kind::Client, Role::Source),
        "cs-method" => Meaning::new(Kind::Text, Role::Method),
        // The real-time log puts the query behind the path.
        "cs-uri-stem" if !realtime => Meaning::of(Kind::Path),
        "cs-uri-stem" | "cs-uri" => Meaning::new(Kind::Request, Role::Request),
        "cs-uri-query" => Meaning::of(Kind::Query),
        "sc-status" => Meaning::new(Kind::Number, Role::Status),
        "sc-bytes" => Meaning::new(Kind::Number, Role::Size),
        // The distribution's own name there, what the client sent elsewhere.
        "x-host-header" if realtime => Meaning::of(Kind::Host),
        "x-host-header" | "cs-host" => Meaning::new(Kind::Host, Role::Host),
        "cs-user-agent" => Meaning::of(Kind::UserAgent),
        "cs-referer" => Meaning::of(Kind::Referer),
        "cs-cookie" => Meaning::of(Kind::Cookie),
        "x-forwarded-for" | "cs-headers" | "cs-header-names" | "cs-accept" | "cs-accept-encoding" => {
            Meaning::of(Kind::Header)
        }
        "cs-bytes"
        | "time-taken"
        | "time-to-first-byte"
        | "c-port"
        | "s-port"
        | "sc-content-len"
        | "sc-substatus"
        | "sc-win32-status"
        | "fle-encrypted-fields"
        | "cs-headers-count" => Meaning::of(Kind::Number),
        _ => Meaning::TEXT,
    }
}

/// The names of a header line of VPC flow logs: words in small letters, one of which says what they are.
pub(crate) fn vpc_header(line: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(line).ok()?;
    let is_name = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let words = || text.split_ascii_whitespace();
    (words().all(is_name) && words().filter(|word| VPC_MARKS.contains(word)).count() >= 2).then_some(text)
}
