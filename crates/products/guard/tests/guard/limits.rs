//! What one caller may use, and what one connection may.

use crate::support::{Answer, Running, Setup, TTL, eventually, get_request, request, with};
use onehop_journal::Outcome;
use onehop_verdict::Code;
use std::io::Write as _;
use std::num::NonZeroU32;
use std::time::Duration;

const LEAF: &str = "/latest/meta-data/instance-id";
const PUT: &str = "/latest/api/token";

/// A sample of the page for Prometheus.
fn sample(running: &Running, name: &str) -> u64 {
    let page = running.guard.metrics();
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {page}"))
}

#[test]
fn a_caller_over_its_rate_is_told_to_come_back() {
    let mut setup = Setup::new();
    setup.limit.rate = NonZeroU32::MIN;
    let running = setup.start();
    let token = running.token();
    let kinds = [
        request("PUT", PUT, TTL).into_bytes(),
        request("GET", LEAF, "").into_bytes(),
        get_request(LEAF, &token),
        request("POST", LEAF, "").into_bytes(),
    ];
    for kind in &kinds {
        // One request a second, two at once: the third of a fast client is over, the fiftieth of any.
        let refused = (0..50).map(|_| running.send(kind)).find(|answer| answer.status == 429);
        let refused = refused.expect("fifty requests are over the rate");
        assert_eq!(refused.header("Retry-After"), Some("1"));
        assert_eq!(refused.body, "");
    }
    assert!(running.denials(Code::LimitRate) >= 4);
}

#[test]
fn a_caller_within_its_rate_is_not() {
    let running = Setup::new().start();
    let token = running.token();
    for _ in 0..100 {
        running.is_allowed(&get_request(LEAF, &token), 200);
    }
    assert_eq!(running.denials(Code::LimitRate), 0);
}

#[test]
fn a_caller_has_its_connections_and_no_more() {
    let mut setup = Setup::new();
    setup.limit.connections = 2;
    let running = setup.start();
    let held = [running.connect(), running.connect()];
    eventually("two connections", || sample(&running, "onehop_guard_connections_total") == 2);
    for (method, target, headers) in [("PUT", PUT, TTL), ("GET", LEAF, ""), ("POST", LEAF, "")] {
        let raw = request(method, target, headers);
        let answer = running.is_denied(raw.as_bytes(), 503, Code::LimitConnections);
        assert_eq!(answer.header("Retry-After"), Some("1"));
    }
    drop(held);
    eventually("room", || running.ask("PUT", PUT, TTL).status == 200);
}

#[test]
fn connections_over_the_bound_of_all_are_refused() {
    let mut setup = Setup::new();
    setup.server.max_connections = 1;
    let running = setup.start();
    let held = running.connect();
    eventually("one connection", || sample(&running, "onehop_guard_connections_total") == 1);
    assert_eq!(running.ask("PUT", PUT, TTL).status, 503);
    assert_eq!(running.denials(Code::LimitConnections), 1);
    assert_eq!(sample(&running, "onehop_guard_connections_refused_total"), 1);
    drop(held);
    eventually("room", || running.ask("PUT", PUT, TTL).status == 200);
}

#[test]
fn a_flood_of_headers_is_refused() {
    let running = Setup::new().start();
    let token = with(&running.token());
    let lines = |count: usize| {
        let lines: Vec<String> = (0..count)
            .map(|number| {
                format!(
                    "X-{number}: y
"
                )
            })
            .collect();
        lines.concat()
    };
    let many = request("GET", LEAF, &format!("{token}{}", lines(63)));
    running.is_denied(many.as_bytes(), 431, Code::LimitSize);
    let very_many = request("GET", LEAF, &format!("{token}{}", lines(500)));
    running.is_denied(very_many.as_bytes(), 431, Code::LimitSize);
    let long = request("GET", LEAF, &format!("{token}X-Long: {}\r\n", "y".repeat(20_000)));
    running.is_denied(long.as_bytes(), 431, Code::LimitSize);
    // A token in front of or behind the flood changes nothing; without it there is an answer.
    let last = request("GET", LEAF, &format!("{}{token}", lines(500)));
    running.is_denied(last.as_bytes(), 431, Code::LimitSize);
    let few = request("GET", LEAF, &format!("{token}{}", lines(62)));
    running.is_allowed(few.as_bytes(), 200);
}

#[test]
fn a_head_that_does_not_come_in_time_is_given_up() {
    let mut setup = Setup::new();
    setup.server.header_timeout = Duration::from_millis(100);
    let running = setup.start();
    for part in
        ["", "G", "GET /latest/ HTTP/1.1\r\nHost: 127.0.0.1\r\n", "PUT /latest/api/token HTTP/1.1\r\n"]
    {
        let before = running.denials(Code::LimitTime);
        let mut client = running.connect();
        client.write_all(part.as_bytes()).expect("sent");
        assert_eq!(Answer::read(&mut client).status, 408, "{part:?}");
        assert_eq!(running.denials(Code::LimitTime), before + 1, "{part:?}");
    }
    assert_eq!(running.guard.counters().decisions(Outcome::Allow, None), 0);
    running.is_allowed(request("PUT", PUT, TTL).as_bytes(), 200);
}
