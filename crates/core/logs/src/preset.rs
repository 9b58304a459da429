//! The patterns of the formats that are known by name, each in the words of the server that writes it.

use crate::column::{Column, Meaning, Role, Shape};
use crate::dialect;
use crate::format::Format;
use crate::kind::Kind;
use crate::pattern::{Pattern, Tail};
use crate::unescape::Escaping;

/// nginx, `combined` of `ngx_http_log_module`.
const NGINX_COMBINED: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;
/// The `main` of the configuration that its packages bring.
const NGINX_MAIN: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for""#;
/// ingress-nginx, `upstreaminfo`.
const NGINX_INGRESS: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id"#;

/// Apache httpd, `docs/conf/httpd.conf.in`.
const APACHE_COMMON: &str = r#"%h %l %u %t "%r" %>s %b"#;
const APACHE_COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;
const APACHE_COMBINEDIO: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O"#;
/// `vhost_combined` of Debian.
const APACHE_VHOST: &str = r#"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#;

/// Amazon API Gateway Developer Guide, "Set up logging", the common form; what follows the id stays text.
const API_GATEWAY: &str = r#"$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId"#;

/// Envoy, the default format string.
const ENVOY: &str = r#"[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%""#;
/// Istio, the default of its proxies.
const ISTIO: &str = r#"[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%"#;

/// The patterns of a format, the one to try first before the others. Empty if it has none.
pub(crate) fn patterns(format: Format) -> Vec<Pattern> {
    match format {
        Format::Nginx => with_rest(compiled(&[NGINX_INGRESS, NGINX_MAIN, NGINX_COMBINED])),
        Format::Combined => with_rest(compiled(&[APACHE_COMBINEDIO, APACHE_COMBINED])),
        Format::ApacheCommon => with_rest(compiled(&[APACHE_COMMON])),
        Format::ApacheCombined | Format::ApacheCombinedio => {
            let known = [APACHE_VHOST, APACHE_COMBINEDIO, APACHE_COMBINED, APACHE_COMMON];
            let mut patterns = compiled(&known);
            patterns.push(compiled(&[APACHE_COMBINED]).remove(0).ending(Tail::Rest));
            patterns
        }
        Format::ApiGateway => with_rest(compiled(&[API_GATEWAY])),
        Format::EnvoyText => with_rest(compiled(&[ISTIO, ENVOY])),
        Format::HaProxy => haproxy(),
        Format::Squid => squid(),
        _ => Vec::new(),
    }
}

/// What a line may be read as, and what it tells then; the narrow ones first, the relatives of the combined form last.
pub(crate) fn probes() -> Vec<(Vec<Pattern>, Format)> {
    let whole = [Format::EnvoyText, Format::HaProxy, Format::Squid, Format::ApiGateway];
    let mut probes: Vec<_> = whole.into_iter().map(|format| (patterns(format), format)).collect();
    let family = [
        (NGINX_INGRESS, Tail::End, Format::Nginx),
        (NGINX_MAIN, Tail::End, Format::Nginx),
        (APACHE_VHOST, Tail::End, Format::ApacheCombined),
        (APACHE_COMBINEDIO, Tail::End, Format::ApacheCombinedio),
        (APACHE_COMBINED, Tail::End, Format::Combined),
        (APACHE_COMMON, Tail::End, Format::ApacheCommon),
        (APACHE_COMBINED, Tail::Rest, Format::Combined),
        (APACHE_COMMON, Tail::Rest, Format::ApacheCommon),
    ];
    for (text, tail, format) in family {
        probes.push((compiled(&[text]).iter().map(|pattern| pattern.ending(tail)).collect(), format));
    }
    probes
}

fn compiled(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().filter_map(|text| dialect::compile(text)).collect()
}

/// The last pattern once more, with anything behind it.
fn with_rest(mut patterns: Vec<Pattern>) -> Vec<Pattern> {
    if let Some(last) = patterns.last() {
        patterns.push(last.ending(Tail::Rest));
    }
    patterns
}

/// `HAProxy`, `default_http_log_format` in `src/log.c`: with two lists of captured headers, with one, with none. A line may
/// be cut within the request.
fn haproxy() -> Vec<Pattern> {
    const HEAD: &str = "$client [$accept_date] $frontend $backend/$server $timers $status $bytes $request_cookie \
                        $response_cookie $termination_state $connections $queues";
    const FORMS: [&str; 3] = [
        r#" {$request_headers} {$response_headers} "$request""#,
        r#" {$captured_headers} "$request""#,
        r#" "$request""#,
    ];
    let column = |name: &str| match name {
        "request_headers" | "response_headers" | "captured_headers" => {
            own(name, Escaping::Hash).shaped(Shape::Any).split(b'|')
        }
        name => own(name, Escaping::Hash),
    };
    let form = |form: &&str, tail| Pattern::new(dialect::template(&format!("{HEAD}{form}"), column), tail);
    let whole = FORMS.iter().filter_map(|text| form(text, Tail::Rest));
    whole.chain(FORMS.iter().filter_map(|text| form(text, Tail::Cut))).collect()
}

/// Squid, `src/cf.data.pre`: `squid`, `combined`, `common`. Within quotes it escapes with backslashes.
fn squid() -> Vec<Pattern> {
    const NATIVE: &str =
        "$time $duration $client $result/$status $bytes $method $url $user $hierarchy/$peer $content_type";
    const COMMON: &str =
        r#"$client $ident $user [$time] "$method $url HTTP/$version" $status $bytes $result:$hierarchy"#;
    const COMBINED: &str = r#"$client $ident $user [$time] "$method $url HTTP/$version" $status $bytes "$referer" "$user_agent" $result:$hierarchy"#;
    let column = |name: &str| match name {
        "referer" | "user_agent" => own(name, Escaping::Backslash),
        name => own(name, Escaping::None),
    };
    [(NATIVE, Tail::Rest), (COMBINED, Tail::End), (COMMON, Tail::End)]
        .into_iter()
        .filter_map(|(text, tail)| Pattern::new(dialect::template(text, column), tail))
        .collect()
}

/// The fields of `HAProxy` and Squid, under the names that are used here for their letters.
const OWN: &[(&str, Meaning, Shape)] = &[
    ("client", Meaning::new(Kind::Client, Role::Source), Shape::Word),
    ("accept_date", Meaning::new(Kind::Time, Role::Time), Shape::Time),
    ("time", Meaning::new(Kind::Time, Role::Time), Shape::Time),
    ("status", Meaning::new(Kind::Number, Role::Status), Shape::Number),
    ("bytes", Meaning::new(Kind::Number, Role::Size), Shape::Number),
    ("duration", Meaning::of(Kind::Number), Shape::Number),
    ("method", Meaning::new(Kind::Text, Role::Method), Shape::Word),
    ("url", Meaning::new(Kind::Request, Role::Proxied), Shape::Any),
    ("request", Meaning::new(Kind::Request, Role::Request), Shape::Any),
    ("peer", Meaning::of(Kind::Target), Shape::Word),
    ("result", Meaning::TEXT, Shape::Code),
    ("hierarchy", Meaning::TEXT, Shape::Code),
    ("referer", Meaning::of(Kind::Referer), Shape::Any),
    ("user_agent", Meaning::of(Kind::UserAgent), Shape::Any),
    ("request_cookie", Meaning::of(Kind::Cookie), Shape::Any),
    ("request_headers", Meaning::of(Kind::Header), Shape::Any),
    ("captured_headers", Meaning::of(Kind::Header), Shape::Any),
    ("ident", Meaning::TEXT, Shape::Any),
    ("user", Meaning::TEXT, Shape::Any),
    ("response_cookie", Meaning::TEXT, Shape::Any),
    ("response_headers", Meaning::TEXT, Shape::Any),
];

/// The column of that name; what is not in the table is one word of text.
fn own(name: &str, escaping: Escaping) -> Column {
    match OWN.iter().find(|(known, _, _)| *known == name) {
        Some((name, meaning, shape)) => Column::new(*name, *meaning, escaping).shaped(*shape),
        None => Column::new(name.to_owned(), Meaning::TEXT, escaping).shaped(Shape::Word),
    }
}
