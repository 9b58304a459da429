//! A large plain file: read or mapped, whichever is faster.
//!
//! ```text
//! │ 2 MiB read │ 2 MiB mapped │ 8 MiB in the faster way │ read │ mapped │ as much as all before │ … 48 MiB at most
//! ```
//! Which one that is depends on how the page cache holds the file, which nothing tells. What was written or read ahead in
//! large pieces lies in it in large pieces too, and a mapping costs a tenth of a copy. A log that was written line by line
//! lies there page by page; setting up a mapping and taking it down for each of them costs as much as a copy or twice as
//! much. And it changes within a file: reading ahead begins with small pieces, and what is needed for other things is taken
//! away here and there. So the trial is made again and again.
//!
//! Nothing fails: a stretch ends early where something is unusual, a line that is too long or a file that shrinks, and the
//! usual reader meets that again and tells.

use std::{fs::File, os::unix::fs::FileExt as _, time::Instant};

use crate::{
    meter::Meter,
    sink::{Chunk, Sink},
    window::{self, Window},
};

/// Smallest stretch that is worth a trial.
const TRIED_MIN_BYTES: u64 = 16 << 20;
/// Bytes of one turn of the trial. The page cache has no larger pieces, and a mapping that begins and ends with them is
/// made piece by piece.
const TURN_BYTES: u64 = 2 << 20;
/// Bytes for which a trial holds: as many as were seen before it, but not fewer than these.
const HOLDS_MIN_BYTES: u64 = 4 * TURN_BYTES;
/// Nor more: in one moment of a busy machine either way may look like the slower one.
const HOLDS_MAX_BYTES: u64 = 24 * TURN_BYTES;
/// Turns of a file that are mapped at a time.
const WINDOW_TURNS: u64 = 4;

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
        let (mut buffer, mut pace) = (meter.buffer(), meter.pace.get());
        loop {
            let before = walk.seen;
            if pace.holds == 0 {
                pace.maps = walk.trial(&mut buffer);
                pace.holds = pace.seen.clamp(HOLDS_MIN_BYTES, HOLDS_MAX_BYTES);
            }
            let (start, end) = (walk.seen, walk.turns(pace.holds.div_ceil(TURN_BYTES)));
            if pace.maps {
                walk.map(end);
            } else {
                walk.read(end, &mut buffer);
            }
            pace.holds = pace.holds.saturating_sub(walk.seen - start);
            pace.seen += walk.seen - before;
            if walk.seen == before || walk.seen == self.length {
                break;
            }
        }
        meter.pace.set(pace);
        meter.keep(buffer);
        walk.seen
    }
}

/// Which way is faster, as far as a reader knows, from stretch to stretch.
#[derive(Clone, Copy, Default)]
pub(crate) struct Pace {
    maps: bool,
    /// Bytes for which that holds. 0 calls for a trial.
    holds: u64,
    /// Bytes that the reader has seen.
    seen: u64,
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
    /// Takes a turn in each way. Whether a mapping took less time; false if there was too little left for that.
    fn trial(&mut self, buffer: &mut [u8]) -> bool {
        let by_reading = self.timed(|walk| walk.read(walk.turns(1), buffer));
        let by_mapping = self.timed(|walk| walk.map(walk.turns(1)));
        by_mapping < by_reading
    }

    /// Picoseconds for a byte of a turn, as long as it does what it should.
    fn timed(&mut self, turn: impl FnOnce(&mut Self)) -> u128 {
        let (start, seen) = (Instant::now(), self.seen);
        turn(self);
        let bytes = self.seen - seen;
        if bytes < TURN_BYTES / 4 { u128::MAX } else { start.elapsed().as_nanos() * 1000 / u128::from(bytes) }
    }

    fn left(&self) -> u64 {
        self.stretch.length - self.seen
    }

    /// Where so many turns from about here end, in the stretch: where a piece of the page cache may.
    fn turns(&self, count: u64) -> u64 {
        let here = self.stretch.start + self.seen;
        let end = (here + TURN_BYTES / 2) / TURN_BYTES + count;
        end.saturating_mul(TURN_BYTES).saturating_sub(self.stretch.start).min(self.stretch.length)
    }

    /// Hands over the whole lines that end before `end`, read piece by piece.
    fn read(&mut self, end: u64, buffer: &mut [u8]) {
        let mut next = self.seen;
        while next < end && !self.sink.stopped() {
            let size = usize::try_from(end - self.seen).unwrap_or(usize::MAX).min(buffer.len());
            let Ok(read) = self.stretch.file.read_at(&mut buffer[..size], self.stretch.start + self.seen)
            else {
                return;
            };
            next = self.seen + read as u64;
            if self.lines_of(&buffer[..read], |_| true) == 0 {
                return;
            }
        }
    }

    /// Hands over the whole lines that end before `end` where they lie.
    fn map(&mut self, end: u64) {
        let mut next = self.seen;
        while next < end && !self.sink.stopped() {
            next = self.turns(WINDOW_TURNS).min(end);
            let size = usize::try_from(next - self.seen).unwrap_or(usize::MAX);
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
