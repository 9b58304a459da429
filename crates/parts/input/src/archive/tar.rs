//! tar, as a stream: ustar, GNU and pax. Headers are read by the `tar` crate; the walk from one to the next is ours,
//! because the crate's reads long names and extended headers of any length into memory.

use std::{
    io::{self, Read},
    ops::ControlFlow,
};

use ::tar::{EntryType, Header, PaxExtensions};

use crate::{
    feed::Feed,
    meter::Damage,
    read::Walk,
    sink::{Format, Reason},
    sniff::tar_checksum_holds,
    source::SourceName,
};

const BLOCK_BYTES: u64 = 512;
/// A longer name or extended header is skipped: its member then has the short name, or is taken as damaged.
const EXTENSION_MAX_BYTES: u64 = 64 << 10;

/// What the headers before a member say about it.
#[derive(Default)]
struct Extension {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Walk<'_> {
    /// Reads every member.
    pub(crate) fn tar(&mut self, feed: &mut Feed<'_>, name: &SourceName, depth: u32) {
        let mut extension = Extension::default();
        while !self.over() {
            let result = match next_header(feed) {
                Ok(Some(header)) => self.entry(feed, &header, &mut extension, name, depth),
                Ok(None) => Ok(ControlFlow::Break(())),
                Err(damage) => Err(damage),
            };
            match result {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return,
                Err(damage) => return self.lose(name, damage),
            }
        }
    }

    /// Reads a member, or a header that describes the next one. A break is an end that was already explained.
    fn entry(
        &mut self,
        feed: &mut Feed<'_>,
        header: &Header,
        extension: &mut Extension,
        name: &SourceName,
        depth: u32,
    ) -> Result<ControlFlow<()>, Damage> {
        let stored = header.entry_size().map_err(|error| Damage::explain(error, Format::Tar, None))?;
        let kind = header.entry_type();
        if matches!(kind, EntryType::GNULongName | EntryType::XHeader) {
            return extension.read(feed, kind, stored).map(ControlFlow::Continue);
        }
        let Extension { name: long_name, size } = std::mem::take(extension);
        let size = size.unwrap_or(stored);
        if kind == EntryType::GNUSparse {
            skip_sparse_maps(feed, header)?;
        }
        let mut member = Member { feed, left: size, failed: false };
        if matches!(kind, EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse) {
            let path = long_name.unwrap_or_else(|| header.path_bytes().into_owned());
            if !path.ends_with(b"/") {
                let inner = Feed::new(Box::new(&mut member), self.meter).with_length(size);
                self.stream(inner, &name.member(&path), depth + 1);
                if member.failed || self.over() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        let left = member.left;
        skip(feed, left.saturating_add(padding(size))).map(ControlFlow::Continue)
    }
}

impl Extension {
    /// Reads a header that describes the next member.
    fn read(&mut self, feed: &mut Feed<'_>, kind: EntryType, size: u64) -> Result<(), Damage> {
        if size > EXTENSION_MAX_BYTES {
            return skip(feed, size.saturating_add(padding(size)));
        }
        let mut bytes = Vec::new();
        Member { feed, left: size, failed: false }
            .read_to_end(&mut bytes)
            .map_err(|error| Damage::explain(error, Format::Tar, None))?;
        if kind == EntryType::GNULongName {
            let end = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
            bytes.truncate(end);
            self.name = Some(bytes);
        } else {
            for record in PaxExtensions::new(&bytes).filter_map(Result::ok) {
                match record.key_bytes() {
                    b"path" => self.name = Some(record.value_bytes().to_vec()),
                    b"size" => self.size = record.value().ok().and_then(|value| value.parse().ok()),
                    _ => {}
                }
            }
        }
        skip(feed, padding(size))
    }
}

/// The next header. Blocks of zeros are passed over: they stand at the end of an archive, and another archive may
/// follow.
fn next_header(feed: &mut Feed<'_>) -> Result<Option<Header>, Damage> {
    let mut block = [0; 512];
    loop {
        match read_block(feed, &mut block).map_err(|error| Damage::explain(error, Format::Tar, None))? {
            0 => return Ok(None),
            512 if block == [0; 512] => {}
            512 if tar_checksum_holds(&block) => return Ok(Some(Header::from_byte_slice(&block).clone())),
            512 => {
                let reason = Reason::Damaged(Format::Tar, "a header's checksum is wrong".to_owned());
                return Err(Damage { reason, unread: feed.unread() });
            }
            _ => return Err(Damage { reason: Reason::Truncated(Format::Tar), unread: Some(0) }),
        }
    }
}

/// Reads a block; fewer bytes only at the end of the input.
fn read_block(feed: &mut Feed<'_>, block: &mut [u8; 512]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match feed.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A sparse file with many holes has more blocks of its map behind the header. The data is then read as it is
/// stored: without the holes.
fn skip_sparse_maps(feed: &mut Feed<'_>, header: &Header) -> Result<(), Damage> {
    const IS_EXTENDED: usize = 504;
    let mut more = header.as_gnu().is_some_and(::tar::GnuHeader::is_extended);
    while more {
        let mut block = [0; 512];
        let filled =
            read_block(feed, &mut block).map_err(|error| Damage::explain(error, Format::Tar, None))?;
        more = filled == 512 && block[IS_EXTENDED] == 1;
    }
    Ok(())
}

fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK_BYTES
}

fn skip(feed: &mut Feed<'_>, bytes: u64) -> Result<(), Damage> {
    let copied = io::copy(&mut Member { feed, left: bytes, failed: false }, &mut io::sink());
    copied.map(drop).map_err(|error| Damage::explain(error, Format::Tar, None))
}

/// The bytes of one member, which must all be there.
struct Member<'f, 'i> {
    feed: &'f mut Feed<'i>,
    left: u64,
    /// The archive gave an error, or ended.
    failed: bool,
}

impl Read for Member<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        if size == 0 {
            return Ok(0);
        }
        match self.feed.read(&mut out[..size]) {
            Ok(0) => {
                self.failed = true;
                Err(Damage::error(Reason::Truncated(Format::Tar), Some(0)))
            }
            Ok(read) => {
                self.left -= read as u64;
                Ok(read)
            }
            Err(error) => {
                self.failed |= error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}
