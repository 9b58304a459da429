//! Cuts records out of a text that comes in chunks, and hands over what they say.
//!
//! ```text
//! chunk ─▶ carry + chunk ─▶ complete records ─▶ facts ──▶ (in one place for all texts) Trail
//!             ▲─── the record that is not complete yet
//! ```
//! Nothing fails: what is no record is counted and passed over. At most [`RECORD_MAX_BYTES`] are carried.

use crate::facts::Facts;
use crate::records::{RECORD_MAX_BYTES, records};
use crate::trail::{Tally, read_record};

/// Cuts records out of the chunks of one text.
#[derive(Debug, Default)]
pub struct TrailReader {
    /// The beginning of a record that is not complete yet.
    carry: Vec<u8>,
    facts: Vec<Facts>,
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
            joined = Vec::new();
            self.tally.incomplete += 1;
        }
        self.carry = joined;
    }

    /// The text has ended.
    pub fn end(&mut self) {
        self.tally.incomplete += u64::from(!self.carry.is_empty());
        self.carry = Vec::new();
    }

    /// Reads complete records; returns where the one begins that is not.
    fn read(&mut self, offset: u64, bytes: &[u8], out: &mut impl FnMut(Facts)) -> usize {
        for record in records(bytes) {
            if !record.complete && record.offset + record.bytes.len() == bytes.len() {
                return record.offset;
            }
            self.tally.add(&read_record(0, &record, &mut self.facts));
            for mut facts in self.facts.drain(..) {
                facts.place.offset = facts.place.offset.saturating_add(offset);
                out(facts);
            }
        }
        bytes.len()
    }
}

#[cfg(test)]
mod tests;
