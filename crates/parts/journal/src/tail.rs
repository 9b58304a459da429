//! What an existing file ends with: where its chain stands, and what a crash left behind.
//!
//! ```text
//! … record\n record\n frag     Record { chain after the last record, end of it, torn = 4 bytes }
//! {"type":"jour                Fragment: not even the head record was finished
//! (empty)                      Fragment of 0 bytes
//! ```
//!
//! Only bytes behind the last line feed can come from a crash. A last *complete* line that does not verify is an
//! error with its number, and so is a file that does not begin like a journal: neither is touched.

use crate::defect::Defect;
use crate::record::{self, Chain, LINE_MAX_BYTES};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

const BLOCK_BYTES: usize = 64 * 1024;

/// How a file ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// The last complete line verifies; it ends at byte `end`, and `torn` bytes follow.
    Record { chain: Chain, end: u64, torn: u64 },
    /// There is no complete line, only so many bytes of a head record.
    Fragment { torn: u64 },
}

/// The line that does not verify.
#[derive(Debug)]
pub(crate) struct BadTail {
    /// From 1.
    pub(crate) line: u64,
    pub(crate) what: Defect,
}

/// Reads the end of a file.
///
/// # Errors
/// The last complete line is not a sealed record, or the file cannot be read.
pub(crate) fn examine(file: &mut File) -> Result<Tail, BadTail> {
    let at_start = |what| BadTail { line: 1, what };
    let length = file.seek(SeekFrom::End(0)).map_err(|error| at_start(error.into()))?;
    let Some(newline) = last_newline(file, length).map_err(|error| at_start(error.into()))? else {
        return fragment(file, length).map_err(at_start);
    };
    let end = newline + 1;
    match last_record(file, newline) {
        Ok(chain) => Ok(Tail::Record { chain, end, torn: length - end }),
        Err(what) => Err(BadTail { line: count_lines(file, end).unwrap_or(0), what }),
    }
}

/// A file without a line feed.
fn fragment(file: &mut File, length: u64) -> Result<Tail, Defect> {
    let mut start = Vec::new();
    read_at(file, 0, length.min(LINE_MAX_BYTES as u64 + 1), &mut start)?;
    if !record::begins_a_head(&start) {
        return Err(Defect::HeadMissing);
    }
    Ok(Tail::Fragment { torn: length })
}

/// Reads the line that ends at this line feed.
fn last_record(file: &mut File, newline: u64) -> Result<Chain, Defect> {
    // One byte more than a line may have: the line feed before it.
    let start = newline.saturating_sub(LINE_MAX_BYTES as u64 + 1);
    let mut block = Vec::new();
    read_at(file, start, newline - start, &mut block)?;
    let line = match block.iter().rposition(|byte| *byte == b'\n') {
        Some(before) => &block[before + 1..],
        None if start == 0 => &block[..],
        None => return Err(Defect::TooLong),
    };
    record::read(line).map(|sealed| sealed.chain())
}

/// Place of the last line feed before `length`.
fn last_newline(file: &mut File, length: u64) -> io::Result<Option<u64>> {
    let mut end = length;
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    while end > 0 {
        let start = end.saturating_sub(BLOCK_BYTES as u64);
        read_at(file, start, end - start, &mut block)?;
        if let Some(place) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(Some(start + place as u64));
        }
        end = start;
    }
    Ok(None)
}

fn count_lines(file: &mut File, end: u64) -> io::Result<u64> {
    let mut lines = 0;
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    let mut start = 0;
    while start < end {
        let length = (end - start).min(BLOCK_BYTES as u64);
        read_at(file, start, length, &mut block)?;
        lines += block.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        start += length;
    }
    Ok(lines)
}

/// Fills `block` with exactly these bytes.
fn read_at(file: &mut File, start: u64, length: u64, block: &mut Vec<u8>) -> io::Result<()> {
    block.clear();
    file.seek(SeekFrom::Start(start))?;
    let read = file.take(length).read_to_end(block)?;
    if read as u64 == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
