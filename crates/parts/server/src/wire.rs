//! What a handler can see and set of the connection under its answer.
//!
//! A hop limit is the IP TTL (IPv6: hop limit) of the packets that carry an answer. It belongs to the socket, not to
//! a response: the kernel stamps it when a packet leaves, so a retransmission carries the value of that moment, not
//! that of the write. Raising it for a later answer would therefore lift the limit from an earlier answer that is
//! still unacknowledged, and a client too far away could get that one by asking again. So on one connection the limit
//! only goes down. A client that received a limited answer is near enough for whatever follows.

use std::net::SocketAddr;
use std::num::NonZeroU8;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use crate::progress::Progress;

/// No limit asked for: the system's default applies and no system call is made.
const UNLIMITED: u8 = u8::MAX;

/// One connection, as its handler sees it.
#[derive(Debug)]
pub struct Wire {
    peer: SocketAddr,
    local: SocketAddr,
    hop_limit: AtomicU8,
    pub(crate) progress: Progress,
}

impl Wire {
    pub(crate) fn new(peer: SocketAddr, local: SocketAddr) -> Self {
        Self { peer, local, hop_limit: AtomicU8::new(UNLIMITED), progress: Progress::begin(Instant::now()) }
    }

    /// The other end.
    pub const fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Our end, as in [`crate::Accepted::local`].
    pub const fn local(&self) -> SocketAddr {
        self.local
    }

    /// Limits how far this answer, and whatever follows on the connection, may travel: applied to the socket just
    /// before the next write. `None`, and 255, the most that the field can say, ask for nothing. A limit that was asked for on this connection is never raised
    /// (the module says why); on a stream that is no socket it has no effect.
    pub fn set_hop_limit(&self, limit: Option<NonZeroU8>) {
        if let Some(limit) = limit {
            self.hop_limit.fetch_min(limit.get(), Ordering::Relaxed);
        }
    }

    /// The limit in force, if one was asked for.
    pub fn hop_limit(&self) -> Option<NonZeroU8> {
        match self.hop_limit.load(Ordering::Relaxed) {
            UNLIMITED => None,
            limit => NonZeroU8::new(limit),
        }
    }
}
