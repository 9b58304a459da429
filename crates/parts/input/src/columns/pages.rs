//! Bytes of a Parquet file for the library, with an eye on page headers.
//!
//! The library asks for a reader where a page header is, and for bytes where a page is. A header says how long the page
//! is when it is decompressed, up to 2 GiB, and the library believes it; so it is judged here first. The bound shrinks
//! with the number of columns, since a page of each is in memory at a time.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
    sync::Arc,
};

use bytes::Bytes;
use parquet::{
    errors::ParquetError,
    file::reader::{ChunkReader, Length},
};

use super::footer::Compact;
use crate::options::Options;

const HEADER_USUAL_BYTES: u64 = 1 << 10;
/// A page header with long statistics; more is not looked at.
const HEADER_MAX_BYTES: u64 = 64 << 10;
/// A page of text that is written as differences to the text before it: a few bytes can make a copy of all that came
/// before, once for each row.
const DELTA_PAGE_MAX_BYTES: u64 = 2 << 20;
/// Writers make pages of 1 MiB, dictionaries of 1 or 2 MiB.
const PAGE_MIN_BOUND_BYTES: u64 = 2 << 20;
const DELTA_BYTE_ARRAY: i64 = 7;
const BATCH_ROWS: usize = 256;

/// A file whose pages are bounded.
pub(super) struct Pages {
    file: Arc<File>,
    bounds: Bounds,
}

/// What pages of one row group may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    page_max: u64,
    /// As above, of a page of differences; 0 where no column says that it has any.
    delta_max: u64,
    /// Rows that may be decoded at a time.
    pub(super) batch_rows: usize,
}

impl Bounds {
    /// Shares the memory that a decoder may have between the columns, `delta` of which are written as differences.
    pub(super) fn new(columns: usize, delta: usize, options: &Options) -> Self {
        let share = |columns: usize| options.decoder_bytes / columns.max(1) as u64;
        let rows = share(delta) / DELTA_PAGE_MAX_BYTES;
        Self {
            page_max: share(columns).max(PAGE_MIN_BOUND_BYTES),
            delta_max: if delta == 0 { 0 } else { DELTA_PAGE_MAX_BYTES },
            batch_rows: if delta == 0 {
                BATCH_ROWS
            } else {
                usize::try_from(rows).unwrap_or(1).clamp(1, BATCH_ROWS)
            },
        }
    }
}

impl Pages {
    pub(super) fn new(file: Arc<File>, bounds: Bounds) -> Self {
        Self { file, bounds }
    }
}

struct Page {
    /// Bytes when decompressed.
    size: i64,
    is_delta: bool,
}

/// Reads what matters of a page header: field 2 is the size; 5 and 8 describe a page of values, with its encoding in
/// field 2 and 4.
fn page(header: &[u8]) -> Option<Page> {
    const STRUCT: u8 = 12;
    let mut reader = Compact { bytes: header, structures: 0 };
    let (mut last, mut size, mut is_delta) = (0, None, false);
    while let Some((field, kind)) = reader.field(&mut last)? {
        match (field, kind) {
            (2, 5) => size = Some(reader.number()?),
            (5 | 8, STRUCT) => {
                let encoding_field = if field == 5 { 2 } else { 4 };
                let mut inner = 0;
                while let Some((field, kind)) = reader.field(&mut inner)? {
                    if field == encoding_field && kind == 5 {
                        is_delta |= reader.number()? == DELTA_BYTE_ARRAY;
                    } else {
                        reader.skip(kind, 4)?;
                    }
                }
            }
            _ => reader.skip(kind, 4)?,
        }
    }
    Some(Page { size: size?, is_delta })
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }
}

impl ChunkReader for Pages {
    type T = io::BufReader<Header>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(io::BufReader::new(Header { file: Arc::clone(&self.file), at: start, bounds: Some(self.bounds) }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        // A page may be longer compressed than not, by a little.
        let is_inside = start.checked_add(length as u64).is_some_and(|end| end <= self.len());
        if !is_inside || length as u64 > 2 * self.bounds.page_max {
            return Err(ParquetError::General(format!("there are no {length} bytes at byte {start}")));
        }
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}

/// A page header, which is judged when it is read: the library also makes readers that it does not use.
pub(super) struct Header {
    file: Arc<File>,
    at: u64,
    /// What the page may be; `None` once it is judged.
    bounds: Option<Bounds>,
}

impl Header {
    fn judge(&self, bounds: Bounds) -> io::Result<()> {
        let page = self.page(HEADER_USUAL_BYTES)?;
        let Some(page) = page.map_or_else(|| self.page(HEADER_MAX_BYTES), |page| Ok(Some(page)))? else {
            return Err(io::Error::other(format!("no page header at byte {}", self.at)));
        };
        let bound = if page.is_delta { bounds.delta_max } else { bounds.page_max };
        if u64::try_from(page.size).is_ok_and(|size| size <= bound) {
            return Ok(());
        }
        let (at, size) = (self.at, page.size);
        Err(io::Error::other(format!(
            "the page at byte {at} has {size} bytes, more than the {bound} allowed"
        )))
    }

    fn page(&self, most: u64) -> io::Result<Option<Page>> {
        let mut header = Vec::new();
        let reader = Self { file: Arc::clone(&self.file), at: self.at, bounds: None };
        reader.take(most).read_to_end(&mut header)?;
        Ok(page(&header))
    }
}

impl Read for Header {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(bounds) = self.bounds.take() {
            self.judge(bounds)?;
        }
        let count = self.file.read_at(out, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}
