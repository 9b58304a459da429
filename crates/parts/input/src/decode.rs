//! Compressed bytes to plain ones, within bounds.
//!
//! A [`Layer`] asks a decoder for a little at a time, counts what comes out against the bound on growth, and turns the
//! decoder's error into a reason and the number of bytes that stay unread. A decoder that panics on damaged input is
//! taken for one that reports damage.

mod inflate;
mod lzma;
mod utf16;

use std::{
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use bzip2::bufread::MultiBzDecoder;
use lzma_rust2::{LzmaReader, XzReader};

pub(crate) use self::{inflate::Inflate, lzma::Lzma, utf16::Utf16};
use crate::{
    feed::Feed,
    meter::{Damage, Meter},
    sink::{Format, Reason},
};

/// Decoders that keep nothing of a call that fails are asked for this much at a time, so that damage costs little
/// text before it.
const CAREFUL_BYTES: usize = 32 << 10;

/// What turns the bytes of a [`Feed`] into others.
pub(crate) trait Decoder: Read {
    /// See [`Feed::unread`].
    fn unread(&self) -> Option<u64>;

    /// The most bytes to ask for at a time.
    fn step(&self) -> usize {
        CAREFUL_BYTES
    }
}

/// One layer of compression.
pub(crate) struct Layer<'f> {
    decoder: Box<dyn Decoder + 'f>,
    format: Format,
    meter: &'f Meter<'f>,
}

impl<'f> Layer<'f> {
    pub(crate) fn new(decoder: Box<dyn Decoder + 'f>, format: Format, meter: &'f Meter<'f>) -> Self {
        Self { decoder, format, meter }
    }

    /// The decoder of a compressed stream.
    ///
    /// # Errors
    /// The stream's header is damaged, or asks for too much memory.
    pub(crate) fn open<'i: 'f>(
        format: Format,
        feed: &'f mut Feed<'i>,
        meter: &'f Meter<'f>,
    ) -> Result<Self, Damage> {
        let limit_kib = u32::try_from(meter.options.decoder_bytes >> 10).unwrap_or(u32::MAX);
        let explain = |error| Damage::explain(error, format, None);
        let decoder: Box<dyn Decoder + 'f> = match format {
            Format::Gzip => Box::new(Inflate::gzip(feed)),
            Format::Zstd => Box::new(zstd(feed, meter.options.decoder_bytes).map_err(explain)?),
            Format::Bzip2 => Box::new(MultiBzDecoder::new(feed)),
            Format::Xz => Box::new(XzReader::new_mem_limit(feed, true, limit_kib)),
            Format::Lzma => Box::new(Lzma::new(feed, limit_kib).map_err(explain)?),
            other => {
                let reason = Reason::Unsupported(format!("compression as {other}"));
                return Err(Damage { reason, unread: feed.unread() });
            }
        };
        Ok(Self::new(decoder, format, meter))
    }
}

impl Read for Layer<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = out.len().min(self.decoder.step());
        let decoder = &mut self.decoder;
        // After a panic the decoder is dropped without being asked again: the error ends its text.
        let read = catch_unwind(AssertUnwindSafe(|| decoder.read(&mut out[..size])));
        match read {
            Ok(Ok(count)) => self.meter.decode(count).map(|()| count),
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Ok(Err(error)) => {
                Err(io::Error::other(Damage::explain(error, self.format, self.decoder.unread())))
            }
            Err(_) => {
                let reason = Reason::Damaged(self.format, "the decoder gave up".to_owned());
                Err(Damage::error(reason, None))
            }
        }
    }
}

type Zstd<'f, 'i> = zstd::stream::read::Decoder<'static, &'f mut Feed<'i>>;

/// A Zstandard decoder whose window is bounded.
pub(crate) fn zstd<'f, 'i>(feed: &'f mut Feed<'i>, decoder_bytes: u64) -> io::Result<Zstd<'f, 'i>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(feed)?;
    // The format allows windows from 2^10 to 2^31 bytes.
    decoder.window_log_max(decoder_bytes.max(1).ilog2().clamp(10, 31))?;
    Ok(decoder)
}

impl Decoder for Zstd<'_, '_> {
    fn unread(&self) -> Option<u64> {
        self.get_ref().unread()
    }
}

impl Decoder for MultiBzDecoder<&mut Feed<'_>> {
    fn unread(&self) -> Option<u64> {
        self.get_ref().unread()
    }
}

impl Decoder for XzReader<&mut Feed<'_>> {
    fn unread(&self) -> Option<u64> {
        self.inner().unread()
    }
}

impl Decoder for LzmaReader<&mut Feed<'_>> {
    fn unread(&self) -> Option<u64> {
        self.inner().unread()
    }
}

/// Bytes that an archive holds as they are. They count as decoded, because a zip archive can name the same bytes
/// any number of times.
pub(crate) struct Stored<'f, 'i>(pub(crate) &'f mut Feed<'i>);

impl Read for Stored<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out)
    }
}

impl Decoder for Stored<'_, '_> {
    fn unread(&self) -> Option<u64> {
        self.0.unread()
    }

    fn step(&self) -> usize {
        usize::MAX
    }
}
