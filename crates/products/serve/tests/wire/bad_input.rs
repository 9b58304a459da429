//! What no well-behaved client sends: each gets a clear status, is counted, and costs the next client nothing.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::time::{Duration, Instant};

use onehop_server::Limits;
use onehop_verdict::Code;
use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};

use crate::answer::Answer;
use crate::support::{INSTANCE, Running, Setup, TOKEN, TTL, connect, exchange, read_all, send};

const MALFORMED: &str = "onehop_serve_malformed_total";
const TOO_LARGE: &str = "onehop_serve_too_large_total";
const TIMEOUTS: &str = "onehop_serve_timeouts_total";

/// What is counted for a request.
#[derive(Clone, Copy, Debug)]
enum Counted {
    /// One more in this metric.
    As(&'static str),
    /// One more denial with this code.
    Denied(Code),
    /// A token or a read: no defect of the request.
    Served,
}

/// Bytes, the status they get, and what is counted.
type Case<'a> = (&'a str, Vec<u8>, u16, Counted);

const NO_HTTP: Counted = Counted::As(MALFORMED);
const LARGE: Counted = Counted::As(TOO_LARGE);
const PATH: Counted = Counted::Denied(Code::HttpPath);
const METHOD: Counted = Counted::Denied(Code::HttpMethod);

/// A read of the instance's id with a good token, with room for something odd before and after.
fn read(token: &str, odd: &[u8]) -> Vec<u8> {
    let head = format!("GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: test\r\n{TOKEN}: {token}\r\n");
    [head.as_bytes(), odd, b"\r\n"].concat()
}

/// A token request with something odd in it.
fn put(odd: &[u8]) -> Vec<u8> {
    [format!("PUT /latest/api/token HTTP/1.1\r\nHost: test\r\n{TTL}: 60\r\n").as_bytes(), odd].concat()
}

fn get(target: &[u8], token: &str) -> Vec<u8> {
    [b"GET ", target, format!(" HTTP/1.1\r\nHost: test\r\n{TOKEN}: {token}\r\n\r\n").as_bytes()].concat()
}

fn no_http(token: &str) -> Vec<Case<'static>> {
    vec![
        ("words", b"what is this\r\n\r\n".to_vec(), 400, NO_HTTP),
        ("no method", b" /latest HTTP/1.1\r\n\r\n".to_vec(), 400, NO_HTTP),
        ("no version", b"GET /latest\r\n\r\n".to_vec(), 400, NO_HTTP),
        ("an unknown version", b"GET /latest HTTP/9.9\r\n\r\n".to_vec(), 400, NO_HTTP),
        ("a space too many", b"GET /latest /x HTTP/1.1\r\n\r\n".to_vec(), 400, NO_HTTP),
        ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 400, NO_HTTP),
        ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), 400, NO_HTTP),
        ("NUL bytes alone", vec![0; 64], 400, NO_HTTP),
        ("NUL in the target", get(b"/latest/\0", token), 400, NO_HTTP),
        ("a byte that is not UTF-8 in the target", get(b"/latest/\xff", token), 400, NO_HTTP),
        ("NUL in a name", read(token, b"a\0b: c\r\n"), 400, NO_HTTP),
        ("NUL in a value", read(token, b"a: b\0c\r\n"), 400, NO_HTTP),
        ("NUL in the token", get(b"/latest", &format!("{token}\0")), 400, NO_HTTP),
        ("a byte that is not UTF-8 in a name", read(token, b"\xff: a\r\n"), 400, NO_HTTP),
        ("a header without a colon", read(token, b"words\r\n"), 400, NO_HTTP),
        ("a blank before the colon", read(token, b"a : b\r\n"), 400, NO_HTTP),
        ("a folded header", read(token, b"a: b\r\n c\r\n"), 400, NO_HTTP),
        ("a bare CR", read(token, b"a: b\rc\r\n"), 400, NO_HTTP),
        ("a length in words", put(b"Content-Length: many\r\n\r\n"), 400, NO_HTTP),
        ("a length below zero", put(b"Content-Length: -1\r\n\r\n"), 400, NO_HTTP),
        ("a length beyond 64 bits", put(b"Content-Length: 99999999999999999999\r\n\r\n"), 400, NO_HTTP),
        ("two lengths", put(b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 400, NO_HTTP),
        ("an unknown coding", put(b"Transfer-Encoding: gzip\r\n\r\n"), 400, NO_HTTP),
    ]
}

fn too_large(token: &str) -> Vec<Case<'static>> {
    let lines = |count: usize| "a: b\r\n".repeat(count).into_bytes();
    vec![
        ("as many headers as may be", read(token, &lines(62)), 200, Counted::Served),
        ("one header too many", read(token, &lines(63)), 431, LARGE),
        ("a flood of headers", read(token, &lines(5_000)), 431, LARGE),
        (
            "a header too long",
            read(token, &[b"a: ", vec![b'b'; 64 * 1024].as_slice(), b"\r\n"].concat()),
            431,
            LARGE,
        ),
        ("a target too long", get(&[b"/latest/", vec![b'a'; 15_000].as_slice()].concat(), token), 400, PATH),
        ("an endless line", vec![b'G'; 64 * 1024], 431, LARGE),
    ]
}

fn wrong_requests(token: &str) -> Vec<Case<'static>> {
    let second = |value: &str| read(token, format!("{TOKEN}: {value}\r\n").as_bytes());
    let ambiguous = Counted::Denied(Code::ImdsTokenAmbiguous);
    let invalid = Counted::Denied(Code::ImdsTokenInvalid);
    let target = Counted::Denied(Code::HttpTarget);
    let not_text = [b"GET / HTTP/1.1\r\nx-aws-ec2-metadata-token: \xff\xfe\r\n\r\n".as_slice()].concat();
    vec![
        ("NUL, encoded", get(b"/latest/%00", token), 400, PATH),
        ("a line feed, encoded", get(b"/latest/%0a", token), 400, PATH),
        ("bytes that are not UTF-8, encoded", get(b"/latest/%ff%fe", token), 400, PATH),
        ("half an escape", get(b"/latest/%4", token), 400, PATH),
        ("a backslash", get(b"/latest\\meta-data", token), 400, PATH),
        ("the asterisk", b"OPTIONS * HTTP/1.1\r\n\r\n".to_vec(), 400, PATH),
        ("CONNECT", b"CONNECT metadata.example:80 HTTP/1.1\r\n\r\n".to_vec(), 400, target),
        ("an unknown method", b"BREW /latest/meta-data/ HTTP/1.1\r\n\r\n".to_vec(), 405, METHOD),
        ("a method in lower case", b"get /latest/meta-data/ HTTP/1.1\r\n\r\n".to_vec(), 405, METHOD),
        ("an unknown method for tokens", b"BREW /latest/api/token HTTP/1.1\r\n\r\n".to_vec(), 405, METHOD),
        ("the good token and another", second("garbage"), 400, ambiguous),
        ("the good token twice", second(token), 400, ambiguous),
        ("a token that is not text", not_text, 401, invalid),
        (
            "a lifetime that is not text",
            put(b"\r\n").replace(b"60", b"\xff\xfe"),
            400,
            Counted::Denied(Code::ImdsTtlInvalid),
        ),
        ("a good token with more behind it", get(b"/", &format!("{token}A")), 401, invalid),
        ("a good token, cut", get(b"/", &token[..55]), 401, invalid),
        ("a good token in quotes", get(b"/", &format!("\"{token}\"")), 401, invalid),
    ]
}

/// Odd, but read as it is meant.
fn odd_but_good(token: &str) -> Vec<Case<'static>> {
    let absolute = |rest: &str| format!("GET http://metadata.example/latest{rest} HTTP/1.1\r\n").into_bytes();
    let with_token = format!("{TOKEN}: {token}\r\n\r\n").into_bytes();
    let body = |length: usize| {
        put(&[format!("Content-Length: {length}\r\n\r\n").as_bytes(), &vec![b'z'; length]].concat())
    };
    vec![
        (
            "the absolute form, with a token",
            [absolute("/meta-data/"), with_token].concat(),
            200,
            Counted::Served,
        ),
        (
            "the absolute form, without",
            [absolute("/meta-data/"), b"\r\n".to_vec()].concat(),
            401,
            Counted::Denied(Code::ImdsV1),
        ),
        ("a value that is not UTF-8", read(token, b"a: \xff\xfe\r\n"), 200, Counted::Served),
        ("blank lines first", [b"\r\n\r\n".to_vec(), read(token, b"")].concat(), 200, Counted::Served),
        ("a short body", body(5), 200, Counted::Served),
        ("a body that nobody reads", body(200_000), 200, Counted::Served),
        (
            "a body in chunks",
            put(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
            200,
            Counted::Served,
        ),
        ("a body that never comes", put(b"Content-Length: 1073741824\r\n\r\n"), 200, Counted::Served),
    ]
}

trait Replace {
    fn replace(self, what: &[u8], by: &[u8]) -> Vec<u8>;
}

impl Replace for Vec<u8> {
    fn replace(self, what: &[u8], by: &[u8]) -> Vec<u8> {
        let at = self.windows(what.len()).position(|window| window == what).expect("it is there");
        [&self[..at], by, &self[at + what.len()..]].concat()
    }
}

/// What the counters say: the metrics for defects, and all denials.
fn counters(running: &Running) -> Vec<(String, u64)> {
    let metrics = [
        MALFORMED,
        TOO_LARGE,
        TIMEOUTS,
        "onehop_serve_connection_failures_total",
        "onehop_serve_panics_total",
    ];
    let metrics = metrics.iter().map(|name| ((*name).to_owned(), running.metric(name)));
    let denials = Code::ALL.iter().map(|code| (code.to_string(), running.service.counters().denials(*code)));
    metrics.chain(denials).collect()
}

/// Sends each case to one service, and a proper request after each.
fn run_through(cases: impl FnOnce(&str) -> Vec<Case<'static>>) {
    let running = Setup::default().start();
    let token = running.token(21_600);
    let mut wrong = Vec::new();
    for (name, bytes, status, counted) in cases(&token) {
        let before = counters(&running);
        let answer = exchange(running.addresses[0], &bytes);
        let after = counters(&running);
        let grown = before.iter().zip(&after).filter(|(before, after)| before.1 != after.1);
        let grown: Vec<_> = grown.map(|(before, after)| (after.0.as_str(), after.1 - before.1)).collect();
        let want: Vec<_> = match counted {
            Counted::As(metric) => vec![(metric, 1)],
            Counted::Denied(code) => vec![(code.as_str(), 1)],
            Counted::Served => vec![],
        };
        if answer.status != status || grown != want {
            wrong.push(format!("{name}: {} and {grown:?}, not {status} and {want:?}", answer.status));
        }
        assert!(!String::from_utf8_lossy(&answer.body).contains(&token), "{name}: the token comes back");
        let next = running.ask("GET", "/latest/meta-data/instance-id", &[(TOKEN, &token)]);
        assert_eq!((next.status, next.text().as_str()), (200, INSTANCE), "the client after {name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_http_is_400() {
    run_through(no_http);
}

#[test]
fn what_is_too_large_is_431() {
    run_through(too_large);
}

#[test]
fn what_is_wrong_by_the_protocol_is_told_so() {
    run_through(wrong_requests);
}

#[test]
fn what_is_odd_but_clear_is_served() {
    run_through(odd_but_good);
}

#[test]
fn one_byte_at_a_time_is_fast_enough() {
    let running = Setup::default().start();
    let token = running.token(60);
    let mut client = connect(running.addresses[0]);
    client.set_nodelay(true).expect("connected");
    for byte in read(&token, b"") {
        client.write_all(&[byte]).expect("the service reads");
    }
    assert_eq!(Answer::parse(&read_all(&mut client), false).text(), INSTANCE);
}

/// Clients that stall hold no one up, are told 408 at the deadline and not before, and are counted.
#[test]
fn a_head_that_does_not_end_is_408() {
    let deadline = Duration::from_millis(300);
    let limits = Limits { header_timeout: deadline, ..Limits::default() };
    let running = Setup { limits, ..Setup::default() }.start();
    let begin = Instant::now();
    let heads: [&[u8]; 4] =
        [b"", b"P", b"PUT /latest/api/token HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: test\r\n"];
    let mut stalled = Vec::new();
    for (bytes, &address) in heads.iter().flat_map(|bytes| running.addresses.iter().map(move |a| (bytes, a)))
    {
        let mut client = connect(address);
        client.write_all(bytes).expect("the service reads");
        stalled.push(client);
    }
    assert_eq!(running.read("/latest/meta-data/instance-id").text(), INSTANCE, "others are served meanwhile");
    for client in &mut stalled {
        assert_eq!(Answer::parse(&read_all(client), false).status, 408);
    }
    assert!(begin.elapsed() >= deadline, "told before the deadline");
    assert_eq!(running.metric(TIMEOUTS), stalled.len() as u64);
}

/// Bytes that keep coming do not move the deadline.
#[test]
fn a_head_that_trickles_is_408() {
    let limits = Limits { header_timeout: Duration::from_millis(100), ..Limits::default() };
    let running = Setup { limits, ..Setup::default() }.start();
    let mut client = connect(running.addresses[0]);
    client.write_all(b"GET / HTTP/1.1\r\n").expect("the service reads");
    // A read that times out is the pace.
    client.set_read_timeout(Some(Duration::from_millis(5))).expect("a time-out can be set");
    let (begin, mut first) = (Instant::now(), [0; 12]);
    while client.read(&mut first).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(5), "the deadline moved");
        send(&mut client, b"a: b\r\n");
    }
    assert_eq!(&first, b"HTTP/1.1 408");
    assert_eq!(running.metric(TIMEOUTS), 1);
}

#[test]
fn a_client_that_ends_its_side_gets_its_answer() {
    let running = Setup::default().start();
    let token = running.token(60);
    for (bytes, want) in [(read(&token, b""), 200), (put(b"\r\n"), 200), (b"words\r\n\r\n".to_vec(), 400)] {
        let mut client = connect(running.addresses[0]);
        client.write_all(&bytes).expect("the service reads");
        client.shutdown(Shutdown::Write).expect("connected");
        assert_eq!(Answer::parse(&read_all(&mut client), false).status, want);
    }
}

/// There is nobody to tell, but it is counted, and the service carries on.
#[test]
fn a_client_that_leaves_in_the_middle_of_a_head_is_counted() {
    let running = Setup::default().start();
    let mut client = connect(running.addresses[0]);
    client.write_all(b"GET /latest/meta-data/ HTTP/1.1\r\nHo").expect("the service reads");
    client.shutdown(Shutdown::Write).expect("connected");
    let answer = read_all(&mut client);
    assert_eq!(String::from_utf8_lossy(&answer), "");
    assert_eq!(running.metric("onehop_serve_connection_failures_total"), 1);
    assert_eq!(running.read("/latest/meta-data/instance-id").text(), INSTANCE);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to the bytes of a request without a token, it reads nothing where one is required.
    #[test]
    fn damaged_requests_read_nothing(damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6)) {
        let mut bytes = b"GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: test\r\nA: b\r\n\r\n".to_vec();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut client = connect(service().addresses[0]);
        send(&mut client, &bytes);
        let _ = client.shutdown(Shutdown::Write);
        let answer = read_all(&mut client);
        let text = String::from_utf8_lossy(&answer);
        prop_assert!(text.is_empty() || text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.0 4"), "{text}");
        prop_assert!(!text.contains(INSTANCE));
    }
}

/// One service for all cases of the property; it ends with the process.
fn service() -> &'static Running {
    static SERVICE: std::sync::LazyLock<Running> = std::sync::LazyLock::new(|| Setup::default().start());
    &SERVICE
}
