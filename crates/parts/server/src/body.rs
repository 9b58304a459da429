//! An answer's body whose headers hyper writes as they stand.
//!
//! hyper takes a body that is at its end from the start for none, drops a `Content-Length: 0` among the headers and
//! writes one of its own behind them. Clients do not care; a service whose answers are compared byte by byte does.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// A body that is known to be over only once it was asked for.
pub(crate) struct Whole {
    full: Full<Bytes>,
    asked: bool,
}

impl From<Full<Bytes>> for Whole {
    fn from(full: Full<Bytes>) -> Self {
        Self { full, asked: false }
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.asked = true;
        Pin::new(&mut self.full).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.asked && self.full.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.full.size_hint()
    }
}
