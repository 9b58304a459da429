//! What a reader hands over, and to whom.

use std::fmt;

use crate::source::SourceName;

/// Takes the text of sources. For each text, `begin`, then `text` any number of times, then `end`.
///
/// A text is a plain or compressed file, a member of an archive, or the rows of a table. What cannot be read has a
/// `begin` and an `end` too, and the totals say why, so that a sink hears of everything that was lost.
pub trait Sink {
    /// A text begins.
    fn begin(&mut self, source: &SourceName);

    /// More of the text: whole lines, except for pieces of a very long one.
    fn text(&mut self, chunk: Chunk<'_>);

    /// The text has ended.
    fn end(&mut self, totals: &Totals);

    /// Asked after each chunk: `true` ends the reading of this source. Default: read everything.
    fn stopped(&self) -> bool {
        false
    }
}

/// Some text of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// One or more whole lines with their line ends, or a piece of one long line. Never empty. Any bytes at all: it
    /// need not be UTF-8 and may hold NUL.
    pub bytes: &'a [u8],
    /// Where `bytes` begins in the decoded text.
    pub offset: u64,
    /// The first line of `bytes` began in an earlier chunk.
    pub is_continuation: bool,
    /// The last line of `bytes` is complete. Only a piece of a long line that goes on says `false`. The last line
    /// of a text needs no line end.
    pub ends_line: bool,
}

/// What became of a text, or of a whole source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes of the source that were read. For a text inside an archive: those read since the text before it.
    pub bytes_in: u64,
    /// Bytes of text handed over.
    pub bytes_out: u64,
    /// Texts: 1 for a text, more for an archive.
    pub texts: u64,
    /// What was lost, the first [`Totals::LOSSES_MAX`] of them.
    pub lost: Vec<Loss>,
    /// Losses, all of them.
    pub losses: u64,
    /// The sink asked to stop before the end.
    pub stopped: bool,
}

impl Totals {
    /// Losses that are kept in full; a hostile archive can have millions.
    pub const LOSSES_MAX: usize = 64;

    pub(crate) fn lose(&mut self, loss: Loss) {
        self.losses += 1;
        if self.lost.len() < Self::LOSSES_MAX {
            self.lost.push(loss);
        }
    }

    /// Adds what became of one text to what became of its source.
    pub(crate) fn add(&mut self, text: &Self) {
        self.bytes_in += text.bytes_in;
        self.bytes_out += text.bytes_out;
        self.texts += text.texts;
        self.losses += text.losses;
        self.stopped |= text.stopped;
        let room = Self::LOSSES_MAX.saturating_sub(self.lost.len());
        self.lost.extend(text.lost.iter().take(room).cloned());
    }
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The text or archive that is not whole.
    pub name: SourceName,
    /// Why.
    pub reason: Reason,
    /// The decoded bytes that were handed over before it: the text ends here.
    pub at: u64,
    /// Bytes of the encoded input that were not decoded; `None` where the length of the input is unknown.
    pub unread: Option<u64>,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {} after {} bytes of text", self.name, self.reason, self.at)?;
        self.unread.map_or(Ok(()), |unread| write!(f, ", {unread} bytes of input not read"))
    }
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The input ends inside a compressed stream or a member.
    #[error("the {0} data ends too early")]
    Truncated(Format),
    /// The input is not what its format allows. The text is the decoder's.
    #[error("the {0} data is damaged ({1})")]
    Damaged(Format, String),
    /// The input is right and lacks something that it should hold. The text says what.
    #[error("the {0} lacks {1}")]
    Lacks(Format, String),
    /// The file became shorter while it was read.
    #[error("the file shrank while it was read")]
    Shrunk,
    /// A decompression bomb, or a bound that is too low: see [`crate::Expansion`].
    #[error("decoding stopped at {0} bytes, more than the input may grow to")]
    Expansion(u64),
    /// More layers than [`crate::Options::max_nesting`].
    #[error("{0} data inside {1} other layers is not opened")]
    Nesting(Format, u32),
    /// A decoder wants more memory than [`crate::Options::decoder_bytes`].
    #[error("the {0} decoder needs more memory than allowed")]
    Memory(Format),
    /// Larger than [`crate::Options::spool_bytes`].
    #[error("the {0} data is larger than the {1} bytes that a temporary file may take")]
    Spool(Format, u64),
    /// Encrypted.
    #[error("the {0} data is encrypted")]
    Encrypted(Format),
    /// A kind or a method that is not read here.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// The operating system or the object store says no. The text is theirs.
    #[error("reading failed: {0}")]
    Unreadable(String),
}

/// How bytes are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Bytes as they are.
    Plain,
    /// UTF-16 with a byte order mark, little end first.
    Utf16Le,
    /// UTF-16 with a byte order mark, big end first.
    Utf16Be,
    /// gzip, any number of members.
    Gzip,
    /// Zstandard, any number of frames.
    Zstd,
    /// bzip2, any number of streams.
    Bzip2,
    /// xz, any number of streams.
    Xz,
    /// The older `.lzma`.
    Lzma,
    /// tar: ustar, GNU, pax.
    Tar,
    /// zip.
    Zip,
    /// Apache Parquet.
    Parquet,
    /// Captured packets: pcap, pcapng.
    Capture,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
            Self::Tar => "tar",
            Self::Zip => "zip",
            Self::Parquet => "Parquet",
            Self::Capture => "packet capture",
        })
    }
}
