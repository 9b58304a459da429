//! Workers: a thread, a runtime and its own accept loops each; all they share is the handler and two counters.
//!
//! How it fails: a worker that cannot start, or that panics, stops the others and is a [`RunError`].

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use hyper::server::conn::http1;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::runtime;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::accept::accept_loop;
use crate::connection::http1_builder;
use crate::{Bound, Handler, Limits, Stop};

/// What answers in progress get after [`Stop::trigger`]; then they are cut.
pub const GRACE: Duration = Duration::from_millis(1_200);

/// Why the workers did not run to the end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A thread, a runtime or a registration with the event loop was refused by the system.
    #[error("a worker could not start")]
    Start(#[source] io::Error),
    /// A worker ended by a panic, which is a bug in this crate: a handler's panic ends its connection only.
    #[error("a worker panicked")]
    Panicked,
}

/// Serves until `stop`, one thread per worker, and returns when all have ended: at most [`GRACE`] after the stop, plus
/// the time of a handler that blocks its thread.
///
/// # Errors
/// A worker that could not start; the others are stopped.
pub fn run<H: Handler>(bound: Bound, handler: Arc<H>, limits: Limits, stop: Stop) -> Result<(), RunError> {
    let builder = http1_builder(&limits);
    let shared = Arc::new(Shared {
        handler,
        limits,
        stop,
        builder,
        open: AtomicUsize::new(0),
        rejecting: AtomicUsize::new(0),
        drained: Notify::new(),
    });
    let addresses = bound.addresses;
    let threads: Vec<_> = bound
        .workers
        .into_iter()
        .enumerate()
        .map(|(index, sockets)| {
            let listeners = sockets.into_iter().zip(addresses.iter().copied()).collect();
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name(format!("onehop-worker-{index}"))
                .spawn(move || worker(listeners, &shared))
        })
        .collect();
    let mut outcome = Ok(());
    for thread in threads {
        let ended = match thread {
            Ok(thread) => thread.join().unwrap_or(Err(RunError::Panicked)),
            Err(error) => Err(RunError::Start(error)),
        };
        if ended.is_err() {
            shared.stop.trigger();
        }
        outcome = outcome.and(ended);
    }
    outcome
}

/// What the workers have in common.
pub(crate) struct Shared<H> {
    pub(crate) handler: Arc<H>,
    pub(crate) limits: Limits,
    pub(crate) stop: Stop,
    pub(crate) builder: http1::Builder,
    /// Connections being served.
    open: AtomicUsize,
    /// Connections being refused.
    pub(crate) rejecting: AtomicUsize,
    /// Told when `open` reaches zero after a stop.
    drained: Notify,
}

/// The thread of one worker.
fn worker<H: Handler>(
    listeners: Vec<(OwnedFd, SocketAddr)>,
    shared: &Arc<Shared<H>>,
) -> Result<(), RunError> {
    // A worker that fails or panics takes the others with it rather than leave its share of clients unanswered.
    let _stop_others = StopOnDrop(&shared.stop);
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Start)?;
    let outcome = runtime.block_on(async {
        let mut loops = Vec::with_capacity(listeners.len());
        for (socket, address) in listeners {
            let listener = watch(socket).map_err(RunError::Start)?;
            loops.push(tokio::spawn(accept_loop(listener, address, Arc::clone(shared))));
        }
        for accepting in loops {
            accepting.await.map_err(|_| RunError::Panicked)?;
        }
        // Late answers are cut: the runtime ends, and with it every task.
        let _ = timeout(GRACE, shared.drained()).await;
        Ok(())
    });
    runtime.shutdown_background();
    outcome
}

/// Joins a listener to the event loop of this thread's runtime.
#[expect(deprecated, reason = "unsound only for types that lie about their descriptor; an `OwnedFd` cannot")]
fn watch(listener: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(listener, Interest::READABLE)
}

struct StopOnDrop<'a>(&'a Stop);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.trigger();
    }
}

impl<H: Handler> Shared<H> {
    /// Waits until no connection is open.
    async fn drained(&self) {
        loop {
            let drained = self.drained.notified();
            if self.open.load(Ordering::Acquire) == 0 {
                return;
            }
            drained.await;
        }
    }

    /// Takes a place under the cap.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Place<H>> {
        let before = self.open.fetch_add(1, Ordering::AcqRel);
        let place = Place(Arc::clone(self));
        (before < self.limits.max_connections).then_some(place)
    }
}

/// One open connection in the count; dropping it gives the place back.
pub(crate) struct Place<H: Handler>(Arc<Shared<H>>);

impl<H: Handler> Drop for Place<H> {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::AcqRel) == 1 && self.0.stop.is_triggered() {
            self.0.drained.notify_waiters();
        }
    }
}
