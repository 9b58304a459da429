//! The upstream against a scripted service in memory.

mod answers;
mod bounds;
mod sharing;
mod tokens;

use super::{Connector, IoStream, Kept, Upstream, UpstreamError, UpstreamSettings};
use crate::caller::Caller;
use crate::policy::{Forward, Policy};
use http::HeaderValue;
use onehop_imds::path::MetadataPath;
use onehop_journal::Source;
use onehop_verdict::Permit;
use std::fmt;
use std::future::{Future, pending};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

/// Made up; no service ever issued it.
const TOKEN: &str = "made-up-upstream-token-1";
const PIPE_BYTES: usize = 1 << 20;

/// What the scripted service does with a request.
enum Reply {
    /// Sends these bytes and closes.
    Says(Vec<u8>),
    /// Sends these bytes and then nothing, without closing.
    Stalls(Vec<u8>),
}

/// Gets the head of a request and how many of its method came so far, this one included.
type Rule = Box<dyn Fn(&str, usize) -> Reply + Send + Sync>;

struct Inner {
    seen: Mutex<Vec<String>>,
    reply: Rule,
}

/// A service whose answers a test wrote, and which keeps what it was asked.
#[derive(Clone)]
struct Script {
    inner: Arc<Inner>,
    reachable: bool,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Connector for Script {
    fn connect(&self) -> Pin<Box<dyn Future<Output = io::Result<Box<dyn IoStream>>> + Send + '_>> {
        Box::pin(async {
            if !self.reachable {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
            tokio::spawn(converse(Arc::clone(&self.inner), theirs));
            Ok(Box::new(ours) as Box<dyn IoStream>)
        })
    }

    fn host(&self) -> HeaderValue {
        HeaderValue::from_static("192.0.2.1")
    }
}

async fn converse(inner: Arc<Inner>, mut stream: DuplexStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).expect("requests are text");
    let number = {
        let mut seen = inner.seen.lock().expect("no test panics here");
        seen.push(head.clone());
        let method = method_of(&head);
        seen.iter().filter(|other| method_of(other) == method).count()
    };
    match (inner.reply)(&head, number) {
        Reply::Says(bytes) => drop(stream.write_all(&bytes).await),
        Reply::Stalls(bytes) => {
            let _ = stream.write_all(&bytes).await;
            pending::<()>().await;
        }
    }
}

fn method_of(head: &str) -> &str {
    head.split(' ').next().unwrap_or_default()
}

impl Script {
    /// Answers by a function.
    fn new(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Script { inner: Arc::new(Inner { seen: Mutex::default(), reply: Box::new(reply) }), reachable: true }
    }

    /// Issues tokens, and answers reads by a function.
    fn reads(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        Script::new(move |head, number| match method_of(head) {
            "PUT" => token(number),
            _ => reply(number),
        })
    }

    fn unreachable() -> Self {
        Script { reachable: false, ..Script::new(|_, _| says("500 No", "", "")) }
    }

    fn upstream(&self, settings: UpstreamSettings) -> Upstream {
        Upstream::new(Arc::new(self.clone()), settings)
    }

    fn seen(&self) -> Vec<String> {
        self.inner.seen.lock().expect("no test panics here").clone()
    }

    /// How many token requests and reads came.
    fn counts(&self) -> (usize, usize) {
        let seen = self.seen();
        let count = |method: &str| seen.iter().filter(|head| method_of(head) == method).count();
        (count("PUT"), count("GET"))
    }
}

/// An answer with a status line, further header lines and a body with its length.
fn says(status: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Says(format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into_bytes())
}

fn token(number: usize) -> Reply {
    says("200 OK", "", &format!("made-up-upstream-token-{number}"))
}

/// What the guard asks for: a permit from a policy without rules.
fn permit(path: &str) -> Permit<Forward> {
    let policy = Policy::new(Vec::new(), Vec::new()).expect("no rules, no contradiction");
    let path = MetadataPath::parse(path).expect("a path");
    policy.check(&Caller::Local { uid: 1 }, &path).expect("the path is open to all")
}

async fn read(upstream: &Upstream, path: &str) -> Result<(Kept, Source), Arc<UpstreamError>> {
    upstream.read(permit(path)).await
}

fn keep(keep: Duration) -> UpstreamSettings {
    UpstreamSettings { keep, ..UpstreamSettings::default() }
}

/// For tests that count what reaches the service.
fn keep_nothing() -> UpstreamSettings {
    keep(Duration::ZERO)
}

fn text(kept: &Kept) -> &str {
    match kept {
        Kept::Document { body, .. } => std::str::from_utf8(body).expect("text"),
        Kept::NotFound => "(404)",
    }
}

#[tokio::test]
async fn a_read_is_two_requests_of_known_bytes() {
    let script = Script::reads(|_| says("200 OK", "", "i-1"));
    let upstream = script.upstream(keep_nothing());
    let (kept, source) = read(&upstream, "//latest/%6Deta-data/./instance-id").await.expect("read");
    assert_eq!((text(&kept), source), ("i-1", Source::Upstream));
    assert_eq!(
        script.seen(),
        [
            "PUT /latest/api/token HTTP/1.1\r\nHost: 192.0.2.1\r\nAccept: */*\r\nConnection: close\r\n\
             X-Aws-Ec2-Metadata-Token-Ttl-Seconds: 21600\r\n\r\n"
                .to_owned(),
            format!(
                "GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: 192.0.2.1\r\nAccept: */*\r\n\
                 Connection: close\r\nX-Aws-Ec2-Metadata-Token: {TOKEN}\r\n\r\n"
            ),
        ]
    );
    assert_eq!(upstream.requests(), 2);
}

#[tokio::test]
async fn an_upstream_that_cannot_be_dialled_is_unavailable() {
    let script = Script::unreachable();
    let error = read(&script.upstream(keep_nothing()), "/latest/").await.expect_err("no connection");
    assert!(matches!(*error, UpstreamError::Connect(_)), "{error:?}");
    assert_eq!(error.code(), onehop_verdict::Code::UpstreamUnavailable);
}
