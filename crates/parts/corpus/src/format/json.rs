//! Logs in JSON, one object a line: AWS WAF, Caddy, Traefik, Cloudflare, and what programs write with the libraries of
//! their languages. Nothing fails.

use super::combined::push_authority;
use super::escape::{Json, json};
use crate::dice::Dice;
use crate::request::Request;
use std::fmt::Write;

/// Writes the members of one object.
pub(super) struct Object<'a> {
    out: &'a mut String,
    library: Json,
}

impl<'a> Object<'a> {
    pub(super) fn begin(out: &'a mut String, library: Json) -> Self {
        out.push('{');
        Object { out, library }
    }

    pub(super) fn key(&mut self, key: &str) -> &mut String {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out
    }

    pub(super) fn text(&mut self, key: &str, text: &str) -> &mut Self {
        let library = self.library;
        let out = self.key(key);
        out.push('"');
        json(out, text, library);
        out.push('"');
        self
    }

    pub(super) fn number(&mut self, key: &str, number: impl std::fmt::Display) -> &mut Self {
        let _ = write!(self.key(key), "{number}");
        self
    }

    /// A text that `write` appends; it needs no escapes.
    pub(super) fn written(&mut self, key: &str, write: impl FnOnce(&mut String)) -> &mut Self {
        let out = self.key(key);
        out.push('"');
        write(out);
        out.push('"');
        self
    }

    pub(super) fn raw(&mut self, key: &str, raw: &str) -> &mut Self {
        self.key(key).push_str(raw);
        self
    }

    /// Where an inner value goes, after its [`key`](Self::key).
    pub(super) fn out(&mut self) -> &mut String {
        self.out
    }

    pub(super) fn end(&mut self) {
        self.out.push('}');
    }
}

pub(super) fn waf(request: &Request, dice: &mut Dice, out: &mut String) {
    let (path, query) = request.path_and_query();
    let (seconds, millis) = request.time();
    let action = if dice.chance(90) { "ALLOW" } else { "BLOCK" };
    let mut line = Object::begin(out, Json::Plain);
    line.number("timestamp", format_args!("{seconds}{millis:03}")).number("formatVersion", 1);
    line.raw("webaclId", "\"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/site/made-up\"");
    line.text("terminatingRuleId", "Default_Action")
        .text("terminatingRuleType", "REGULAR")
        .text("action", action);
    line.raw("terminatingRuleMatchDetails", "[]").raw("httpSourceName", "\"ALB\"");
    line.raw("ruleGroupList", "[]").raw("rateBasedRuleList", "[]").raw("nonTerminatingMatchingRules", "[]");
    line.key("httpRequest");
    let mut inner = Object::begin(line.out, Json::Plain);
    inner.text("clientIp", &request.client).raw("country", "\"IE\"");
    inner.key("headers").push('[');
    let headers = [
        ("host", &request.host),
        ("user-agent", &request.user_agent),
        ("referer", &request.referer),
        ("cookie", &request.cookie),
        ("x-forwarded-host", &request.forwarded_host),
    ];
    for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
        if !inner.out.ends_with('[') {
            inner.out.push(',');
        }
        Object::begin(inner.out, Json::Plain).text("name", name).text("value", value).end();
    }
    inner.out.push(']');
    inner.text("uri", path).text("args", query.unwrap_or_default()).raw("httpVersion", "\"HTTP/1.1\"");
    inner.text("httpMethod", request.method);
    inner.written("requestId", |out| {
        let _ = write!(out, "1-{seconds:08x}-{:06x}", request.serial & 0xFF_FFFF);
        dice.hex(18, out);
    });
    inner.end();
    line.number("requestBodySize", request.body.len()).end();
}

pub(super) fn caddy(request: &Request, _: &mut Dice, out: &mut String) {
    let (seconds, millis) = request.time();
    let mut line = Object::begin(out, Json::Plain);
    line.text("level", "info").number("ts", format_args!("{seconds}.{millis:03}"));
    line.text("logger", "http.log.access.log0").text("msg", "handled request").key("request");
    let mut inner = Object::begin(line.out, Json::Plain);
    inner.text("remote_ip", &request.client).written("remote_port", |out| {
        let _ = write!(out, "{}", request.port);
    });
    inner.text("client_ip", &request.client).text("proto", "HTTP/2.0").text("method", request.method);
    inner.text("host", &request.host).text("uri", &request.target).key("headers");
    let mut headers = Object::begin(inner.out, Json::Plain);
    let pairs = [
        ("User-Agent", &request.user_agent),
        ("Referer", &request.referer),
        ("X-Forwarded-Host", &request.forwarded_host),
    ];
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let out = headers.key(name);
        out.push_str("[\"");
        json(out, value, Json::Plain);
        out.push_str("\"]");
    }
    if !request.cookie.is_empty() {
        headers.raw("Cookie", "[\"REDACTED\"]");
    }
    headers.end();
    inner.end();
    line.number("bytes_read", request.body.len()).text("user_id", "");
    line.number("duration", format_args!("0.{:06}", request.duration_millis * 997 % 1_000_000));
    line.number("size", request.size).number("status", request.status).end();
}

pub(super) fn traefik(request: &Request, _: &mut Dice, out: &mut String) {
    let mut line = Object::begin(out, Json::Html);
    line.written("ClientAddr", |out| push_authority(out, &request.client, request.port));
    line.text("ClientHost", &request.client).number("DownstreamContentSize", request.size);
    line.number("DownstreamStatus", request.status)
        .number("Duration", u64::from(request.duration_millis) * 1_000_003);
    line.number("OriginStatus", request.status)
        .text("RequestAddr", &request.host)
        .text("RequestHost", &request.host);
    line.text("RequestMethod", request.method).text("RequestPath", &request.target);
    line.text("RequestPort", "-").text("RequestProtocol", "HTTP/1.1").text("RequestScheme", request.scheme());
    line.text("RouterName", "app@docker").written("ServiceAddr", |out| {
        push_authority(out, &request.peer, request.peer_port);
    });
    line.text("ServiceName", "app-service@docker").written("StartUTC", |out| {
        request.push_timestamp(out, 'T');
        out.push('Z');
    });
    line.text("entryPointName", "websecure").text("level", "info").text("msg", "");
    line.text("request_Referer", &request.referer).text("request_User-Agent", &request.user_agent);
    line.written("time", |out| {
        request.push_timestamp(out, 'T');
        out.push('Z');
    });
    line.end();
}

pub(super) fn cloudflare(request: &Request, dice: &mut Dice, out: &mut String) {
    let (path, _) = request.path_and_query();
    let mut line = Object::begin(out, Json::Plain);
    line.text("ClientIP", &request.client).text("ClientRequestHost", &request.host);
    line.text("ClientRequestMethod", request.method).text("ClientRequestPath", path);
    line.text("ClientRequestReferer", &request.referer).text("ClientRequestURI", &request.target);
    line.text("ClientRequestUserAgent", &request.user_agent).number("ClientSrcPort", request.port);
    line.number("EdgeResponseBytes", request.size).number("EdgeResponseStatus", request.status);
    line.written("EdgeStartTimestamp", |out| {
        request.push_timestamp(out, 'T');
        out.push('Z');
    });
    line.written("RayID", |out| dice.hex(16, out));
    line.number("WAFAttackScore", dice.between(1, 99)).end();
}

pub(super) fn jsonl(request: &Request, dice: &mut Dice, out: &mut String) {
    let library =
        dice.pick(&[Json::Plain, Json::Plain, Json::Html, Json::Ascii, Json::AsciiAndSlashes, Json::Slashes]);
    let mut line = Object::begin(out, library);
    line.written("ts", |out| {
        request.push_timestamp(out, 'T');
        out.push('Z');
    });
    line.text("level", "info")
        .text("msg", "request")
        .text("remote", &request.client)
        .number("port", request.port);
    line.text("method", request.method).text("host", &request.host).text("url", &request.target);
    line.number("status", request.status).number("bytes", request.size).text("agent", &request.user_agent);
    let optional = [
        ("referer", &request.referer),
        ("cookie", &request.cookie),
        ("x_forwarded_host", &request.forwarded_host),
        ("body", &request.body),
    ];
    for (name, value) in optional.into_iter().filter(|(_, value)| !value.is_empty()) {
        line.text(name, value);
    }
    line.written("upstream", |out| push_authority(out, &request.peer, request.peer_port)).end();
}
