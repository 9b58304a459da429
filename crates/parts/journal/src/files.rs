//! The files of one journal: `FILE`, the rotated `FILE.1` (latest) to `FILE.N` (oldest), and their neighbours.
//!
//! Only the names `FILE.<number>` are taken for rotated files; a number may be missing, since a crash can fall
//! between two renames, and the chain says whether a file is. Failures are the file system's.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Every file of the journal at `base` that exists, oldest first.
///
/// # Errors
/// The directory cannot be read.
pub fn files_of(base: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = rotated(base)?.into_iter().rev().map(|(_, path)| path).collect();
    if base.try_exists()? {
        files.push(base.to_owned());
    }
    Ok(files)
}

/// The rotated files with their numbers, latest first.
pub(crate) fn rotated(base: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory(base))? {
        let entry = entry?;
        if let Some(number) = number_of(base, entry.file_name().as_bytes()) {
            found.push((number, with_suffix(base, &number.to_string())));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// `base` with `.suffix` behind its name.
pub(crate) fn with_suffix(base: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(base);
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

/// Renames `FILE.n` to `FILE.n+1`, so that `FILE.1` is free, and removes what would be kept beyond `keep`.
/// The oldest goes first: whatever interrupts this, the files that remain are the end of the chain.
pub(crate) fn shift(base: &Path, keep: u32) -> io::Result<()> {
    for (number, path) in rotated(base)?.into_iter().rev() {
        if number >= keep {
            fs::remove_file(path)?;
        } else {
            fs::rename(path, with_suffix(base, &(number + 1).to_string()))?;
        }
    }
    Ok(())
}

/// Creates a file that only its owner can read and write, for appending. One that exists is an error.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(path)
}

/// Opens a file for appending, creating it for its owner alone.
pub(crate) fn append_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

/// Makes renames in the directory of `base` survive a loss of power.
pub(crate) fn sync_directory(base: &Path) -> io::Result<()> {
    File::open(directory(base))?.sync_all()
}

fn directory(base: &Path) -> &Path {
    match base.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The number in `FILE.<number>`: decimal, from 1, without leading zeros.
fn number_of(base: &Path, name: &[u8]) -> Option<u32> {
    let digits = name.strip_prefix(base.file_name()?.as_bytes())?.strip_prefix(b".")?;
    if !digits.iter().all(u8::is_ascii_digit) || digits.first() == Some(&b'0') {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{number_of, with_suffix};
    use std::path::Path;

    #[test]
    fn rotated_names() {
        let base = Path::new("/var/log/journal.jsonl");
        assert_eq!(with_suffix(base, "7"), Path::new("/var/log/journal.jsonl.7"));
        let table = [
            ("journal.jsonl.1", Some(1)),
            ("journal.jsonl.120", Some(120)),
            ("journal.jsonl", None),
            ("journal.jsonl.", None),
            ("journal.jsonl.0", None),
            ("journal.jsonl.01", None),
            ("journal.jsonl.+1", None),
            ("journal.jsonl.1.gz", None),
            ("journal.jsonl.torn", None),
            ("journal.jsonl.4294967296", None),
            ("other.jsonl.1", None),
        ];
        for (name, want) in table {
            assert_eq!(number_of(base, name.as_bytes()), want, "{name}");
        }
    }
}
