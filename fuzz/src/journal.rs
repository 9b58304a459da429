//! Journals: a sound one verifies, and none does of which one byte was changed, or one line removed or replaced.
//!
//! The input is a journal without its seals, because no fuzzer can guess a hash:
//!
//! ```text
//! {"type":"journal","v":1,"seq":@,"digest":"sha-256"}      sealed: `@` becomes the number of the line,
//! {"type":"gap","v":1,"seq":@,"time":"…","lost":3}         `prev` and `hash` are added
//! ---                                                      the next file begins
//! anything else                                            stands as it is
//! ```

use crate::Reached;
use onehop_journal::{Hash, Report, VerifyError, verify};
use rustix::fs::{MemfdFlags, memfd_create};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::PathBuf;

/// Files of one input.
const FILES_MAX: usize = 4;

/// Lines of each file, with their line feeds.
type Files = Vec<Vec<Vec<u8>>>;

/// Verifies one journal, and then changed ones.
pub fn run(data: &[u8]) -> Reached {
    let (files, last_hash) = sealed(data);
    let Ok(report) = verified(&files, None) else {
        return Reached::Refused;
    };
    let lines = files.iter().map(Vec::len).sum::<usize>() as u64;
    assert_eq!((report.records, report.files), (lines, files.len() as u64));
    assert_eq!(report.last_seq, report.first_seq.saturating_add(lines - 1));
    assert_eq!(report.head.to_string(), last_hash, "the head is the last hash");
    assert_eq!(verified(&files, Some(report.head)).expect("the head is its own"), report);
    check_changed_byte(&files, data);
    check_removed_line(&files, data, report.head);
    check_replaced_line(&files, data, report.head);
    Reached::Accepted
}

/// The files with their seals, and the last hash.
fn sealed(data: &[u8]) -> (Files, String) {
    let mut files = vec![Vec::new()];
    let mut prev = "0".repeat(64);
    let mut number = 0u64;
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    for line in data.split(|byte| *byte == b'\n') {
        if line == b"---" && files.len() < FILES_MAX {
            files.push(Vec::new());
            continue;
        }
        let mut line = line.to_vec();
        if let Some(body) = line.strip_prefix(b"{").and_then(|line| line.strip_suffix(b"}")) {
            (line, prev) = seal(body, number, &prev);
            number += 1;
        }
        line.push(b'\n');
        if let Some(file) = files.last_mut() {
            file.push(line);
        }
    }
    (files, prev)
}

fn seal(body: &[u8], number: u64, prev: &str) -> (Vec<u8>, String) {
    let mut line = vec![b'{'];
    for byte in body {
        match byte {
            b'@' => line.extend_from_slice(number.to_string().as_bytes()),
            byte => line.push(*byte),
        }
    }
    line.extend_from_slice(format!(",\"prev\":\"{prev}\"").as_bytes());
    let hash = close(&mut line);
    (line, hash)
}

/// Adds the hash of what is there.
fn close(line: &mut Vec<u8>) -> String {
    let mut hash = String::with_capacity(64);
    for byte in Sha256::digest(&*line) {
        hash.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    line.extend_from_slice(format!(",\"hash\":\"{hash}\"}}").as_bytes());
    hash
}

/// Files in memory, so that nothing is left behind and no disk is waited for.
fn verified(files: &Files, expected_head: Option<Hash>) -> Result<Report, VerifyError> {
    let open: Vec<File> = files.iter().map(|lines| in_memory(lines)).collect();
    let paths: Vec<PathBuf> =
        open.iter().map(|file| format!("/proc/self/fd/{}", file.as_raw_fd()).into()).collect();
    verify(&paths, expected_head)
}

fn in_memory(lines: &[Vec<u8>]) -> File {
    let descriptor = memfd_create("journal", MemfdFlags::CLOEXEC).expect("memory for a small file");
    let mut file = File::from(descriptor);
    file.write_all(&lines.concat()).expect("memory for a small file");
    file
}

/// Any one byte, changed in any way, is noticed without a head from elsewhere.
fn check_changed_byte(files: &Files, data: &[u8]) {
    let mut changed = files.clone();
    let choice = choice(data);
    let file = choice % changed.len();
    let line = choice / 7 % changed[file].len();
    let line = &mut changed[file][line];
    let place = choice / 11 % line.len();
    let mask = u8::try_from(1 + choice / 13 % 255).expect("1 to 255");
    line[place] ^= mask;
    assert!(verified(&changed, None).is_err(), "byte {place} xor {mask} goes unnoticed");
}

/// Any one line that is missing is noticed with the head at hand.
fn check_removed_line(files: &Files, data: &[u8], head: Hash) {
    let mut changed = files.clone();
    let choice = choice(data);
    let file = choice / 3 % changed.len();
    let line = choice / 5 % changed[file].len();
    changed[file].remove(line);
    assert!(verified(&changed, Some(head)).is_err(), "line {line} of file {file} is not missed");
}

/// Any one line that says something else under a hash of its own is noticed by the line after it, or by the head.
fn check_replaced_line(files: &Files, data: &[u8], head: Hash) {
    const HASH_BYTES: usize = ",\"hash\":\"\"}\n".len() + 64;
    let mut changed = files.clone();
    let choice = choice(data);
    let file = choice / 17 % changed.len();
    let place = choice / 19 % changed[file].len();
    let line = &mut changed[file][place];
    line.truncate(line.len() - HASH_BYTES);
    // A blank between two fields: the same record in other bytes.
    line.insert(1, b' ');
    close(line);
    line.push(b'\n');
    assert!(verified(&changed, Some(head)).is_err(), "line {place} of file {file} is another");
    let is_last = file + 1 == files.len() && place + 1 == files[file].len();
    assert!(is_last || verified(&changed, None).is_err(), "line {place} of file {file} is not linked");
}

/// A number that differs between inputs and is the same at each replay.
fn choice(data: &[u8]) -> usize {
    let digest = Sha256::digest(data);
    usize::from(digest[0]) << 16 | usize::from(digest[1]) << 8 | usize::from(digest[2])
}
