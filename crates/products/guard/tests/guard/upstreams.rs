//! What callers see of an upstream in trouble: 503 and a code, never a fall back to IMDSv1.

use crate::support::{Fake, Reply, Running, Setup, TTL, UPSTREAM_TOKEN, get_request, request};
use onehop_verdict::Code;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const LEAF: &str = "/latest/meta-data/instance-id";

/// A token is issued, and a read is denied with this code.
fn denies(running: &Running, code: Code) {
    let token = running.is_allowed(request("PUT", "/latest/api/token", TTL).as_bytes(), 200).body;
    let answer = running.is_denied(&get_request(LEAF, &token), 503, code);
    assert_eq!((answer.header("Retry-After"), answer.body.as_str()), (Some("1"), ""));
}

#[test]
fn an_upstream_that_is_down_costs_reads_and_no_tokens() {
    denies(&Setup::before(Fake::gone()).start(), Code::UpstreamUnavailable);
    let there = Setup::before(Fake::instance()).start();
    there.is_allowed(&get_request(LEAF, &there.token()), 200);
}

#[test]
fn an_upstream_in_trouble_has_a_code() {
    for (what, code, rule) in [
        ("silence", Code::UpstreamUnavailable, (|| Reply::Silence) as fn() -> Reply),
        ("500", Code::UpstreamUnavailable, || Reply::status("500 No", "", UPSTREAM_TOKEN)),
        ("403", Code::UpstreamUnavailable, || Reply::status("403 Forbidden", "", "")),
        ("401", Code::UpstreamUnavailable, || Reply::status("401 Unauthorized", "", UPSTREAM_TOKEN)),
        ("redirect", Code::UpstreamUnavailable, || {
            Reply::status("302 Found", "Location: /latest/user-data\r\n", "")
        }),
        ("garbage", Code::UpstreamProtocol, || Reply::Says(b"SSH-2.0-not-http\r\n".to_vec())),
        ("nothing", Code::UpstreamProtocol, || Reply::Says(Vec::new())),
        ("half", Code::UpstreamProtocol, || {
            Reply::Says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nmade-up".to_vec())
        }),
        ("oversize", Code::UpstreamProtocol, || Reply::ok(&"x".repeat(2 << 20))),
    ] {
        let mut setup = Setup::before(Fake::reads(move |_, _| rule()));
        if what == "silence" {
            setup.upstream.timeout = Duration::from_millis(100);
        }
        let running = setup.start();
        let began = Instant::now();
        denies(&running, code);
        assert!(began.elapsed() < Duration::from_secs(5), "{what}");
        let reads = if what == "401" { 2 } else { 1 };
        assert_eq!(running.fake.targets(), vec![LEAF; reads], "{what}");
        assert_eq!(running.fake.count_of("PUT "), reads, "{what}");
    }
}

#[test]
fn an_upstream_without_tokens_is_not_read_at_all() {
    for status in ["400 No", "401 No", "403 No", "404 No", "405 No", "500 No", "503 No", "302 Found"] {
        let rule = move |line: &str, _: usize| match line {
            line if line.starts_with("PUT ") => Reply::status(status, "Location: /latest/\r\n", "no token"),
            _ => Reply::ok("a secret that v1 would give away"),
        };
        let running = Setup::before(Fake::new(rule)).start();
        denies(&running, Code::UpstreamUnavailable);
        denies(&running, Code::UpstreamUnavailable);
        assert_eq!(running.fake.seen(), vec![running.fake.token_request(); 2], "{status}");
    }
}

#[test]
fn a_token_that_ended_upstream_is_renewed_without_notice() {
    let rule = |_: &str, number| match number {
        1 => Reply::status("401 Unauthorized", "", ""),
        _ => Reply::ok("i-1"),
    };
    let running = Setup::before(Fake::reads(rule)).start();
    for _ in 0..2 {
        assert_eq!(running.is_allowed(&get_request(LEAF, &running.token()), 200).body, "i-1");
    }
    let fake = &running.fake;
    let (put, get) = (fake.token_request(), fake.read_of(LEAF));
    assert_eq!(fake.seen(), [put.clone(), get.clone(), put, get.clone(), get]);
}

#[test]
fn two_hundred_callers_at_once_are_one_read() {
    const CALLERS: usize = 200;
    // Held back until every caller is connected.
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let opened = Arc::clone(&gate);
    let mut setup = Setup::before(Fake::reads(move |_, _| {
        let (open, changed) = &*opened;
        let open = open.lock().expect("no test panics here");
        drop(changed.wait_timeout_while(open, Duration::from_secs(10), |open| !*open));
        Reply::ok("i-1")
    }));
    setup.upstream.timeout = Duration::from_secs(10);
    setup.upstream.keep = Duration::from_secs(3600);
    let running = setup.start();
    let token = running.token();
    thread::scope(|scope| {
        let callers: Vec<_> =
            (0..CALLERS).map(|_| scope.spawn(|| running.send(&get_request(LEAF, &token)))).collect();
        let connected = format!("\nonehop_guard_connections_total {}\n", CALLERS + 1);
        crate::support::eventually("all callers", || running.guard.metrics().contains(&connected));
        *gate.0.lock().expect("no test panics here") = true;
        gate.1.notify_all();
        for caller in callers {
            let answer = caller.join().expect("the client has no defect");
            assert_eq!((answer.status, answer.body.as_str()), (200, "i-1"));
        }
    });
    assert_eq!(running.fake.seen(), [running.fake.token_request(), running.fake.read_of(LEAF)]);
    assert_eq!(running.allowed(), 201);
}

#[test]
fn headers_of_the_upstream_stay_there() {
    let headers = "Content-Type: text/html\r\nSet-Cookie: made-up\r\nLocation: /elsewhere\r\nServer: made-up\r\n\
                   X-Aws-Ec2-Metadata-Token-Ttl-Seconds: 7\r\nLast-Modified: made-up\r\nETag: \"made-up\"\r\n";
    let running = Setup::before(Fake::reads(move |_, _| Reply::status("200 OK", headers, "i-1"))).start();
    let answer = running.is_allowed(&get_request(LEAF, &running.token()), 200);
    let names: Vec<&str> =
        answer.head.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "X-Aws-Ec2-Metadata-Token-Ttl-Seconds",
            "Content-Type",
            "Accept-Ranges",
            "Last-Modified",
            "Content-Length",
            "Date",
            "Server",
            "Connection"
        ]
    );
    assert!(!answer.head.contains("made-up"), "{}", answer.head);
    assert_eq!(answer.header("Content-Type"), Some("text/plain"));
    assert_ne!(answer.header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds"), Some("7"));
}

#[test]
fn kept_answers_are_served_without_the_upstream() {
    let mut setup = Setup::before(Fake::reads(|_, number| Reply::ok(&number.to_string())));
    setup.upstream.keep = Duration::from_secs(3600);
    let running = setup.start();
    for _ in 0..3 {
        assert_eq!(running.get(LEAF).body, "1");
    }
    assert_eq!(running.fake.count(), 2);
    let page = running.guard.metrics();
    assert!(page.contains("onehop_guard_answers_total{source=\"cache\"} 2\n"), "{page}");
}
