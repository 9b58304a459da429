//! The older `.lzma`: one stream, and nothing behind it. The decoder reads ahead, so what is left when it has come to the end
//! is asked for there.

use std::io::{self, BufRead as _, Read};

use lzma_rust2::LzmaReader;

use super::Decoder;
use crate::feed::Feed;

pub(crate) struct Lzma<'f, 'i> {
    /// `None` once the stream has ended.
    reader: Option<LzmaReader<&'f mut Feed<'i>>>,
    /// What [`Decoder::unread`] says then.
    unread: Option<u64>,
}

impl<'f, 'i> Lzma<'f, 'i> {
    /// A decoder that takes so much memory at most.
    ///
    /// # Errors
    /// The header is damaged, or asks for more.
    pub(crate) fn new(feed: &'f mut Feed<'i>, limit_kib: u32) -> io::Result<Self> {
        Ok(Self { reader: Some(LzmaReader::new_mem_limit(feed, limit_kib, None)?), unread: None })
    }

    /// The stream has ended: an error if bytes are left.
    fn end(&mut self) -> io::Result<()> {
        let Some(reader) = self.reader.take() else { return Ok(()) };
        let (feed, ahead) = reader.into_parts();
        let is_end = ahead.is_empty() && feed.fill_buf()?.is_empty();
        self.unread = feed.unread().map(|unread| unread + ahead.len() as u64);
        let left = || io::Error::new(io::ErrorKind::InvalidData, "bytes behind the end are not lzma");
        if is_end { Ok(()) } else { Err(left()) }
    }
}

impl Read for Lzma<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(reader) = &mut self.reader else { return Ok(0) };
        let read = reader.read(out)?;
        if read == 0 && !out.is_empty() {
            self.end()?;
        }
        Ok(read)
    }
}

impl Decoder for Lzma<'_, '_> {
    fn unread(&self) -> Option<u64> {
        self.reader.as_ref().map_or(self.unread, |reader| reader.inner().unread())
    }
}
