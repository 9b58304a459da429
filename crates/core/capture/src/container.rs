//! Files of packets: frames cut out of pcap and pcapng.
//!
//! | | pcap | pcapng |
//! |---|---|---|
//! | ends | both | both, each section its own |
//! | times | micro- and nanoseconds | any resolution that an interface declares |
//! | a length that cannot be | damage: nothing tells where the next packet is | damage, or a block passed over |
//!
//! Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Blocks are framed here by their own length, so that a block
//! whose content is wrong costs that block only.

use crate::record::{Tally, Time};
use pcap_parser::nom::Err as Parsed;
use pcap_parser::{
    Block, LegacyPcapBlock, PcapError, parse_block_be, parse_block_le, parse_pcap_frame, parse_pcap_frame_be,
    parse_pcap_frame_modified, parse_pcap_header,
};

/// The largest frame or block that is read: four times what capture programs record of a packet at most.
const FRAME_MAX_BYTES: usize = 1 << 20;
/// Most interfaces of a section.
const INTERFACES_MAX: usize = 4096;
const SECTION: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

/// Why a container cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// It does not begin as a capture.
    #[error("it does not begin as a capture")]
    NotACapture,
    /// A length that cannot be.
    #[error("a packet or block of {length} bytes at byte {at}")]
    Length {
        /// The length.
        length: u64,
        /// Where.
        at: u64,
    },
    /// It ends within a packet.
    #[error("it ends within a packet that begins at byte {at}")]
    Truncated {
        /// Where the packet begins.
        at: u64,
    },
}

/// A packet as it was recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) time: Option<Time>,
    /// The link type, by its number in the registry of pcap.
    pub(crate) link: u32,
    pub(crate) bytes: &'a [u8],
}

type Out<'o> = &'o mut dyn FnMut(Frame<'_>, &mut Tally);

/// A container that is read.
#[derive(Debug, Default)]
pub(crate) struct Container {
    buffer: Vec<u8>,
    /// Where the buffer begins in the file.
    at: u64,
    /// Bytes to pass over.
    skip: u64,
    frames: u64,
    kind: Kind,
    broken: bool,
}

#[derive(Debug, Default)]
enum Kind {
    #[default]
    Unknown,
    Classic(Classic),
    Blocks(Section),
}

#[derive(Clone, Copy, Debug)]
struct Classic {
    parse: Parse,
    link: u32,
    is_nanoseconds: bool,
}

#[derive(Clone, Copy, Debug)]
enum Parse {
    Little,
    Big,
    Modified,
}

#[derive(Debug, Default)]
struct Section {
    is_big_endian: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u32,
    units_per_second: u64,
    offset_seconds: i64,
}

/// What was made of the front of the buffer.
enum Step {
    /// So many bytes are done with.
    Done(usize),
    /// So many bytes are of no use, of which not all need be there.
    Skip(u64),
    /// More is needed.
    More,
}

impl Container {
    pub(crate) fn held(&self) -> usize {
        self.buffer.len()
    }

    /// Takes the bytes that follow.
    pub(crate) fn push(&mut self, mut bytes: &[u8], tally: &mut Tally, out: Out<'_>) -> Result<(), Damage> {
        if self.broken {
            return Ok(());
        }
        if self.skip > 0 {
            let passed = bytes.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
            (self.skip, self.at) = (self.skip - passed as u64, self.at + passed as u64);
            bytes = &bytes[passed..];
        }
        self.buffer.extend_from_slice(bytes);
        let mut done = 0;
        let mut result = Ok(());
        while done < self.buffer.len() {
            match self.step(done, tally, out) {
                Ok(Step::Done(length)) => done += length,
                Ok(Step::Skip(length)) => {
                    let here = (self.buffer.len() - done).min(usize::try_from(length).unwrap_or(usize::MAX));
                    done += here;
                    self.skip = length - here as u64;
                }
                Ok(Step::More) => break,
                Err(damage) => {
                    (self.broken, result) = (true, Err(damage));
                    break;
                }
            }
        }
        self.buffer.drain(..done);
        self.at += done as u64;
        if self.broken {
            self.buffer = Vec::new();
        }
        result
    }

    /// The file has ended.
    pub(crate) fn end(&mut self) -> Result<(), Damage> {
        match self.kind {
            _ if self.broken => Ok(()),
            Kind::Unknown => Err(Damage::NotACapture),
            _ if self.skip > 0 || !self.buffer.is_empty() => Err(Damage::Truncated { at: self.at }),
            _ => Ok(()),
        }
    }

    fn step(&mut self, done: usize, tally: &mut Tally, out: Out<'_>) -> Result<Step, Damage> {
        let bytes = &self.buffer[done..];
        let at = self.at + done as u64;
        match &mut self.kind {
            Kind::Unknown => {
                if bytes.len() < 24 {
                    return Ok(Step::More);
                }
                if bytes.starts_with(&SECTION) {
                    self.kind = Kind::Blocks(Section::default());
                    return Ok(Step::Done(0));
                }
                let (kind, length) = classic(bytes).ok_or(Damage::NotACapture)?;
                self.kind = Kind::Classic(kind);
                Ok(Step::Done(length))
            }
            Kind::Classic(kind) => {
                let parsed = match kind.parse {
                    Parse::Little => parse_pcap_frame(bytes),
                    Parse::Big => parse_pcap_frame_be(bytes),
                    Parse::Modified => parse_pcap_frame_modified(bytes),
                };
                match parsed {
                    Ok((rest, frame)) if frame.data.len() <= FRAME_MAX_BYTES => {
                        self.frames += 1;
                        let time = kind.time(&frame);
                        out(Frame { number: self.frames, time, link: kind.link, bytes: frame.data }, tally);
                        Ok(Step::Done(bytes.len() - rest.len()))
                    }
                    Ok((_, frame)) => Err(Damage::Length { length: frame.data.len() as u64, at }),
                    Err(error) => more(&error, bytes.len(), at),
                }
            }
            Kind::Blocks(section) => section.step(bytes, at, &mut self.frames, tally, out),
        }
    }
}

/// More bytes, unless that many cannot be meant.
fn more(error: &Parsed<PcapError<&[u8]>>, have: usize, at: u64) -> Result<Step, Damage> {
    let missing = match error {
        Parsed::Incomplete(pcap_parser::nom::Needed::Size(size)) => size.get(),
        _ => 1,
    };
    if have.saturating_add(missing) > FRAME_MAX_BYTES {
        return Err(Damage::Length { length: (have.saturating_add(missing)) as u64, at });
    }
    Ok(Step::More)
}

/// The header of a pcap file, and its length.
fn classic(bytes: &[u8]) -> Option<(Classic, usize)> {
    let (rest, header) = parse_pcap_header(bytes).ok()?;
    let parse = match () {
        () if header.is_modified_format() => Parse::Modified,
        () if header.is_bigendian() => Parse::Big,
        () => Parse::Little,
    };
    // The upper bits tell about checksums at the end of frames.
    let link = u32::from_ne_bytes(header.network.0.to_ne_bytes()) & 0x03ff_ffff;
    let kind = Classic { parse, link, is_nanoseconds: header.is_nanosecond_precision() };
    Some((kind, bytes.len() - rest.len()))
}

impl Classic {
    fn time(self, frame: &LegacyPcapBlock<'_>) -> Option<Time> {
        let part = if self.is_nanoseconds { frame.ts_usec / 1000 } else { frame.ts_usec };
        (frame.ts_sec > 0).then(|| u64::from(frame.ts_sec) * 1_000_000 + u64::from(part))
    }
}

impl Section {
    fn step(
        &mut self,
        bytes: &[u8],
        at: u64,
        frames: &mut u64,
        tally: &mut Tally,
        out: Out<'_>,
    ) -> Result<Step, Damage> {
        let Some(head) = bytes.first_chunk::<12>() else { return Ok(Step::More) };
        let is_section = head.starts_with(&SECTION);
        if is_section {
            let is_big_endian = match head[8..] {
                [0x1a, 0x2b, 0x3c, 0x4d] => true,
                [0x4d, 0x3c, 0x2b, 0x1a] => false,
                _ => return Err(Damage::NotACapture),
            };
            *self = Section { is_big_endian, interfaces: Vec::new() };
        }
        let word = [head[4], head[5], head[6], head[7]];
        let length = if self.is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
        if length < 12 || length % 4 != 0 {
            return Err(Damage::Length { length: u64::from(length), at });
        }
        let size = length as usize;
        if size > FRAME_MAX_BYTES {
            tally.blocks += 1;
            return Ok(Step::Skip(u64::from(length)));
        }
        let Some(block) = bytes.get(..size) else { return Ok(Step::More) };
        let parsed = if self.is_big_endian { parse_block_be(block) } else { parse_block_le(block) };
        match parsed {
            Ok((_, block)) => self.block(&block, frames, tally, out),
            Err(_) => tally.blocks += 1,
        }
        Ok(Step::Done(size))
    }

    fn block(&mut self, block: &Block<'_>, frames: &mut u64, tally: &mut Tally, out: Out<'_>) {
        let mut frame = |link: u32, time: Option<Time>, bytes: &[u8]| {
            *frames += 1;
            out(Frame { number: *frames, time, link, bytes }, tally);
        };
        match block {
            Block::InterfaceDescription(interface) if self.interfaces.len() < INTERFACES_MAX => {
                self.interfaces.push(Interface {
                    link: u32::try_from(interface.linktype.0).unwrap_or(u32::MAX),
                    units_per_second: units_per_second(interface.if_tsresol),
                    offset_seconds: interface.if_tsoffset,
                });
            }
            Block::EnhancedPacket(packet) => {
                let interface =
                    usize::try_from(packet.if_id).ok().and_then(|index| self.interfaces.get(index));
                let Some(interface) = interface else { return tally.blocks += 1 };
                let bytes = &packet.data[..packet.data.len().min(packet.caplen as usize)];
                frame(interface.link, interface.time(packet.ts_high, packet.ts_low), bytes);
            }
            Block::SimplePacket(packet) => {
                let Some(interface) = self.interfaces.first() else { return tally.blocks += 1 };
                let bytes = &packet.data[..packet.data.len().min(packet.origlen as usize)];
                frame(interface.link, None, bytes);
            }
            _ => {}
        }
    }
}

/// The resolution of times as an interface declares it: ten or two to the power of its low bits. What cannot be is the
/// default, microseconds.
fn units_per_second(declared: u8) -> u64 {
    let power = u32::from(declared & 0x7f);
    let units = if declared & 0x80 == 0 { 10_u64.checked_pow(power) } else { 1_u64.checked_shl(power) };
    units.filter(|units| *units > 0).unwrap_or(1_000_000)
}

impl Interface {
    fn time(self, high: u32, low: u32) -> Option<Time> {
        let units = u128::from(high) << 32 | u128::from(low);
        let microseconds = units * 1_000_000 / u128::from(self.units_per_second);
        let shifted = i128::try_from(microseconds).ok()? + i128::from(self.offset_seconds) * 1_000_000;
        Time::try_from(shifted).ok().filter(|time| *time > 0)
    }
}
