//! Bounds and sizes of reading.

use std::{num::NonZero, time::Duration};

/// Bounds and sizes. The defaults suit a scan of whole log directories.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Bytes asked of the operating system at a time. The buffer is reused, so that it stays in the second-level
    /// cache of a core. Default 256 KiB, which measured best; less than 512 counts as 512.
    pub chunk_bytes: usize,
    /// A line of at most this many bytes is never cut. Default 1 MiB. A longer line is handed over in pieces,
    /// see [`crate::Chunk`]. Memory for one source is this and a few times [`Options::chunk_bytes`].
    pub max_line_bytes: usize,
    /// What is no capture of packets is a loss, and not read as text. Default: everything is read.
    pub captures_only: bool,
    /// When decoding stops because the input grows too much.
    pub expansion: Expansion,
    /// Layers of compression and archives around a text: `a.tar.gz` has two. Default 4.
    pub max_nesting: u32,
    /// Memory that a decoder may ask for, in bytes. Default 128 MiB: enough for `xz -9` and `zstd --ultra -22`,
    /// not for `zstd --long=31`.
    pub decoder_bytes: u64,
    /// An archive that can only be read from its end (zip, Parquet) and comes from a pipe or from another archive
    /// is first written to an unnamed temporary file, of at most this many bytes. Default 4 GiB.
    pub spool_bytes: u64,
    /// Threads of [`crate::read_all`]. Default: one for each processor that the process may use.
    pub threads: NonZero<usize>,
    /// Where [`crate::follow`] begins in a file that is there from the start. Default: at its beginning.
    pub follow_from: FollowFrom,
    /// How often [`crate::follow`] looks for more. Default 250 ms.
    pub follow_interval: Duration,
    /// How often it looks for files that came later, and whether one that is read once has stopped growing. Default 1 s.
    pub arrival_interval: Duration,
    /// How `s3://` places are reached.
    #[cfg(feature = "object-store")]
    pub objects: crate::ObjectOptions,
}

/// When decoding stops because the input grows too much: the bound against decompression bombs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expansion {
    /// Decoded bytes for each byte of the source, all layers together. Default 1000: real logs stay below 100.
    pub ratio: u64,
    /// The ratio counts from this many decoded bytes on. Default 64 MiB.
    pub floor_bytes: u64,
    /// Decoded bytes of one source, whatever its size. Default 1 TiB.
    pub max_bytes: u64,
}

/// Where following begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FollowFrom {
    /// With what is already there.
    #[default]
    Start,
    /// With what comes.
    End,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            chunk_bytes: 256 << 10,
            max_line_bytes: 1 << 20,
            captures_only: false,
            expansion: Expansion::default(),
            max_nesting: 4,
            decoder_bytes: 128 << 20,
            spool_bytes: 4 << 30,
            threads: std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
            follow_from: FollowFrom::Start,
            follow_interval: Duration::from_millis(250),
            arrival_interval: Duration::from_secs(1),
            #[cfg(feature = "object-store")]
            objects: crate::ObjectOptions::default(),
        }
    }
}

impl Default for Expansion {
    fn default() -> Self {
        Self { ratio: 1000, floor_bytes: 64 << 20, max_bytes: 1 << 40 }
    }
}
