//! The seam between this crate and the program that answers.

use std::future::Future;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;

use crate::Wire;

/// An answer whose body is whole, with a reason phrase of its own where it has one.
pub fn respond(response: Response<Bytes>, reason: Option<&'static str>) -> Response<Full<Bytes>> {
    let mut response = response.map(Full::new);
    if let Some(reason) = reason {
        response.extensions_mut().insert(ReasonPhrase::from_static(reason.as_bytes()));
    }
    response
}

/// A connection that was accepted and from which nothing has been read.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    pub(crate) peer: SocketAddr,
    pub(crate) local: SocketAddr,
    pub(crate) socket: Option<BorrowedFd<'a>>,
}

impl<'a> Accepted<'a> {
    /// The other end.
    pub const fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Our end: the address of the listener, or for a wildcard listener the address that the client dialled.
    pub const fn local(&self) -> SocketAddr {
        self.local
    }

    /// The socket, for questions to the kernel about the caller. `None` for [`crate::serve_stream`].
    pub const fn socket(&self) -> Option<BorrowedFd<'a>> {
        self.socket
    }
}

/// What happened to a connection. Every `Accepted` is followed by exactly one `Closed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectionEvent {
    /// A connection is being served.
    Accepted,
    /// A served connection ended, for whatever reason.
    Closed,
    /// The bytes were not an HTTP/1 request; answered 400 or 414.
    Malformed,
    /// No request head within [`crate::Limits::header_timeout`]; answered 408 if nothing was answered before.
    HeaderTimeout,
    /// One connection over [`crate::Limits::max_connections`]; answered 503. It has no `Accepted` and no `Closed`.
    TooManyConnections,
    /// The handler turned the caller away ([`Handler::turns_away`]); answered 503.
    TurnedAway,
    /// The request head was larger than allowed; answered 431.
    TooLarge,
    /// Reading or writing failed, mostly because the client left.
    IoError,
    /// The connection was cut at [`crate::Limits::connection_lifetime`].
    LifetimeExceeded,
    /// The handler panicked; its connection was closed without an answer.
    HandlerPanicked,
    /// `accept` failed (out of files, or the client was gone); the listener carries on.
    AcceptFailed,
}

/// Answers requests. One value serves all workers.
pub trait Handler: Send + Sync + 'static {
    /// What `admit` learnt about the other end; kept for the life of the connection.
    type Caller: Send + Sync;

    /// Called once per connection, before its first byte is read, while the kernel still knows who is behind it.
    fn admit(&self, connection: &Accepted<'_>) -> Self::Caller;

    /// Whether a caller gets no connection now: it is told 503 and the place is free at once. Called after `admit`.
    fn turns_away(&self, caller: &Self::Caller) -> bool {
        let _ = caller;
        false
    }

    /// Answers one request. The answer is sent as given: no header is added but `Content-Length` and `Connection`
    /// where they are missing.
    fn handle(
        &self,
        caller: &Self::Caller,
        wire: &Wire,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Full<Bytes>>> + Send;

    /// Called for counting; must be quick. Does nothing by default.
    fn observe(&self, event: ConnectionEvent) {
        let _ = event;
    }
}
