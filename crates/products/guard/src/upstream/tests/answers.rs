//! What the guard makes of an answer.

use super::{Kept, Reply, Script, keep, keep_nothing, read, says, text};
use crate::upstream::UpstreamError;
use onehop_imds::answer::ContentType;
use onehop_journal::Source;
use onehop_verdict::Code;
use std::time::{Duration, Instant};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn only_200_and_404_are_answers_and_redirects_are_not_followed() {
    for (status, want) in [
        ("200 OK", Some("x")),
        ("404 Not Found", Some("(404)")),
        ("201 Created", None),
        ("301 Moved Permanently", None),
        ("302 Found", None),
        ("307 Temporary Redirect", None),
        ("308 Permanent Redirect", None),
        ("400 Bad Request", None),
        ("403 Forbidden", None),
        ("429 Too Many Requests", None),
        ("500 Internal Server Error", None),
    ] {
        let script = Script::reads(move |_| says(status, "Location: http://192.0.2.9/elsewhere\r\n", "x"));
        let outcome = read(&script.upstream(keep_nothing()), "/latest/").await;
        match (&outcome, want) {
            (Ok((kept, _)), Some(want)) => assert_eq!(text(kept), want, "{status}"),
            (Err(error), None) => {
                assert!(matches!(**error, UpstreamError::Status(_)), "{status}: {error:?}");
                assert_eq!(error.code(), Code::UpstreamUnavailable, "{status}");
            }
            _ => panic!("{status}: {outcome:?}"),
        }
        assert_eq!(script.counts(), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn what_is_no_whole_answer_is_an_error() {
    let long_header = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(32 << 10));
    for (answer, is_answer) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", true),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\n\r\nx", true),
        ("", false),
        ("SSH-2.0-not-http\r\n", false),
        ("HTTP/1.1 2OO OK\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nx", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk", false),
        (long_header.as_str(), false),
    ] {
        let reply = answer.to_owned();
        let script = Script::reads(move |_| Reply::Says(reply.clone().into_bytes()));
        let outcome = read(&script.upstream(keep_nothing()), "/latest/").await;
        assert_eq!(outcome.is_ok(), is_answer, "{answer:.80?}");
        match outcome {
            Ok((kept, _)) => assert_eq!(text(&kept), "x", "{answer:?}"),
            Err(error) => assert_eq!(error.code(), Code::UpstreamProtocol, "{answer:.80?}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn headers_are_read_and_not_passed_on() {
    let date = "Tue, 01 Jul 2025 10:00:00 GMT";
    for (headers, content_type, last_modified) in [
        ("", ContentType::Text, None),
        ("Content-Type: application/octet-stream\r\n", ContentType::Octets, None),
        ("Content-Type: text/html\r\nSet-Cookie: a=b\r\n", ContentType::Text, None),
        ("Last-Modified: Tue, 01 Jul 2025 10:00:00 GMT\r\n", ContentType::Text, Some(date)),
        // A service that puts something else there gets the guard's own date instead.
        ("Last-Modified: made-up-upstream-token-1\r\n", ContentType::Text, None),
        ("Last-Modified: <script>0123456789abcdef</script> GMT\r\n", ContentType::Text, None),
    ] {
        let script = Script::reads(move |_| says("200 OK", headers, "x"));
        let (kept, _) = read(&script.upstream(keep_nothing()), "/latest/").await.expect("read");
        let Kept::Document { content_type: found, last_modified: when, .. } = kept else {
            panic!("{headers}: not found");
        };
        assert_eq!(found, content_type, "{headers}");
        let when = when.map(|value| value.to_str().expect("text").to_owned());
        assert_eq!(when.as_deref(), last_modified, "{headers}");
    }
}

#[tokio::test]
async fn answers_are_kept_and_errors_are_not() {
    for (status, kept) in [("200 OK", true), ("404 Not Found", true), ("500 Internal Server Error", false)] {
        let script = Script::reads(move |_| says(status, "", "x"));
        let upstream = script.upstream(keep(HOUR));
        let first = read(&upstream, "/latest/").await;
        let second = read(&upstream, "/latest/").await;
        assert_eq!(script.counts().1, if kept { 1 } else { 2 }, "{status}");
        if kept {
            assert_eq!(first.expect("read").1, Source::Upstream, "{status}");
            assert_eq!(second.expect("kept").1, Source::Cache, "{status}");
        }
        let _ = read(&upstream, "/latest").await;
        assert_eq!(script.counts().1, if kept { 2 } else { 3 }, "another target, {status}");
    }
}

#[tokio::test]
async fn kept_for_no_time_every_read_asks() {
    let script = Script::reads(|number| says("200 OK", "", &number.to_string()));
    let upstream = script.upstream(keep_nothing());
    for number in 1..5 {
        let (kept, source) = read(&upstream, "/latest/").await.expect("read");
        assert_eq!((text(&kept), source), (number.to_string().as_str(), Source::Upstream));
    }
}

#[tokio::test]
async fn kept_answers_expire() {
    let script = Script::reads(|number| says("200 OK", "", &number.to_string()));
    let upstream = script.upstream(keep(Duration::from_millis(30)));
    let began = Instant::now();
    let mut seen = String::new();
    while seen != "2" {
        assert!(began.elapsed() < Duration::from_secs(5), "still {seen}");
        seen = text(&read(&upstream, "/latest/").await.expect("read").0).to_owned();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(began.elapsed() >= Duration::from_millis(30), "{:?}", began.elapsed());
}

#[tokio::test]
async fn any_time_to_keep_is_accepted() {
    let script = Script::reads(|_| says("200 OK", "", "x"));
    let upstream = script.upstream(keep(Duration::from_millis(u64::MAX)));
    assert!(read(&upstream, "/latest/").await.is_ok());
}
