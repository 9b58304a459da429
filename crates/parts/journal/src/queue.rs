//! A bounded queue from many request threads to one writer, which knows exactly where it lost something.
//!
//! ```text
//! push ─▶ [ decisions | lost since the last take ] ─▶ take: everything at once
//! ```
//!
//! A channel would do the same but for two things. Losses are counted under the same lock, so the gap record
//! stands right behind the decisions that were there before it. And the writer says how full the queue must be
//! before it wants to be woken: a busy server does not pay a wake-up for each request.
//!
//! `push` never waits for room; a full or closed queue refuses. The lock is held for a move of one decision, or a
//! swap of two buffers.

use crate::decision::Decision;
use crate::record::Gap;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Told, once, how a flush that was asked for went.
pub(crate) type Flushed<T> = Sender<T>;

/// How long the writer waits for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Until there is something.
    UntilAny,
    /// Until the queue is half full, or so long.
    AtMost(Duration),
}

/// What was in the queue.
#[derive(Debug)]
pub(crate) struct Batch<T> {
    pub(crate) decisions: Vec<Decision>,
    /// Lost after these decisions and before the next batch.
    pub(crate) gap: Gap,
    pub(crate) flushes: Vec<Flushed<T>>,
    pub(crate) closing: bool,
}

impl<T> Batch<T> {
    fn with_capacity(capacity: usize) -> Batch<T> {
        Batch {
            decisions: Vec::with_capacity(capacity),
            gap: Gap::default(),
            flushes: Vec::new(),
            closing: false,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Queue<T> {
    inside: Mutex<Inside<T>>,
    wake: Condvar,
    capacity: usize,
}

#[derive(Debug)]
struct Inside<T> {
    batch: Batch<T>,
    /// Wake the writer at this length.
    wake_at: usize,
    /// Nothing is accepted any more.
    closed: bool,
}

impl<T> Queue<T> {
    /// A queue for so many decisions.
    pub(crate) fn new(capacity: usize) -> Queue<T> {
        let inside = Inside { batch: Batch::with_capacity(capacity), wake_at: usize::MAX, closed: false };
        Queue { inside: Mutex::new(inside), wake: Condvar::new(), capacity }
    }

    /// An empty batch to take into, large enough that neither side allocates afterwards.
    pub(crate) fn batch(&self) -> Batch<T> {
        Batch::with_capacity(self.capacity)
    }

    /// Puts a decision in; false if it was lost.
    pub(crate) fn push(&self, decision: Decision) -> bool {
        let mut inside = self.lock();
        if inside.closed {
            return false;
        }
        if inside.batch.decisions.len() >= self.capacity {
            inside.batch.gap.count(decision.time_ms);
            return false;
        }
        inside.batch.decisions.push(decision);
        let wake = inside.batch.decisions.len() >= inside.wake_at;
        if wake {
            inside.wake_at = usize::MAX;
        }
        drop(inside);
        if wake {
            self.wake.notify_one();
        }
        true
    }

    /// Asks for everything up to here to be written. A closed queue drops the sender, which the receiver sees.
    pub(crate) fn flush(&self) -> Receiver<T> {
        let (sender, receiver) = mpsc::channel();
        let mut inside = self.lock();
        if !inside.closed {
            inside.batch.flushes.push(sender);
        }
        drop(inside);
        self.wake.notify_one();
        receiver
    }

    /// Accepts nothing more and tells the writer to finish.
    pub(crate) fn close(&self) {
        let mut inside = self.lock();
        inside.closed = true;
        inside.batch.closing = true;
        drop(inside);
        self.wake.notify_one();
    }

    /// Drops what nobody will take any more: the writer has ended.
    pub(crate) fn abandon(&self) {
        let mut inside = self.lock();
        inside.closed = true;
        inside.batch.flushes.clear();
    }

    /// Waits, then swaps everything into `batch`, which must have been emptied.
    pub(crate) fn take(&self, batch: &mut Batch<T>, wait: Wait) {
        let mut inside = self.lock();
        let urgent = |inside: &Inside<T>| inside.batch.closing || !inside.batch.flushes.is_empty();
        match wait {
            Wait::UntilAny => {
                inside.wake_at = 1;
                while inside.batch.decisions.is_empty() && !urgent(&inside) {
                    inside = self.wake.wait(inside).unwrap_or_else(PoisonError::into_inner);
                }
            }
            Wait::AtMost(time) => {
                let half = (self.capacity / 2).max(1);
                inside.wake_at = half;
                let enough = |inside: &mut Inside<T>| inside.batch.decisions.len() < half && !urgent(inside);
                let waited = self.wake.wait_timeout_while(inside, time, enough);
                inside = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
        inside.wake_at = usize::MAX;
        std::mem::swap(&mut inside.batch, batch);
    }

    fn lock(&self) -> MutexGuard<'_, Inside<T>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
