//! A handler that does what the path says, a server around it, and a plain client.

use std::collections::HashMap;
use std::future::pending;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::num::{NonZeroU8, NonZeroUsize};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use onehop_server::{Accepted, ConnectionEvent, Handler, Limits, RunError, Stop, Wire, bind, run};

/// Long enough for the slowest machine; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) const LOOPBACK_4: &str = "127.0.0.1:0";
pub(crate) const LOOPBACK_6: &str = "[::1]:0";

/// Answers by path, and counts events.
#[derive(Debug, Default)]
pub(crate) struct Script {
    events: Mutex<HashMap<ConnectionEvent, usize>>,
    changed: Condvar,
    /// Copies of the accepted sockets, where a test asked for them.
    sockets: Option<Mutex<Vec<OwnedFd>>>,
}

impl Script {
    pub(crate) fn keeping_sockets() -> Self {
        Self { sockets: Some(Mutex::default()), ..Self::default() }
    }

    pub(crate) fn last_socket(&self) -> OwnedFd {
        let sockets =
            self.sockets.as_ref().expect("the test keeps sockets").lock().expect("no test panics here");
        sockets.last().expect("a connection was accepted").try_clone().expect("a descriptor is free")
    }

    pub(crate) fn count(&self, event: ConnectionEvent) -> usize {
        self.events.lock().expect("no test panics here").get(&event).copied().unwrap_or(0)
    }

    /// Waits until `event` was seen `count` times.
    pub(crate) fn wait_for(&self, event: ConnectionEvent, count: usize) {
        let events = self.events.lock().expect("no test panics here");
        let (events, waited) = self
            .changed
            .wait_timeout_while(events, PATIENCE, |events| events.get(&event).copied().unwrap_or(0) < count)
            .expect("no test panics here");
        assert!(!waited.timed_out(), "no {count} × {event:?} in {events:?}");
    }
}

/// What `admit` saw, to be given back by `/caller`.
#[derive(Debug)]
pub(crate) struct Caller {
    peer: SocketAddr,
    has_socket: bool,
}

impl Handler for Script {
    type Caller = Caller;

    fn admit(&self, connection: &Accepted<'_>) -> Caller {
        if let (Some(sockets), Some(socket)) = (&self.sockets, connection.socket()) {
            let copy = socket.try_clone_to_owned().expect("a descriptor is free");
            sockets.lock().expect("no test panics here").push(copy);
        }
        Caller { peer: connection.peer(), has_socket: connection.socket().is_some() }
    }

    async fn handle(
        &self,
        caller: &Caller,
        wire: &Wire,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let body = match path.as_str() {
            "/panic" => panic!("the test asked for it"),
            "/hang" => pending().await,
            "/caller" => format!("{} {} {}", caller.peer, wire.local(), caller.has_socket).into(),
            "/echo" => request
                .into_body()
                .collect()
                .await
                .map(http_body_util::Collected::to_bytes)
                .unwrap_or_default(),
            "/large" => vec![b'x'; 4 << 20].into(),
            _ => Bytes::copy_from_slice(path.as_bytes()),
        };
        if let Some(limit) = path.strip_prefix("/hops/") {
            wire.set_hop_limit(limit.parse::<NonZeroU8>().ok());
        }
        Response::new(Full::new(body))
    }

    fn observe(&self, event: ConnectionEvent) {
        *self.events.lock().expect("no test panics here").entry(event).or_default() += 1;
        self.changed.notify_all();
    }
}

/// A running server; stopped when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) script: Arc<Script>,
    pub(crate) stop: Stop,
    thread: Option<JoinHandle<Result<(), RunError>>>,
}

impl Server {
    pub(crate) fn start(listen: &str, limits: Limits) -> Self {
        Self::start_with(listen, limits, Script::default())
    }

    pub(crate) fn start_with(listen: &str, limits: Limits, script: Script) -> Self {
        let listen: SocketAddr = listen.parse().expect("the test gives an address");
        let bound = bind(&[listen], NonZeroUsize::new(2).expect("not zero")).expect("loopback can be bound");
        let address = bound.local_addrs()[0];
        let script = Arc::new(script);
        let stop = Stop::new();
        let thread = thread::spawn({
            let (script, stop) = (Arc::clone(&script), stop.clone());
            move || run(bound, script, limits, stop)
        });
        Self { address, script, stop, thread: Some(thread) }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(self.address).expect("the server listens");
        client.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
        client.set_write_timeout(Some(PATIENCE)).expect("a time-out can be set");
        client
    }

    /// Sends `bytes` and reads to the end.
    pub(crate) fn exchange(&self, bytes: &[u8]) -> String {
        let mut client = self.connect();
        client.write_all(bytes).expect("the server reads");
        read_all(&mut client)
    }

    /// Stops and waits for the end.
    pub(crate) fn finish(mut self) -> Result<(), RunError> {
        self.stop.trigger();
        self.thread.take().expect("runs").join().expect("`run` does not panic")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.trigger();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(thread::panicking() || matches!(ended, Ok(Ok(()))), "the server ended with {ended:?}");
        }
    }
}

pub(crate) fn read_all(client: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).expect("the server answers and closes");
    String::from_utf8(answer).expect("answers are text")
}

/// Reads exactly one answer with a `Content-Length` from a connection that stays open.
pub(crate) fn read_one(client: &mut TcpStream) -> String {
    let mut answer = String::new();
    let mut byte = [0];
    while !answer.ends_with("\r\n\r\n") {
        client.read_exact(&mut byte).expect("a whole head");
        answer.push(char::from(byte[0]));
    }
    let length = answer
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .and_then(|length| length.parse().ok())
        .expect("a length");
    let mut body = vec![0; length];
    client.read_exact(&mut body).expect("a whole body");
    answer + &String::from_utf8(body).expect("answers are text")
}

/// The status of an answer; 0 for none.
pub(crate) fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").into_bytes()
}

/// How many answers there are in what a connection said.
pub(crate) fn answers(text: &str) -> usize {
    text.matches("HTTP/1.1 ").count()
}
