//! Requests that two readers could read differently. The upstream gets what the guard wrote, to the byte, or nothing.

use crate::support::{Running, Setup, with};

const LEAF: &str = "/latest/meta-data/instance-id";
/// What an attacker would like to have read behind the guard's back.
const INNER: &str =
    "GET /latest/meta-data/iam/security-credentials/app-role HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

/// Sends raw bytes; the upstream must have got exactly the reads that are expected.
fn reaches(running: &Running, raw: &str, status: u16, reads: &[&str]) {
    let before = running.fake.count();
    let answer = running.send(raw.as_bytes());
    assert_eq!(answer.status, status, "{raw:?}: {answer:?}");
    let want: Vec<String> = reads.iter().map(|target| running.fake.read_of(target)).collect();
    assert_eq!(running.fake.seen()[before..], want, "{raw:?}");
}

/// A guard that has its token already, and a header line with a token of its own.
fn ready() -> (Running, String) {
    let running = Setup::new().start();
    let token = with(&running.token());
    let raw = format!("GET {LEAF} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}\r\n");
    assert_eq!(running.send(raw.as_bytes()).status, 200);
    (running, token)
}

#[test]
fn lengths_that_contradict_each_other_reach_nobody() {
    let (running, token) = ready();
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 0\r\nContent-Length: 71\r\n",
        "Content-Length: 71\r\nContent-Length: 0\r\n",
        "Content-Length: 0, 71\r\n",
        "Content-Length: +71\r\n",
        "Content-Length: 0x47\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding:\x0bchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Content-Length : 71\r\n",
    ] {
        for line in [format!("GET {LEAF}"), "PUT /latest/api/token".to_owned()] {
            let raw = format!(
                "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}\
                 X-aws-ec2-metadata-token-ttl-seconds: 60\r\n{framing}\r\n0\r\n\r\n{INNER}"
            );
            reaches(&running, &raw, 400, &[]);
        }
    }
}

#[test]
fn lines_that_two_readers_split_differently_add_nothing() {
    let (running, token) = ready();
    // Folded lines, bare carriage returns and NUL are no requests.
    for bad in [
        "X-A: b\r\n folded\r\n",
        "X-A: b\r\n\tX-aws-ec2-metadata-token: folded\r\n",
        "X-A: b\rX-Injected: yes\r\n",
        "X-A: b\0c\r\n",
        "X A: b\r\n",
        "no colon\r\n",
        ": no name\r\n",
    ] {
        let raw = format!("GET {LEAF} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}{bad}\r\n{INNER}");
        reaches(&running, &raw, 400, &[]);
    }
    // Bare line feeds end a line, as RFC 9112 §2.2 permits; the upstream still sees the guard's own lines only.
    let bare = format!("GET {LEAF} HTTP/1.1\nHost: 127.0.0.1\nX-Injected: yes\n{token}\n{INNER}");
    reaches(&running, &bare, 200, &[LEAF]);
}

#[test]
fn request_lines_of_other_shapes_reach_nobody() {
    let (running, token) = ready();
    for line in [
        format!("GET {LEAF}"),
        format!("GET {LEAF} HTTP/2.0"),
        format!("GET {LEAF} HTTP/1.2"),
        format!("GET {LEAF} HTTP/0.9"),
        format!("GET {LEAF} HTTP/1.1 HTTP/1.1"),
        format!("GET {LEAF} X HTTP/1.1"),
        format!("GET\t{LEAF} HTTP/1.1"),
        format!("G\u{cb}T {LEAF} HTTP/1.1"),
        "GET latest/meta-data HTTP/1.1".to_owned(),
        "GET ?x HTTP/1.1".to_owned(),
        "GET".to_owned(),
        "PRI * HTTP/2.0".to_owned(),
    ] {
        reaches(&running, &format!("{line}\r\nHost: 127.0.0.1\r\n{token}\r\n"), 400, &[]);
    }
}

#[test]
fn nothing_of_the_clients_request_reaches_the_upstream() {
    let (running, token) = ready();
    let lines = "User-Agent: made-up-agent\r\nAuthorization: made-up-secret\r\nCookie: a=b\r\n\
                 Range: bytes=0-0\r\nIf-Modified-Since: Tue, 01 Jul 2025 10:00:00 GMT\r\nTE: trailers\r\n\
                 Connection: X-aws-ec2-metadata-token, close\r\nUpgrade: h2c\r\nAccept-Encoding: gzip\r\n\
                 X-HTTP-Method-Override: PUT\r\nX-Original-URL: /latest/user-data\r\n";
    let raw = format!("GET {LEAF} HTTP/1.1\r\nHost: localhost:99\r\n{lines}{token}\r\n{INNER}");
    reaches(&running, &raw, 200, &[LEAF]);
    let head = format!("HEAD {LEAF} HTTP/1.1\r\nHost: localhost\r\n{lines}{token}\r\n{INNER}");
    reaches(&running, &head, 200, &[LEAF]);
    let old = format!("GET {LEAF} HTTP/1.0\r\nHost: localhost\r\n{lines}{token}\r\n{INNER}");
    reaches(&running, &old, 200, &[LEAF]);
}
