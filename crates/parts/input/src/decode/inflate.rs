//! gzip and raw deflate. Written over the decompressor itself rather than over its reader, because that one drops
//! what a call decoded before it met the damage.

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::Decoder;
use crate::feed::Feed;

/// The largest window of deflate, as a power of two.
const WINDOW_BITS: u8 = 15;

pub(crate) struct Inflate<'f, 'i> {
    feed: &'f mut Feed<'i>,
    state: Decompress,
    /// gzip: checks the header and the sum of each member, and goes on with the next member.
    is_gzip: bool,
    /// What comes after the text that was decoded with it.
    then: Then,
}

enum Then {
    More,
    Fail(io::Error),
    Done,
}

impl<'f, 'i> Inflate<'f, 'i> {
    /// Members of gzip, one after the other, and zeros behind them.
    pub(crate) fn gzip(feed: &'f mut Feed<'i>) -> Self {
        Self { feed, state: Decompress::new_gzip(WINDOW_BITS), is_gzip: true, then: Then::More }
    }

    /// One deflate stream.
    pub(crate) fn raw(feed: &'f mut Feed<'i>) -> Self {
        Self { feed, state: Decompress::new(false), is_gzip: false, then: Then::More }
    }

    /// Decodes once; what was decoded before an error counts.
    fn step(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let input = self.feed.fill_buf()?;
        let at_end = input.is_empty();
        let (before_in, before_out) = (self.state.total_in(), self.state.total_out());
        let status = self.state.decompress(input, out, FlushDecompress::None);
        // Both differences are at most the lengths of the slices.
        let consumed = usize::try_from(self.state.total_in() - before_in).unwrap_or(usize::MAX);
        let written = usize::try_from(self.state.total_out() - before_out).unwrap_or(usize::MAX);
        self.feed.consume(consumed);
        match status {
            Ok(Status::StreamEnd) => self.then = self.next_member()?,
            Ok(_) if at_end && written == 0 => self.then = Then::Fail(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) => {
                let detail = error.message().unwrap_or("not a deflate stream, or its checksum is wrong");
                self.then = Then::Fail(io::Error::new(io::ErrorKind::InvalidData, detail.to_owned()));
            }
        }
        Ok(written)
    }

    fn next_member(&mut self) -> io::Result<Then> {
        if !self.is_gzip {
            return Ok(Then::Done);
        }
        loop {
            let ahead = self.feed.fill_buf()?;
            let zeros = ahead.iter().take_while(|&&byte| byte == 0).count();
            match ahead.get(zeros) {
                Some(0x1f) => {
                    self.feed.consume(zeros);
                    self.state = Decompress::new_gzip(WINDOW_BITS);
                    return Ok(Then::More);
                }
                Some(_) => {
                    self.feed.consume(zeros);
                    let detail = "bytes behind the last member are not gzip";
                    return Ok(Then::Fail(io::Error::new(io::ErrorKind::InvalidData, detail)));
                }
                None if zeros == 0 => return Ok(Then::Done),
                None => self.feed.consume(zeros),
            }
        }
    }
}

impl Read for Inflate<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() && matches!(self.then, Then::More) {
            let written = self.step(out)?;
            if written > 0 {
                return Ok(written);
            }
        }
        match std::mem::replace(&mut self.then, Then::Done) {
            Then::Fail(error) => Err(error),
            unchanged => {
                self.then = unchanged;
                Ok(0)
            }
        }
    }
}

impl Decoder for Inflate<'_, '_> {
    fn unread(&self) -> Option<u64> {
        self.feed.unread()
    }

    fn step(&self) -> usize {
        usize::MAX
    }
}
