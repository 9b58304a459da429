//! Tells formats apart by their first bytes. Names are not looked at: logs are renamed, and compressed ones too.

use crate::sink::Format;

/// What a decision needs at most: a tar header.
pub(crate) const HEAD_BYTES: usize = 512;

const BZIP2_BLOCK: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_END: &[u8] = &[0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/// The format of an input that begins with `head`, which holds [`HEAD_BYTES`] or all there is, or ends behind a
/// line end. No first bytes of a binary format contain one, but those of pcapng: [`is_certain`].
pub(crate) fn format(head: &[u8]) -> Format {
    match head {
        [0x1f, 0x8b, 8, flags, ..] if *flags < 0x20 => Format::Gzip,
        // The second is a skippable frame, which `pzstd` begins with.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Format::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(BZIP2_BLOCK) || rest.starts_with(BZIP2_END) =>
        {
            Format::Bzip2
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Format::Xz,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Format::Zip,
        [b'P', b'A', b'R', b'1' | b'E', ..] => Format::Parquet,
        [0xff, 0xfe, ..] => Format::Utf16Le,
        [0xfe, 0xff, ..] => Format::Utf16Be,
        _ if onehop_capture::is_capture(head) => Format::Capture,
        _ if is_lzma(head) => Format::Lzma,
        _ if is_tar(head) => Format::Tar,
        _ => Format::Plain,
    }
}

/// Whether a head that ends behind a line end tells the format: a pcapng file begins with line ends, and only what
/// follows them tells it.
pub(crate) fn is_certain(head: &[u8]) -> bool {
    head.len() >= 12 || !head.starts_with(b"\n\r\r\n"[..head.len().min(4)].as_ref())
}

/// `.lzma` has no magic number. Its usual properties, a dictionary size that an encoder writes (2^n or 2^n + 2^(n-1)),
/// and a length that is unknown or below 256 GiB have to do, as they do for `xz`.
fn is_lzma(head: &[u8]) -> bool {
    let Some((&[0x5d, a, b, c, d], rest)) = head.split_first_chunk::<5>() else { return false };
    let Some(length) = rest.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes)) else { return false };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let plausible = dictionary.is_power_of_two() || (dictionary / 3).is_power_of_two() && dictionary % 3 == 0;
    plausible && dictionary >= 4096 && (length == u64::MAX || length < 1 << 38)
}

/// A checksum that is right, and a magic number or at least a name: the oldest archives have no number, and headers
/// that only describe the next one need no name.
fn is_tar(head: &[u8]) -> bool {
    let named = |block: &[u8; 512]| block[0] != 0 || block[257..].starts_with(b"ustar");
    head.first_chunk::<512>().is_some_and(|block| named(block) && tar_checksum_holds(block))
}

/// Whether a tar header carries the sum of its bytes, its own field counted as spaces.
pub(crate) fn tar_checksum_holds(block: &[u8; 512]) -> bool {
    let sum: u32 =
        block[..148].iter().chain(&block[156..]).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * 32;
    tar::Header::from_byte_slice(block).cksum().is_ok_and(|stored| stored == sum)
}
