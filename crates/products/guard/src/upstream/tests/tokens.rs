//! The guard's own token: asked for once, renewed once, never done without.

use super::{Reply, Script, TOKEN, keep_nothing, method_of, read, says, text, token};
use crate::upstream::UpstreamError;
use onehop_verdict::Code;

#[tokio::test]
async fn one_token_serves_many_reads() {
    let script = Script::reads(|_| says("200 OK", "", "x"));
    let upstream = script.upstream(keep_nothing());
    for path in ["/latest/meta-data/a", "/latest/meta-data/b", "/latest/meta-data/a"] {
        read(&upstream, path).await.expect("read");
    }
    assert_eq!(script.counts(), (1, 3));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_then_serves() {
    let script = Script::new(|head, number| match method_of(head) {
        "PUT" => token(number),
        _ if head.contains(TOKEN) => says("401 Unauthorized", "", ""),
        _ => says("200 OK", "", "x"),
    });
    let upstream = script.upstream(keep_nothing());
    for _ in 0..2 {
        let (kept, _) = read(&upstream, "/latest/").await.expect("read with the second token");
        assert_eq!(text(&kept), "x");
    }
    // PUT, GET 401, PUT, GET; then the second token at once.
    assert_eq!(script.counts(), (2, 3));
}

#[tokio::test]
async fn a_token_that_is_refused_for_ever_costs_one_renewal_a_read() {
    let script = Script::reads(|_| says("401 Unauthorized", "", ""));
    let upstream = script.upstream(keep_nothing());
    for reads in 1..4 {
        let error = read(&upstream, "/latest/").await.expect_err("refused");
        assert!(matches!(*error, UpstreamError::Status(status) if status == 401), "{error:?}");
        assert_eq!(error.code(), Code::UpstreamUnavailable);
        assert_eq!(script.counts(), (1 + reads, 2 * reads));
    }
}

#[tokio::test]
async fn a_token_request_that_fails_is_never_answered_by_a_read_without_token() {
    for (status, refused) in [
        ("200 OK", false),
        ("201 Created", true),
        ("301 Moved Permanently", true),
        ("400 Bad Request", true),
        ("401 Unauthorized", true),
        ("403 Forbidden", true),
        ("404 Not Found", true),
        ("405 Method Not Allowed", true),
        ("500 Internal Server Error", true),
        ("503 Service Unavailable", true),
    ] {
        let script = Script::new(move |head, _| match method_of(head) {
            "PUT" => says(status, "Location: /latest/api/token2\r\n", TOKEN),
            _ => says("200 OK", "", "a secret"),
        });
        let upstream = script.upstream(keep_nothing());
        let outcome = read(&upstream, "/latest/user-data").await;
        assert_eq!(outcome.is_err(), refused, "{status}");
        if let Err(error) = outcome {
            assert!(matches!(*error, UpstreamError::TokenStatus(_)), "{status}: {error:?}");
            assert_eq!(error.code(), Code::UpstreamUnavailable, "{status}");
        }
        assert_eq!(script.counts(), (1, usize::from(!refused)), "{status}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_never_sent() {
    let longest = "t".repeat(224);
    let too_long = "t".repeat(225);
    for (body, is_token) in [
        (TOKEN, true),
        (longest.as_str(), true),
        (too_long.as_str(), false),
        ("", false),
        ("two words", false),
        ("ends in a line feed\n", false),
        ("token\r\nX-Injected: yes", false),
        ("t\u{f6}ken", false),
        ("\0", false),
        ("<html>sign in</html> ", false),
    ] {
        let reply = body.to_owned();
        let script = Script::new(move |head, _| match method_of(head) {
            "PUT" => says("200 OK", "", &reply),
            _ => says("200 OK", "", "x"),
        });
        let outcome = read(&script.upstream(keep_nothing()), "/latest/").await;
        assert_eq!(outcome.is_ok(), is_token, "{body:?}");
        if let Err(error) = outcome {
            assert!(matches!(*error, UpstreamError::Token), "{body:?}: {error:?}");
            assert_eq!(error.code(), Code::UpstreamProtocol, "{body:?}");
        }
        assert_eq!(script.counts(), (1, usize::from(is_token)), "{body:?}");
    }
}

#[tokio::test]
async fn a_renewal_that_fails_does_not_end_in_a_read_without_token() {
    let script = Script::new(|head, number| match (method_of(head), number) {
        ("PUT", 1) => token(1),
        ("PUT", _) => says("403 Forbidden", "", ""),
        _ => says("401 Unauthorized", "", ""),
    });
    let upstream = script.upstream(keep_nothing());
    let error = read(&upstream, "/latest/").await.expect_err("no token");
    assert!(matches!(*error, UpstreamError::TokenStatus(_)), "{error:?}");
    assert_eq!(script.counts(), (2, 1));
    for head in script.seen() {
        assert!(head.contains("\r\nX-Aws-Ec2-Metadata-Token"), "{head}");
    }
}

#[tokio::test]
async fn the_token_is_in_no_debug_text() {
    let script = Script::new(|head, number| match method_of(head) {
        "PUT" => token(number),
        _ => Reply::Says(format!("garbage with {TOKEN}\r\n\r\n").into_bytes()),
    });
    let upstream = script.upstream(keep_nothing());
    let error = read(&upstream, "/latest/").await.expect_err("garbage");
    assert_eq!(script.counts(), (1, 1), "the token is in hand");
    for shown in [format!("{upstream:?}"), format!("{error:?}"), error.to_string()] {
        assert!(!shown.contains("made-up"), "{shown}");
    }
}
