//! One direction of a TCP connection, in order.
//!
//! ```text
//! told │ here: told at once │ hole │ ahead: waits for the hole, within a bound
//!      next
//! ```
//! What comes twice is told once, the first wins. A hole that stays open, because the capture lost a packet or cut it, is
//! told as a gap of so many bytes. A number far away begins the stream anew behind a gap of unknown length.

use std::collections::BTreeMap;

/// Bytes that wait for a hole.
const WAITING_MAX_BYTES: usize = 256 << 10;
/// Segments that wait for a hole.
const WAITING_MAX: usize = 128;
/// A hole larger than any window in use.
const HOLE_MAX_BYTES: u32 = 16 << 20;

/// What follows in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Bytes(&'a [u8]),
    /// So many bytes are not there.
    Gap(u64),
}

/// A direction of a connection.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// The number of the next byte; none before the first segment.
    next: Option<u32>,
    /// Where that is in the stream.
    at: u64,
    waiting: BTreeMap<u64, Vec<u8>>,
    waiting_bytes: usize,
}

impl Stream {
    /// The number of its first byte is known.
    pub(crate) fn begin(&mut self, next: u32) {
        self.next = Some(next);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.next.is_some()
    }

    /// Bytes that wait.
    pub(crate) fn held(&self) -> usize {
        self.waiting_bytes
    }

    /// Takes a segment.
    pub(crate) fn offer(&mut self, sequence: u32, payload: &[u8], take: &mut dyn FnMut(Piece<'_>)) {
        let next = *self.next.get_or_insert(sequence);
        let ahead = sequence.wrapping_sub(next);
        let behind = next.wrapping_sub(sequence);
        if ahead.min(behind) > HOLE_MAX_BYTES {
            self.flush(take);
            take(Piece::Gap(0));
            self.next = Some(sequence);
            return self.tell(payload, take);
        }
        if behind <= HOLE_MAX_BYTES {
            if let Some(fresh) = payload.get(behind as usize..).filter(|fresh| !fresh.is_empty()) {
                self.tell(fresh, take);
            }
        } else {
            self.hold(self.at + u64::from(ahead), payload);
        }
        self.close(take);
        while self.waiting_bytes > WAITING_MAX_BYTES || self.waiting.len() > WAITING_MAX {
            self.leap(take);
        }
    }

    /// So many bytes that follow were sent and not recorded.
    pub(crate) fn miss(&mut self, bytes: usize, take: &mut dyn FnMut(Piece<'_>)) {
        // Later segments may be here already; then the hole is known by itself.
        if self.waiting.is_empty() && bytes > 0 {
            take(Piece::Gap(bytes as u64));
            self.advance(bytes);
        }
    }

    /// Nothing more comes: tells what waits.
    pub(crate) fn flush(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        while !self.waiting.is_empty() {
            self.leap(take);
        }
    }

    fn hold(&mut self, at: u64, payload: &[u8]) {
        let known = self.waiting.entry(at).or_default();
        if known.len() < payload.len() {
            self.waiting_bytes += payload.len() - known.len();
            *known = payload.to_vec();
        }
    }

    fn tell(&mut self, bytes: &[u8], take: &mut dyn FnMut(Piece<'_>)) {
        take(Piece::Bytes(bytes));
        self.advance(bytes.len());
    }

    fn advance(&mut self, bytes: usize) {
        self.at += bytes as u64;
        // A segment is far shorter than the numbers are long.
        let step = u32::try_from(bytes).unwrap_or(0);
        self.next = self.next.map(|next| next.wrapping_add(step));
    }

    /// Tells what waits and is next.
    fn close(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        while let Some(entry) = self.waiting.first_entry()
            && *entry.key() <= self.at
        {
            let (at, bytes) = entry.remove_entry();
            self.waiting_bytes -= bytes.len();
            let known = usize::try_from(self.at - at).unwrap_or(usize::MAX);
            if let Some(fresh) = bytes.get(known..).filter(|fresh| !fresh.is_empty()) {
                self.tell(fresh, take);
            }
        }
    }

    /// Goes on behind the hole.
    fn leap(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        if let Some((&at, _)) = self.waiting.first_key_value() {
            let hole = at.saturating_sub(self.at);
            if hole > 0 {
                take(Piece::Gap(hole));
                self.advance(usize::try_from(hole).unwrap_or(0));
            }
        }
        self.close(take);
    }
}

#[cfg(test)]
mod tests;
