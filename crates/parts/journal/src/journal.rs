//! Opening a journal, and the handle that decisions are given to.
//!
//! | at `path` | what happens |
//! |---|---|
//! | nothing | a fresh journal, or, behind rotated files, the continuation of the latest |
//! | a journal | its last line is verified and the chain continues |
//! | a journal with a torn last line | the torn bytes move to `FILE.torn`, a `recovered` record says how many |
//! | a journal whose last line does not verify | [`OpenError::Tail`]; nothing is touched |
//! | something else | an error; nothing is touched |
//! | a journal that is open elsewhere | [`OpenError::InUse`] |

use crate::decision::Decision;
use crate::defect::Defect;
use crate::files;
use crate::hash::Hash;
use crate::queue::Queue;
use crate::record::{Chain, Line};
use crate::sink::Sink;
use crate::status::Status;
use crate::tail::{self, Tail};
use crate::writer::{Flush, Writer};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Where a journal is and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The file being written. Rotated files stand beside it.
    pub path: PathBuf,
    /// A file with at least so many bytes is set aside before the next record; at least 1. It can be longer by
    /// one record.
    pub rotate_bytes: u64,
    /// Files set aside that are kept, `FILE.1` to `FILE.<keep_files>`; at least 1.
    pub keep_files: u32,
    /// Decisions that wait for the writer at most; at least 1. About 300 bytes and their strings each.
    pub queue: usize,
}

impl Options {
    /// 64 MiB a file (some 110,000 decisions), 8 files set aside, 4,096 decisions waiting.
    pub fn new(path: impl Into<PathBuf>) -> Options {
        Options { path: path.into(), rotate_bytes: 64 * 1024 * 1024, keep_files: 8, queue: 4_096 }
    }

    fn check(&self) -> Result<(), OpenError> {
        let zeros = [
            ("rotate_bytes", self.rotate_bytes == 0),
            ("keep_files", self.keep_files == 0),
            ("queue", self.queue == 0),
        ];
        match zeros.into_iter().find(|(_, is_zero)| *is_zero) {
            Some((option, _)) => Err(OpenError::Zero { option }),
            None => Ok(()),
        }
    }
}

/// A journal could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// An option that must be at least 1 is 0.
    #[error("`{option}` is 0")]
    Zero {
        /// Its name in [`Options`].
        option: &'static str,
    },
    /// The file system refused.
    #[error("journal `{}` cannot be {action}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was attempted, e.g. `created`.
        action: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The path names a directory, a device or a pipe.
    #[error("`{}` is not a regular file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Somebody else has the journal open.
    #[error("journal `{}` is in use", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The last line does not verify.
    #[error("journal `{}` line {line}: {what}", path.display())]
    Tail {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: u64,
        /// What is wrong.
        #[source]
        what: Defect,
    },
}

impl OpenError {
    /// What to do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            OpenError::Zero { .. } => "set it to 1 or more",
            OpenError::Io { .. } => "check that the directory exists and that this user may write there",
            OpenError::NotAFile { .. } => "name a file in a directory of its own",
            OpenError::InUse { .. } => "give each process its own journal",
            OpenError::Tail { .. } => {
                "the journal was changed or is not one: keep the file as evidence and start with another path"
            }
        }
    }
}

/// Not everything that was recorded is in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlushError {
    /// The file system refused the rest.
    #[error("{bytes} bytes of the journal could not be written")]
    Unwritten {
        /// How many.
        bytes: usize,
    },
    /// Written, but the disk did not confirm it.
    #[error("the journal was written, but the disk did not confirm it")]
    Unsynced,
    /// The writer has ended.
    #[error("the journal is closed")]
    Closed,
}

/// A journal that is open for writing. Clones share it; the last one to go closes it.
#[derive(Clone, Debug)]
pub struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    queue: Arc<Queue<Flush>>,
    status: Arc<Status>,
    writer: Mutex<WriterState>,
}

#[derive(Debug)]
enum WriterState {
    Running(JoinHandle<Flush>),
    Ended(Flush),
}

impl Journal {
    /// Opens a journal and starts its writer.
    ///
    /// # Errors
    /// Options are contradictory, the file system refuses, or what is at the path is not a journal that can be
    /// continued. Nothing is overwritten in any case.
    pub fn open(options: &Options) -> Result<Journal, OpenError> {
        options.check()?;
        let status = Arc::new(Status::new());
        let sink = open_sink(options, Arc::clone(&status))?;
        let queue = Arc::new(Queue::new(options.queue));
        let writer = Writer::new(Arc::clone(&queue), sink, Arc::clone(&status));
        let thread = thread::Builder::new()
            .name(String::from("journal"))
            .spawn(move || writer.run())
            .map_err(failed(&options.path, "given a thread"))?;
        let writer = Mutex::new(WriterState::Running(thread));
        Ok(Journal { shared: Arc::new(Shared { queue, status, writer }) })
    }

    /// Records a decision. Never waits: with a full queue the decision is counted as lost and the chain says so.
    pub fn record(&self, decision: Decision) {
        if !self.shared.queue.push(decision) {
            self.shared.status.lost().increment();
        }
    }

    /// Waits until everything recorded so far is in the file, and says what the head of the chain is then.
    /// Blocks for as long as the disk takes: not for a request's path.
    ///
    /// # Errors
    /// The file system refuses, or the journal is closed.
    pub fn flush(&self) -> Result<Hash, FlushError> {
        self.shared.queue.flush().recv().unwrap_or(Err(FlushError::Closed))
    }

    /// False while the file cannot be written or set aside, and once the writer has died.
    pub fn healthy(&self) -> bool {
        self.shared.status.healthy()
    }

    /// Health and counters.
    pub fn status(&self) -> &Status {
        &self.shared.status
    }

    /// Writes everything, waits for the disk, and ends the writer. Returns the head of the chain; asked again,
    /// the same. What clones record afterwards is counted as lost.
    ///
    /// # Errors
    /// Some of it could not be written.
    pub fn close(&self) -> Result<Hash, FlushError> {
        self.shared.close()
    }
}

impl Shared {
    fn close(&self) -> Flush {
        self.queue.close();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = match std::mem::replace(&mut *writer, WriterState::Ended(Err(FlushError::Closed))) {
            WriterState::Running(thread) => thread.join().unwrap_or(Err(FlushError::Closed)),
            WriterState::Ended(flush) => flush,
        };
        *writer = WriterState::Ended(ended.clone());
        ended
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Whoever wants to know calls `close`.
        let _ = self.close();
    }
}

fn failed(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { path, action, source }
}

fn open_sink(options: &Options, status: Arc<Status>) -> Result<Sink, OpenError> {
    let path = &options.path;
    let mut file = open_file(path)?;
    lock(&file, path)?;
    let (chain, end, torn) = match examine(&mut file, path)? {
        Tail::Record { chain, end, torn } => (chain, end, torn),
        Tail::Fragment { torn } => (chain_of_rotated(path)?, 0, torn),
    };
    if torn > 0 {
        set_aside_torn(&mut file, path, end).map_err(failed(path, "repaired"))?;
    }
    let mut sink = Sink::new(options, file, chain, end, status);
    let mut lines = Vec::new();
    if end == 0 {
        lines.push(Line::Head);
    }
    if torn > 0 {
        lines.push(Line::Recovered(torn));
    }
    for line in lines {
        sink.append(line).expect("an empty buffer has room");
    }
    sink.flush().map_err(failed(path, "written"))?;
    Ok(sink)
}

fn open_file(path: &Path) -> Result<File, OpenError> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => Err(OpenError::NotAFile { path: path.to_owned() }),
        Ok(_) => OpenOptions::new().read(true).append(true).open(path).map_err(failed(path, "opened")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            files::create_private(path).map_err(failed(path, "created"))
        }
        Err(error) => Err(failed(path, "opened")(error)),
    }
}

fn lock(file: &File, path: &Path) -> Result<(), OpenError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(path, "locked")(source)),
    }
}

fn examine(file: &mut File, path: &Path) -> Result<Tail, OpenError> {
    tail::examine(file).map_err(|bad| OpenError::Tail {
        path: path.to_owned(),
        line: bad.line,
        what: bad.what,
    })
}

/// Where the chain stands when the file itself says nothing: behind the latest rotated file, or at the start.
fn chain_of_rotated(path: &Path) -> Result<Chain, OpenError> {
    let rotated = files::rotated(path).map_err(failed(path, "looked for"))?;
    let Some((_, latest)) = rotated.into_iter().next() else {
        return Ok(Chain::START);
    };
    let mut file = File::open(&latest).map_err(failed(&latest, "opened"))?;
    match examine(&mut file, &latest)? {
        Tail::Record { chain, torn: 0, .. } => Ok(chain),
        // It was complete when it was set aside.
        _ => Err(OpenError::Tail { path: latest, line: 0, what: Defect::Unfinished }),
    }
}

/// Appends what follows `end` to `FILE.torn`, and cuts it off only when that is on disk.
fn set_aside_torn(file: &mut File, path: &Path, end: u64) -> io::Result<()> {
    let mut torn = files::append_private(&files::with_suffix(path, "torn"))?;
    file.seek(SeekFrom::Start(end))?;
    io::copy(file, &mut torn)?;
    torn.sync_all()?;
    file.set_len(end)
}

#[cfg(test)]
mod tests;
