//! The guard's own tokens: needed for every read, bound to their caller, never the upstream's.

use crate::support::{Setup, TTL, UPSTREAM_TOKEN, get_request, request, with};
use onehop_verdict::Code;

const LEAF: &str = "/latest/meta-data/instance-id";
const PUT: &str = "/latest/api/token";

#[test]
fn a_read_needs_a_token() {
    let running = Setup::new().start();
    for method in ["GET", "HEAD"] {
        let v1 = request(method, LEAF, "");
        let answer = running.is_denied(v1.as_bytes(), 401, Code::ImdsV1);
        assert_eq!(answer.body, "");
        assert_eq!(answer.header("Content-Length"), Some("0"));
        let v2 = request(method, LEAF, &with(&running.token()));
        let answer = running.is_allowed(v2.as_bytes(), 200);
        assert_eq!(answer.body, if method == "GET" { "i-1" } else { "" });
        assert_eq!(answer.header("Content-Length"), Some("3"));
    }
}

#[test]
fn a_token_costs_the_upstream_nothing_and_is_not_the_upstreams() {
    let running = Setup::new().start();
    let tokens = [running.token(), running.token()];
    assert_ne!(tokens[0], tokens[1]);
    assert!(tokens.iter().all(|token| token.len() == 56 && token != UPSTREAM_TOKEN));
    assert_eq!(running.fake.count(), 0);
    running.is_allowed(&get_request(LEAF, &tokens[0]), 200);
    let fake = &running.fake;
    assert_eq!(fake.seen(), [fake.token_request(), fake.read_of(LEAF)]);
}

#[test]
fn a_token_that_is_not_the_guards_is_refused() {
    let running = Setup::new().start();
    let good = running.token();
    running.is_allowed(&get_request(LEAF, &good), 200);
    let (short, long) = (&good[..55], format!("{good}A"));
    for token in ["", "x", UPSTREAM_TOKEN, "AQAEAA==", short, &long, "\u{ff}"] {
        running.is_denied(&get_request(LEAF, token), 401, Code::ImdsTokenInvalid);
    }
    // A changed character anywhere; the two at the end are padding.
    for place in 0..54 {
        let mut forged = good.clone().into_bytes();
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("ASCII");
        running.is_denied(&get_request(LEAF, &forged), 401, Code::ImdsTokenInvalid);
    }
    let twice = request("GET", LEAF, &with(&good).repeat(2));
    running.is_denied(twice.as_bytes(), 400, Code::ImdsTokenAmbiguous);
}

#[test]
fn a_token_ends_with_its_lifetime() {
    let running = Setup::new().start();
    let put = request("PUT", PUT, "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n");
    let token = running.is_allowed(put.as_bytes(), 200).body;
    let read = get_request(LEAF, &token);
    let remaining = |answer: crate::support::Answer| -> u32 {
        let text = answer.header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds").expect("counted down");
        text.parse().expect("seconds")
    };
    assert!((55..=60).contains(&remaining(running.is_allowed(&read, 200))));
    running.clock.forward(40);
    assert!((15..=20).contains(&remaining(running.is_allowed(&read, 200))));
    running.clock.forward(21);
    running.is_denied(&read, 401, Code::ImdsTokenInvalid);
}

#[test]
fn a_lifetime_is_1_to_21600_seconds_once() {
    let running = Setup::new().start();
    let line = |value: &str| format!("x-AWS-ec2-metadata-token-TTL-seconds: {value}\r\n");
    for value in ["1", "60", "21600", "0060"] {
        running.is_allowed(request("PUT", PUT, &line(value)).as_bytes(), 200);
    }
    for value in
        ["", "0", "21601", "-1", "+60", "6e1", "60.0", "0x3c", "sixty", "1 2", "4294967297", "\u{664}"]
    {
        let put = request("PUT", PUT, &line(value));
        running.is_denied(put.as_bytes(), 400, Code::ImdsTtlInvalid);
    }
    running.is_denied(request("PUT", PUT, "").as_bytes(), 400, Code::ImdsTtlInvalid);
    running.is_denied(request("PUT", PUT, &TTL.repeat(2)).as_bytes(), 400, Code::ImdsTokenAmbiguous);
}

#[test]
fn the_token_path_is_judged_in_its_canonical_form() {
    let running = Setup::new().start();
    for path in [PUT, "//latest/./api/token", "/latest/api/token/", "/latest/%61pi/x/../token?a=b"] {
        running.is_allowed(request("PUT", path, TTL).as_bytes(), 200);
    }
    for path in ["/2021-03-23/api/token", "/1.0/api/token"] {
        running.is_denied(request("PUT", path, TTL).as_bytes(), 400, Code::ImdsTokenPathVersion);
    }
    assert_eq!(running.fake.count(), 0);
}
