//! The writer's thread: batches from the queue, lines into the sink, the sink into the file.
//!
//! ```text
//! nothing unwritten      wait for a decision
//! lines in the buffer    wait LINGER for more; none came, or too many, or too old: write
//! the file refuses       wait RETRY, or for a decision, and try again
//! ```
//!
//! At low rates a line is in the file milliseconds after its decision; at high rates many lines share one write.
//! What cannot be accepted is counted, and the gap is written before the next line that can.

use crate::hash::Hash;
use crate::journal::FlushError;
use crate::queue::{Batch, Queue, Wait};
use crate::record::{Gap, Line};
use crate::sink::Sink;
use crate::status::Status;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// With lines in the buffer: how long to wait for more.
const LINGER: Duration = Duration::from_millis(5);
/// Oldest line in the buffer under constant load.
const FLUSH_INTERVAL: Duration = Duration::from_millis(200);
/// With bytes that the file refused: how long until the next attempt if nothing else happens.
const RETRY: Duration = Duration::from_millis(200);
/// A buffer of this size is written at once.
const FLUSH_BYTES: usize = 64 * 1024;

/// How a flush went: the head of the chain, or why not everything is in the file.
pub(crate) type Flush = Result<Hash, FlushError>;

#[derive(Debug)]
pub(crate) struct Writer {
    queue: Arc<Queue<Flush>>,
    sink: Sink,
    status: Arc<Status>,
    /// Lost, and not said in the chain yet.
    gap: Gap,
    /// When the buffer began to fill.
    unwritten_since: Option<Instant>,
    failing: bool,
}

impl Writer {
    pub(crate) fn new(queue: Arc<Queue<Flush>>, sink: Sink, status: Arc<Status>) -> Writer {
        Writer { queue, sink, status, gap: Gap::default(), unwritten_since: None, failing: false }
    }

    /// Runs until the queue is closed and everything in it is written, or cannot be.
    pub(crate) fn run(mut self) -> Flush {
        let _ending = Ending { queue: Arc::clone(&self.queue), status: Arc::clone(&self.status) };
        let mut batch = self.queue.batch();
        loop {
            self.queue.take(&mut batch, self.wait());
            let quiet = batch.decisions.is_empty();
            self.accept(&mut batch);
            if quiet || self.failing || !batch.flushes.is_empty() || self.is_due() {
                let _ = self.flush();
            }
            for flushed in batch.flushes.drain(..) {
                // Whoever asked may have stopped waiting.
                let _ = flushed.send(self.outcome());
            }
            if batch.closing {
                return self.finish();
            }
        }
    }

    fn wait(&self) -> Wait {
        match self.sink.unwritten() {
            0 => Wait::UntilAny,
            _ if self.failing => Wait::AtMost(RETRY),
            _ => Wait::AtMost(LINGER),
        }
    }

    /// Seals a batch, then says what was lost behind it.
    fn accept(&mut self, batch: &mut Batch<Flush>) {
        for decision in batch.decisions.drain(..) {
            if self.sink.unwritten() >= FLUSH_BYTES {
                let _ = self.flush();
            }
            self.write_gap();
            if self.sink.append(Line::Decision(&decision)).is_ok() {
                self.status.records().increment();
            } else {
                self.gap.count(decision.time_ms);
                self.status.lost().increment();
            }
        }
        self.gap.add(std::mem::take(&mut batch.gap));
        self.write_gap();
        if self.sink.unwritten() > 0 && self.unwritten_since.is_none() {
            self.unwritten_since = Some(Instant::now());
        }
    }

    /// With no room for the gap there is none for a decision either, so they cannot change places.
    fn write_gap(&mut self) {
        if self.gap.lost > 0 && self.sink.append(Line::Gap(self.gap)).is_ok() {
            self.gap = Gap::default();
        }
    }

    fn is_due(&self) -> bool {
        self.unwritten_since.is_some_and(|since| since.elapsed() >= FLUSH_INTERVAL)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let result = self.sink.flush();
        self.failing = result.is_err();
        self.unwritten_since = None;
        result
    }

    fn outcome(&self) -> Flush {
        match self.sink.unwritten() {
            0 => Ok(self.sink.chain().head),
            bytes => Err(FlushError::Unwritten { bytes }),
        }
    }

    fn finish(mut self) -> Flush {
        let _ = self.flush();
        self.write_gap();
        let synced = self.sink.sync();
        match self.outcome() {
            Ok(_) if synced.is_err() => Err(FlushError::Unsynced),
            outcome => outcome,
        }
    }
}

/// However the thread ends, nobody waits for it in vain and a death is seen.
struct Ending {
    queue: Arc<Queue<Flush>>,
    status: Arc<Status>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.queue.abandon();
        if std::thread::panicking() {
            self.status.set_healthy(false);
        }
    }
}

#[cfg(test)]
mod tests;
