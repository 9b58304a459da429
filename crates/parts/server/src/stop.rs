//! The one way to end a running server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A switch that is thrown once. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    thrown: AtomicBool,
    waiting: Notify,
}

impl Stop {
    /// A switch that nobody has thrown.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everything that holds a clone to end. Further calls change nothing.
    pub fn trigger(&self) {
        self.0.thrown.store(true, Ordering::Release);
        self.0.waiting.notify_waiters();
    }

    /// Whether it was thrown.
    pub fn is_triggered(&self) -> bool {
        self.0.thrown.load(Ordering::Acquire)
    }

    /// Waits until it is thrown; ready at once if it was.
    pub async fn triggered(&self) {
        // Subscribing before looking leaves no moment in which a call to `trigger` could be missed.
        let waiting = self.0.waiting.notified();
        if !self.is_triggered() {
            waiting.await;
        }
    }
}
