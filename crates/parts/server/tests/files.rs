//! Running out of files, in a process of its own: the limit is the whole process's.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::os::fd::AsRawFd as _;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use onehop_server::{Accepted, ConnectionEvent, Handler, Limits, Stop, Wire, bind, raise_file_limit, run};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

struct Tell(Sender<ConnectionEvent>);

impl Handler for Tell {
    type Caller = ();

    fn admit(&self, _: &Accepted<'_>) {}

    async fn handle(&self, (): &(), _: &Wire, _: Request<Incoming>) -> Response<Full<Bytes>> {
        Response::default()
    }

    fn observe(&self, event: ConnectionEvent) {
        // The test may have seen enough.
        let _ = self.0.send(event);
    }
}

#[test]
fn a_server_out_of_files_recovers() {
    let (tell, events) = channel();
    let bound = bind(&["127.0.0.1:0".parse().expect("an address")], NonZeroUsize::MIN).expect("loopback");
    let address = bound.local_addrs()[0];
    let stop = Stop::new();
    let server = thread::spawn({
        let stop = stop.clone();
        move || run(bound, Arc::new(Tell(tell)), Limits::default(), stop)
    });
    // One connection proves that the workers have all the files that they need for themselves.
    ask(&mut TcpStream::connect(address).expect("the server listens"));
    let next = || events.recv_timeout(Duration::from_secs(10)).expect("an event");
    while next() != ConnectionEvent::Closed {}

    // The client takes the last file; `accept` finds none.
    let mut client = connecting(address);
    while next() != ConnectionEvent::AcceptFailed {}
    raise_file_limit().expect("soft to hard is allowed");
    ask(&mut client);

    stop.trigger();
    server.join().expect("`run` does not panic").expect("an orderly end");
}

/// Connects with the last file that the process may open.
fn connecting(address: std::net::SocketAddr) -> TcpStream {
    // Fills the holes below, so that the next file has the highest number.
    let mut fillers = vec![File::open("/dev/null").expect("a file is free")];
    let highest = std::fs::read_dir("/proc/self/fd").expect("procfs").count() + 8;
    while fillers.last().is_some_and(|file| usize::try_from(file.as_raw_fd()).is_ok_and(|fd| fd < highest)) {
        fillers.push(File::open("/dev/null").expect("a file is free"));
    }
    let last = fillers.pop().expect("there is one");
    let limit = u64::try_from(last.as_raw_fd()).expect("not negative") + 1;
    drop(last);
    let hard = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: Some(limit), maximum: hard }).expect("it can be lowered");
    let client = TcpStream::connect(address).expect("the kernel completes it");
    // The fillers stay open as long as the limit is low, which is for the rest of this process.
    std::mem::forget(fillers);
    client
}

fn ask(client: &mut TcpStream) {
    client.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out can be set");
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("the server reads");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
