//! Clients that take their time.

use std::io::Write as _;
use std::time::{Duration, Instant};

use onehop_server::{ConnectionEvent, Limits};

use crate::support::{LOOPBACK_4, Server, get, read_all, read_one, status};

const SHORT: Duration = Duration::from_millis(60);

#[test]
fn one_byte_at_a_time_is_fast_enough() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let mut client = server.connect();
    client.set_nodelay(true).expect("connected");
    for byte in get("/slow") {
        client.write_all(&[byte]).expect("the server reads");
    }
    assert!(read_all(&mut client).ends_with("/slow"));
}

#[test]
fn a_head_that_does_not_come_is_408() {
    for begun in [b"".as_slice(), b"GET / HT", b"GET / HTTP/1.1\r\nHost: test\r\n"] {
        let server = Server::start(LOOPBACK_4, Limits { header_timeout: SHORT, ..Limits::default() });
        let begin = Instant::now();
        let answer = server.exchange(begun);
        assert_eq!(
            answer, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "after {begun:?}"
        );
        assert!(begin.elapsed() >= SHORT);
        server.script.wait_for(ConnectionEvent::HeaderTimeout, 1);
    }
}

#[test]
fn bytes_that_keep_coming_do_not_move_the_deadline() {
    let server = Server::start(LOOPBACK_4, Limits { header_timeout: SHORT, ..Limits::default() });
    let mut client = server.connect();
    client.write_all(b"GET / HTTP/1.1\r\n").expect("the server reads");
    let mut pace = client.try_clone().expect("a descriptor is free");
    pace.set_read_timeout(Some(Duration::from_millis(5))).expect("a time-out can be set");
    let begin = Instant::now();
    // A read that times out is the pace; the write fails once the server has closed.
    let mut first = [0; 12];
    while std::io::Read::read(&mut pace, &mut first).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(5), "the deadline moved");
        let _ = client.write_all(b"a: b\r\n");
    }
    assert_eq!(&first, b"HTTP/1.1 408");
}

#[test]
fn an_idle_connection_is_closed_without_a_second_answer() {
    let limits = Limits { header_timeout: SHORT, keep_alive: true, ..Limits::default() };
    let server = Server::start(LOOPBACK_4, limits);
    let mut client = server.connect();
    client.write_all(&get("/once")).expect("the server reads");
    assert!(read_one(&mut client).ends_with("/once"));
    assert_eq!(read_all(&mut client), "");
    server.script.wait_for(ConnectionEvent::Closed, 1);
}

#[test]
fn a_connection_ends_with_its_lifetime() {
    let server = Server::start(LOOPBACK_4, Limits { connection_lifetime: SHORT, ..Limits::default() });
    assert_eq!(server.exchange(&get("/hang")), "");
    server.script.wait_for(ConnectionEvent::Closed, 1);
    assert_eq!(server.script.count(ConnectionEvent::LifetimeExceeded), 1);
}

#[test]
fn a_client_that_does_not_read_holds_nothing_for_ever() {
    let server = Server::start(LOOPBACK_4, Limits { connection_lifetime: SHORT, ..Limits::default() });
    let mut client = server.connect();
    client.write_all(&get("/large")).expect("the server reads");
    server.script.wait_for(ConnectionEvent::LifetimeExceeded, 1);
    assert_eq!(status(&server.exchange(&get("/"))), 200, "the server carries on");
}
