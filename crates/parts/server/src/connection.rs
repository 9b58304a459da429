//! One connection, from admission to close.
//!
//! ```text
//! admit ─▶ hyper ─┬─ ended ──────────────▶ close
//!                 ├─ bytes left unread ──▶ end our side, discard for a moment, close
//!                 ├─ no head in time ────▶ 408 if nothing was answered ─▶ close
//!                 ├─ stop ───────────────▶ finish the answer in progress ─▶ close
//!                 └─ lifetime over ──────▶ cut
//! ```
//!
//! How it fails: only this connection ends, and [`Handler::observe`] hears why.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::sleep;

use crate::body::Whole;
use crate::progress::Due;
use crate::reject::{self, BAD_REQUEST, REQUEST_TIMEOUT};
use crate::socket::{Stream, Transport};
use crate::{Accepted, ConnectionEvent, Handler, Limits, Stop, Wire};

/// hyper refuses buffers below this.
const HEADER_BYTES_MIN: usize = 8192;

/// What hyper parses without the heap. A smaller limit is checked in [`answer`], which is cheaper than telling hyper.
const HEADERS_ON_STACK: usize = 100;

/// The HTTP/1 settings that follow from the limits. The time-outs are [`crate::progress`]'s.
pub(crate) fn http1_builder(limits: &Limits) -> http1::Builder {
    let header_bytes = limits.max_header_bytes.max(HEADER_BYTES_MIN);
    let mut builder = http1::Builder::new();
    builder
        .title_case_headers(true)
        .half_close(true)
        .auto_date_header(false)
        .keep_alive(limits.keep_alive)
        .max_buf_size(header_bytes)
        .writev(false)
        .header_read_timeout(None);
    if limits.max_headers > HEADERS_ON_STACK {
        builder.max_headers(limits.max_headers);
    }
    builder
}

/// Serves one connection over any byte stream, such as one half of `tokio::io::duplex`, and returns when it ended.
///
/// `peer` and `local` are what the handler is told. The cap on connections does not apply. It needs a runtime with
/// time enabled; dropping the future cuts the connection.
pub async fn serve_stream<H, T>(
    io: T,
    peer: SocketAddr,
    local: SocketAddr,
    handler: &H,
    limits: Limits,
    stop: &Stop,
) where
    H: Handler,
    T: AsyncRead + AsyncWrite + Send + Unpin,
{
    let watched = Watched::begin(handler);
    let caller = handler.admit(&Accepted { peer, local, socket: None });
    let wire = Wire::new(peer, local);
    let mut transport = Stream::new(io, &wire);
    if handler.turns_away(&caller) {
        handler.observe(ConnectionEvent::TurnedAway);
        // The client may be gone already; then there is nobody to tell.
        let _ = reject::finish(&mut transport, reject::TOO_MANY_CONNECTIONS, true).await;
        return;
    }
    serve(
        transport,
        Context { handler, caller: &caller, wire: &wire, limits: &limits, stop },
        &http1_builder(&limits),
    )
    .await;
    drop(watched);
}

/// Reports the two ends of a connection, and a panic in between.
pub(crate) struct Watched<'a, H: Handler>(&'a H);

impl<'a, H: Handler> Watched<'a, H> {
    pub(crate) fn begin(handler: &'a H) -> Self {
        handler.observe(ConnectionEvent::Accepted);
        Self(handler)
    }
}

impl<H: Handler> Drop for Watched<'_, H> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.observe(ConnectionEvent::HandlerPanicked);
        }
        self.0.observe(ConnectionEvent::Closed);
    }
}

/// What a connection is served with.
pub(crate) struct Context<'a, H: Handler> {
    pub(crate) handler: &'a H,
    pub(crate) caller: &'a H::Caller,
    pub(crate) wire: &'a Wire,
    pub(crate) limits: &'a Limits,
    pub(crate) stop: &'a Stop,
}

/// How a connection came to its end.
enum End {
    /// hyper is done with it.
    Http(hyper::Result<()>),
    /// A head did not come in time.
    HeadLate,
    /// [`Limits::connection_lifetime`].
    Lifetime,
}

/// Runs HTTP/1 on `transport` until it ends.
pub(crate) async fn serve<H: Handler, T: Transport>(
    transport: T,
    context: Context<'_, H>,
    builder: &http1::Builder,
) {
    let Context { handler, wire, limits, stop, .. } = context;
    let service = service_fn(|request| answer(&context, request));
    let mut connection = builder.serve_connection(transport, service);
    // Most connections are over after one poll: they need no timer and no place in the queue for a stop.
    let end = match poll_fn(|cx| Poll::Ready(Pin::new(&mut connection).poll(cx))).await {
        Poll::Ready(result) => End::Http(result),
        Poll::Pending => {
            let mut timer = pin!(sleep(match wire.progress.due(limits, Instant::now()) {
                Due::Later(wait) => wait,
                Due::Head | Due::Lifetime => Duration::ZERO,
            }));
            let mut stopped = pin!(stop.triggered());
            let mut draining = false;
            loop {
                tokio::select! {
                    biased;
                    result = &mut connection => break End::Http(result),
                    () = &mut stopped, if !draining => {
                        draining = true;
                        Pin::new(&mut connection).graceful_shutdown();
                    }
                    () = &mut timer => match wire.progress.due(limits, Instant::now()) {
                        Due::Later(wait) => timer.as_mut().reset(tokio::time::Instant::now() + wait),
                        Due::Head => break End::HeadLate,
                        Due::Lifetime => break End::Lifetime,
                    },
                }
            }
        }
    };
    let parts = connection.into_parts();
    close(parts.io, &end, !parts.read_buf.is_empty(), handler, wire).await;
}

/// Ends a connection on which not one byte came in time.
pub(crate) async fn late<H: Handler, T: Transport>(transport: T, handler: &H, wire: &Wire) {
    close(transport, &End::HeadLate, false, handler, wire).await;
}

/// Reports the end, says what is left to say, and closes.
async fn close<H: Handler, T: Transport>(
    mut transport: T,
    end: &End,
    has_bytes: bool,
    handler: &H,
    wire: &Wire,
) {
    let progress = &wire.progress;
    let event = match end {
        End::Http(Ok(())) => None,
        End::Http(Err(error)) => Some(event_of(error)),
        // A kept connection that was only idle has done nothing wrong.
        End::HeadLate if progress.has_written() && !has_bytes => None,
        End::HeadLate => Some(ConnectionEvent::HeaderTimeout),
        End::Lifetime => Some(ConnectionEvent::LifetimeExceeded),
    };
    if let Some(event) = event {
        handler.observe(event);
    }
    let last_words = match event {
        Some(ConnectionEvent::IoError | ConnectionEvent::LifetimeExceeded) => return,
        _ if progress.has_written() => b"",
        Some(ConnectionEvent::HeaderTimeout) => REQUEST_TIMEOUT,
        Some(ConnectionEvent::Malformed) => BAD_REQUEST,
        _ => b"",
    };
    let unread = event.is_some() || has_bytes || progress.has_body();
    // The client may be gone already; then there is nobody to tell.
    let _ = reject::finish(&mut transport, last_words, unread).await;
}

/// hyper writes 400, 414 or 431 itself and then reports the error.
fn event_of(error: &hyper::Error) -> ConnectionEvent {
    if error.is_parse_too_large() {
        ConnectionEvent::TooLarge
    } else if error.is_parse() {
        ConnectionEvent::Malformed
    } else {
        ConnectionEvent::IoError
    }
}

async fn answer<H: Handler>(
    context: &Context<'_, H>,
    request: Request<Incoming>,
) -> Result<Response<Whole>, Infallible> {
    let Context { handler, caller, wire, limits, .. } = context;
    wire.progress.request(!request.body().is_end_stream());
    let response = if request.headers().len() > limits.max_headers {
        handler.observe(ConnectionEvent::TooLarge);
        too_many_headers()
    } else {
        handler.handle(caller, wire, request).await
    };
    wire.progress.answer();
    Ok(response.map(Whole::from))
}

fn too_many_headers() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
