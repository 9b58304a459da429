//! Cuts records out of a text that comes in chunks, and hands over what they say.
//!
//! ```text
//! chunk ─▶ carry + chunk ─▶ complete records ─▶ facts ──▶ (in one place for all texts) Trail
//!             ▲─── the record that is not complete yet
//! ```
//! Nothing fails: what is no record is counted and passed over. At most [`RECORD_MAX_BYTES`] are carried.

use crate::facts::Facts;
use crate::records::{RECORD_MAX_BYTES, records};
use crate::trail::{Lines, Tally, read_record};

/// Cuts records out of the chunks of one text.
#[derive(Debug, Default)]
pub struct TrailReader {
    /// The beginning of a record that is not complete yet.
    carry: Vec<u8>,
    facts: Vec<Facts>,
    /// Ends of lines before what is carried.
    lines: u64,
    /// What became of the records.
    pub tally: Tally,
}

impl TrailReader {
    /// Reads a chunk that begins at `offset` of the text, and hands over what its records say.
    pub fn feed(&mut self, offset: u64, chunk: &[u8], out: &mut impl FnMut(Facts)) {
        if self.carry.is_empty() {
            let rest = self.read(offset, chunk, out);
            self.carry.extend_from_slice(&chunk[rest..]);
            return;
        }
        let mut joined = std::mem::take(&mut self.carry);
        let offset = offset.saturating_sub(joined.len() as u64);
        joined.extend_from_slice(chunk);
        let rest = self.read(offset, &joined, out);
        joined.drain(..rest);
        if joined.len() > RECORD_MAX_BYTES {
            self.lines += ends_of_lines(&joined);
            joined = Vec::new();
            self.tally.incomplete += 1;
        }
        self.carry = joined;
    }

    /// The text has ended.
    pub fn end(&mut self) {
        self.tally.incomplete += u64::from(!self.carry.is_empty());
        self.lines += ends_of_lines(&self.carry);
        self.carry = Vec::new();
    }

    /// Ends of lines in all that was read. Call [`TrailReader::end`] first.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Reads complete records; returns where the one begins that is not.
    fn read(&mut self, offset: u64, bytes: &[u8], out: &mut impl FnMut(Facts)) -> usize {
        let mut lines = Lines::behind(self.lines);
        let mut end = bytes.len();
        for record in records(bytes) {
            if !record.complete && record.offset + record.bytes.len() == bytes.len() {
                end = record.offset;
                break;
            }
            self.tally.add(&read_record(0, &record, &mut self.facts));
            for mut facts in self.facts.drain(..) {
                facts.place.line = lines.at(bytes, record.offset);
                facts.place.offset = facts.place.offset.saturating_add(offset);
                out(facts);
            }
        }
        self.lines = lines.at(bytes, end) - 1;
        end
    }
}

fn ends_of_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests;
