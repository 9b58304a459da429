use super::{Admitted, Arrived, Gate};
use crate::admission::{Limit, Limits};
use crate::caller::Caller;
use crate::host::Hosts;
use crate::policy::{Policy, Who};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use onehop_imds::request::Request;
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::{TokenKey, TokenTtl};
use onehop_verdict::{Code, Secret};
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds::new(1_700_000_000);
const APP: Caller = Caller::Local { uid: 1000 };
const OTHER: Caller = Caller::Local { uid: 1001 };
const OURS: &str = "<ours>";

fn key() -> TokenKey {
    TokenKey::new(&Secret::new([1; 32]))
}

/// A token that was issued to the application.
fn token() -> HeaderValue {
    let token = key().mint(NOW, TokenTtl::MAX, APP.audience().as_bytes(), [0; 8]);
    HeaderValue::from_str(token.as_str()).expect("a token is a header value")
}

fn outcome(
    caller: Caller,
    method: &str,
    target: &str,
    has_body: bool,
    pairs: &[(&str, &str)],
) -> Result<String, Code> {
    let (key, hosts) = (key(), Hosts::default());
    let policy = Policy::new(vec![Who::Uid(1000), Who::Uid(1001)], Vec::new()).expect("a policy");
    let entered = Limits::new(Limit::default()).enter(caller);
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let value = if *value == OURS { token() } else { HeaderValue::from_str(value).expect("a value") };
        headers.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value);
    }
    let (method, uri) =
        (Method::from_bytes(method.as_bytes()).expect("a method"), target.parse::<Uri>().expect("a target"));
    let request = Request::classify(&method, &uri, &headers);
    let gate = Gate { hosts: &hosts, policy: &policy, key: &key };
    match gate.check(Arrived { request, headers: &headers, has_body, caller, entered: &entered }, NOW) {
        Ok(permit) => Ok(match permit.consume() {
            Admitted::IssueToken(ttl) => format!("token {}", ttl.seconds()),
            Admitted::Read { path, remaining } => format!("read {} {remaining}", path.as_str()),
        }),
        Err(denied) => Err(denied.code()),
    }
}

#[test]
fn every_row_of_the_table() {
    let host = ("host", "127.0.0.1:1338");
    let ttl = ("x-aws-ec2-metadata-token-ttl-seconds", "60");
    let ours = ("x-aws-ec2-metadata-token", OURS);
    let (put, read) = ("/latest/api/token", "/latest/meta-data/");
    let unknown = Caller::Unknown;
    let remote = Caller::Remote("192.0.2.7".parse().expect("an address"));
    for (caller, method, target, body, pairs, want) in [
        (APP, "PUT", put, false, vec![host, ttl], Ok("token 60")),
        (APP, "GET", read, false, vec![host, ours], Ok("read /latest/meta-data 21600")),
        (APP, "HEAD", read, false, vec![host, ours], Ok("read /latest/meta-data 21600")),
        (APP, "GET", "http://127.0.0.1/latest/", false, vec![host, ours], Err(Code::HttpTarget)),
        (APP, "CONNECT", "127.0.0.1:80", false, vec![host], Err(Code::HttpTarget)),
        (APP, "OPTIONS", "*", false, vec![host], Err(Code::HttpTarget)),
        (APP, "GET", "/latest/%00", false, vec![host, ours], Err(Code::HttpPath)),
        (APP, "GET", read, false, vec![ours], Err(Code::HttpHost)),
        (APP, "GET", read, false, vec![("host", "attacker.example"), ours], Err(Code::HttpHost)),
        (APP, "PUT", put, false, vec![("host", "attacker.example"), ttl], Err(Code::HttpHost)),
        (APP, "GET", read, false, vec![host, ours, ("X-FORWARDED-for", "")], Err(Code::ImdsForwarded)),
        (APP, "GET", read, false, vec![host, ours, ("Via", "1.1 proxy")], Err(Code::ImdsForwarded)),
        (APP, "GET", read, false, vec![host, ("x-forwarded-for", "a")], Err(Code::ImdsForwarded)),
        (APP, "PUT", put, false, vec![host, ttl, ("forwarded", "for=a")], Err(Code::ImdsForwarded)),
        (unknown, "PUT", put, false, vec![host, ttl], Err(Code::CallerUnknown)),
        (remote, "PUT", put, false, vec![host, ttl], Err(Code::CallerRemote)),
        (Caller::Local { uid: 7 }, "PUT", put, false, vec![host, ttl], Err(Code::CallerDenied)),
        (APP, "PUT", put, true, vec![host, ttl], Err(Code::HttpBody)),
        (APP, "GET", read, true, vec![host, ours], Err(Code::HttpBody)),
        (APP, "GET", put, false, vec![host, ours], Err(Code::HttpMethod)),
        (APP, "DELETE", read, false, vec![host, ours], Err(Code::HttpMethod)),
        (APP, "PUT", read, false, vec![host, ours], Err(Code::HttpMethod)),
        (APP, "PUT", "/2021-03-23/api/token", false, vec![host, ttl], Err(Code::ImdsTokenPathVersion)),
        (APP, "PUT", put, false, vec![host], Err(Code::ImdsTtlInvalid)),
        (APP, "PUT", put, false, vec![host, ttl, ttl], Err(Code::ImdsTokenAmbiguous)),
        (APP, "GET", "/computeMetadata/v1/", false, vec![host], Err(Code::ImdsForeignCloud)),
        (APP, "GET", read, false, vec![host], Err(Code::ImdsV1)),
        (APP, "GET", read, false, vec![host, ours, ours], Err(Code::ImdsTokenAmbiguous)),
        (APP, "GET", read, false, vec![host, ("x-aws-ec2-metadata-token", "x")], Err(Code::ImdsTokenInvalid)),
        // A stolen token: valid, but issued to another user.
        (OTHER, "GET", read, false, vec![host, ours], Err(Code::ImdsTokenInvalid)),
    ] {
        let got = outcome(caller, method, target, body, &pairs);
        assert_eq!(got, want.map(str::to_owned), "{caller} {method} {target} {pairs:?}");
    }
}

proptest! {
    /// The promise of the guard: no read without the caller's own token, and none that was forwarded.
    #[test]
    fn nothing_is_read_without_the_callers_own_token(
        path in "/[!-~]{0,40}",
        method in "GET|HEAD|PUT|POST|DELETE",
        extra in proptest::collection::vec(("[a-zA-Z-]{1,24}", "[ -~]{0,30}"), 0..4),
    ) {
        if path.parse::<Uri>().is_ok() {
            let mut pairs = vec![("host", "127.0.0.1")];
            pairs.extend(extra.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            if let Ok(admitted) = outcome(APP, &method, &path, false, &pairs) {
                prop_assert!(admitted.starts_with("token"), "{}", admitted);
            }
        }
    }

    #[test]
    fn a_forwarded_request_never_gets_through(
        name in "x-forwarded-for|forwarded|via|x-real-ip|x-forwarded-host",
        upper: u32,
        value in "[ -~]{0,20}",
        with_token: bool,
        put: bool,
    ) {
        let name: String = name.char_indices().map(|(at, c)| {
            if upper >> (at % 32) & 1 == 1 { c.to_ascii_uppercase() } else { c }
        }).collect();
        let mut pairs = vec![("host", "127.0.0.1"), (name.as_str(), value.as_str())];
        if with_token { pairs.push(("x-aws-ec2-metadata-token", OURS)); }
        if put { pairs.push(("x-aws-ec2-metadata-token-ttl-seconds", "60")); }
        let (method, path) = if put { ("PUT", "/latest/api/token") } else { ("GET", "/latest/meta-data/") };
        prop_assert_eq!(outcome(APP, method, path, false, &pairs), Err(Code::ImdsForwarded));
    }
}
