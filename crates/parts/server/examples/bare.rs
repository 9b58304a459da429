//! The smallest server there is: 200 with an empty body, for measuring what a connection costs.
//!
//! `bare ADDRESS [WORKERS]`, by default `127.0.0.1:0` and one worker a core. It prints the address it listens on.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::Full;
use hyper::body::Incoming;
use onehop_server::{Accepted, Clock as _, Handler, Limits, Stop, SystemClock, Wire};

struct Bare;

impl Handler for Bare {
    type Caller = ();

    fn admit(&self, _: &Accepted<'_>) {}

    async fn handle(&self, (): &(), _: &Wire, _: Request<Incoming>) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::default());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        headers.insert(header::DATE, onehop_server::http_date(SystemClock.now()));
        headers.insert(header::SERVER, HeaderValue::from_static("bare"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

#[expect(clippy::print_stdout, reason = "an example says where it listens")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments.next().as_deref().unwrap_or("127.0.0.1:0").parse()?;
    let workers: NonZeroUsize = match arguments.next() {
        Some(number) => number.parse()?,
        None => thread::available_parallelism()?,
    };
    onehop_server::raise_file_limit()?;
    let stop = Stop::new();
    let signals = onehop_server::on_signals(stop.clone(), || {})?;
    let bound = onehop_server::bind(&[address], workers)?;
    println!("{}", bound.local_addrs()[0]);
    onehop_server::run(bound, Arc::new(Bare), Limits::default(), stop)?;
    signals.join().map_err(|_| "the signal thread panicked")?;
    Ok(())
}
