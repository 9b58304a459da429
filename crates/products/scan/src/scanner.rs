//! One text through the scanner: chunks in, findings out.
//!
//! ```text
//! chunk ─▶ sieve ─▶ line ─▶ detector ─▶ hits ─▶ format: fields ─▶ attempt ─▶ finding
//!          16 GB/s  only those that matter      only lines that hit
//! ```
//! Nothing is allocated for a line without a hit. Nothing fails: a line that the format cannot read is text.

use crate::attempt;
use crate::finding;
use crate::sieve::{Sieve, Then};
use crate::trail::TrailReader;
use onehop_detect::{Detector, Hit};
use onehop_input::{Chunk, InputError, Sink, SourceName, Totals};
use onehop_logs::{Format, Layout, Record};
use onehop_report::Finding;

/// Bytes of a text from which its format is recognised.
pub(crate) const SAMPLE_BYTES: usize = 64 << 10;
/// Bytes of a very long line that are looked at again with its next piece, so that nothing is lost at the cut.
const OVERLAP_BYTES: usize = 4 << 10;

/// What a scanner hands over.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// Something found.
    Finding(Box<Finding>),
    /// What a CloudTrail record says that may matter. The rules over all of them are in [`crate::run()`].
    Trail(Box<onehop_trail::Facts>),
    /// A text begins.
    Began {
        /// Its name.
        name: SourceName,
        /// Whether it goes on where the one before it ended.
        is_part: bool,
    },
    /// A text has ended.
    Ended(Box<Ended>),
    /// A source could not be read at all: which, and why.
    Lost(String),
}

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its name.
    pub name: SourceName,
    /// Its format.
    pub format: Format,
    /// Lines, the last one counted with or without a line end.
    pub lines: u64,
    /// Lines that the sieve let through.
    pub looked_at: u64,
    /// What became of CloudTrail records.
    pub records: onehop_trail::Tally,
    /// What was read and what was lost.
    pub totals: Totals,
}

impl Ended {
    /// Adds the part that follows.
    pub(crate) fn join(&mut self, next: &Ended) {
        self.lines += next.lines;
        self.looked_at += next.looked_at;
        self.records.add(&next.records);
        self.totals.bytes_in += next.totals.bytes_in;
        self.totals.bytes_out += next.totals.bytes_out;
        self.totals.losses += next.totals.losses;
        self.totals.lost.extend(next.totals.lost.iter().cloned());
    }
}

/// A very long line that comes in pieces.
#[derive(Debug, Default)]
struct Pieces {
    /// Whether the present text is such a line.
    is_one: bool,
    /// The end of the piece before.
    overlap: Vec<u8>,
    /// Where the findings stand that were told with an earlier piece, as far as they are looked at again.
    told: Vec<u64>,
}

/// Scans texts, one after the other.
pub struct Scanner<F> {
    sieve: Sieve,
    detector: Detector,
    hits: Vec<Hit>,
    forced: Option<Layout>,
    layout: Option<Layout>,
    is_part: bool,
    name: SourceName,
    lines: u64,
    ends_line: bool,
    looked_at: u64,
    pieces: Pieces,
    trail: TrailReader,
    stopped: bool,
    out: F,
}

impl<F: FnMut(Event) -> bool> Scanner<F> {
    /// A scanner that reads every text by this layout, or by the one it recognises. `false` from `out` ends it.
    pub fn new(layout: Option<Layout>, out: F) -> Self {
        Scanner {
            sieve: Sieve::new(),
            detector: Detector::new(),
            hits: Vec::new(),
            forced: layout,
            layout: None,
            is_part: false,
            name: SourceName::new(b""),
            lines: 0,
            ends_line: true,
            looked_at: 0,
            pieces: Pieces::default(),
            trail: TrailReader::default(),
            stopped: false,
            out,
        }
    }

    /// The same, taking off deep encodings as well or not.
    #[must_use]
    pub fn deep(self, _is_deep: bool) -> Self {
        self
    }

    /// Says whether its text goes on where another one ended.
    #[must_use]
    pub fn part(mut self, is_part: bool) -> Self {
        self.is_part = is_part;
        self
    }

    /// Tells that a source could not be read.
    pub fn lost(&mut self, source: &SourceName, error: &InputError) {
        self.stopped |= !(self.out)(Event::Lost(format!("`{source}`: {error}")));
    }

    /// Scans whole lines that begin at `offset` in the text.
    fn scan(&mut self, text: &[u8], offset: u64) {
        let Scanner { sieve, detector, hits, layout, name, lines, looked_at, pieces, stopped, out, .. } =
            self;
        let Some(layout) = layout else { return };
        let mut record = Record::default();
        let (mut counted, mut line_number) = (0, *lines + 1);
        let ends = sieve.sift(text, |at| {
            let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |before| before + 1);
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
            let line = &text[start..end];
            *looked_at += 1;
            detector.detect(line, hits);
            if hits.is_empty() {
                return Then::From(end);
            }
            layout.read_or_text(line, &mut record);
            line_number += memchr::memchr_iter(b'\n', &text[counted..start]).count() as u64;
            counted = start;
            let place =
                finding::Line { name, number: line_number, offset: offset + start as u64, bytes: line };
            // The end of a piece is looked at twice, and what stands there is told once.
            hits.retain(|hit| !pieces.told.contains(&(place.offset + hit.place.start as u64)));
            if pieces.is_one {
                pieces.told.extend(hits.iter().map(|hit| place.offset + hit.place.start as u64));
            }
            for attempt in hits.drain(..).filter_map(|hit| attempt::judge(hit, &record)) {
                let finding = finding::of(&attempt, &record, layout.format(), &place);
                *stopped |= !out(Event::Finding(Box::new(finding)));
            }
            if *stopped { Then::Stop } else { Then::From(end) }
        });
        *lines += ends as u64;
    }

    /// Scans a piece of a line with the end of the piece before it.
    fn scan_piece(&mut self, chunk: Chunk<'_>) {
        let mut joined = std::mem::take(&mut self.pieces.overlap);
        let offset = chunk.offset - joined.len() as u64;
        joined.extend_from_slice(chunk.bytes);
        self.pieces.is_one = true;
        self.scan(&joined, offset);
        if chunk.ends_line {
            self.pieces = Pieces::default();
            return;
        }
        joined.drain(..joined.len().saturating_sub(OVERLAP_BYTES));
        let kept = chunk.offset + chunk.bytes.len() as u64 - joined.len() as u64;
        self.pieces.told.retain(|at| *at >= kept);
        self.pieces.overlap = joined;
    }
}

impl<F: FnMut(Event) -> bool> Sink for Scanner<F> {
    fn begin(&mut self, source: &SourceName) {
        self.name = source.clone();
        self.layout.clone_from(&self.forced);
        (self.lines, self.looked_at, self.ends_line) = (0, 0, true);
        self.pieces = Pieces::default();
        self.trail = TrailReader::default();
        self.stopped |= !(self.out)(Event::Began { name: source.clone(), is_part: self.is_part });
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        self.ends_line = chunk.bytes.ends_with(b"\n");
        let sample = &chunk.bytes[..chunk.bytes.len().min(SAMPLE_BYTES)];
        let layout = self.layout.get_or_insert_with(|| Layout::recognise(sample));
        if layout.format() == Format::CloudTrail {
            self.lines += memchr::memchr_iter(b'\n', chunk.bytes).count() as u64;
            let Scanner { trail, stopped, out, .. } = self;
            trail.feed(chunk.offset, chunk.bytes, &mut |facts| {
                *stopped |= !out(Event::Trail(Box::new(facts)));
            });
        } else if chunk.is_continuation || !chunk.ends_line {
            self.scan_piece(chunk);
        } else {
            self.scan(chunk.bytes, chunk.offset);
        }
    }

    fn end(&mut self, totals: &Totals) {
        self.trail.end();
        let ended = Ended {
            name: self.name.clone(),
            format: self.layout.as_ref().map_or(Format::Text, Layout::format),
            lines: self.lines + u64::from(!self.ends_line),
            looked_at: self.looked_at,
            records: self.trail.tally,
            totals: totals.clone(),
        };
        self.stopped |= !(self.out)(Event::Ended(Box::new(ended)));
    }

    fn stopped(&self) -> bool {
        self.stopped
    }
}

#[cfg(test)]
mod tests;
