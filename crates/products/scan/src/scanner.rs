//! One text through the scanner: chunks in, findings out.
//!
//! ```text
//! chunk ─▶ sieve ─▶ word ─▶ does it hold anything? ─▶ line ─▶ detector ─▶ hits ─▶ format: fields ─▶ attempt ─▶ finding
//!          20 GB/s  only those that matter            only lines that seem to hit
//!       ─▶ (asked for) deep: what is packed ─▶ hits, taken along with their lines
//! ```
//! Nothing is allocated for a line without a hit. Nothing fails: a line that the format cannot read is text.

use crate::deep::Deep;
use crate::finding;
use crate::look::{Look, Promise};
use crate::sieve::{Sieve, Then};
use onehop_detect::Hit;
use onehop_input::{Chunk, InputError, Sink, SourceName, Totals};
use onehop_logs::{Format, Layout};
use onehop_report::Finding;
use onehop_trail::TrailReader;
use std::iter::Peekable;
use std::ops::Range;

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

/// What was packed in a text, in the order of its places.
type Packed = Peekable<std::vec::IntoIter<Hit>>;

/// Whole lines, and how far their ends are counted.
struct Lines<'a> {
    text: &'a [u8],
    /// Where they begin in their text.
    offset: u64,
    layout: &'a Layout,
    counted: usize,
    /// The number of the line at `counted`.
    number: u64,
}

impl Lines<'_> {
    /// The number of the line that begins here; lines are asked for in their order.
    fn number_at(&mut self, start: usize) -> u64 {
        self.number += memchr::memchr_iter(b'\n', &self.text[self.counted..start]).count() as u64;
        self.counted = start;
        self.number
    }
}

/// The line around a place, without its end.
fn line_around(text: &[u8], at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |before| before + 1);
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
    start..end
}

/// The word around a place of a line: between spaces.
fn word_around(text: &[u8], line: &Range<usize>, at: usize) -> Range<usize> {
    let start =
        memchr::memrchr(b' ', &text[line.start..at]).map_or(line.start, |space| line.start + space + 1);
    let end = memchr::memchr(b' ', &text[at..line.end]).map_or(line.end, |length| at + length);
    start..end
}

/// Scans texts, one after the other.
pub struct Scanner<F> {
    sieve: Sieve,
    look: Look,
    deep: Option<Deep>,
    forced: Option<Layout>,
    layout: Option<Layout>,
    is_part: bool,
    name: SourceName,
    lines: u64,
    ends_line: bool,
    looked_at: u64,
    pieces: Pieces,
    trail: TrailReader,
    /// The line that is looked at.
    copy: Vec<u8>,
    stopped: bool,
    out: F,
}

impl<F: FnMut(Event) -> bool> Scanner<F> {
    /// A scanner that reads every text by this layout, or by the one it recognises. `false` from `out` ends it.
    pub fn new(layout: Option<Layout>, out: F) -> Self {
        Scanner {
            sieve: Sieve::new(),
            look: Look::default(),
            deep: None,
            forced: layout,
            layout: None,
            is_part: false,
            name: SourceName::new(b""),
            lines: 0,
            ends_line: true,
            looked_at: 0,
            pieces: Pieces::default(),
            trail: TrailReader::default(),
            copy: Vec::new(),
            stopped: false,
            out,
        }
    }

    /// The same, taking off deep encodings as well or not.
    #[must_use]
    pub fn deep(mut self, is_deep: bool) -> Self {
        self.deep = is_deep.then(Deep::default);
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

    /// Scans whole lines that begin at `offset` in the text, each by the header lines before it.
    fn scan_lines(&mut self, text: &[u8], offset: u64) {
        let (mut from, mut at) = (0, 0);
        while let Some(layout) = &mut self.layout
            && let Some(start) = layout.next_header(text, at)
        {
            let header = line_around(text, start);
            at = text.len().min(header.end + 1);
            let mut next = layout.clone();
            if next.header(&text[header]) && next != *layout {
                self.scan(&text[from..start], offset + from as u64);
                self.layout = Some(next);
                from = start;
            }
        }
        self.scan(&text[from..], offset + from as u64);
    }

    /// Scans whole lines of one layout.
    fn scan(&mut self, text: &[u8], offset: u64) {
        let Some(layout) = self.layout.take() else { return };
        let mut sieve = std::mem::take(&mut self.sieve);
        let deep = self.deep.as_mut().map(|deep| deep.find(text, &mut sieve, &mut self.look.detector));
        let mut packed = deep.unwrap_or_default().into_iter().peekable();
        let mut chunk = Lines { text, offset, layout: &layout, counted: 0, number: self.lines + 1 };
        // The present line, and what its words up to here promise.
        let (mut line, mut promised) = (0..0, Promise::Nothing);
        let ends = sieve.sift(text, |at| {
            if at >= line.end {
                self.line(&mut chunk, line.clone(), std::mem::take(&mut promised), &mut packed);
                if self.stopped {
                    return Then::Stop;
                }
                line = line_around(text, at);
                self.looked_at += 1;
            }
            let word = word_around(text, &line, at);
            promised = promised.max(self.promise(&text[word.clone()]));
            // Whatever else there is: the whole line is searched.
            Then::From(if promised == Promise::Hit { line.end } else { word.end })
        });
        if !self.stopped {
            self.line(&mut chunk, line, promised, &mut packed);
            self.lines_before(&mut chunk, usize::MAX, &mut packed);
        }
        self.lines += ends as u64;
        (self.layout, self.sieve) = (Some(layout), sieve);
    }

    /// What a word promises that has a place that matters.
    fn promise(&mut self, word: &[u8]) -> Promise {
        // The text may lie in a file that somebody writes to: whatever is read of it from here on stays as it is.
        self.copy.clear();
        self.copy.extend_from_slice(word);
        self.look.promise(&self.copy)
    }

    /// Looks at a line that matters, with what was packed in it, and before that at what was packed in the lines up to it.
    fn line(&mut self, chunk: &mut Lines<'_>, line: Range<usize>, promise: Promise, packed: &mut Packed) {
        self.lines_before(chunk, line.start, packed);
        let here: Vec<Hit> =
            std::iter::from_fn(|| packed.next_if(|hit| hit.place.start < line.end)).collect();
        if promise != Promise::Nothing || !here.is_empty() {
            self.line_with(chunk, line, promise, here);
        }
    }

    /// Looks at what was packed in lines that end before this place and do not matter by themselves.
    fn lines_before(&mut self, chunk: &mut Lines<'_>, end: usize, packed: &mut Packed) {
        while !self.stopped
            && let Some(hit) = packed.next_if(|hit| hit.place.start < end)
        {
            self.line_with(chunk, line_around(chunk.text, hit.place.start), Promise::Nothing, vec![hit]);
        }
    }

    /// Looks at a line, and tells what it holds and what was packed in it.
    fn line_with(&mut self, chunk: &mut Lines<'_>, line: Range<usize>, promise: Promise, packed: Vec<Hit>) {
        let Scanner { look, name, pieces, stopped, out, copy, .. } = self;
        let packed = packed.into_iter().map(|mut hit| {
            hit.place = hit.place.start - line.start..hit.place.end - line.start;
            hit
        });
        copy.clear();
        copy.extend_from_slice(&chunk.text[line.clone()]);
        let bytes = &copy[..];
        let Some(seen) = look.at(bytes, chunk.layout, promise, packed) else { return };
        let place = finding::Line {
            name,
            number: chunk.number_at(line.start),
            offset: chunk.offset + line.start as u64,
            bytes,
        };
        for attempt in seen.attempts {
            // The end of a piece is looked at twice, and what stands there is told once.
            let at = place.offset + attempt.hit.place.start as u64;
            if pieces.told.contains(&at) {
                continue;
            }
            if pieces.is_one {
                pieces.told.push(at);
            }
            let finding = finding::of(&attempt, &seen.record, seen.format, &place);
            *stopped |= !out(Event::Finding(Box::new(finding)));
        }
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
            let Scanner { trail, stopped, out, .. } = self;
            trail.feed(chunk.offset, chunk.bytes, &mut |facts| {
                *stopped |= !out(Event::Trail(Box::new(facts)));
            });
        } else if chunk.is_continuation || !chunk.ends_line {
            self.scan_piece(chunk);
        } else {
            self.scan_lines(chunk.bytes, chunk.offset);
        }
    }

    fn end(&mut self, totals: &Totals) {
        self.trail.end();
        self.lines += self.trail.lines();
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
