//! A server inside a program, over a pipe in memory.

use std::net::SocketAddr;
use std::time::Duration;

use onehop_server::{ConnectionEvent, Limits, Stop, serve_stream};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use crate::support::{Script, get, status};

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// Runs the server on one end and `client` on the other until both are done.
fn with_pipe<C: Future<Output = String>>(
    script: &Script,
    limits: Limits,
    stop: &Stop,
    client: impl FnOnce(DuplexStream) -> C,
) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    // Large enough for all that a test says and hears: the clients here write first and read afterwards.
    let (near, far) = duplex(64 * 1024);
    let serving = serve_stream(far, address("192.0.2.7:9"), address("192.0.2.8:80"), script, limits, stop);
    runtime.block_on(async { tokio::join!(client(near), serving).0 })
}

async fn ask(mut pipe: DuplexStream, bytes: Vec<u8>) -> String {
    pipe.write_all(&bytes).await.expect("the server reads");
    let mut answer = String::new();
    pipe.read_to_string(&mut answer).await.expect("the server answers and closes");
    answer
}

#[test]
fn it_is_the_same_server() {
    let script = Script::default();
    let answer = with_pipe(&script, Limits::default(), &Stop::new(), |pipe| ask(pipe, get("/caller")));
    assert!(answer.ends_with("192.0.2.7:9 192.0.2.8:80 false"), "{answer}");
    assert_eq!(script.count(ConnectionEvent::Accepted), 1);
    assert_eq!(script.count(ConnectionEvent::Closed), 1);
}

#[test]
fn a_hop_limit_has_no_effect_and_does_no_harm() {
    let answer =
        with_pipe(&Script::default(), Limits::default(), &Stop::new(), |pipe| ask(pipe, get("/hops/1")));
    assert_eq!(status(&answer), 200);
}

#[test]
fn malformed_and_late_heads_are_answered() {
    let script = Script::default();
    let limits = Limits { header_timeout: Duration::from_millis(40), ..Limits::default() };
    let stop = Stop::new();
    assert_eq!(
        status(&with_pipe(&script, limits, &stop, |pipe| ask(pipe, b"nonsense\r\n\r\n".to_vec()))),
        400
    );
    assert_eq!(status(&with_pipe(&script, limits, &stop, |pipe| ask(pipe, b"GET /".to_vec()))), 408);
    assert_eq!(script.count(ConnectionEvent::Malformed), 1);
    assert_eq!(script.count(ConnectionEvent::HeaderTimeout), 1);
}

#[test]
fn a_stop_ends_a_stream_that_waits() {
    let stop = Stop::new();
    let answer = with_pipe(&Script::default(), Limits::default(), &stop, |mut pipe| {
        stop.trigger();
        async move {
            let mut answer = String::new();
            pipe.read_to_string(&mut answer).await.expect("the server closes");
            answer
        }
    });
    assert_eq!(answer, "");
}

/// Fragments that make requests, and nonsense, more likely than plain noise does.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        Just(b"GET / HTTP/1.1\r\n".to_vec()),
        Just(b"PUT /echo HTTP/1.1\r\n".to_vec()),
        Just(b"Content-Length: 3\r\n".to_vec()),
        Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"3\r\nabc\r\n0\r\n\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec(fragment, 0..8).prop_map(|fragments| fragments.concat())
}

proptest! {
    /// Whatever a client says before it ends its side, the connection ends, and nothing panics.
    #[test]
    fn any_bytes_come_to_an_end(bytes in bytes(), keep_alive: bool) {
        let script = Script::default();
        let limits = Limits { keep_alive, ..Limits::default() };
        let begun = std::time::Instant::now();
        with_pipe(&script, limits, &Stop::new(), |mut pipe| async move {
            // The server may be done before it has read everything.
            let _ = pipe.write_all(&bytes).await;
            let _ = pipe.shutdown().await;
            let mut answer = Vec::new();
            let _ = pipe.read_to_end(&mut answer).await;
            String::new()
        });
        prop_assert!(begun.elapsed() < limits.header_timeout, "it ended by itself");
        prop_assert_eq!(script.count(ConnectionEvent::Closed), 1);
        prop_assert_eq!(script.count(ConnectionEvent::HandlerPanicked), 0);
    }
}
