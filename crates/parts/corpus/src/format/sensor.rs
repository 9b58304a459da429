//! What the network side writes: Squid's access log, Zeek's `http.log`, Suricata's `eve.json`, the queries of the
//! Route 53 resolver. Nothing fails.

use super::escape::{self, Json};
use super::json::Object;
use crate::dice::Dice;
use crate::request::Request;
use std::fmt::Write;

pub(super) const ZEEK_PREAMBLE: &[&str] = &[
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\thttp",
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\tmethod\thost\turi\treferrer\tversion\t\
     user_agent\torigin\trequest_body_len\tresponse_body_len\tstatus_code\tstatus_msg",
    "#types\ttime\tstring\taddr\tport\taddr\tport\tcount\tstring\tstring\tstring\tstring\tstring\tstring\tstring\t\
     count\tcount\tcount\tstring",
];

/// `1714521600.037`.
fn push_epoch(request: &Request, out: &mut String) {
    let (seconds, millis) = request.time();
    let _ = write!(out, "{seconds}.{millis:03}");
}

pub(super) fn squid(request: &Request, dice: &mut Dice, out: &mut String) {
    push_epoch(request, out);
    // Clients of an outbound proxy are inside; the serial keeps lines apart.
    let _ = write!(
        out,
        " {:6} 10.{}.{}.{} TCP_{}/{:03} {} {} ",
        request.duration_millis,
        dice.byte(0, 63),
        request.serial >> 8 & 0xFF,
        request.serial & 0xFF,
        if request.method == "CONNECT" { "TUNNEL" } else { "MISS" },
        request.status,
        request.size,
        request.method
    );
    if request.target.starts_with('/') {
        let _ = write!(out, "{}://", request.scheme());
        escape::squid(out, &request.host);
    }
    escape::squid(out, &request.target);
    let _ = write!(out, " - HIER_DIRECT/{} ", request.peer);
    out.push_str(if request.method == "CONNECT" { "-" } else { "text/html" });
}

/// In the shape of Zeek's and Suricata's identifiers of a connection.
fn push_uid(request: &Request, dice: &mut Dice, out: &mut String) {
    let _ = write!(out, "C{:x}", request.serial & 0xFFFF);
    for _ in 0..12 {
        out.push(char::from(dice.pick(b"GHIJKLMNPQRSTUVWXYZghjkmnpqrstuvwxyz")));
    }
}

pub(super) fn zeek(request: &Request, dice: &mut Dice, out: &mut String) {
    push_epoch(request, out);
    out.push('\t');
    push_uid(request, dice, out);
    let _ = write!(out, "\t{}\t{}\t{}\t{}\t1", request.client, request.port, request.peer, request.peer_port);
    for text in [request.method, &request.host, &request.target, &request.referer, "1.1", &request.user_agent]
    {
        out.push('\t');
        if text.is_empty() { out.push('-') } else { escape::zeek(out, text) }
    }
    let _ = write!(out, "\t-\t{}\t{}\t{}\tOK", request.body.len(), request.size, request.status);
}

pub(super) fn zeek_json(request: &Request, dice: &mut Dice, out: &mut String) {
    let mut line = Object::begin(out, Json::Plain);
    push_epoch(request, line.key("ts"));
    line.written("uid", |out| push_uid(request, dice, out));
    line.text("id.orig_h", &request.client).number("id.orig_p", request.port);
    line.text("id.resp_h", &request.peer).number("id.resp_p", request.peer_port).number("trans_depth", 1);
    line.text("method", request.method).text("host", &request.host).text("uri", &request.target);
    if !request.referer.is_empty() {
        line.text("referrer", &request.referer);
    }
    line.text("version", "1.1")
        .text("user_agent", &request.user_agent)
        .number("request_body_len", request.body.len());
    line.number("response_body_len", request.size).number("status_code", request.status).end();
}

pub(super) fn suricata(request: &Request, dice: &mut Dice, out: &mut String) {
    let library = if dice.chance(30) { Json::Slashes } else { Json::Plain };
    let mut line = Object::begin(out, library);
    line.written("timestamp", |out| {
        request.push_timestamp(out, 'T');
        out.push_str("000+0000");
    });
    line.number("flow_id", (request.id >> 12) | 1 << 51).text("in_iface", "ens5").text("event_type", "http");
    line.text("src_ip", &request.client).number("src_port", request.port);
    line.text("dest_ip", &request.peer)
        .number("dest_port", request.peer_port)
        .text("proto", "TCP")
        .key("http");
    let mut http = Object::begin(line.out(), library);
    http.text("hostname", &request.host).text("url", &request.target);
    http.text("http_user_agent", &request.user_agent);
    if !request.referer.is_empty() {
        http.text("http_refer", &request.referer);
    }
    http.text("http_method", request.method).text("protocol", "HTTP/1.1").number("status", request.status);
    http.number("length", request.size).end();
    line.end();
}

pub(super) fn route53(request: &Request, dice: &mut Dice, out: &mut String) {
    let kind = if request.peer.contains(':') { "AAAA" } else { "A" };
    let mut line = Object::begin(out, Json::Plain);
    line.raw("version", "\"1.100000\"").raw("account_id", "\"111122223333\"").raw("region", "\"eu-west-1\"");
    line.raw("vpc_id", "\"vpc-0made0up0000001\"").written("query_timestamp", |out| {
        request.push_timestamp(out, 'T');
        // The log has whole seconds.
        out.truncate(out.len() - 4);
        out.push('Z');
    });
    let name = request.host.trim_end_matches('.');
    line.written("query_name", |out| {
        out.push_str(name);
        out.push('.');
    });
    line.raw("query_type", if kind == "A" { "\"A\"" } else { "\"AAAA\"" }).raw("query_class", "\"IN\"");
    line.text("rcode", if request.peer.is_empty() { "NXDOMAIN" } else { "NOERROR" }).key("answers").push('[');
    if !request.peer.is_empty() {
        let mut answer = Object::begin(line.out(), Json::Plain);
        answer.text("Rdata", &request.peer).text("Type", kind).text("Class", "IN").end();
    }
    line.out().push(']');
    line.written("srcaddr", |out| {
        let _ =
            write!(out, "10.{}.{}.{}", dice.byte(0, 63), request.serial >> 8 & 0xFF, request.serial & 0xFF);
    });
    line.written("srcport", |out| {
        let _ = write!(out, "{}", request.port);
    });
    line.raw("transport", "\"UDP\"").key("srcids");
    Object::begin(line.out(), Json::Plain)
        .written("instance", |out| {
            out.push_str("i-0");
            dice.hex(16, out);
        })
        .end();
    line.end();
}
