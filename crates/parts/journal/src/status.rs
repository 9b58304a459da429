//! What can be seen of a journal from outside: whether it is healthy, and three counters.

use crate::metrics::Counter;
use std::sync::atomic::{AtomicBool, Ordering};

/// Health and counters of one journal.
#[derive(Debug)]
pub struct Status {
    records: Counter,
    lost: Counter,
    failures: Counter,
    healthy: AtomicBool,
}

impl Status {
    pub(crate) const fn new() -> Status {
        Status {
            records: Counter::new(),
            lost: Counter::new(),
            failures: Counter::new(),
            healthy: AtomicBool::new(true),
        }
    }

    /// Decisions that were sealed into the chain.
    pub const fn records(&self) -> &Counter {
        &self.records
    }

    /// Decisions that were dropped: the queue was full, the disk was full, or the journal was closed.
    pub const fn lost(&self) -> &Counter {
        &self.lost
    }

    /// Failed attempts to write, to sync or to rotate.
    pub const fn failures(&self) -> &Counter {
        &self.failures
    }

    /// False from a failed attempt until the next one that succeeds, and for good once the writer has died.
    pub fn healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    pub(crate) fn set_healthy(&self, healthy: bool) {
        self.healthy.store(healthy, Ordering::Relaxed);
    }
}
