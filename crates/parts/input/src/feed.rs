//! The bytes of one layer, buffered, with a look ahead to tell what they are.

use std::{
    fs::File,
    io::{self, BufRead, Read},
};

use crate::{meter::Meter, sink::Format, sniff, stretch::Stretch};

/// The input of a decoder, or of a text.
pub(crate) struct Feed<'a> {
    input: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes taken from `input`.
    taken: u64,
    length: Option<u64>,
    /// The file that this feed is, from its first byte on.
    file: Option<&'a File>,
    stretch: Option<Stretch<'a>>,
    meter: &'a Meter<'a>,
}

impl<'a> Feed<'a> {
    pub(crate) fn new(input: Box<dyn Read + 'a>, meter: &'a Meter<'a>) -> Self {
        let (buffer, file, stretch) = (meter.buffer(), None, None);
        Self { input, buffer, start: 0, end: 0, taken: 0, length: None, file, stretch, meter }
    }

    /// With the length of the input in bytes.
    pub(crate) fn with_length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    /// With the file that the input is.
    pub(crate) fn with_file(mut self, file: &'a File) -> Self {
        self.file = Some(file);
        self
    }

    /// With the part of a file that the input is.
    pub(crate) fn with_stretch(mut self, file: &'a File, start: u64, length: u64) -> Self {
        self.stretch = Some(Stretch { file, start, length });
        self
    }

    pub(crate) fn stretch(&self) -> Option<Stretch<'a>> {
        self.stretch
    }

    pub(crate) fn file(&self) -> Option<&'a File> {
        self.file
    }

    /// Bytes of the input that nobody has asked for; `None` where its length is unknown.
    pub(crate) fn unread(&self) -> Option<u64> {
        let ahead = (self.end - self.start) as u64;
        self.length.map(|length| length.saturating_sub(self.taken) + ahead)
    }

    /// What the input is. Reads until that is certain: up to a line end, or as many bytes as a tar header.
    pub(crate) fn format(&mut self) -> io::Result<Format> {
        loop {
            let head = &self.buffer[self.start..self.end];
            let is_line = memchr::memchr(b'\n', head).is_some() && sniff::is_certain(head);
            if head.len() >= sniff::HEAD_BYTES || is_line || self.more()? == 0 {
                return Ok(sniff::format(&self.buffer[self.start..self.end]));
            }
        }
    }

    /// Takes the buffer out, to be read on into by a text: the buffer, and where the bytes in it are.
    pub(crate) fn take_buffer(&mut self) -> (Vec<u8>, usize, usize) {
        let (start, end) = (self.start, self.end);
        (self.start, self.end) = (0, 0);
        (std::mem::take(&mut self.buffer), start, end)
    }

    /// Reads once, behind what is there.
    fn more(&mut self) -> io::Result<usize> {
        if self.buffer.is_empty() {
            self.buffer = self.meter.buffer();
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(read) => {
                    self.end += read;
                    self.taken += read as u64;
                    return Ok(read);
                }
            }
        }
    }
}

impl Read for Feed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && out.len() >= self.buffer.len() / 2 {
            let read = self.input.read(out)?;
            self.taken += read as u64;
            return Ok(read);
        }
        let ahead = self.fill_buf()?;
        let count = ahead.len().min(out.len());
        out[..count].copy_from_slice(&ahead[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Feed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.more()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

impl Drop for Feed<'_> {
    fn drop(&mut self) {
        self.meter.keep(std::mem::take(&mut self.buffer));
    }
}
