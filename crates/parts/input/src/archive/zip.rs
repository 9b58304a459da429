//! zip: every member that the central directory names, in its order. The directory is read entry by entry.

use std::{
    fs::File,
    io::{self, Read},
};

use bzip2::bufread::MultiBzDecoder;
use flate2::Crc;
use lzma_rust2::{LzmaReader, XzReader, lzma_get_memory_usage_by_props};
use rawzip::{CompressionMethod, FileReader, ZipArchive, ZipArchiveEntryWayfinder};

use super::spool;
use crate::{
    decode::{self, Decoder, Inflate, Layer, Stored},
    feed::Feed,
    meter::{Damage, Meter},
    read::Walk,
    sink::{Format, Reason},
    source::SourceName,
};

/// A directory entry is at most three times 64 KiB: name, extra fields, comment.
const DIRECTORY_BUFFER_BYTES: usize = 256 << 10;

impl Walk<'_> {
    /// Reads every member.
    pub(crate) fn zip(&mut self, feed: &mut Feed<'_>, name: &SourceName, depth: u32) {
        let unread = feed.unread();
        let result =
            spool::file(feed, Format::Zip, self.meter).and_then(|file| self.members(file, name, depth));
        if let Err(mut damage) = result {
            damage.unread = damage.unread.or(unread);
            self.lose(name, damage);
        }
    }

    fn members(&mut self, file: File, name: &SourceName, depth: u32) -> Result<(), Damage> {
        let mut buffer = vec![0; DIRECTORY_BUFFER_BYTES];
        let archive = ZipArchive::from_file(file, &mut buffer).map_err(|error| damaged(&error))?;
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
            if entry.is_dir() {
                continue;
            }
            let member = name.member(entry.file_path().as_ref());
            let (method, is_encrypted) = (entry.compression_method(), entry.flags().is_encrypted());
            let (place, sum) = (entry.wayfinder(), entry.crc32());
            if is_encrypted {
                let unread = Some(place.compressed_size_hint());
                self.lose(&member, Damage { reason: Reason::Encrypted(Format::Zip), unread });
            } else if let Err(damage) = self.member(&archive, place, (method, sum), &member, depth) {
                self.lose(&member, damage);
            }
            if self.over() {
                break;
            }
        }
        Ok(())
    }

    fn member(
        &mut self,
        archive: &ZipArchive<FileReader>,
        place: ZipArchiveEntryWayfinder,
        (method, sum): (CompressionMethod, u32),
        name: &SourceName,
        depth: u32,
    ) -> Result<(), Damage> {
        let length = place.compressed_size_hint();
        let text_length = place.uncompressed_size_hint();
        let entry = archive.get_entry(place).map_err(|error| damaged(&error))?;
        let mut stored = Feed::new(Box::new(entry.reader()), self.meter).with_length(length);
        let decoder = decoder(method, &mut stored, text_length, self.meter)?;
        let layer = Layer::new(decoder, Format::Zip, self.meter);
        let checked = Checked { layer, crc: Crc::new(), sum, length: text_length };
        self.stream(Feed::new(Box::new(checked), self.meter), name, depth + 1);
        Ok(())
    }
}

fn decoder<'f, 'i: 'f>(
    method: CompressionMethod,
    stored: &'f mut Feed<'i>,
    text_length: u64,
    meter: &Meter<'_>,
) -> Result<Box<dyn Decoder + 'f>, Damage> {
    let bytes = meter.options.decoder_bytes;
    Ok(match method {
        CompressionMethod::STORE => Box::new(Stored(stored)),
        CompressionMethod::DEFLATE => Box::new(Inflate::raw(stored)),
        CompressionMethod::BZIP2 => Box::new(MultiBzDecoder::new(stored)),
        CompressionMethod::ZSTD | CompressionMethod::ZSTD_DEPRECATED => {
            Box::new(decode::zstd(stored, bytes).map_err(|error| Damage::explain(error, Format::Zip, None))?)
        }
        CompressionMethod::LZMA => Box::new(lzma(stored, text_length, bytes)?),
        CompressionMethod::XZ => {
            let limit_kib = u32::try_from(bytes >> 10).unwrap_or(u32::MAX);
            Box::new(XzReader::new_mem_limit(stored, false, limit_kib))
        }
        other => {
            let reason = Reason::Unsupported(format!("zip method {}", other.as_u16()));
            return Err(Damage { reason, unread: stored.unread() });
        }
    })
}

/// LZMA as zip keeps it: the version of the encoder, the length of the properties, and the properties.
fn lzma<'f, 'i>(
    stored: &'f mut Feed<'i>,
    text_length: u64,
    decoder_bytes: u64,
) -> Result<LzmaReader<&'f mut Feed<'i>>, Damage> {
    let explain = |error| Damage::explain(error, Format::Zip, None);
    let mut head = [0; 9];
    stored.read_exact(&mut head).map_err(explain)?;
    let [_, _, 5, 0, properties, a, b, c, d] = head else {
        let reason = Reason::Damaged(Format::Zip, "a member's LZMA properties are not as usual".to_owned());
        return Err(Damage { reason, unread: stored.unread() });
    };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let needed = lzma_get_memory_usage_by_props(dictionary, properties).map_err(explain)?;
    if u64::from(needed) << 10 > decoder_bytes {
        return Err(Damage { reason: Reason::Memory(Format::Zip), unread: stored.unread() });
    }
    LzmaReader::new_with_props(stored, text_length, properties, dictionary, None).map_err(explain)
}

fn damaged(error: &rawzip::Error) -> Damage {
    Damage { reason: Reason::Damaged(Format::Zip, error.to_string()), unread: None }
}

/// A member whose checksum and length are compared at its end, after the text was handed over.
struct Checked<R> {
    layer: R,
    crc: Crc,
    sum: u32,
    length: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.layer.read(out)?;
        self.crc.update(&out[..count]);
        // The checksum's count of bytes wraps at 2^32.
        if count > 0 || out.is_empty() || (self.crc.sum(), u64::from(self.crc.amount())) == self.expected() {
            return Ok(count);
        }
        let detail = "a member's checksum or length is wrong".to_owned();
        Err(Damage::error(Reason::Damaged(Format::Zip, detail), Some(0)))
    }
}

impl<R> Checked<R> {
    fn expected(&self) -> (u32, u64) {
        (self.sum, self.length & u64::from(u32::MAX))
    }
}
