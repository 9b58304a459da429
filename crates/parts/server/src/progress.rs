//! How far a connection has come, and what is due.
//!
//! ```text
//! opened ──▶ waiting for a head ──request──▶ answering ──last byte──▶ waiting for a head (keep-alive) …
//!            └─ header_timeout ─▶ Head       └── only the lifetime counts ──┘
//! ```
//!
//! One timer a connection is enough: it is set when a connection first has to wait, and when it fires this module
//! says whether something is due or until when to wait on. Nothing fails here.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Limits;

/// The marks that a connection leaves. They are written and read by one task; atomics only make it `Send`.
#[derive(Debug)]
pub(crate) struct Progress {
    opened: Instant,
    /// Milliseconds after `opened` at which a byte was last sent; [`NEVER`] before the first.
    last_write: AtomicU64,
    requests: AtomicU32,
    answers: AtomicU32,
    body: AtomicBool,
}

const NEVER: u64 = u64::MAX;

/// What a fired timer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing yet; look again after this long.
    Later(Duration),
    /// The head of a request is late.
    Head,
    /// The connection is as old as it may get.
    Lifetime,
}

impl Progress {
    pub(crate) fn begin(opened: Instant) -> Self {
        Self {
            opened,
            last_write: AtomicU64::new(NEVER),
            requests: AtomicU32::new(0),
            answers: AtomicU32::new(0),
            body: AtomicBool::new(false),
        }
    }

    /// A request head was read; `has_body` says that more may follow.
    pub(crate) fn request(&self, has_body: bool) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if has_body {
            self.body.store(true, Ordering::Relaxed);
        }
    }

    /// The handler is done with a request.
    pub(crate) fn answer(&self) {
        self.answers.fetch_add(1, Ordering::Relaxed);
    }

    /// Bytes were sent.
    pub(crate) fn wrote(&self, now: Instant) {
        let millis = now.duration_since(self.opened).as_millis();
        self.last_write.store(u64::try_from(millis).unwrap_or(NEVER - 1), Ordering::Relaxed);
    }

    /// Whether any byte was sent to the client.
    pub(crate) fn has_written(&self) -> bool {
        self.last_write.load(Ordering::Relaxed) != NEVER
    }

    /// Whether a request came with a body, which may not have been read to its end.
    pub(crate) fn has_body(&self) -> bool {
        self.body.load(Ordering::Relaxed)
    }

    /// What is due at `now`.
    pub(crate) fn due(&self, limits: &Limits, now: Instant) -> Due {
        let age = now.duration_since(self.opened);
        let Some(left) = limits.connection_lifetime.checked_sub(age).filter(|left| !left.is_zero()) else {
            return Due::Lifetime;
        };
        let requests = self.requests.load(Ordering::Relaxed);
        let is_waiting =
            requests == 0 || (limits.keep_alive && requests == self.answers.load(Ordering::Relaxed));
        if !is_waiting {
            // An answer that ends after this look is not late before the next one.
            let next = if limits.keep_alive { limits.header_timeout } else { left };
            return Due::Later(left.min(next));
        }
        let since = match self.last_write.load(Ordering::Relaxed) {
            NEVER => Duration::ZERO,
            millis => Duration::from_millis(millis),
        };
        match (since + limits.header_timeout).checked_sub(age) {
            Some(wait) if !wait.is_zero() => Due::Later(left.min(wait)),
            _ => Due::Head,
        }
    }
}

#[cfg(test)]
mod tests;
