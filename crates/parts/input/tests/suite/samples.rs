//! Small files of every format, made here.

use std::io::{Cursor, Write};

use rawzip::{CompressionMethod, ZipArchiveWriter};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn lzma(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::LzmaOptions::with_preset(1);
    let mut encoder = lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(unit).collect()
}

/// A tar archive, with the headers that GNU tar writes for long names.
pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A tar archive whose member is named, and sized, in a pax header alone.
pub(crate) fn tar_pax(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let size = bytes.len().to_string();
    builder.append_pax_extensions([("path", name.as_bytes()), ("size", size.as_bytes())]).unwrap();
    let mut archive = builder.get_ref().clone();
    let mut header = tar::Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(0);
    header.set_cksum();
    archive.extend_from_slice(header.as_bytes());
    archive.extend_from_slice(bytes);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

/// A zip archive; a member named `stored…` is stored, `zstd…`, `bzip2…`, `xz…` or `lzma…` is compressed so.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut archive = ZipArchiveWriter::new(&mut out);
    for (name, bytes) in members {
        if name.ends_with('/') {
            archive.new_dir(name).create().unwrap();
            continue;
        }
        let (method, packed) = match name {
            name if name.starts_with("stored") => (CompressionMethod::STORE, bytes.to_vec()),
            name if name.starts_with("zstd") => (CompressionMethod::ZSTD, zstd(bytes)),
            name if name.starts_with("bzip2") => (CompressionMethod::BZIP2, bzip2(bytes)),
            name if name.starts_with("xz") => (CompressionMethod::XZ, xz(bytes)),
            name if name.starts_with("lzma") => (CompressionMethod::LZMA, lzma_in_zip(bytes)),
            _ => (CompressionMethod::DEFLATE, deflate(bytes)),
        };
        let (mut entry, config) = archive.new_file(name).compression_method(method).start().unwrap();
        let mut plain = config.wrap(std::io::sink());
        plain.write_all(bytes).unwrap();
        let (_, descriptor) = plain.finish().unwrap();
        entry.write_all(&packed).unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    out.into_inner()
}

/// As zip keeps it: a version, the length of the properties, the properties, the stream.
fn lzma_in_zip(bytes: &[u8]) -> Vec<u8> {
    let packed = lzma(bytes);
    let (properties, rest) = packed.split_at(5);
    [&[9, 20, 5, 0][..], properties, &rest[8..]].concat()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Lines that differ, about `bytes` of them.
pub(crate) fn log(bytes: usize) -> Vec<u8> {
    let mut log = Vec::new();
    for number in 0_u64.. {
        if log.len() >= bytes {
            break;
        }
        let noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        writeln!(log, "203.0.113.{} - - \"GET /a/{noise:016x}?n={number} HTTP/1.1\" 200", number % 256)
            .unwrap();
    }
    log
}
