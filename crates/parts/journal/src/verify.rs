//! Checks a journal from its first line to its last.
//!
//! ```text
//! changed byte          the line's own hash
//! removed, inserted,    `prev` against the hash of the line before, over files too
//!   moved line or file
//! cut-off line          no line feed at the end
//! removed end           an expected head that does not appear
//! ```
//!
//! Streams: one line is held at a time. The first defect ends the check, with its place. The beginning of a
//! journal may be missing, because rotation drops the oldest file: [`Report::first_seq`] says where it starts.

use crate::defect::Defect;
use crate::files;
use crate::hash::Hash;
use crate::record::{self, Kind, LINE_MAX_BYTES, Sealed};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// What a sound journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Records of every type.
    pub records: u64,
    /// Files.
    pub files: u64,
    /// Sequence number of the first record; 0 if nothing was dropped by rotation.
    pub first_seq: u64,
    /// Sequence number of the last record.
    pub last_seq: u64,
    /// Gap records: each says that decisions were lost.
    pub gaps: u64,
    /// Decisions lost, by these records.
    pub lost: u64,
    /// Torn lines that were moved aside after a crash.
    pub recovered: u64,
    /// Hash of the last record. Kept elsewhere, it is what a later check expects.
    pub head: Hash,
}

/// Where a journal is not sound.
#[derive(Debug, thiserror::Error)]
#[error("journal `{}` line {line}: {what}", path.display())]
pub struct VerifyError {
    /// The file.
    pub path: PathBuf,
    /// From 1; 0 for the file as a whole.
    pub line: u64,
    /// What is wrong.
    #[source]
    pub what: Defect,
}

/// Verifies files that are given oldest first.
///
/// With `expected_head`, one of the records (or the one before the first) must have that hash; a journal that has
/// grown since the head was noted is sound. Without it, records missing at the end cannot be noticed.
///
/// A journal that is being written can end in half a line, or be rotated between two files: flush it first, or
/// check again.
///
/// # Errors
/// The first defect.
pub fn verify<P: AsRef<Path>>(paths: &[P], expected_head: Option<Hash>) -> Result<Report, VerifyError> {
    let mut check = Check { expected_head, ..Check::default() };
    for path in paths {
        let path = path.as_ref();
        let opened = File::open(path).map_err(|error| (0, error.into()));
        opened
            .and_then(|file| check.file(BufReader::with_capacity(LINE_MAX_BYTES, file)))
            .map_err(|(line, what)| VerifyError { path: path.to_owned(), line, what })?;
    }
    let last = paths.last().map(|path| path.as_ref().to_owned()).unwrap_or_default();
    check.finish().map_err(|(line, what)| VerifyError { path: last, line, what })
}

/// Verifies the journal at `base` with all its rotated files; see [`verify`].
///
/// # Errors
/// The first defect, or the directory cannot be read.
pub fn verify_base(base: &Path, expected_head: Option<Hash>) -> Result<Report, VerifyError> {
    let whole = |what| VerifyError { path: base.to_owned(), line: 0, what };
    let paths = files::files_of(base).map_err(|error| whole(error.into()))?;
    if paths.is_empty() {
        return Err(whole(Defect::NoFile));
    }
    verify(&paths, expected_head)
}

/// Line number and defect.
type Found = (u64, Defect);

#[derive(Default)]
struct Check {
    expected_head: Option<Hash>,
    head_seen: bool,
    first_seq: Option<u64>,
    last: Option<Sealed>,
    records: u64,
    files: u64,
    gaps: u64,
    lost: u64,
    recovered: u64,
    last_line: u64,
}

impl Check {
    fn file(&mut self, mut reader: impl BufRead) -> Result<(), Found> {
        let mut line = Vec::new();
        self.last_line = 0;
        self.files += 1;
        loop {
            let number = self.last_line + 1;
            line.clear();
            let limit = LINE_MAX_BYTES as u64 + 1;
            let read = reader.by_ref().take(limit).read_until(b'\n', &mut line);
            match read.map_err(|error| (number, error.into()))? {
                0 if number == 1 => return Err((0, Defect::Empty)),
                0 => return Ok(()),
                _ => {}
            }
            self.line(&line, number == 1).map_err(|what| (number, what))?;
            self.last_line = number;
        }
    }

    fn line(&mut self, line: &[u8], is_first: bool) -> Result<(), Defect> {
        let line = match line.strip_suffix(b"\n") {
            Some(line) => line,
            None if line.len() > LINE_MAX_BYTES => return Err(Defect::TooLong),
            None => return Err(Defect::Unfinished),
        };
        let sealed = record::read(line)?;
        match (is_first, sealed.kind == Kind::Head) {
            (true, false) => return Err(Defect::HeadMissing),
            (false, true) => return Err(Defect::HeadMisplaced),
            _ => {}
        }
        self.link(&sealed)?;
        self.count(&sealed);
        Ok(())
    }

    fn link(&self, sealed: &Sealed) -> Result<(), Defect> {
        let Some(last) = self.last else {
            // Only record 0 has nothing before it.
            return if (sealed.seq == 0) == (sealed.prev == Hash::ZERO) { Ok(()) } else { Err(Defect::Link) };
        };
        let expected = last.chain();
        if sealed.prev != expected.head {
            return Err(Defect::Link);
        }
        if sealed.seq != expected.next_seq {
            return Err(Defect::Sequence { expected: expected.next_seq, found: sealed.seq });
        }
        Ok(())
    }

    fn count(&mut self, sealed: &Sealed) {
        self.records += 1;
        self.first_seq.get_or_insert(sealed.seq);
        self.head_seen |= self.expected_head.is_some_and(|head| head == sealed.hash || head == sealed.prev);
        self.last = Some(*sealed);
        match sealed.kind {
            Kind::Gap { lost } => {
                self.gaps += 1;
                self.lost = self.lost.saturating_add(lost);
            }
            Kind::Recovered => self.recovered += 1,
            Kind::Head | Kind::Decision => {}
        }
    }

    fn finish(self) -> Result<Report, Found> {
        let (Some(last), Some(first_seq)) = (self.last, self.first_seq) else {
            return Err((0, Defect::NoFile));
        };
        if let Some(head) = self.expected_head.filter(|_| !self.head_seen) {
            return Err((self.last_line, Defect::ExpectedHead(head)));
        }
        Ok(Report {
            records: self.records,
            files: self.files,
            first_seq,
            last_seq: last.seq,
            gaps: self.gaps,
            lost: self.lost,
            recovered: self.recovered,
            head: last.hash,
        })
    }
}

#[cfg(test)]
mod tests;
