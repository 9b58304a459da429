use super::{Admitted, Endpoint, Gate, Tokens};
use crate::request::{ImdsVersion, Request};
use crate::time::UnixSeconds;
use crate::token::{TokenKey, TokenTtl};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use onehop_verdict::{Code, Secret};
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds::new(1_700_000_000);
const GOOD: &str = "<good>";
const EXPIRED: &str = "<expired>";
const FOREIGN: &str = "<foreign>";

fn key() -> TokenKey {
    TokenKey::new(&Secret::new([1; 32]))
}

/// Stands in for tokens in the tables below.
fn value_of(word: &str) -> HeaderValue {
    let minted = |key: &TokenKey, at: UnixSeconds, audience: &[u8]| {
        let ttl = TokenTtl::new(60).expect("in bounds");
        HeaderValue::from_str(key.mint(at, ttl, audience, [0; 8]).as_str())
            .expect("a token is a header value")
    };
    match word {
        GOOD => minted(&key(), NOW, b"here"),
        EXPIRED => minted(&key(), NOW.minus(60), b"here"),
        FOREIGN => minted(&key(), NOW, b"elsewhere"),
        other => HeaderValue::from_bytes(other.as_bytes()).expect("a header value"),
    }
}

fn outcome(
    tokens: Tokens,
    endpoint: Endpoint,
    method: &str,
    target: &str,
    pairs: &[(&str, &str)],
) -> Result<String, Code> {
    let key = key();
    let gate = Gate { tokens, endpoint, key: &key, audience: b"here" };
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value_of(value));
    }
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let uri: Uri = target.parse().expect("a target");
    let request = Request::classify(&method, &uri, &map);
    match gate.check(request, NOW) {
        Ok(permit) => Ok(match permit.consume() {
            Admitted::Options => "options".to_owned(),
            Admitted::IssueToken(ttl) => format!("token {}", ttl.seconds()),
            Admitted::Read { path, version, remaining } => {
                format!("{} {} {remaining:?}", version.as_str(), path.as_str())
            }
        }),
        Err(denied) => Err(denied.code()),
    }
}

#[test]
fn every_row_of_the_truth_table() {
    let ttl = ("X-aws-ec2-metadata-token-ttl-seconds", "60");
    let xff = ("x-forwarded-FOR", "1.2.3.4");
    let token = |word| ("X-aws-ec2-metadata-token", word);
    let read = "/latest/meta-data/";
    let put = "/latest/api/token";
    for (method, target, pairs, required, optional) in [
        ("PUT", put, vec![ttl], Ok("token 60"), Ok("token 60")),
        ("PUT", put, vec![], Err(Code::ImdsTtlInvalid), Err(Code::ImdsTtlInvalid)),
        ("PUT", put, vec![ttl, ttl], Err(Code::ImdsTokenAmbiguous), Err(Code::ImdsTokenAmbiguous)),
        ("PUT", put, vec![ttl, xff], Err(Code::ImdsForwarded), Err(Code::ImdsForwarded)),
        (
            "PUT",
            "/2021-03-23/api/token",
            vec![ttl],
            Err(Code::ImdsTokenPathVersion),
            Err(Code::ImdsTokenPathVersion),
        ),
        ("GET", put, vec![], Err(Code::HttpMethod), Err(Code::HttpMethod)),
        ("OPTIONS", put, vec![], Ok("options"), Ok("options")),
        ("OPTIONS", "/1.0/api/token", vec![], Err(Code::HttpMethod), Err(Code::HttpMethod)),
        ("POST", read, vec![token(GOOD)], Err(Code::HttpMethod), Err(Code::HttpMethod)),
        (
            "GET",
            read,
            vec![token(GOOD)],
            Ok("v2 /latest/meta-data Some(60)"),
            Ok("v2 /latest/meta-data Some(60)"),
        ),
        ("GET", read, vec![token(GOOD), xff], Err(Code::ImdsForwarded), Err(Code::ImdsForwarded)),
        (
            "GET",
            read,
            vec![token(GOOD), token(GOOD)],
            Err(Code::ImdsTokenAmbiguous),
            Err(Code::ImdsTokenAmbiguous),
        ),
        ("GET", read, vec![token(EXPIRED)], Err(Code::ImdsTokenInvalid), Err(Code::ImdsTokenInvalid)),
        ("GET", read, vec![token(FOREIGN)], Err(Code::ImdsTokenInvalid), Err(Code::ImdsTokenInvalid)),
        ("GET", read, vec![token("")], Err(Code::ImdsTokenInvalid), Err(Code::ImdsTokenInvalid)),
        ("GET", read, vec![token("\u{e9}")], Err(Code::ImdsTokenInvalid), Err(Code::ImdsTokenInvalid)),
        ("GET", read, vec![], Err(Code::ImdsV1), Ok("v1 /latest/meta-data None")),
        ("GET", read, vec![xff], Err(Code::ImdsV1), Ok("v1 /latest/meta-data None")),
        ("GET", "/", vec![], Err(Code::ImdsV1), Ok("v1 / None")),
        ("GET", "/latest/%00", vec![token(GOOD)], Err(Code::HttpPath), Err(Code::HttpPath)),
        ("CONNECT", "x:80", vec![token(GOOD)], Err(Code::HttpTarget), Err(Code::HttpTarget)),
    ] {
        for (tokens, want) in [(Tokens::Required, required), (Tokens::Optional, optional)] {
            let got = outcome(tokens, Endpoint::Enabled, method, target, &pairs);
            assert_eq!(got, want.map(str::to_owned), "{tokens:?}: {method} {target} {pairs:?}");
            assert_eq!(outcome(tokens, Endpoint::Disabled, method, target, &pairs), Err(Code::ImdsDisabled));
        }
    }
}

#[test]
fn a_probe_for_another_cloud_is_a_read_only_with_a_reading_method() {
    let flavor = [("Metadata-Flavor", "Google")];
    for (method, target, pairs, optional) in [
        ("GET", "/computeMetadata/v1/", &flavor[..], Ok("v1 /computeMetadata/v1 None")),
        ("HEAD", "/v1/token", &[], Ok("v1 /v1/token None")),
        ("PUT", "/v1/token", &[], Err(Code::HttpMethod)),
        ("POST", "/anything", &flavor, Err(Code::HttpMethod)),
    ] {
        let got = outcome(Tokens::Optional, Endpoint::Enabled, method, target, pairs);
        assert_eq!(got, optional.map(str::to_owned), "{method} {target}");
    }
}

proptest! {
    /// The promise of `required`: without a good token nothing is ever read.
    #[test]
    fn required_never_reads_without_a_good_token(
        path in "/[!-~]{0,40}",
        method in "GET|HEAD|PUT|POST",
        extra in proptest::collection::vec(("[a-zA-Z-]{1,24}", "[ -~]{0,30}"), 0..4),
        token in proptest::option::of("[ -~]{0,60}"),
    ) {
        if let Ok(uri) = path.parse::<Uri>() {
            let mut map = HeaderMap::new();
            for (name, value) in extra {
                map.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), HeaderValue::from_str(&value).expect("a value"));
            }
            if let Some(token) = token {
                map.append("x-aws-ec2-metadata-token", HeaderValue::from_str(&token).expect("a value"));
            }
            let key = key();
            let gate = Gate { tokens: Tokens::Required, endpoint: Endpoint::Enabled, key: &key, audience: b"here" };
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            if let Ok(permit) = gate.check(Request::classify(&method, &uri, &map), NOW) {
                prop_assert!(matches!(permit.consume(), Admitted::IssueToken(_)));
            }
        }
    }

    /// A good token is read as v2 whatever harmless headers stand beside it.
    #[test]
    fn a_good_token_reads_as_v2(leaf in "[a-z-]{1,20}", tokens in prop_oneof![Just(Tokens::Required), Just(Tokens::Optional)]) {
        let key = key();
        let gate = Gate { tokens, endpoint: Endpoint::Enabled, key: &key, audience: b"here" };
        let uri: Uri = format!("/latest/meta-data/{leaf}").parse().expect("a target");
        let mut map = HeaderMap::new();
        map.append("x-aws-ec2-metadata-token", value_of(GOOD));
        map.append("user-agent", HeaderValue::from_static("aws-cli"));
        let permit = gate.check(Request::classify(&Method::GET, &uri, &map), NOW).expect("a good token");
        let v2 = matches!(permit.consume(), Admitted::Read { version: ImdsVersion::V2, .. });
        prop_assert!(v2);
    }
}
