//! Logs that a cloud delivers or that name their fields: Application Load Balancer, `CloudFront`, IIS. Layouts are those
//! of the vendors' guides. Identifiers and host names are made up. Nothing fails.

use super::combined::push_authority;
use super::escape;
use crate::dice::Dice;
use crate::request::{Request, push_date};
use std::fmt::Write;

pub(super) const CLOUDFRONT_PREAMBLE: &[&str] = &[
    "#Version: 1.0",
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) \
     cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes \
     time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status \
     fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len \
     sc-range-start sc-range-end",
];

pub(super) const IIS_PREAMBLE: &[&str] = &[
    "#Software: Microsoft Internet Information Services 10.0",
    "#Version: 1.0",
    "#Date: 2024-05-01 00:00:00",
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Cookie) \
     cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes time-taken",
];

/// Milliseconds as seconds with three digits.
fn push_seconds(out: &mut String, millis: u32) {
    let _ = write!(out, "{}.{:03}", millis / 1000, millis % 1000);
}

pub(super) fn alb(request: &Request, dice: &mut Dice, out: &mut String) {
    let (scheme, port) = if request.is_tls { ("https", 443) } else { ("http", 80) };
    out.push_str(scheme);
    out.push(' ');
    request.push_timestamp(out, 'T');
    let _ = write!(out, "{:03}Z app/site/50dc6c495c0c9188 ", dice.below(1000));
    push_authority(out, &request.client, request.port);
    out.push(' ');
    push_authority(out, &request.peer, request.peer_port);
    out.push_str(" 0.001 ");
    push_seconds(out, request.duration_millis);
    let _ = write!(
        out,
        " 0.000 {0} {0} {1} {2} \"{3} ",
        request.status,
        300 + request.size % 500,
        request.size,
        request.method
    );
    if request.target.starts_with('/') {
        let _ = write!(out, "{scheme}://");
        escape::quotes(out, &request.host);
        let _ = write!(out, ":{port}");
        escape::quotes(out, &request.target);
    } else {
        escape::quotes(out, &request.target);
    }
    out.push_str(" HTTP/1.1\" \"");
    escape::quotes(out, &request.user_agent);
    out.push_str(if request.is_tls { "\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2" } else { "\" - -" });
    out.push_str(
        " arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/site/73e2d6bc24d8a067 \"Root=1-",
    );
    let _ = write!(out, "{:08x}-", request.time().0);
    dice.hex(24, out);
    out.push_str("\" \"-\" \"-\" 0 ");
    request.push_timestamp(out, 'T');
    out.push_str("Z \"forward\" \"-\" \"-\" \"");
    push_authority(out, &request.peer, request.peer_port);
    let _ = write!(out, "\" \"{}\" \"-\" \"-\"", request.status);
}

/// A field between tabs; `-` if there is nothing in it.
fn push_field(out: &mut String, text: &str, escape: fn(&mut String, &str)) {
    if text.is_empty() { out.push('-') } else { escape(out, text) }
}

pub(super) fn cloudfront(request: &Request, dice: &mut Dice, out: &mut String) {
    let date = request.date();
    let (path, query) = request.path_and_query();
    push_date(out, date);
    let _ = write!(
        out,
        "\t{:02}:{:02}:{:02}\tDUB2-C1\t{}\t{}\t{}\td111111abcdef8.cloudfront.net\t",
        date.hour(),
        date.minute(),
        date.second(),
        request.size,
        request.client,
        request.method
    );
    escape::cloudfront(out, path);
    let _ = write!(out, "\t{}\t", request.status);
    for text in [&request.referer, &request.user_agent, query.unwrap_or_default(), &request.cookie] {
        push_field(out, text, escape::cloudfront);
        out.push('\t');
    }
    out.push_str(if dice.chance(60) { "Hit\t" } else { "Miss\t" });
    push_request_id(request, dice, out);
    out.push('\t');
    push_field(out, &request.host, escape::cloudfront);
    let _ = write!(out, "\t{}\t{}\t", request.scheme(), 200 + request.size % 600);
    push_seconds(out, request.duration_millis);
    out.push_str(if request.is_tls { "\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\t" } else { "\t-\t-\t-\t" });
    let _ = write!(out, "Miss\tHTTP/2.0\t-\t-\t{}\t", request.port);
    push_seconds(out, request.duration_millis);
    let _ = write!(out, "\tMiss\ttext/html\t{}\t-\t-", request.size);
}

/// In the shape of an identifier of `CloudFront`: letters and digits that decode to nothing readable.
fn push_request_id(request: &Request, dice: &mut Dice, out: &mut String) {
    for _ in 0..40 {
        out.push(char::from(dice.pick(b"QRSTUVWXYZqrstuvwxyz_-")));
    }
    let _ = write!(out, "{:x}==", request.serial & 0xFFFF);
}

pub(super) fn iis(request: &Request, dice: &mut Dice, out: &mut String) {
    let date = request.date();
    let (path, query) = request.path_and_query();
    push_date(out, date);
    let _ = write!(
        out,
        " {:02}:{:02}:{:02} 10.0.0.{} ",
        date.hour(),
        date.minute(),
        date.second(),
        4 + dice.below(4)
    );
    out.push_str(request.method);
    out.push(' ');
    escape::iis(out, path);
    out.push(' ');
    push_field(out, query.unwrap_or_default(), escape::iis);
    let _ = write!(out, " {} - {} ", if request.is_tls { 443 } else { 80 }, request.client);
    for text in [&request.user_agent, &request.cookie, &request.referer, &request.host] {
        push_field(out, text, escape::iis);
        out.push(' ');
    }
    let _ = write!(out, "{} 0 0 {} {}", request.status, request.size, request.duration_millis);
}
