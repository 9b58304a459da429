//! A connection before its first byte.
//!
//! ```text
//! read at once ──bytes──▶ HTTP
//!    │ nothing yet: join the event loop
//! wait ─┬─ bytes, or the client's end ──▶ HTTP
//!       ├─ no byte in time ─────────────▶ Late
//!       ├─ stop ────────────────────────▶ Over
//!       └─ failed ──────────────────────▶ Failed
//! ```
//!
//! The kernel hands over a connection with its first bytes ([`crate::defer`]), so most never join the event loop. A
//! client that says nothing costs a small task; what HTTP needs is allocated when there is something to read.

use std::future::poll_fn;

use tokio::time::sleep;

use crate::socket::Socket;
use crate::{Limits, Stop};

/// How the wait for the first byte ended.
#[derive(Debug)]
pub(crate) enum Opening {
    /// There is something to read, if only the end.
    Begun,
    /// No byte within [`Limits::header_timeout`].
    Late,
    /// The server stops; nobody waits for an answer.
    Over,
    /// The client is gone.
    Failed,
}

/// Waits for the first byte.
pub(crate) async fn opening(socket: &mut Socket<'_>, limits: &Limits, stop: &Stop) -> Opening {
    match socket.look() {
        Ok(true) => return Opening::Begun,
        Ok(false) => {}
        Err(_) => return Opening::Failed,
    }
    tokio::select! {
        biased;
        first = poll_fn(|cx| socket.poll_first(cx)) => first.map_or(Opening::Failed, |()| Opening::Begun),
        () = stop.triggered() => Opening::Over,
        () = sleep(limits.header_timeout.min(limits.connection_lifetime)) => Opening::Late,
    }
}
