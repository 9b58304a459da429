//! A large plain file: read or mapped, whichever is faster.
//!
//! ```text
//! 4 MiB read ─▶ 4 MiB mapped ─▶ … three times each ─▶ the rest in the way that took less time for a byte
//! ```
//! Which one that is depends on how the page cache holds the file, which nothing tells. A file that was written in large
//! pieces lies in it in large pieces too, and a mapping costs a fifth of a copy. A log that was written line by line lies
//! there page by page; setting up a mapping and taking it down for each of them costs twice as much as a copy.
//!
//! Nothing fails: a stretch ends early where something is unusual, a line that is too long or a file that shrinks, and the
//! usual reader meets that again and tells.

use std::{
    fs::File,
    os::unix::fs::FileExt as _,
    time::{Duration, Instant},
};

use crate::{
    meter::Meter,
    sink::{Chunk, Sink},
    window::{self, Window},
};

/// Smallest stretch that is worth a trial.
const TRIED_MIN_BYTES: u64 = 64 << 20;
/// Bytes of one turn of the trial.
const TURN_BYTES: u64 = 4 << 20;
/// Turns of each way in the trial: the best one counts, since anything may happen in between.
const TURNS: u32 = 3;
/// Bytes of a file that are mapped at a time.
const WINDOW_BYTES: usize = 8 << 20;

/// A part of a regular file that holds plain text.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) file: &'a File,
    /// Where it begins in the file.
    pub(crate) start: u64,
    pub(crate) length: u64,
}

impl Stretch<'_> {
    /// Hands over whole lines from the beginning on. How many bytes that were; the rest is to be read in the usual way.
    pub(crate) fn whole_lines(self, meter: &Meter<'_>, sink: &mut dyn Sink) -> u64 {
        if self.length < TRIED_MIN_BYTES {
            return 0;
        }
        let mut walk = Walk { stretch: self, max_line: meter.options.max_line_bytes, sink, seen: 0 };
        let mut buffer = meter.buffer();
        let (mut by_reading, mut by_mapping) = (Duration::MAX, Duration::MAX);
        for _ in 0..TURNS {
            by_reading = by_reading.min(walk.timed(|walk| walk.read(TURN_BYTES, &mut buffer)));
            by_mapping = by_mapping.min(walk.timed(|walk| walk.map(TURN_BYTES)));
        }
        meter.keep(buffer);
        if by_mapping < by_reading {
            walk.map(u64::MAX);
        }
        walk.seen
    }
}

/// The walk through a stretch.
struct Walk<'w> {
    stretch: Stretch<'w>,
    max_line: usize,
    sink: &'w mut dyn Sink,
    /// Bytes handed over.
    seen: u64,
}

impl Walk<'_> {
    /// The time that a turn takes, as long as it does what it should.
    fn timed(&mut self, turn: impl FnOnce(&mut Self)) -> Duration {
        let (start, seen) = (Instant::now(), self.seen);
        turn(self);
        if self.seen - seen < TURN_BYTES / 2 { Duration::MAX } else { start.elapsed() }
    }

    fn left(&self) -> u64 {
        self.stretch.length - self.seen
    }

    /// Hands over whole lines of about so many bytes, read piece by piece.
    fn read(&mut self, bytes: u64, buffer: &mut [u8]) {
        let end = self.seen.saturating_add(bytes).min(self.stretch.length);
        while self.seen < end && !self.sink.stopped() {
            let size = usize::try_from(self.left()).unwrap_or(usize::MAX).min(buffer.len());
            let Ok(read) = self.stretch.file.read_at(&mut buffer[..size], self.stretch.start + self.seen)
            else {
                return;
            };
            if self.lines_of(&buffer[..read], |_| true) == 0 {
                return;
            }
        }
    }

    /// Hands over whole lines of about so many bytes where they lie.
    fn map(&mut self, bytes: u64) {
        let end = self.seen.saturating_add(bytes).min(self.stretch.length);
        while self.seen < end && !self.sink.stopped() {
            let size = usize::try_from(end - self.seen).unwrap_or(usize::MAX).min(WINDOW_BYTES);
            let window = Window::open(self.stretch.file, self.stretch.start + self.seen, size);
            let Some(window) = window else { return };
            let file = self.stretch.file;
            let is_there = |end| window::reaches(file, end).unwrap_or(false);
            if self.lines_of(window.bytes(), is_there) == 0 || window.is_torn() {
                return;
            }
        }
    }

    /// Hands over whole lines of what comes next: not the last one if it is cut, and none from a line on that is too long.
    /// How many bytes that were. `is_there` says whether the file still reaches up to some place.
    fn lines_of(&mut self, bytes: &[u8], is_there: impl Fn(u64) -> bool) -> usize {
        let is_last = bytes.len() as u64 == self.left();
        let mut from = 0;
        while from < bytes.len() && !self.sink.stopped() {
            let near = &bytes[from..bytes.len().min(from.saturating_add(self.max_line))];
            if !is_there(self.stretch.start + self.seen + near.len() as u64) {
                break;
            }
            let length = match memchr::memrchr(b'\n', near) {
                Some(end) => end + 1,
                None if is_last && from + near.len() == bytes.len() => near.len(),
                None => break,
            };
            let chunk =
                Chunk { bytes: &near[..length], offset: self.seen, is_continuation: false, ends_line: true };
            self.sink.text(chunk);
            from += length;
            self.seen += length as u64;
        }
        from
    }
}
