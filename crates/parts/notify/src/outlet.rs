//! The queue in front of what delivers, and what became of messages.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long workers have to let go of what they do when they are given up.
const GIVING_UP: Duration = Duration::from_millis(500);

/// What became of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that arrived.
    pub delivered: u64,
    /// Messages that were tried and did not arrive.
    pub failed: u64,
    /// Messages that were never tried: the queue was full, or the end came first.
    pub dropped: u64,
    /// What was wrong the last time.
    pub failure: Option<String>,
}

/// What deliverers and the outlet share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    offered: AtomicU64,
    delivered: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
    failure: Mutex<Option<String>>,
    /// What waits is not to be tried any more.
    is_given_up: AtomicBool,
    /// Workers that have not ended.
    working: Mutex<usize>,
    ended: Condvar,
}

impl Shared {
    pub(crate) fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::Acquire)
    }

    /// Waits until no worker is left, at most so long.
    fn wait(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        while *working > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            working = self.ended.wait_timeout(working, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(crate) fn delivered(&self, messages: u64) {
        self.delivered.fetch_add(messages, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self, messages: u64, why: impl fmt::Display) {
        self.failed.fetch_add(messages, Ordering::Relaxed);
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(why.to_string());
    }
}

/// Held by a worker; dropped when it ends, also by a panic.
#[derive(Debug)]
pub(crate) struct Working(pub(crate) Arc<Shared>);

impl Working {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        *shared.working.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Working(Arc::clone(shared))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        *self.0.working.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_all();
    }
}

/// What else is to be let go when the outlet is given up, e.g. the end of a pipe that workers watch.
type LetGo = Box<dyn FnOnce() + Send>;

/// Takes messages, and hands them to what delivers them.
pub struct Outlet {
    queue: SyncSender<Vec<u8>>,
    shared: Arc<Shared>,
    give_up: LetGo,
}

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlet").field("shared", &self.shared).finish_non_exhaustive()
    }
}

impl Outlet {
    /// An outlet with a queue of so many messages, and the other end of it.
    pub(crate) fn new(queue: usize, give_up: LetGo) -> (Self, Receiver<Vec<u8>>, Arc<Shared>) {
        let (sender, receiver) = sync_channel(queue);
        let shared = Arc::new(Shared::default());
        (Outlet { queue: sender, shared: Arc::clone(&shared), give_up }, receiver, shared)
    }

    /// Takes a message, a line of JSON. Never waits: what finds no room is dropped, and counted.
    pub fn offer(&self, message: Vec<u8>) {
        self.shared.offered.fetch_add(1, Ordering::Relaxed);
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = self.queue.try_send(message) {
            self.shared.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What became of messages so far.
    pub fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let failure = self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Counts {
            delivered: read(&self.shared.delivered),
            failed: read(&self.shared.failed),
            dropped: read(&self.shared.dropped),
            failure,
        }
    }

    /// Waits until everything is delivered or has failed, at most so long; what is left is dropped.
    pub fn finish(self, patience: Duration) -> Counts {
        let Outlet { queue, shared, give_up } = self;
        drop(queue);
        shared.wait(patience);
        shared.is_given_up.store(true, Ordering::Release);
        give_up();
        // Processes that were given up are killed by their workers.
        shared.wait(GIVING_UP);
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (offered, delivered) = (read(&shared.offered), read(&shared.delivered));
        let failed = read(&shared.failed);
        let failure = shared.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // What neither arrived nor failed is dropped now, whether it still waits or is on its way.
        Counts { delivered, failed, dropped: offered.saturating_sub(delivered + failed), failure }
    }
}
