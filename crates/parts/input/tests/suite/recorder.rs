//! A sink that keeps everything and holds readers to the contract of [`Sink`].

use std::io::{self, Read};

use onehop_input::{Chunk, Options, Reader, Sink, SourceName, Totals};

/// One text as it was handed over.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Read1 {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) totals: Option<Totals>,
    /// Chunks that end in the middle of a line.
    pub(crate) cuts: u64,
    pub(crate) largest_chunk: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) texts: Vec<Read1>,
    pub(crate) mid_line: bool,
    /// Stop after this many chunks.
    pub(crate) stop_after: Option<usize>,
    pub(crate) chunks: usize,
}

impl Recorder {
    pub(crate) fn names(&self) -> Vec<&str> {
        self.texts.iter().map(|text| text.name.as_str()).collect()
    }

    pub(crate) fn contents(&self) -> Vec<(&str, String)> {
        let text = |text: &Read1| String::from_utf8_lossy(&text.bytes).into_owned();
        self.texts.iter().map(|read| (read.name.as_str(), text(read))).collect()
    }

    /// Reasons of all losses, as text.
    pub(crate) fn losses(&self) -> Vec<String> {
        let totals = self.texts.iter().filter_map(|text| text.totals.as_ref());
        totals.flat_map(|totals| &totals.lost).map(|loss| loss.reason.to_string()).collect()
    }
}

impl Sink for Recorder {
    fn begin(&mut self, source: &SourceName) {
        assert!(self.texts.last().is_none_or(|text| text.totals.is_some()), "texts do not overlap");
        self.texts.push(Read1 { name: source.to_string(), ..Read1::default() });
        self.mid_line = false;
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        let text = self.texts.last_mut().expect("a text has begun");
        assert!(!chunk.bytes.is_empty());
        assert_eq!(chunk.offset, text.bytes.len() as u64, "nothing is left out");
        assert_eq!(chunk.is_continuation, self.mid_line);
        assert!(text.bytes.is_empty() || self.mid_line || text.bytes.ends_with(b"\n"), "whole lines");
        self.mid_line = !chunk.ends_line;
        text.cuts += u64::from(self.mid_line);
        text.largest_chunk = text.largest_chunk.max(chunk.bytes.len());
        text.bytes.extend_from_slice(chunk.bytes);
        self.chunks += 1;
    }

    fn end(&mut self, totals: &Totals) {
        let text = self.texts.last_mut().expect("a text has begun");
        assert_eq!(totals.bytes_out, text.bytes.len() as u64);
        assert!(!self.mid_line || totals.stopped, "the last piece of a line says that it is the last");
        text.totals = Some(totals.clone());
    }

    fn stopped(&self) -> bool {
        self.stop_after.is_some_and(|most| self.chunks >= most)
    }
}

/// Reads bytes as if from a pipe.
pub(crate) fn read_bytes(bytes: &[u8], options: &Options) -> (Recorder, Totals) {
    read_input(bytes, options)
}

pub(crate) fn read_input(input: impl Read, options: &Options) -> (Recorder, Totals) {
    let mut recorder = Recorder::default();
    let totals = Reader::new(options).read_from(&SourceName::new(b"in"), input, &mut recorder);
    (recorder, totals)
}

/// Gives its bytes in pieces of the given sizes, over and over, with an interruption now and then.
pub(crate) struct InPieces<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) sizes: Vec<usize>,
    pub(crate) turn: usize,
}

impl Read for InPieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        if self.turn.is_multiple_of(7) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = self.sizes[self.turn % self.sizes.len()].clamp(1, out.len());
        self.bytes.read(&mut out[..size])
    }
}
