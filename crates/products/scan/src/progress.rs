//! What has been read so far by a run that goes on: counted as it is read, for whoever asks in between.

use onehop_input::{Chunk, Sink, SourceName, Totals};
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts, each right by itself at any moment.
#[derive(Debug, Default)]
pub struct Progress {
    lines: AtomicU64,
    bytes: AtomicU64,
    begun: AtomicU64,
    ended: AtomicU64,
    losses: AtomicU64,
    unread: AtomicU64,
}

impl Progress {
    /// Ends of lines.
    pub fn lines(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// Bytes of text.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Texts that are open now.
    pub fn open(&self) -> u64 {
        // The order of the two keeps the difference from going below zero.
        let ended = self.ended.load(Ordering::Acquire);
        self.begun.load(Ordering::Acquire).saturating_sub(ended)
    }

    /// Things that could not be read.
    pub fn losses(&self) -> u64 {
        self.losses.load(Ordering::Relaxed)
    }

    /// Bytes that could not be read, where their number is known.
    pub fn lost_bytes(&self) -> u64 {
        self.unread.load(Ordering::Relaxed)
    }
}

/// A sink that is counted.
pub(crate) struct Watched<'p, S> {
    sink: S,
    progress: &'p Progress,
}

impl<'p, S: Sink> Watched<'p, S> {
    pub(crate) fn new(sink: S, progress: &'p Progress) -> Self {
        Watched { sink, progress }
    }
}

impl<S: Sink> Sink for Watched<'_, S> {
    fn begin(&mut self, source: &SourceName) {
        self.progress.begun.fetch_add(1, Ordering::Release);
        self.sink.begin(source);
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        let lines = memchr::memchr_iter(b'\n', chunk.bytes).count();
        self.sink.text(chunk);
        self.progress.lines.fetch_add(lines as u64, Ordering::Relaxed);
        self.progress.bytes.fetch_add(chunk.bytes.len() as u64, Ordering::Relaxed);
    }

    fn end(&mut self, totals: &Totals) {
        self.sink.end(totals);
        self.progress.losses.fetch_add(totals.losses, Ordering::Relaxed);
        let unread = totals.lost.iter().filter_map(|loss| loss.unread).fold(0, u64::saturating_add);
        self.progress.unread.fetch_add(unread, Ordering::Relaxed);
        self.progress.ended.fetch_add(1, Ordering::Release);
    }

    fn stopped(&self) -> bool {
        self.sink.stopped()
    }
}
