//! Every kind of request and its answer, over both families, with tokens required and optional.

use std::collections::BTreeMap;

use onehop_imds::answer::ErrorBodies;
use onehop_imds::gate::{Endpoint, Tokens};
use onehop_imds::token::{TokenKey, TokenTtl};
use onehop_serve::Options;
use onehop_server::{Clock as _, http_date};
use onehop_verdict::{Code, Secret};

use crate::shape::{Shape, Want, absent, bad, document, forbidden, method, options, token, unauthorized};
use crate::support::{INSTANCE, KEY, ROLES, Running, Setup, TOKEN, TOKEN_PATH, TTL, exchange, request};

const ID: &str = "/latest/meta-data/instance-id";
const XFF: &str = "X-Forwarded-For";

/// A good token was issued for six hours, ten seconds ago.
const LEFT: Option<u32> = Some(21_590);

/// One request. `{good}`, `{expired}` and so on stand for tokens.
struct Case {
    methods: &'static [&'static str],
    target: &'static str,
    headers: &'static [(&'static str, &'static str)],
    required: Want,
    optional: Want,
}

/// The same answer whether tokens are required or not.
const fn both(
    methods: &'static [&'static str],
    target: &'static str,
    headers: &'static [(&'static str, &'static str)],
    want: Want,
) -> Case {
    Case { methods, target, headers, required: want, optional: want }
}

/// A read without a token: refused where one is required.
const fn v1(target: &'static str, headers: &'static [(&'static str, &'static str)], optional: Want) -> Case {
    Case { methods: READS, target, headers, required: unauthorized(Code::ImdsV1), optional }
}

/// A read with a good token.
const fn v2(target: &'static str, want: Want) -> Case {
    both(READS, target, &[(TOKEN, "{good}")], want)
}

/// A token request that is refused.
const fn refused(headers: &'static [(&'static str, &'static str)], want: Want) -> Case {
    both(&["PUT"], TOKEN_PATH, headers, want)
}

const READS: &[&str] = &["GET", "HEAD"];
const WRITES: &[&str] = &["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"];
const NOT_PUT: &[&str] = &["GET", "HEAD", "POST", "DELETE", "PATCH", "TRACE", "PROPFIND"];

const NO_TTL: Want = bad(Code::ImdsTtlInvalid);
const FORWARDED: Want = forbidden(Code::ImdsForwarded);
const WRONG: Want = unauthorized(Code::ImdsTokenInvalid);
const ALLOW_READ: Want = method("GET, HEAD");
const ALLOW_PUT: Want = method("OPTIONS, PUT");
const VERSIONS: &str = "1.0\n2007-01-19\n2007-03-01\n2007-08-29\n2007-10-10\n2007-12-15\n2008-02-01\n2008-09-01\n\
    2009-04-04\n2011-01-01\n2011-05-01\n2012-01-12\n2014-02-25\n2014-11-05\n2015-10-20\n2016-04-19\n2016-06-30\n\
    2016-09-02\n2018-03-28\n2018-08-17\n2018-09-24\n2019-10-01\n2020-10-27\n2021-01-03\n2021-03-23\n2021-07-15\n\
    2022-07-09\n2022-09-24\n2024-04-11\nlatest";

const TOKEN_REQUESTS: &[Case] = &[
    both(&["PUT"], TOKEN_PATH, &[(TTL, "1")], token("1")),
    both(&["PUT"], TOKEN_PATH, &[(TTL, "60")], token("60")),
    both(&["PUT"], TOKEN_PATH, &[(TTL, "21600")], token("21600")),
    both(&["PUT"], TOKEN_PATH, &[("x-AWS-ec2-METADATA-token-TTL-seconds", "60")], token("60")),
    both(&["PUT"], TOKEN_PATH, &[(TTL, "60"), (TOKEN, "{expired}")], token("60")),
    refused(&[], NO_TTL),
    refused(&[(TTL, "")], NO_TTL),
    refused(&[(TTL, "0")], NO_TTL),
    refused(&[(TTL, "-1")], NO_TTL),
    refused(&[(TTL, "+60")], NO_TTL),
    refused(&[(TTL, "21601")], NO_TTL),
    refused(&[(TTL, "99999999999999999999")], NO_TTL),
    refused(&[(TTL, "1e3")], NO_TTL),
    refused(&[(TTL, "60.0")], NO_TTL),
    refused(&[(TTL, "sixty")], NO_TTL),
    refused(&[(TTL, "60"), (TTL, "60")], bad(Code::ImdsTokenAmbiguous)),
    refused(&[(TTL, "60"), (XFF, "192.0.2.1")], FORWARDED),
    refused(&[(TTL, "60"), (XFF, "")], FORWARDED),
    refused(&[(TTL, "60"), ("x-FORWARDED-for", "192.0.2.1")], FORWARDED),
    refused(&[(XFF, "192.0.2.1")], FORWARDED),
    // Only this one forwarding header counts here; the guard refuses the others.
    both(&["PUT"], TOKEN_PATH, &[(TTL, "60"), ("Via", "1.1 proxy")], token("60")),
    both(&["PUT"], "/2021-03-23/api/token", &[(TTL, "60")], forbidden(Code::ImdsTokenPathVersion)),
    both(&["PUT"], "/1.0/api/token", &[(TTL, "60")], forbidden(Code::ImdsTokenPathVersion)),
    both(NOT_PUT, TOKEN_PATH, &[], ALLOW_PUT),
    both(NOT_PUT, TOKEN_PATH, &[(TOKEN, "{good}")], ALLOW_PUT),
    both(&["OPTIONS"], TOKEN_PATH, &[], options("OPTIONS, PUT")),
];

const READ_REQUESTS: &[Case] = &[
    v1(ID, &[], document(INSTANCE, None)),
    v1("/", &[], document(VERSIONS, None)),
    v1("/latest/meta-data/nothing-here", &[], absent(None)),
    v1(ID, &[(XFF, "192.0.2.1")], document(INSTANCE, None)),
    v2(ID, document(INSTANCE, LEFT)),
    v2("/2009-04-04/meta-data/instance-id", document(INSTANCE, LEFT)),
    v2("/latest/meta-data/instance-id/", document(INSTANCE, LEFT)),
    v2("/", document(VERSIONS, LEFT)),
    v2("/latest/meta-data/placement", document("availability-zone\navailability-zone-id\nregion", LEFT)),
    v2("/latest/meta-data/placement/", document("availability-zone\navailability-zone-id\nregion", LEFT)),
    both(READS, ID, &[(TOKEN, "{expired}")], WRONG),
    both(READS, ID, &[(TOKEN, "{other instance}")], WRONG),
    both(READS, ID, &[(TOKEN, "{other key}")], WRONG),
    both(READS, ID, &[(TOKEN, "garbage")], WRONG),
    both(READS, ID, &[(TOKEN, "")], WRONG),
    both(READS, "/", &[(TOKEN, "garbage")], WRONG),
    both(READS, ID, &[(TOKEN, "{good}"), (TOKEN, "{good}")], bad(Code::ImdsTokenAmbiguous)),
    both(READS, ID, &[(TOKEN, "{good}"), (XFF, "192.0.2.1")], FORWARDED),
    both(READS, ID, &[(TOKEN, "{good}"), (XFF, "")], FORWARDED),
    both(READS, ID, &[(TOKEN, "garbage"), (XFF, "192.0.2.1")], FORWARDED),
    v1(ROLES, &[], document("test-role", None)),
    v2(ROLES, document("test-role", LEFT)),
    v2("/latest/api", absent(LEFT)),
    v2("/latest/api/", absent(LEFT)),
    v2("/latest/user-data", absent(LEFT)),
    v2("/latest/meta-data/spot/instance-action", absent(LEFT)),
    v2("/latest/meta-data/iam/security-credentials-extended/", absent(LEFT)),
    v2("/2021-03-24/meta-data/instance-id", absent(LEFT)),
    v2("/Latest/meta-data/instance-id", absent(LEFT)),
    v1("/computeMetadata/v1/", &[("Metadata-Flavor", "Google")], absent(None)),
    v1("/metadata/instance?api-version=2021-02-01", &[("Metadata", "true")], absent(None)),
    both(WRITES, ID, &[], ALLOW_READ),
    both(WRITES, ID, &[(TOKEN, "{good}")], ALLOW_READ),
    both(WRITES, "/latest/meta-data/nothing-here", &[(TOKEN, "{good}")], ALLOW_READ),
];

/// The tokens that cases speak of, by the word that stands for them.
type Words = BTreeMap<&'static str, String>;

/// Makes the tokens; ten seconds pass.
fn tokens(running: &Running) -> Words {
    let mint = |key: [u8; 32], audience: &str| {
        let key = TokenKey::new(&Secret::new(key));
        key.mint(running.clock.seconds(), TokenTtl::MAX, audience.as_bytes(), [0; 8]).as_str().to_owned()
    };
    let (good, expired) = (running.token(21_600), running.token(10));
    running.clock.advance(10);
    BTreeMap::from([
        ("{good}", good),
        ("{expired}", expired),
        ("{other instance}", mint(KEY, "i-0123456789abcdef0")),
        ("{other key}", mint([8; 32], INSTANCE)),
    ])
}

/// Sends every case over both families, checks answers and counters, and gives the number of exchanges.
fn run_through(running: &Running, words: &Words, cases: &[Case], pick: impl Fn(&Case) -> Want) -> usize {
    let date = http_date(running.clock.now()).to_str().expect("a date is text").to_owned();
    let (mut wrong, mut exchanges) = (Vec::new(), 0);
    for case in cases {
        let headers: Vec<(&str, &str)> = case
            .headers
            .iter()
            .map(|&(name, value)| (name, words.get(value).map_or(value, |word| word)))
            .collect();
        let want = pick(case);
        let over_both = |method| running.addresses.iter().map(move |address| (method, *address));
        for (method, address) in case.methods.iter().copied().flat_map(over_both) {
            let before = denials(running);
            let answer = exchange(address, &request(method, case.target, &headers));
            let counted = difference(&before, &denials(running));
            let mut differences = want.differences(&answer, method == "HEAD", &date);
            if counted != want.code.map(|code| (code, 1)).into_iter().collect::<Vec<_>>() {
                differences.push(format!("counted {counted:?}, not {:?}", want.code));
            }
            let name = format!("{method} {} {:?} at {address}", case.target, case.headers);
            wrong.extend(differences.into_iter().map(|difference| format!("{name}: {difference}")));
            exchanges += 1;
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    exchanges
}

fn denials(running: &Running) -> Vec<(Code, u64)> {
    Code::ALL.iter().map(|&code| (code, running.service.counters().denials(code))).collect()
}

fn difference(before: &[(Code, u64)], after: &[(Code, u64)]) -> Vec<(Code, u64)> {
    let grown = before.iter().zip(after).map(|(before, after)| (after.0, after.1 - before.1));
    grown.filter(|(_, by)| *by > 0).collect()
}

#[test]
fn every_request_with_tokens_required() {
    let running = Setup::tokens(Tokens::Required).start();
    let words = tokens(&running);
    let asked = run_through(&running, &words, TOKEN_REQUESTS, |case| case.required);
    let read = run_through(&running, &words, READ_REQUESTS, |case| case.required);
    assert!(asked > TOKEN_REQUESTS.len() * 2 && read > READ_REQUESTS.len() * 4, "{asked} and {read}");
}

#[test]
fn every_request_with_tokens_optional() {
    let running = Setup::tokens(Tokens::Optional).start();
    let words = tokens(&running);
    let asked = run_through(&running, &words, TOKEN_REQUESTS, |case| case.optional);
    let read = run_through(&running, &words, READ_REQUESTS, |case| case.optional);
    assert!(asked > TOKEN_REQUESTS.len() * 2 && read > READ_REQUESTS.len() * 4, "{asked} and {read}");
}

#[test]
fn a_disabled_endpoint_refuses_whatever_is_asked() {
    let options = Options { endpoint: Endpoint::Disabled, tokens: Tokens::Optional, ..Options::default() };
    let running = Setup { options, ..Setup::default() }.start();
    let want = forbidden(Code::ImdsDisabled);
    let cases = [
        both(READS, ID, &[], want),
        both(READS, ID, &[(TOKEN, "any")], want),
        both(READS, ID, &[(TOKEN, "one"), (TOKEN, "two")], want),
        both(READS, "/", &[], want),
        both(READS, "/latest/meta-data/nothing-here", &[], want),
        both(READS, "/%00", &[], want),
        both(WRITES, ID, &[], want),
        both(NOT_PUT, TOKEN_PATH, &[], want),
        both(&["PUT"], TOKEN_PATH, &[(TTL, "60")], want),
        both(&["OPTIONS"], TOKEN_PATH, &[], want),
    ];
    run_through(&running, &Words::new(), &cases, |case| case.required);
}

#[test]
fn bodies_of_400_and_403_can_be_empty() {
    let options = Options { error_bodies: ErrorBodies::Empty, ..Options::default() };
    let running = Setup { options, ..Setup::default() }.start();
    let empty = |want: Want| Want { shape: Shape::Empty(None), ..want };
    let cases = [
        refused(&[], empty(NO_TTL)),
        refused(&[(TTL, "60"), (XFF, "192.0.2.1")], empty(FORWARDED)),
        both(READS, ID, &[(TOKEN, "{good}"), (XFF, "192.0.2.1")], empty(FORWARDED)),
        v2("/latest/api", absent(LEFT)),
    ];
    let words = tokens(&running);
    assert_eq!(run_through(&running, &words, &cases, |case| case.required), 12);
}

/// The words after 405 on the token endpoint, as recorded from instances.
#[test]
fn the_token_endpoint_says_not_allowed() {
    let answer = Setup::default().start().ask("GET", TOKEN_PATH, &[]);
    assert_eq!((answer.status, answer.reason.as_str()), (405, "Not Allowed"));
}

#[test]
fn other_reasons_are_the_usual_ones() {
    let running = Setup::default().start();
    for (method, target, headers, want) in [
        ("PUT", TOKEN_PATH, &[(TTL, "60")][..], "OK"),
        ("PUT", TOKEN_PATH, &[], "Bad Request"),
        ("GET", ID, &[], "Unauthorized"),
        ("PUT", TOKEN_PATH, &[(TTL, "60"), (XFF, "192.0.2.1")], "Forbidden"),
    ] {
        assert_eq!(running.ask(method, target, headers).reason, want, "{method} {target} {headers:?}");
    }
    assert_eq!(running.read("/latest/api").reason, "Not Found");
}
