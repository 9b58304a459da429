//! What was handed over, held to the contract of a sink; other ways to give the same bytes; simple archives of them.

use onehop_input::{Chunk, Sink, SourceName, Totals};
use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::sync::Once;

/// One text as it was handed over.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) losses: u64,
    has_ended: bool,
}

impl Text {
    /// Whether two sources have the same member here.
    pub(super) fn is_named_like(&self, other: &Text) -> bool {
        let member = |name: &str| name.split_once(':').map(|(_, member)| member.to_owned());
        member(&self.name) == member(&other.name)
    }
}

/// A sink that keeps everything. What is wrong is told once reading is over.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    pub(super) texts: Vec<Text>,
    pub(super) chunks: usize,
    pub(super) largest_chunk: usize,
    /// Stop after this many chunks.
    stop_after: Option<usize>,
    mid_line: bool,
    wrong: Vec<&'static str>,
}

impl Recorder {
    pub(super) fn stopping_after(stop_after: Option<usize>) -> Recorder {
        Recorder { stop_after, ..Recorder::default() }
    }

    /// The same, once it is known that the contract was kept.
    pub(super) fn checked(self, totals: &Totals) -> Recorder {
        assert!(self.wrong.is_empty(), "{:?}", self.wrong);
        assert!(self.texts.iter().all(|text| text.has_ended), "a text does not end");
        let bytes: usize = self.texts.iter().map(|text| text.bytes.len()).sum();
        let losses: u64 = self.texts.iter().map(|text| text.losses).sum();
        assert_eq!((bytes as u64, losses), (totals.bytes_out, totals.losses));
        self
    }

    fn expect(&mut self, holds: bool, what: &'static str) {
        if !holds && !self.wrong.contains(&what) {
            self.wrong.push(what);
        }
    }
}

impl Sink for Recorder {
    fn begin(&mut self, source: &SourceName) {
        self.expect(self.texts.last().is_none_or(|text| text.has_ended), "texts overlap");
        self.texts.push(Text { name: source.to_string(), ..Text::default() });
        self.mid_line = false;
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        let mid_line = std::mem::replace(&mut self.mid_line, !chunk.ends_line);
        let Some(text) = self.texts.last_mut() else { return self.expect(false, "a chunk without a text") };
        let at_line = text.bytes.is_empty() || mid_line || text.bytes.ends_with(b"\n");
        let is_next = chunk.offset == text.bytes.len() as u64 && !text.has_ended;
        text.bytes.extend_from_slice(chunk.bytes);
        self.chunks += 1;
        self.largest_chunk = self.largest_chunk.max(chunk.bytes.len());
        self.expect(!chunk.bytes.is_empty(), "a chunk is empty");
        self.expect(is_next, "something is left out");
        self.expect(at_line, "a chunk begins within a line");
        self.expect(chunk.is_continuation == mid_line, "a piece does not say that it is one");
        let inner = chunk.bytes.split_last().map_or(&b""[..], |(_, inner)| inner);
        self.expect(chunk.ends_line || !inner.contains(&b'\n') || mid_line, "a line is cut that need not be");
    }

    fn end(&mut self, totals: &Totals) {
        let mid_line = self.mid_line;
        let Some(text) = self.texts.last_mut() else { return self.expect(false, "an end without a text") };
        text.losses = totals.losses;
        let is_counted = totals.bytes_out == text.bytes.len() as u64 && totals.texts == 1;
        let ends_once = !std::mem::replace(&mut text.has_ended, true);
        self.expect(is_counted, "bytes are not counted");
        self.expect(ends_once, "a text ends twice");
        self.expect(!mid_line || totals.stopped, "the last piece of a line does not say so");
    }

    fn stopped(&self) -> bool {
        self.stop_after.is_some_and(|most| self.chunks >= most)
    }
}

/// Gives its bytes in pieces, with an interruption now and then.
pub(super) struct InPieces<'b> {
    bytes: &'b [u8],
    turn: usize,
}

impl<'b> InPieces<'b> {
    pub(super) fn new(bytes: &'b [u8], choice: u8) -> Self {
        InPieces { bytes, turn: usize::from(choice) }
    }
}

impl Read for InPieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.turn = self.turn.wrapping_mul(13).wrapping_add(7) % 4096;
        if self.turn.is_multiple_of(11) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = (self.turn % 61 + 1).min(out.len());
        self.bytes.read(&mut out[..size])
    }
}

thread_local! {
    static IS_READING: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs a reader, which takes a decoder that panics for one that reports damage: without a word of the panic, and
/// without the end that a fuzzer makes of each.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if IS_READING.get() {
                LAST_PANIC.set(info.to_string());
            } else {
                usual(info);
            }
        }));
    });
    IS_READING.set(true);
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    IS_READING.set(false);
    done.unwrap_or_else(|_| panic!("the reader panics: {}", LAST_PANIC.take()))
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory can be written to")
}

/// An archive of one member, by the POSIX header.
pub(super) fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, "member");
    put(100, "0000644\0");
    put(124, &format!("{:011o}", bytes.len()));
    put(136, "00000000000");
    put(148, "        0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let mut archive = header.to_vec();
    archive.extend_from_slice(bytes);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

/// An archive of one member, stored.
pub(super) fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    let size = u32::try_from(bytes.len()).expect("an input is small").to_le_bytes();
    // Version, flags, method, time and date, sum, sizes, lengths of the name and of more.
    let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
    common.extend(sum.sum().to_le_bytes().into_iter().chain(size).chain(size));
    common.extend([6, 0, 0, 0]);
    let mut archive = [b"PK\x03\x04", &common[..], b"member", bytes].concat();
    let directory = u32::try_from(archive.len()).expect("an input is small").to_le_bytes();
    let entry = [b"PK\x01\x02\x14\0", &common[..], &[0; 14], b"member"].concat();
    let length = u32::try_from(entry.len()).expect("an entry is small").to_le_bytes();
    archive.extend(entry);
    archive.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &length[..], &directory, &[0, 0]].concat());
    archive
}
