//! Cuts a stream of bytes at line ends.
//!
//! ```text
//! buffer  │ handed over already │ pending: no line end in it │ room │
//!                               start                        end
//! ```
//! Bytes are read behind `end`. The last line end among them closes a chunk, which goes to the sink as a slice of the
//! buffer; the rest of a line moves to the front. Every byte is searched once and moved at most once for each chunk,
//! whatever the sizes of the reads. A line longer than the buffer makes it grow up to the longest line that is handed
//! over whole; then pieces of it are, cut where no word of a URL is cut if that can be.

use std::io::{self, Read};

use memchr::{memrchr, memrchr3};

use crate::{
    options::Options,
    sink::{Chunk, Sink},
};

/// How far back from the end of a piece a better place to cut is looked for.
const SEARCH_BACK_BYTES: usize = 16 << 10;

pub(crate) struct Text {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Where `start` is in the text.
    offset: u64,
    /// What is pending continues a line that was handed over in part.
    continues: bool,
    max_line: usize,
    step: usize,
}

impl Text {
    /// An empty text, to be read through this buffer.
    pub(crate) fn new(options: &Options, buffer: Vec<u8>) -> Self {
        let step = buffer.len().max(1);
        let max_line = options.max_line_bytes.max(1);
        Self { buffer, start: 0, end: 0, offset: 0, continues: false, max_line, step }
    }

    /// Takes what is already in the buffer as the bytes at `offset`, where a line begins.
    pub(crate) fn begin(&mut self, offset: u64, start: usize, end: usize, sink: &mut dyn Sink) {
        (self.offset, self.start, self.end) = (offset, start, end);
        self.cut(start, sink);
    }

    /// Reads once. 0 is the end of the input.
    pub(crate) fn fill(&mut self, input: &mut dyn Read, sink: &mut dyn Sink) -> io::Result<usize> {
        self.make_room();
        let limit = self.buffer.len().min(self.end + self.step);
        let read = input.read(&mut self.buffer[self.end..limit])?;
        let from = self.end;
        self.end += read;
        self.cut(from, sink);
        Ok(read)
    }

    /// Takes bytes from elsewhere.
    pub(crate) fn push(&mut self, mut bytes: &[u8], sink: &mut dyn Sink) {
        while !bytes.is_empty() && !sink.stopped() {
            // Reading from a slice cannot fail, and takes as much as there is room for.
            if !matches!(self.fill(&mut bytes, sink), Ok(1..)) {
                return;
            }
        }
    }

    /// Bytes handed over.
    pub(crate) fn bytes_out(&self) -> u64 {
        self.offset
    }

    /// Hands over what is left, unless the sink has had enough: a last line without a line end.
    pub(crate) fn flush(&mut self, sink: &mut dyn Sink) {
        self.pieces(sink);
        if self.start < self.end && !sink.stopped() {
            self.hand_over(self.end, true, sink);
        }
        (self.start, self.end) = (0, 0);
    }

    /// Gives the buffer back.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// Hands over what is complete; there is no line end in `start..from`.
    fn cut(&mut self, from: usize, sink: &mut dyn Sink) {
        if let Some(at) = memrchr(b'\n', &self.buffer[from..self.end]) {
            self.hand_over(from + at + 1, true, sink);
        } else {
            self.pieces(sink);
        }
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Hands over parts of a line that is too long, as long as the sink takes them.
    fn pieces(&mut self, sink: &mut dyn Sink) {
        while self.end - self.start > self.max_line && !sink.stopped() {
            self.piece(sink);
        }
    }

    /// Hands over the first part of a line that is too long.
    fn piece(&mut self, sink: &mut dyn Sink) {
        let longest = self.start + self.max_line;
        let back = longest - self.max_line.min(SEARCH_BACK_BYTES) / 2;
        let tail = &self.buffer[back..longest];
        let better = memrchr3(b' ', b'"', b'\t', tail).or_else(|| memrchr(b',', tail));
        self.hand_over(better.map_or(longest, |at| back + at + 1), false, sink);
    }

    fn hand_over(&mut self, end: usize, ends_line: bool, sink: &mut dyn Sink) {
        let bytes = &self.buffer[self.start..end];
        sink.text(Chunk { bytes, offset: self.offset, is_continuation: self.continues, ends_line });
        self.offset += bytes.len() as u64;
        self.start = end;
        self.continues = !ends_line;
    }

    fn make_room(&mut self) {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        // Half a step is room enough; less would make reads small.
        if self.buffer.len() - self.end < self.step.div_ceil(2) {
            let most = self.max_line + self.step;
            let size = (self.buffer.len() * 2).min(most).max(self.end + self.step.div_ceil(2));
            self.buffer.resize(size, 0);
        }
    }
}
