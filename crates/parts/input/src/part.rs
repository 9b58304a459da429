//! A large plain file as parts that begin and end at line ends, to be read by several threads.
//!
//! ```text
//! a share of the size ─▶ a place in the middle ─▶ the next line end ─▶ where one part ends and the next begins
//! ```
//! Each part is a little smaller than the one before, so that threads which take them in their order end at about the same
//! time.
//!
//! What is no plain file, or has lines so long that no end is near, stays whole. Nothing fails here: what cannot be
//! looked at is left to the reader, which tells.

use crate::sink::{Chunk, Format, Sink, Totals};
use crate::sniff;
use crate::source::{Place, Source, SourceName};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Smallest part, in bytes, about: a smaller one costs more than it gains.
pub const PART_MIN_BYTES: u64 = 8 << 20;
/// How far from the middle a line end is looked for.
const NEAR_BYTES: usize = 1 << 20;

/// The parts of a source, at most `parts`, in their order; the source itself if it cannot be split. The number of each
/// is that of the source: number them again.
pub fn split(source: &Source, parts: u64) -> Vec<Source> {
    let whole = || vec![source.clone()];
    let Place::File(path) = &source.place else { return whole() };
    let Some((file, size)) = plain_file(path) else { return whole() };
    // The last one is half as large as they are on average.
    let parts = parts.min(size / (2 * PART_MIN_BYTES));
    let mut bounds = vec![0];
    for part in 1..parts {
        match line_end(&file, share(size, parts, part)) {
            Some(end) if end > *bounds.last().unwrap_or(&0) && end < size => bounds.push(end),
            _ => return whole(),
        }
    }
    bounds.push(size);
    if bounds.len() < 3 {
        return whole();
    }
    let place = |start: u64, end: u64| Place::Part { path: path.clone(), start, end };
    let part = |pair: &[u64]| Source {
        index: source.index,
        place: place(pair[0], pair[1]),
        size: Some(pair[1] - pair[0]),
    };
    bounds.windows(2).map(part).collect()
}

/// Where so many of the parts end, about: the first is half again as large as they are on average, the last half as large.
fn share(size: u64, parts: u64, count: u64) -> u64 {
    size / (2 * parts * parts) * (count * (3 * parts - count))
}

/// The first bytes of a file that is split, at most `bytes`. `None` if it cannot be read.
pub fn head(source: &Source, bytes: usize) -> Option<Vec<u8>> {
    let (Place::File(path) | Place::Part { path, .. }) = &source.place else { return None };
    let mut head = vec![0; bytes];
    let read = File::open(path).ok()?.read_at(&mut head, 0).ok()?;
    head.truncate(read);
    Some(head)
}

/// The file and its size, if it is a regular one that is large enough and holds text as it is.
fn plain_file(path: &Path) -> Option<(File, u64)> {
    let size = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
    if size < 4 * PART_MIN_BYTES {
        return None;
    }
    let file = File::open(path).ok()?;
    let mut head = vec![0; sniff::HEAD_BYTES];
    let read = file.read_at(&mut head, 0).ok()?;
    (sniff::format(&head[..read]) == Format::Plain).then_some((file, size))
}

/// Where the line ends that `from` is in.
fn line_end(file: &File, from: u64) -> Option<u64> {
    let mut block = vec![0; 64 << 10];
    let mut at = from;
    while at - from < NEAR_BYTES as u64 {
        let read = file.read_at(&mut block, at).ok().filter(|read| *read > 0)?;
        if let Some(end) = memchr::memchr(b'\n', &block[..read]) {
            return Some(at + end as u64 + 1);
        }
        at += read as u64;
    }
    None
}

/// A sink that is told places in the whole file.
pub(crate) struct Shifted<'s> {
    pub(crate) sink: &'s mut dyn Sink,
    pub(crate) by: u64,
}

impl Sink for Shifted<'_> {
    fn begin(&mut self, source: &SourceName) {
        self.sink.begin(source);
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        self.sink.text(Chunk { offset: chunk.offset + self.by, ..chunk });
    }

    fn end(&mut self, totals: &Totals) {
        self.sink.end(totals);
    }

    fn stopped(&self) -> bool {
        self.sink.stopped()
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn parts_get_smaller_and_are_all_there() {
        for parts in 1..=64 {
            let ends: Vec<u64> = (0..=parts).map(|count| share(1 << 40, parts, count)).collect();
            let sizes: Vec<u64> = ends.windows(2).map(|two| two[1] - two[0]).collect();
            assert!(sizes.windows(2).all(|two| two[0] > two[1]), "{sizes:?}");
            let (whole, last) = (1_u64 << 40, sizes[sizes.len() - 1]);
            assert!(ends[sizes.len()] <= whole && whole - ends[sizes.len()] < whole / 1000, "{parts}");
            assert!(last * parts * 2 >= whole * 9 / 10, "{parts}");
        }
    }
}
