//! The file that is being written: sealed lines in a buffer, the buffer in the file, full files set aside.
//!
//! ```text
//! append ──seal──▶ buffer ──flush──▶ FILE ──at rotate_bytes──▶ FILE.1, FILE.2 …
//! ```
//!
//! How it fails: bytes that the file system refuses stay in the buffer, in order, so a later attempt completes
//! the very line that was cut. At [`BUFFER_MAX_BYTES`] no more lines are accepted; they were never sealed, so the
//! chain stays whole. A rotation that fails leaves the file in use where it is and is tried again later.

use crate::files;
use crate::journal::Options;
use crate::record::{Chain, Line};
use crate::status::Status;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Sealed bytes that wait while the file system refuses them.
pub(crate) const BUFFER_MAX_BYTES: usize = 1024 * 1024;
/// After a failed rotation, the file grows by so much before the next attempt.
const ROTATION_RETRY_BYTES: u64 = 64 * 1024;

/// The line was not accepted: too many bytes wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

#[derive(Debug)]
pub(crate) struct Sink {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    chain: Chain,
    /// Bytes of this file, those in the buffer included.
    file_bytes: u64,
    rotate_bytes: u64,
    rotate_at: u64,
    keep_files: u32,
    status: Arc<Status>,
    write_failed: bool,
    rotation_failed: bool,
}

impl Sink {
    /// Continues a chain in a file that holds `file_bytes` already.
    pub(crate) fn new(
        options: &Options,
        file: File,
        chain: Chain,
        file_bytes: u64,
        status: Arc<Status>,
    ) -> Sink {
        Sink {
            path: options.path.clone(),
            file,
            buffer: Vec::new(),
            chain,
            file_bytes,
            rotate_bytes: options.rotate_bytes,
            rotate_at: options.rotate_bytes,
            keep_files: options.keep_files,
            status,
            write_failed: false,
            rotation_failed: false,
        }
    }

    /// Where the chain stands, unwritten lines included.
    pub(crate) fn chain(&self) -> Chain {
        self.chain
    }

    /// Sealed bytes that are not in the file yet.
    pub(crate) fn unwritten(&self) -> usize {
        self.buffer.len()
    }

    /// Seals a line into the buffer, in a new file if this one is full.
    pub(crate) fn append(&mut self, line: Line<'_>) -> Result<(), Full> {
        if self.buffer.len() >= BUFFER_MAX_BYTES {
            return Err(Full);
        }
        if self.file_bytes >= self.rotate_at {
            self.try_rotate();
        }
        let before = self.buffer.len();
        self.chain.seal(line, &mut self.buffer);
        self.file_bytes += (self.buffer.len() - before) as u64;
        Ok(())
    }

    /// Writes the buffer to the file.
    ///
    /// # Errors
    /// What the file system says; the rest stays in the buffer.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let result = drain_into(&mut self.buffer, &mut self.file);
        self.write_failed = result.is_err();
        self.note(result)
    }

    /// Writes the buffer and waits for the disk.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        let result = self.file.sync_all();
        self.write_failed = result.is_err();
        self.note(result)
    }

    fn try_rotate(&mut self) {
        if self.flush().is_err() {
            return;
        }
        let result = self.rotate();
        self.rotation_failed = result.is_err();
        if result.is_err() {
            self.rotate_at = self.file_bytes.saturating_add(ROTATION_RETRY_BYTES);
        }
        // The reason is not lost: health and the counter tell, and the file keeps growing.
        let _ = self.note(result);
    }

    /// Sets the file aside, which has everything up to here. The next one is complete, head record and all, before the first rename: a crash at any
    /// point leaves a chain that can be continued.
    fn rotate(&mut self) -> io::Result<()> {
        self.file.sync_all()?;
        let mut chain = self.chain;
        let mut head = Vec::new();
        chain.seal(Line::Head, &mut head);

        let staged = files::with_suffix(&self.path, "new");
        ignore_absent(fs::remove_file(&staged))?;
        let mut next = files::create_private(&staged)?;
        next.try_lock()?;
        next.write_all(&head)?;
        next.sync_all()?;

        files::shift(&self.path, self.keep_files)?;
        let aside = files::with_suffix(&self.path, "1");
        // A file that somebody removed cannot be set aside; the chain goes on and shows what is missing.
        ignore_absent(fs::rename(&self.path, &aside))?;
        if let Err(error) = fs::rename(&staged, &self.path) {
            let _ = fs::rename(&aside, &self.path);
            return Err(error);
        }
        files::sync_directory(&self.path)?;
        self.file = next;
        self.chain = chain;
        self.file_bytes = head.len() as u64;
        self.rotate_at = self.rotate_bytes;
        Ok(())
    }

    fn note(&self, result: io::Result<()>) -> io::Result<()> {
        if result.is_err() {
            self.status.failures().increment();
        }
        self.status.set_healthy(!self.write_failed && !self.rotation_failed);
        result
    }
}

fn ignore_absent(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes as much as the writer takes; what it took leaves the buffer, whatever happens next.
fn drain_into(buffer: &mut Vec<u8>, out: &mut impl Write) -> io::Result<()> {
    let mut done = 0;
    let result = loop {
        if done == buffer.len() {
            break Ok(());
        }
        match out.write(&buffer[done..]) {
            Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    buffer.drain(..done);
    result
}

#[cfg(test)]
pub(crate) mod tests;
