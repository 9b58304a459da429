//! Names that mean the same in most logs.
//!
//! Compared without case and signs: `user_agent`, `userAgent` and `User-Agent` are one name. In a path the last part
//! counts, and the last two as one: `url.original`, `source.ip`.

use crate::column::{Meaning, Role};
use crate::kind::Kind;

/// The longest name in the table.
const NAME_MAX: usize = 32;

/// Names, in small letters and digits, and what they stand for.
const NAMES: &[(&[&str], Meaning)] = &[
    (
        &["useragent", "httpuseragent", "requestuseragent", "useragentoriginal", "ua"],
        Meaning::of(Kind::UserAgent),
    ),
    (
        &[
            "referer",
            "referrer",
            "httpreferer",
            "httpreferrer",
            "httprefer",
            "requestreferer",
            "requestreferrer",
        ],
        Meaning::of(Kind::Referer),
    ),
    (&["cookie", "cookies", "httpcookie", "requestcookie", "requestcookies"], Meaning::of(Kind::Cookie)),
    (
        &[
            "xforwardedfor",
            "httpxforwardedfor",
            "xff",
            "forwarded",
            "xforwardedhost",
            "httpxforwardedhost",
            "xrealip",
            "xoriginalurl",
            "xrewriteurl",
            "xforwardedserver",
        ],
        Meaning::of(Kind::Header),
    ),
    (
        &[
            "host",
            "httphost",
            "requesthost",
            "vhost",
            "virtualhost",
            "servername",
            "authority",
            "domainname",
            "urldomain",
            "urlhost",
            "sni",
            "requestedservername",
            "tlssni",
        ],
        Meaning::new(Kind::Host, Role::Host),
    ),
    (
        &["path", "uripath", "urlpath", "resourcepath", "requestpath", "rawpath", "uristem", "routekey"],
        Meaning::of(Kind::Path),
    ),
    (
        &[
            "query",
            "querystring",
            "args",
            "urlquery",
            "rawquerystring",
            "requestquery",
            "queryparams",
            "params",
            "uriquery",
            "queryparameters",
            "querystringparameters",
        ],
        Meaning::of(Kind::Query),
    ),
    (
        &[
            "url",
            "uri",
            "requesturi",
            "requesturl",
            "urloriginal",
            "urlfull",
            "requestline",
            "rawurl",
            "fullurl",
            "httpurl",
            "httptarget",
            "request",
            "httprequest",
            "requesttarget",
        ],
        Meaning::new(Kind::Request, Role::Request),
    ),
    (
        &[
            "body",
            "requestbody",
            "payload",
            "postdata",
            "requestpayload",
            "rawbody",
            "bodycontent",
            "postbody",
            "httprequestbody",
            "httprequestbodyprintable",
            "formdata",
        ],
        Meaning::of(Kind::Body),
    ),
    (
        &[
            "clientip",
            "remoteaddr",
            "remoteip",
            "sourceip",
            "srcip",
            "srcaddr",
            "clientaddr",
            "clientaddress",
            "remoteaddress",
            "sourceipaddress",
            "clientipaddress",
            "sourceaddress",
            "remotehost",
            "callerip",
            "ip",
            "networkclientip",
            "ipaddress",
        ],
        Meaning::new(Kind::Client, Role::Source),
    ),
    (
        &[
            "upstreamaddr",
            "upstreamhost",
            "upstream",
            "upstreamurl",
            "destip",
            "dstip",
            "destinationip",
            "destaddr",
            "dstaddr",
            "destinationaddress",
            "desthost",
            "destinationhost",
            "dsthost",
            "targethost",
            "targetip",
            "requestedhost",
            "outboundremoteaddr",
            "peer",
            "peeraddress",
            "peeraddr",
            "destinationdomain",
        ],
        Meaning::of(Kind::Target),
    ),
    (&["queryname", "rrname", "qname", "questionname", "dnsquery"], Meaning::of(Kind::Name)),
    (&["rdata", "answer", "answers", "resolvedip", "resolvedips", "answersdata"], Meaning::of(Kind::Answer)),
    (&["method", "httpmethod", "requestmethod", "verb"], Meaning::new(Kind::Text, Role::Method)),
    (
        &[
            "status",
            "statuscode",
            "httpstatus",
            "responsecode",
            "responsestatus",
            "httpstatuscode",
            "responsestatuscode",
        ],
        Meaning::new(Kind::Number, Role::Status),
    ),
    (
        &[
            "bytes",
            "bytessent",
            "size",
            "responselength",
            "bodybytessent",
            "responsesize",
            "contentlength",
            "responsebytes",
            "sentbytes",
            "responsebodylen",
        ],
        Meaning::new(Kind::Number, Role::Size),
    ),
    (
        &[
            "time",
            "timestamp",
            "ts",
            "datetime",
            "eventtime",
            "starttime",
            "requesttime",
            "timelocal",
            "timeiso8601",
            "logtime",
            "querytimestamp",
            "date",
        ],
        Meaning::new(Kind::Time, Role::Time),
    ),
];

/// What a name, or the last parts of a path, stands for. Two parts say more than one.
pub(crate) fn guess(path: &str) -> Option<Meaning> {
    let mut parts = path.rsplit('.').map(|part| part.trim_end_matches("[]"));
    let last = folded(parts.next()?)?;
    let pair = parts.next().and_then(folded).map(|parent| parent + &last);
    pair.and_then(|pair| look_up(&pair)).or_else(|| look_up(&last))
}

/// What a request header of that name holds.
pub(crate) fn header(name: &[u8]) -> Meaning {
    let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
    match name {
        _ if is("user-agent") => Meaning::of(Kind::UserAgent),
        _ if is("referer") || is("referrer") => Meaning::of(Kind::Referer),
        _ if is("cookie") => Meaning::of(Kind::Cookie),
        _ if is("host") || is(":authority") => Meaning::new(Kind::Host, Role::Host),
        _ => Meaning::of(Kind::Header),
    }
}

fn look_up(name: &str) -> Option<Meaning> {
    NAMES.iter().find(|(names, _)| names.contains(&name)).map(|(_, meaning)| *meaning)
}

/// A name in small letters and digits, if it is no longer than one that is known can be.
fn folded(part: &str) -> Option<String> {
    let letters = part.bytes().filter(u8::is_ascii_alphanumeric);
    (part.len() <= 2 * NAME_MAX).then(|| letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect())
}

#[cfg(test)]
mod tests {
    use super::{NAME_MAX, NAMES, guess, header};
    use crate::column::Role;
    use crate::kind::Kind;
    use std::collections::HashSet;

    #[test]
    fn names_are_folded_and_stand_once() {
        let mut seen = HashSet::new();
        for name in NAMES.iter().flat_map(|(names, _)| names.iter()) {
            assert!(seen.insert(name), "{name}");
            assert!(name.len() <= NAME_MAX, "{name}");
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{name}");
        }
    }

    #[test]
    fn spellings_of_a_name_are_one() {
        for (path, want) in [
            ("user_agent", Some(Kind::UserAgent)),
            ("userAgent", Some(Kind::UserAgent)),
            ("http.request.headers.User-Agent", Some(Kind::UserAgent)),
            ("url.original", Some(Kind::Request)),
            ("source.ip", Some(Kind::Client)),
            ("destination.ip", Some(Kind::Target)),
            ("dns.answers[]", Some(Kind::Answer)),
            ("dns.answers[].data", Some(Kind::Answer)),
            ("dns.question.name", Some(Kind::Name)),
            ("message", None),
            ("", None),
            ("urlx", None),
        ] {
            assert_eq!(guess(path).map(|meaning| meaning.kind), want, "{path}");
        }
        assert_eq!(guess(&"x".repeat(10_000)), None);
    }

    #[test]
    fn headers_have_kinds() {
        assert_eq!(header(b"HOST").role, Role::Host);
        assert_eq!(header(b"Cookie").kind, Kind::Cookie);
        assert_eq!(header(b"X-Forwarded-Host").kind, Kind::Header);
        assert_eq!(header(b"\xff").kind, Kind::Header);
    }
}
