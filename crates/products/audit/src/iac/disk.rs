//! Files of code on disk, within bounds.

use onehop_terraform::{Entry, Files};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// Bytes of one file; plans of whole accounts are the largest.
pub(super) const FILE_MAX_BYTES: u64 = 512 << 20;
/// Bytes of one file that a module reads, or that is a part of one.
const MODULE_FILE_MAX_BYTES: u64 = 16 << 20;
/// Entries of one directory.
const ENTRIES_MAX: usize = 100_000;
/// Bytes at the beginning in which a zero byte says that a file is no text.
const HEAD_BYTES: usize = 8 << 10;

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Disk;

impl Files for Disk {
    fn list(&self, dir: &str) -> Vec<Entry> {
        let dir = if dir.is_empty() { "." } else { dir };
        let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
        let mut found: Vec<Entry> = entries
            .take(ENTRIES_MAX)
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                Some(Entry { name, is_dir: entry.path().is_dir() })
            })
            .collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        read(Path::new(path), MODULE_FILE_MAX_BYTES).ok()
    }
}

/// A whole file.
///
/// # Errors
/// What the file system says; a file that is no regular one, larger than the bound, or no text.
pub(super) fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len().min(max_bytes)).unwrap_or(0));
    file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(io::Error::other(format!("it is larger than {} MiB", max_bytes >> 20)));
    }
    if bytes[..bytes.len().min(HEAD_BYTES)].contains(&0) {
        return Err(io::Error::other("it is no text"));
    }
    Ok(bytes)
}
