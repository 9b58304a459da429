//! What is answered to which bytes.

use std::io::Write as _;
use std::net::Shutdown;

use onehop_server::{ConnectionEvent, Limits};

use crate::support::{LOOPBACK_4, LOOPBACK_6, Server, answers, get, read_all, read_one, status};

#[test]
fn both_families_are_served_and_the_caller_is_known() {
    for listen in [LOOPBACK_4, LOOPBACK_6] {
        let server = Server::start(listen, Limits::default());
        let mut client = server.connect();
        client.write_all(&get("/caller")).expect("the server reads");
        let answer = read_all(&mut client);
        let want = format!("{} {} true", client.local_addr().expect("connected"), server.address);
        assert!(answer.ends_with(&want), "{answer}");
    }
}

#[test]
fn only_length_and_connection_are_added() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let answer = server.exchange(&get("/x"));
    assert_eq!(answer, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n/x");
}

/// What hyper makes of bytes that are no plain request; the guard and the emulator rely on it.
#[test]
fn unusual_bytes_get_a_known_answer() {
    struct Case {
        name: &'static str,
        bytes: Vec<u8>,
        want: u16,
        event: Option<ConnectionEvent>,
    }
    let case = |name, bytes: &[u8], want, event| Case { name, bytes: bytes.to_vec(), want, event };
    let malformed = Some(ConnectionEvent::Malformed);
    let too_large = Some(ConnectionEvent::TooLarge);
    let lines = |count: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(count)).into_bytes();
    let head = |size: usize| format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(size - 23)).into_bytes();
    let cases = [
        case("a plain request", b"GET / HTTP/1.1\r\n\r\n", 200, None),
        case("64 header lines", &lines(64), 200, None),
        case("65 header lines", &lines(65), 431, too_large),
        case("130 header lines", &lines(130), 431, too_large),
        case("a head at the limit", &head(16 * 1024), 200, None),
        case("a head one byte over the limit", &head(16 * 1024 + 1), 431, too_large),
        case("a head far over the limit", &head(64 * 1024), 431, too_large),
        case(
            "a long target",
            &[b"GET /", vec![b'a'; 15_000].as_slice(), b" HTTP/1.1\r\n\r\n"].concat(),
            200,
            None,
        ),
        case("no request line", b"what is this\r\n\r\n", 400, malformed),
        case("an empty method", b" / HTTP/1.1\r\n\r\n", 400, malformed),
        case("bytes that are not UTF-8 in a value", b"GET / HTTP/1.1\r\na: \xff\xfe\r\n\r\n", 200, None),
        case("bytes that are not UTF-8 in a name", b"GET / HTTP/1.1\r\n\xff: a\r\n\r\n", 400, malformed),
        case("bytes that are not UTF-8 in the target", b"GET /\xff HTTP/1.1\r\n\r\n", 400, malformed),
        case("NUL in a value", b"GET / HTTP/1.1\r\na: b\0c\r\n\r\n", 400, malformed),
        case("NUL in a name", b"GET / HTTP/1.1\r\na\0: b\r\n\r\n", 400, malformed),
        case("a folded line", b"GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n", 400, malformed),
        case("a blank before the colon", b"GET / HTTP/1.1\r\na : b\r\n\r\n", 400, malformed),
        case("bare LF", b"GET / HTTP/1.1\na: b\n\n", 200, None),
        case("bare CR in a value", b"GET / HTTP/1.1\r\na: b\rc\r\n\r\n", 400, malformed),
        case("blank lines first", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", 200, None),
        case(
            "both length and chunked",
            b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            200,
            None,
        ),
        case(
            "two lengths that differ",
            b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            400,
            malformed,
        ),
        case("a signed length", b"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", 400, malformed),
        case("an unknown coding", b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400, malformed),
        case("CONNECT", b"CONNECT other:80 HTTP/1.1\r\n\r\n", 200, None),
        case("absolute form", b"GET http://other/x HTTP/1.1\r\n\r\n", 200, None),
        case("asterisk form", b"OPTIONS * HTTP/1.1\r\n\r\n", 200, None),
        case("HTTP/0.9", b"GET /\r\n\r\n", 400, malformed),
        case("HTTP/1.0", b"GET / HTTP/1.0\r\n\r\n", 200, None),
        case("HTTP/1.2", b"GET / HTTP/1.2\r\n\r\n", 400, malformed),
        case("HTTP/2.0", b"GET / HTTP/2.0\r\n\r\n", 400, malformed),
        case("the HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, malformed),
        case("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, malformed),
    ];
    let mut wrong = Vec::new();
    for Case { name, bytes, want, event } in cases {
        let server = Server::start(LOOPBACK_4, Limits::default());
        let answer = server.exchange(&bytes);
        server.script.wait_for(ConnectionEvent::Closed, 1);
        let (malformed, large) =
            (server.script.count(ConnectionEvent::Malformed), server.script.count(ConnectionEvent::TooLarge));
        let seen = match (malformed, large) {
            (0, 0) => None,
            (1, 0) => Some(ConnectionEvent::Malformed),
            (0, 1) => Some(ConnectionEvent::TooLarge),
            other => panic!("{name}: counted {other:?}"),
        };
        if (status(&answer), seen) != (want, event) {
            wrong.push(format!("{name}: {} {seen:?}, not {want} {event:?}; {answer:?}", status(&answer)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_second_request_is_answered_only_with_keep_alive() {
    let both = [get("/first"), get("/second")].concat();
    for (keep_alive, want) in [(false, 1), (true, 2)] {
        let server = Server::start(LOOPBACK_4, Limits { keep_alive, ..Limits::default() });
        let mut client = server.connect();
        client.write_all(&both).expect("the server reads");
        client.shutdown(Shutdown::Write).expect("connected");
        let answer = read_all(&mut client);
        assert_eq!(answers(&answer), want, "keep_alive {keep_alive}: {answer}");
        assert!(answer.contains("/first"), "{answer}");
        assert_eq!(answer.contains("/second"), keep_alive, "{answer}");
    }
}

#[test]
fn requests_in_turn_share_a_connection() {
    let server = Server::start(LOOPBACK_4, Limits { keep_alive: true, ..Limits::default() });
    let mut client = server.connect();
    for path in ["/one", "/two", "/three"] {
        client.write_all(&get(path)).expect("the server reads");
        assert!(read_one(&mut client).ends_with(path));
    }
    assert_eq!(server.script.count(ConnectionEvent::Accepted), 1);
}

#[test]
fn a_client_that_ends_its_side_still_gets_its_answer() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    for bytes in [get("/late"), b"POST /echo HTTP/1.1\r\nContent-Length: 5\r\n\r\n/late".to_vec()] {
        let mut client = server.connect();
        client.write_all(&bytes).expect("the server reads");
        client.shutdown(Shutdown::Write).expect("connected");
        assert!(read_all(&mut client).ends_with("/late"));
    }
}

#[test]
fn an_answer_survives_a_body_that_nobody_reads() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let mut client = server.connect();
    client.write_all(b"PUT /x HTTP/1.1\r\nContent-Length: 200000\r\n\r\n").expect("the server reads");
    client.write_all(&vec![b'z'; 200_000]).expect("the rest is discarded, not refused");
    assert_eq!(status(&read_all(&mut client)), 200);
}

#[test]
fn a_large_answer_arrives_whole() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let answer = server.exchange(&get("/large"));
    assert_eq!(answer.bytes().filter(|&byte| byte == b'x').count(), 4 << 20);
}

#[test]
fn a_panic_costs_one_connection() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    for _ in 0..4 {
        assert_eq!(server.exchange(&get("/panic")), "");
    }
    server.script.wait_for(ConnectionEvent::Closed, 4);
    assert_eq!(server.script.count(ConnectionEvent::HandlerPanicked), 4);
    for _ in 0..8 {
        assert_eq!(status(&server.exchange(&get("/"))), 200);
    }
}
