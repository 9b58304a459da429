//! Bounds on time and size. Time stands still but for what the code waits for.

use super::{Reply, Script, UpstreamSettings, keep_nothing, method_of, read, says, text, token};
use crate::upstream::UpstreamError;
use onehop_verdict::Code;
use std::time::Duration;
use tokio::time::Instant;

/// An answer with a body of this length, framed in one way.
type Form = fn(usize) -> Reply;

const TIMEOUT: Duration = Duration::from_secs(2);

#[tokio::test(start_paused = true)]
async fn an_upstream_that_stalls_anywhere_is_given_up() {
    for (stalled, at) in [
        ("PUT", ""),
        ("PUT", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"),
        ("PUT", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ntok"),
        ("GET", ""),
        ("GET", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"),
        ("GET", "HTTP/1.1 200 OK\r\n\r\nx"),
    ] {
        let script = Script::new(move |head, number| match method_of(head) {
            method if method == stalled => Reply::Stalls(at.as_bytes().to_vec()),
            "PUT" => token(number),
            _ => says("200 OK", "", "x"),
        });
        let began = Instant::now();
        let error = read(&script.upstream(keep_nothing()), "/latest/").await.expect_err("stalled");
        assert!(matches!(*error, UpstreamError::Timeout(_)), "{stalled} {at:?}: {error:?}");
        assert_eq!(error.code(), Code::UpstreamUnavailable);
        assert!(began.elapsed() < TIMEOUT + Duration::from_secs(1), "{:?}", began.elapsed());
        assert_eq!(script.counts().0, 1, "{stalled}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_upstream_that_stalls_once_serves_again() {
    let script = Script::new(|head, number| match (method_of(head), number) {
        ("PUT", 1) => Reply::Stalls(Vec::new()),
        ("PUT", number) => token(number),
        _ => says("200 OK", "", "x"),
    });
    let upstream = script.upstream(keep_nothing());
    assert!(read(&upstream, "/latest/").await.is_err());
    assert_eq!(text(&read(&upstream, "/latest/").await.expect("read").0), "x");
}

#[tokio::test]
async fn an_answer_has_at_most_its_bytes() {
    let chunked = |length: usize| {
        let body = "x".repeat(length);
        Reply::Says(
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n")
                .into_bytes(),
        )
    };
    let until_close =
        |length: usize| Reply::Says(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(length)).into_bytes());
    let counted = |length: usize| says("200 OK", "", &"x".repeat(length));
    let settings = UpstreamSettings { body_max_bytes: 64, ..keep_nothing() };
    let forms: [(&str, Form); 3] = [("counted", counted), ("chunked", chunked), ("until close", until_close)];
    for (form, reply) in forms {
        for (length, fits) in [(63, true), (64, true), (65, false), (200_000, false)] {
            let script = Script::reads(move |_| reply(length));
            let outcome = read(&script.upstream(settings), "/latest/").await;
            assert_eq!(outcome.is_ok(), fits, "{form} {length}: {outcome:?}");
            match outcome {
                Ok((kept, _)) => assert_eq!(text(&kept).len(), length),
                Err(error) => {
                    assert!(matches!(*error, UpstreamError::TooLarge(64)), "{form}: {error:?}");
                    assert_eq!(error.code(), Code::UpstreamProtocol);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_token_answer_is_bounded_too() {
    let script = Script::new(|_, _| says("200 OK", "", &"x".repeat(100_000)));
    let settings = UpstreamSettings { body_max_bytes: 1024, ..keep_nothing() };
    let error = read(&script.upstream(settings), "/latest/").await.expect_err("too large");
    assert!(matches!(*error, UpstreamError::TooLarge(1024)), "{error:?}");
    assert_eq!(script.counts(), (1, 0));
}
