//! What many readers at one moment share.

use super::{Reply, Script, TOKEN, keep_nothing, method_of, read, says, text, token};
use crate::upstream::{Upstream, UpstreamError};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

const READERS: usize = 200;

/// Reads at one moment; every outcome as the text or the error.
async fn all(
    upstream: &Arc<Upstream>,
    path: impl Fn(usize) -> String,
) -> Vec<Result<String, Arc<UpstreamError>>> {
    let mut readers = JoinSet::new();
    for number in 0..READERS {
        let (upstream, path) = (Arc::clone(upstream), path(number));
        readers.spawn(async move {
            let outcome = read(&upstream, &path).await;
            outcome.map(|(kept, _)| text(&kept).to_owned())
        });
    }
    readers.join_all().await
}

fn same(_: usize) -> String {
    "/latest/meta-data/instance-id".to_owned()
}

fn different(number: usize) -> String {
    format!("/latest/meta-data/{number}")
}

#[tokio::test]
async fn identical_reads_at_one_moment_are_one() {
    let script = Script::reads(|number| says("200 OK", "", &number.to_string()));
    let upstream = Arc::new(script.upstream(keep_nothing()));
    for outcome in all(&upstream, same).await {
        assert_eq!(outcome.expect("read"), "1");
    }
    assert_eq!(script.counts(), (1, 1));
    assert_eq!(upstream.requests(), 2);
}

#[tokio::test]
async fn identical_reads_share_a_failure() {
    let script = Script::reads(|_| says("500 No", "", ""));
    let upstream = Arc::new(script.upstream(keep_nothing()));
    assert!(all(&upstream, same).await.iter().all(Result::is_err));
    assert_eq!(script.counts(), (1, 1));
}

#[tokio::test]
async fn different_reads_share_the_token_only() {
    let script = Script::reads(|_| says("200 OK", "", "x"));
    let upstream = Arc::new(script.upstream(keep_nothing()));
    assert!(all(&upstream, different).await.iter().all(Result::is_ok));
    assert_eq!(script.counts(), (1, READERS));
}

#[tokio::test]
async fn a_token_that_many_saw_refused_is_renewed_once() {
    let script = Script::new(|head, number| match method_of(head) {
        "PUT" => token(number),
        _ if head.contains(&format!("{TOKEN}\r\n")) => says("401 Unauthorized", "", ""),
        _ => says("200 OK", "", "x"),
    });
    let upstream = Arc::new(script.upstream(keep_nothing()));
    assert!(all(&upstream, different).await.iter().all(Result::is_ok));
    assert_eq!(script.counts(), (2, 2 * READERS));
}

/// Readers that waited for a token request which failed fail with it: were each to try for itself, the last would
/// wait for all the others' time-outs.
#[tokio::test(start_paused = true)]
async fn a_silent_upstream_costs_no_reader_the_time_outs_of_others() {
    let script = Script::new(|_, _| Reply::Stalls(Vec::new()));
    let upstream = Arc::new(script.upstream(keep_nothing()));
    let began = Instant::now();
    assert!(all(&upstream, different).await.iter().all(Result::is_err));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(script.counts(), (1, 0));
    // And the next one tries for itself.
    assert!(read(&upstream, "/latest/").await.is_err());
    assert_eq!(script.counts(), (2, 0));
}

#[tokio::test]
async fn a_reader_that_leaves_takes_nobody_with_it() {
    let script = Script::new(|head, number| match (method_of(head), number) {
        ("PUT", number) => token(number),
        ("GET", 1) => Reply::Stalls(Vec::new()),
        _ => says("200 OK", "", "x"),
    });
    let upstream = Arc::new(script.upstream(keep_nothing()));
    let first = {
        let upstream = Arc::clone(&upstream);
        tokio::spawn(async move { read(&upstream, "/latest/").await })
    };
    while script.counts() != (1, 1) {
        tokio::task::yield_now().await;
    }
    let second = {
        let upstream = Arc::clone(&upstream);
        tokio::spawn(async move { read(&upstream, "/latest/").await })
    };
    tokio::task::yield_now().await;
    first.abort();
    let (kept, _) = second.await.expect("no panic").expect("read");
    assert_eq!(text(&kept), "x");
    assert_eq!(script.counts(), (1, 2));
}
