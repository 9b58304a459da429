//! The end of a server.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use onehop_server::{ConnectionEvent, Limits};

use crate::support::{LOOPBACK_4, Server, get, read_all, read_one};

/// What the contract of the programs allows, with room for a slow machine.
const BOUND: Duration = Duration::from_millis(1_900);

#[test]
fn an_idle_server_stops_at_once_and_frees_its_port() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let address = server.address;
    let begin = Instant::now();
    server.finish().expect("an orderly end");
    assert!(begin.elapsed() < Duration::from_millis(900), "{:?}", begin.elapsed());
    TcpStream::connect(address).expect_err("nobody listens");
}

#[test]
fn waiting_connections_are_closed_without_waiting_for_the_client() {
    let server = Server::start(LOOPBACK_4, Limits { keep_alive: true, ..Limits::default() });
    let mut idle = server.connect();
    idle.write_all(&get("/x")).expect("the server reads");
    read_one(&mut idle);
    let mut silent = server.connect();
    server.script.wait_for(ConnectionEvent::Accepted, 2);
    let begin = Instant::now();
    server.finish().expect("an orderly end");
    assert!(begin.elapsed() < Duration::from_millis(900), "{:?}", begin.elapsed());
    assert_eq!(read_all(&mut idle), "");
    assert_eq!(read_all(&mut silent), "");
}

#[test]
fn a_hanging_handler_and_a_half_sent_head_delay_the_end_only_so_long() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let mut hanging = server.connect();
    hanging.write_all(&get("/hang")).expect("the server reads");
    let mut half = server.connect();
    half.write_all(b"GET / HT").expect("the server reads");
    let mut unread = server.connect();
    unread.write_all(&get("/large")).expect("the server reads");
    let script = std::sync::Arc::clone(&server.script);
    script.wait_for(ConnectionEvent::Accepted, 3);
    let begin = Instant::now();
    server.finish().expect("an orderly end");
    assert!(begin.elapsed() < BOUND, "{:?}", begin.elapsed());
    assert_eq!(script.count(ConnectionEvent::Closed), 3, "what is cut is counted too");
}

#[test]
fn a_request_in_progress_is_answered() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    let mut client = server.connect();
    client
        .write_all(b"POST /echo HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        .expect("read");
    let mut going_on = [0; 25];
    std::io::Read::read_exact(&mut client, &mut going_on).expect("the handler is reading");
    assert_eq!(&going_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.stop.trigger();
    client.write_all(b"late").expect("the server still reads");
    assert!(read_all(&mut client).ends_with("late"));
    server.finish().expect("an orderly end");
}

#[test]
fn a_stop_before_the_start_is_an_orderly_end() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    server.stop.trigger();
    server.stop.trigger();
    server.finish().expect("an orderly end");
}
