//! Splits text into records without parsing them. Total on any bytes, linear, and without memory of its own.
//!
//! ```text
//! {"Records":[{…},{…}]}         a log file               ─▶ every object of the list
//! {"Events":[{…},{…}]}          `aws cloudtrail lookup-events`  likewise
//! [{…},{…}]  {…}{…}  {…}\n{…}   lists, streams, lines    ─▶ every outermost object
//! 2026-01-01T00:00:00Z {…}      an export of a log group ─▶ the object; what stands before it is passed over
//! ```
//! Braces outside strings are counted, 64 bytes at a time: one bit a byte says what it is, and blocks in which no record
//! can begin or end are passed with two population counts.
//!
//! # Failure
//! A record that breaks off (the text ends, a string runs into the end of its line, or the record is larger than
//! [`RECORD_MAX_BYTES`]) is yielded with `complete` unset; reading goes on behind it. After a break the depth is not
//! known, so inner objects may be yielded as if they were records until the braces are even again.

mod block;

use block::Reader;

/// No record is larger: CloudTrail's own bound is 1 MiB, and what wraps many records (a batch of a log group) stays below.
pub const RECORD_MAX_BYTES: usize = 8 << 20;

/// Keys whose list is entered when they come first in an outermost object.
const LISTS: [&[u8]; 2] = [b"\"Records\"", b"\"Events\""];

/// The bytes of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordSlice<'a> {
    /// Where it begins, in bytes from the start of the text.
    pub offset: usize,
    /// From its opening to its closing brace.
    pub bytes: &'a [u8],
    /// Whether the closing brace was found.
    pub complete: bool,
}

/// The records of `text`, in order, not overlapping.
pub fn records(text: &[u8]) -> Records<'_> {
    Records {
        text,
        reader: Reader::default(),
        next_block: 0,
        base: 0,
        events: Events::default(),
        depth: Depth::default(),
    }
}

/// See [`records`].
#[derive(Clone, Debug)]
pub struct Records<'a> {
    text: &'a [u8],
    reader: Reader,
    next_block: usize,
    base: usize,
    events: Events,
    depth: Depth,
}

/// What is left of the current block: bits of braces outside strings, and of ends of line inside them.
#[derive(Clone, Copy, Debug, Default)]
struct Events {
    left: u64,
    open: u64,
    broken: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Depth {
    now: usize,
    /// The depth around records: 1 inside a list that an object wraps, else 0.
    floor: usize,
    start: Option<usize>,
}

impl<'a> Iterator for Records<'a> {
    type Item = RecordSlice<'a>;

    fn next(&mut self) -> Option<RecordSlice<'a>> {
        loop {
            while self.events.left != 0 {
                let bit = self.events.left & self.events.left.wrapping_neg();
                self.events.left ^= bit;
                let at = self.base + bit.trailing_zeros() as usize;
                if let Some(record) = self.step(bit, at) {
                    return Some(record);
                }
            }
            if self.next_block >= self.text.len() {
                let start = self.depth.start.take()?;
                return self.slice(start, self.text.len(), false);
            }
            if let Some(record) = self.advance() {
                return Some(record);
            }
        }
    }
}

impl<'a> Records<'a> {
    /// Reads the next block; yields a record that has become too large.
    fn advance(&mut self) -> Option<RecordSlice<'a>> {
        self.base = self.next_block;
        let rest = self.text.get(self.base..).unwrap_or_default();
        let marks = match rest.first_chunk() {
            Some(block) => self.reader.read(block),
            None => self.reader.read(&block::padded(rest)),
        };
        self.next_block = self.base + block::BYTES;
        let closes = marks.close.count_ones() as usize;
        if marks.broken == 0 && self.depth.now > self.depth.floor + closes {
            self.depth.now = self.depth.now + marks.open.count_ones() as usize - closes;
        } else {
            let left = marks.open | marks.close | marks.broken;
            self.events = Events { left, open: marks.open, broken: marks.broken };
        }
        match self.depth.start {
            Some(start) if self.base - start > RECORD_MAX_BYTES => {
                self.depth = Depth::default();
                self.slice(start, self.base, false)
            }
            _ => None,
        }
    }

    fn step(&mut self, bit: u64, at: usize) -> Option<RecordSlice<'a>> {
        if self.events.broken & bit != 0 {
            let start = self.depth.start;
            self.depth = Depth::default();
            return start.and_then(|start| self.slice(start, at, false));
        }
        if self.events.open & bit != 0 {
            self.open(at);
            return None;
        }
        self.depth.now = self.depth.now.saturating_sub(1);
        if self.depth.now < self.depth.floor {
            self.depth.floor = 0;
        }
        if self.depth.now == self.depth.floor {
            let start = self.depth.start.take()?;
            return self.slice(start, at + 1, true);
        }
        None
    }

    fn open(&mut self, at: usize) {
        if self.depth.now == 0 && wraps_list(self.text.get(at + 1..).unwrap_or_default()) {
            self.depth.floor = 1;
        } else if self.depth.now == self.depth.floor {
            self.depth.start = Some(at);
        }
        self.depth.now += 1;
    }

    fn slice(&self, start: usize, end: usize, complete: bool) -> Option<RecordSlice<'a>> {
        let bytes = self.text.get(start..end)?;
        Some(RecordSlice { offset: start, bytes, complete })
    }
}

/// Whether an object that goes on like this wraps a list of records.
fn wraps_list(inside: &[u8]) -> bool {
    let inside = inside.trim_ascii_start();
    LISTS.iter().find_map(|key| inside.strip_prefix(*key)).is_some_and(|rest| {
        let value = rest.trim_ascii_start().strip_prefix(b":");
        value.is_some_and(|value| value.trim_ascii_start().starts_with(b"["))
    })
}

#[cfg(test)]
mod tests;
