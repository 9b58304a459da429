//! The service behind the guard: it answers by a function and keeps every byte that came.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Made up; no service ever issued it.
pub(crate) const UPSTREAM_TOKEN: &str = "made-up-upstream-token";

/// What the service does with a request.
pub(crate) enum Reply {
    /// Sends these bytes and closes.
    Says(Vec<u8>),
    /// Never answers; waits for the guard to leave.
    Silence,
}

impl Reply {
    pub(crate) fn status(status: &str, headers: &str, body: &str) -> Reply {
        let length = body.len();
        Reply::Says(
            format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes(),
        )
    }

    pub(crate) fn ok(body: &str) -> Reply {
        Reply::status("200 OK", "Content-Type: text/plain\r\n", body)
    }
}

/// Gets the request line and how many requests of its method came so far, this one included.
type Rule = dyn Fn(&str, usize) -> Reply + Send + Sync;

struct Shared {
    rule: Box<Rule>,
    seen: Mutex<Vec<String>>,
    over: AtomicBool,
}

/// A running service on a port of its own.
pub(crate) struct Fake {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    pub(crate) fn new(rule: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
        let address = listener.local_addr().expect("bound");
        let shared =
            Arc::new(Shared { rule: Box::new(rule), seen: Mutex::default(), over: AtomicBool::new(false) });
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Fake { address, shared, thread: Some(thread) }
    }

    /// Issues tokens, and answers reads by a function.
    pub(crate) fn reads(rule: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Fake::new(
            move |line, number| {
                if line.starts_with("PUT ") { Reply::ok(UPSTREAM_TOKEN) } else { rule(line, number) }
            },
        )
    }

    /// The address of a service that has ended.
    pub(crate) fn gone() -> Self {
        let mut fake = Fake::instance();
        fake.end();
        fake
    }

    /// A small instance with a role.
    pub(crate) fn instance() -> Self {
        Fake::reads(|line, _| {
            let target = line.split(' ').nth(1).unwrap_or_default();
            match document(target) {
                Some(body) => Reply::ok(body),
                None => Reply::status("404 Not Found", "Content-Type: text/html\r\n", "not here"),
            }
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request, with all bytes that came on its connection.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.shared.seen.lock().expect("no test panics here").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen().len()
    }

    /// Requests whose line starts like this.
    pub(crate) fn count_of(&self, start: &str) -> usize {
        self.seen().iter().filter(|request| request.starts_with(start)).count()
    }

    /// The targets of reads, in order.
    pub(crate) fn targets(&self) -> Vec<String> {
        let seen = self.seen();
        let reads = seen.iter().filter_map(|request| request.strip_prefix("GET "));
        reads.map(|request| request.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    /// The bytes of a read of this target.
    pub(crate) fn read_of(&self, target: &str) -> String {
        format!(
            "GET {target} HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\nConnection: close\r\n\
             X-Aws-Ec2-Metadata-Token: {UPSTREAM_TOKEN}\r\n\r\n",
            self.address
        )
    }

    /// The bytes of a token request.
    pub(crate) fn token_request(&self) -> String {
        format!(
            "PUT /latest/api/token HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\nConnection: close\r\n\
             X-Aws-Ec2-Metadata-Token-Ttl-Seconds: 21600\r\n\r\n",
            self.address
        )
    }
}

impl Fake {
    fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.shared.over.store(true, Ordering::Release);
        // Wakes the loop.
        drop(TcpStream::connect(self.address));
        let _ = thread.join();
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.end();
    }
}

/// What the instance has. The credentials are made up.
fn document(target: &str) -> Option<&'static str> {
    Some(match target.trim_end_matches('/') {
        "/latest" => "dynamic\nmeta-data\nuser-data",
        "/latest/meta-data" | "/2021-03-23/meta-data" => {
            "ami-id\niam/\nidentity-credentials/\ninstance-id\ntags/"
        }
        "/latest/meta-data/iam" => "info\nsecurity-credentials/\nsecurity-credentials-extended/",
        "/latest/meta-data/iam/info" => "{ \"Code\" : \"Success\" }",
        "/latest/meta-data/iam/security-credentials" => "app-role",
        "/latest/meta-data/iam/security-credentials/app-role" => "{ \"SecretAccessKey\" : \"made-up\" }",
        "/latest/meta-data/ami-id" => "ami-1",
        "/latest/meta-data/instance-id" | "/2021-03-23/meta-data/instance-id" => "i-1",
        "/latest/user-data" => "#!/bin/sh",
        _ => return None,
    })
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.over.load(Ordering::Acquire) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        thread::spawn(move || converse(stream, &shared));
    }
}

/// Reads a head, keeps it, replies, and keeps what came behind the head too.
fn converse(mut stream: TcpStream, shared: &Shared) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut bytes = Vec::new();
    let mut room = [0; 4096];
    while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut room) {
            Ok(length) if length > 0 => bytes.extend_from_slice(&room[..length]),
            _ => return,
        }
    }
    let text = String::from_utf8(bytes).expect("requests are text");
    let (place, number) = {
        let mut seen = shared.seen.lock().expect("no test panics here");
        seen.push(text.clone());
        let method = &text[..4];
        (seen.len() - 1, seen.iter().filter(|other| other.starts_with(method)).count())
    };
    if let Reply::Says(answer) = (shared.rule)(text.lines().next().unwrap_or_default(), number) {
        let _ = stream.write_all(&answer);
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    if !rest.is_empty() {
        let mut seen = shared.seen.lock().expect("no test panics here");
        seen[place].push_str(&String::from_utf8_lossy(&rest));
    }
}
