//! The tables. Long because formats are; one row a name, from the documentation that the fixtures name.

use super::Schema;
use crate::column::{Meaning, Role};
use crate::kind::Kind;

const TEXT: Meaning = Meaning::TEXT;
const NUMBER: Meaning = Meaning::of(Kind::Number);
const TIME: Meaning = Meaning::new(Kind::Time, Role::Time);
const LATER: Meaning = Meaning::of(Kind::Time);
const SOURCE: Meaning = Meaning::new(Kind::Client, Role::Source);
const CLIENT: Meaning = Meaning::of(Kind::Client);
const TARGET: Meaning = Meaning::of(Kind::Target);
const DIALLED: Meaning = Meaning::new(Kind::Target, Role::Host);
const METHOD: Meaning = Meaning::new(Kind::Text, Role::Method);
const STATUS: Meaning = Meaning::new(Kind::Number, Role::Status);
const SIZE: Meaning = Meaning::new(Kind::Number, Role::Size);
const HOST: Meaning = Meaning::new(Kind::Host, Role::Host);
const OTHER_HOST: Meaning = Meaning::of(Kind::Host);
const REQUEST: Meaning = Meaning::new(Kind::Request, Role::Request);
const PROXIED: Meaning = Meaning::new(Kind::Request, Role::Proxied);
const PATH: Meaning = Meaning::of(Kind::Path);
const QUERY: Meaning = Meaning::of(Kind::Query);
const HEADER: Meaning = Meaning::of(Kind::Header);
const COOKIE: Meaning = Meaning::of(Kind::Cookie);
const AGENT: Meaning = Meaning::of(Kind::UserAgent);
const REFERER: Meaning = Meaning::of(Kind::Referer);
const BODY: Meaning = Meaning::of(Kind::Body);
const NAME: Meaning = Meaning::of(Kind::Name);
const ANSWER: Meaning = Meaning::of(Kind::Answer);

const fn table(rows: &'static [(&'static str, Meaning)]) -> Schema {
    Schema { rows, wrapper: "", headers: None }
}

pub(super) const NONE: Schema = table(&[]);

/// AWS WAF Developer Guide, "Log fields".
pub(super) const WAF: Schema = table(&[
    ("timestamp", TIME),
    ("httpRequest.clientIp", SOURCE),
    ("httpRequest.httpMethod", METHOD),
    ("httpRequest.uri", PATH),
    ("httpRequest.args", QUERY),
    ("httpRequest.host", HOST),
    ("httpRequest.fragment", QUERY),
    ("httpRequest.country", TEXT),
    ("responseCodeSent", STATUS),
]);

/// Amazon API Gateway Developer Guide, "Set up logging": the names of its examples.
pub(super) const API_GATEWAY: Schema = table(&[
    ("ip", SOURCE),
    ("sourceIp", SOURCE),
    ("requestTime", TIME),
    ("requestTimeEpoch", TIME),
    ("httpMethod", METHOD),
    ("resourcePath", PATH),
    ("path", PATH),
    ("routeKey", PATH),
    ("status", STATUS),
    ("responseLength", SIZE),
    ("domainName", HOST),
    ("userAgent", AGENT),
]);

/// Envoy's operators under the names that Istio and the documentation give them.
pub(super) const ENVOY: Schema = table(&[
    ("start_time", TIME),
    ("method", METHOD),
    ("path", REQUEST),
    ("authority", HOST),
    ("requested_server_name", OTHER_HOST),
    ("user_agent", AGENT),
    ("x_forwarded_for", Meaning::new(Kind::Header, Role::Forwarded)),
    ("downstream_remote_address", SOURCE),
    ("downstream_direct_remote_address", CLIENT),
    ("upstream_host", TARGET),
    ("upstream_remote_address", TARGET),
    ("response_code", STATUS),
    ("bytes_sent", SIZE),
    ("bytes_received", NUMBER),
    ("duration", NUMBER),
]);

/// Cloudflare Logpush, "HTTP requests".
pub(super) const CLOUDFLARE: Schema = table(&[
    ("ClientIP", SOURCE),
    ("ClientRequestHost", HOST),
    ("ClientRequestMethod", METHOD),
    ("ClientRequestPath", PATH),
    ("ClientRequestURI", REQUEST),
    ("ClientRequestReferer", REFERER),
    ("ClientRequestUserAgent", AGENT),
    ("ClientXRequestedWith", HEADER),
    ("EdgeStartTimestamp", TIME),
    ("EdgeEndTimestamp", LATER),
    ("EdgeResponseStatus", STATUS),
    ("EdgeResponseBytes", SIZE),
    ("OriginIP", TARGET),
]);

/// Traefik, `pkg/middlewares/accesslog/logdata.go`.
pub(super) const TRAEFIK: Schema = Schema {
    wrapper: "",
    headers: Some("request_"),
    rows: &[
        ("StartUTC", TIME),
        ("StartLocal", TIME),
        ("time", TIME),
        ("ClientHost", SOURCE),
        ("ClientAddr", CLIENT),
        ("ClientPort", NUMBER),
        ("RequestMethod", METHOD),
        ("RequestPath", REQUEST),
        ("RequestHost", HOST),
        ("RequestAddr", OTHER_HOST),
        ("RequestLine", REQUEST),
        ("ServiceURL", TARGET),
        ("ServiceURL.Host", TARGET),
        ("ServiceURL.Path", TEXT),
        ("ServiceAddr", TARGET),
        ("BackendURL", TARGET),
        ("BackendAddr", TARGET),
        ("DownstreamStatus", STATUS),
        ("DownstreamContentSize", SIZE),
    ],
};

/// Caddy, `modules/caddyhttp/marshalers.go`.
pub(super) const CADDY: Schema = table(&[
    ("ts", TIME),
    ("request.remote_ip", SOURCE),
    ("request.remote_addr", SOURCE),
    ("request.client_ip", CLIENT),
    ("request.method", METHOD),
    ("request.host", HOST),
    ("request.uri", REQUEST),
    ("request.tls.server_name", OTHER_HOST),
    ("status", STATUS),
    ("size", SIZE),
    ("upstream", TARGET),
]);

/// Smokescreen, `pkg/smokescreen/smokescreen.go`.
pub(super) const SMOKESCREEN: Schema = table(&[
    ("time", TIME),
    ("start_time", TIME),
    ("inbound_remote_addr", SOURCE),
    ("requested_host", DIALLED),
    ("outbound_remote_addr", TARGET),
    ("outbound_local_addr", TEXT),
    ("address", TARGET),
    ("url", PROXIED),
    ("content_length", SIZE),
]);

/// The journal of Onehop.
pub(super) const ONEHOP: Schema = table(&[
    ("time", TIME),
    ("http.method", METHOD),
    ("http.path", PATH),
    ("http.status", STATUS),
    ("caller.remote", SOURCE),
    ("caller.uid", NUMBER),
    ("caller.pid", NUMBER),
    ("caller.exe", TEXT),
    ("caller.unit", TEXT),
    ("imds.version", TEXT),
    ("request.id", NUMBER),
    ("source", TEXT),
]);

/// Zeek, `http.log`, `dns.log`, `conn.log`, `ssl.log`.
pub(crate) const ZEEK: Schema = table(&[
    ("ts", TIME),
    ("id.orig_h", SOURCE),
    ("id.orig_p", NUMBER),
    ("id.resp_h", TARGET),
    ("id.resp_p", NUMBER),
    ("method", METHOD),
    ("host", HOST),
    ("uri", REQUEST),
    ("referrer", REFERER),
    ("user_agent", AGENT),
    ("origin", HEADER),
    ("proxied", HEADER),
    ("status_code", STATUS),
    ("request_body_len", NUMBER),
    ("response_body_len", SIZE),
    ("resp_bytes", SIZE),
    ("orig_bytes", NUMBER),
    ("trans_depth", NUMBER),
    ("duration", NUMBER),
    ("query", NAME),
    ("answers", ANSWER),
    ("server_name", HOST),
    ("_path", TEXT),
    ("path", TEXT),
]);

/// Suricata User Guide, "Eve JSON Format".
pub(super) const SURICATA: Schema = table(&[
    ("timestamp", TIME),
    ("src_ip", SOURCE),
    ("dest_ip", TARGET),
    ("http.hostname", HOST),
    ("http.url", REQUEST),
    ("http.http_user_agent", AGENT),
    ("http.http_refer", REFERER),
    ("http.http_method", METHOD),
    ("http.status", STATUS),
    ("http.length", SIZE),
    ("http.xff", HEADER),
    ("http.cookie", COOKIE),
    ("http.redirect", TEXT),
    ("http.http_request_body", BODY),
    ("http.http_request_body_printable", BODY),
    ("http.http_response_body", TEXT),
    ("http.http_response_body_printable", TEXT),
    ("tls.sni", HOST),
    ("dns.rrname", NAME),
    ("dns.query[].rrname", NAME),
    ("dns.queries[].rrname", NAME),
    ("dns.answers[].rrname", NAME),
    ("dns.rdata", ANSWER),
    ("dns.answers[].rdata", ANSWER),
    ("dns.grouped.A", ANSWER),
    ("dns.grouped.AAAA", ANSWER),
    ("dns.grouped.CNAME", ANSWER),
]);

/// Route 53 Developer Guide, "Values that appear in Resolver query logs".
pub(super) const RESOLVER: Schema = table(&[
    ("query_timestamp", TIME),
    ("query_name", NAME),
    ("answers[].Rdata", ANSWER),
    ("srcaddr", SOURCE),
    ("srcport", NUMBER),
]);

/// Lines that `onehop_input` makes of captured packets. The names of one's own machines are no attempt.
pub(super) const PCAP: Schema = table(&[
    ("capture", TEXT),
    ("packet", NUMBER),
    ("time", TIME),
    ("client", SOURCE),
    ("client_port", NUMBER),
    ("server", TARGET),
    ("server_port", NUMBER),
    ("method", METHOD),
    ("target", REQUEST),
    ("version", TEXT),
    ("host", HOST),
    ("body", BODY),
    ("status", STATUS),
    ("size", SIZE),
    ("location", TEXT),
    ("resolver", CLIENT),
    ("query", NAME),
    ("answers", ANSWER),
]);

/// CloudTrail User Guide, "Record contents". The tags and user data in it are no requests to this account's hosts.
pub(super) const CLOUDTRAIL: Schema = Schema {
    wrapper: "Records[].",
    headers: None,
    rows: &[
        ("eventTime", TIME),
        ("sourceIPAddress", SOURCE),
        ("userAgent", AGENT),
        ("tlsDetails.clientProvidedHostHeader", HOST),
        ("eventName", TEXT),
        ("errorMessage", TEXT),
    ],
};
