//! Signals of the operating system as values.
//!
//! ```text
//! SIGINT, SIGTERM ─▶ Signal::Stop ─▶ Stop::trigger
//! SIGHUP          ─▶ Signal::Reload ─▶ the callback
//! ```
//!
//! How it fails: when the system refuses a handler, nothing is installed that the caller does not hear of.

use std::io;
use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio::signal::unix::{self, SignalKind};

use crate::Stop;

/// What the operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signal {
    /// SIGINT or SIGTERM: end.
    Stop,
    /// SIGHUP: read the configuration again.
    Reload,
}

/// The signals as they arrive.
#[derive(Debug)]
pub struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
}

/// Starts to listen for signals; from here on they no longer end the process by themselves.
///
/// # Errors
/// The system refused a handler.
///
/// # Panics
/// Outside a tokio runtime with I/O enabled.
pub fn signals() -> io::Result<Signals> {
    Ok(Signals {
        interrupt: unix::signal(SignalKind::interrupt())?,
        terminate: unix::signal(SignalKind::terminate())?,
        hang_up: unix::signal(SignalKind::hangup())?,
    })
}

impl Signals {
    /// Waits for the next one. Equal signals that arrive together may count as one.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            biased;
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.hang_up.recv() => Signal::Reload,
        }
    }
}

/// Wires the signals on a thread of their own: the first request to stop triggers `stop`, each SIGHUP calls `reload`.
/// The handlers are in place when this returns; the thread ends with the stop, whoever triggered it.
///
/// # Errors
/// The system refused a handler or the thread.
pub fn on_signals(stop: Stop, mut reload: impl FnMut() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let mut signals = {
        let _entered = runtime.enter();
        signals()?
    };
    thread::Builder::new().name("onehop-signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                let signal = tokio::select! {
                    biased;
                    () = stop.triggered() => return,
                    signal = signals.next() => signal,
                };
                match signal {
                    Signal::Stop => stop.trigger(),
                    Signal::Reload => reload(),
                }
            }
        });
    })
}
