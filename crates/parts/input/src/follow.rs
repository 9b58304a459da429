//! Reads files that grow, for as long as they are wanted, through rotation.
//!
//! | between two looks | what happens |
//! |---|---|
//! | the file has grown | the complete lines among the bytes are handed over |
//! | its name belongs to another file (rotation by renaming) | the old file is read for one more look, since its writer may not know yet; then its text ends and the other begins |
//! | it is shorter, or the bytes before our place are others (rotation by copying and truncating) | the text ends, and begins again at the front |
//! | its name is gone | the open file is read on until the name is back |
//!
//! Files are looked at in intervals, which works on every file system and costs two system calls a look. What a writer
//! adds and truncates between two looks cannot be seen by anyone who reads the file.

use std::{
    fs::{self, File, Metadata},
    io::{self, Seek, SeekFrom},
    os::unix::fs::{FileExt, MetadataExt},
    path::PathBuf,
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    error::InputError,
    options::{FollowFrom, Options},
    sink::{Format, Loss, Reason, Sink, Totals},
    sniff,
    source::{Place, Source, SourceName},
    text::Text,
};

/// What one look reads of a file at most, so that a busy one does not keep the others waiting.
const LOOK_MAX_BYTES: u64 = 64 << 20;
/// Bytes before our place that are compared, to notice a file that was truncated and has grown again.
const TRAIL_BYTES: usize = 64;

/// Ends [`follow`], from any thread.
#[derive(Debug, Default)]
pub struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Not stopped yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the following at once, without waiting for the interval.
    pub fn stop(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits; `true` once stopped.
    fn wait(&self, time: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(stopped, time, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// What [`follow`] tells beside the texts.
#[derive(Debug)]
pub enum Followed {
    /// Something cannot be read. Told once, until it changes.
    Problem(InputError),
    /// Every file was looked at, and what was there has been handed over.
    Looked,
}

/// Follows files until stopped, or until no sink wants more. A file that does not exist is waited for.
///
/// Each file has one sink, which sees each file behind the name as a text of its own.
pub fn follow<S: Sink>(
    sources: &[Source],
    options: &Options,
    stop: &Stop,
    mut make_sink: impl FnMut(&Source) -> S,
    mut tell: impl FnMut(Followed),
) {
    let mut files = Vec::new();
    for source in sources {
        match Follower::new(source, options) {
            Ok(follower) => files.push((follower, make_sink(source), false)),
            Err(error) => tell(Followed::Problem(error)),
        }
    }
    loop {
        let mut busy = false;
        for (follower, sink, failed) in &mut files {
            match follower.look(sink) {
                Ok(bytes) => {
                    busy |= bytes >= LOOK_MAX_BYTES;
                    *failed = false;
                }
                Err(error) if !std::mem::replace(failed, true) => tell(Followed::Problem(error)),
                Err(_) => {}
            }
        }
        files.retain_mut(|(follower, sink, _)| {
            let wanted = !sink.stopped();
            if !wanted {
                follower.finish(sink);
            }
            wanted
        });
        tell(Followed::Looked);
        let pause = if busy { Duration::ZERO } else { options.follow_interval };
        if files.is_empty() || stop.wait(pause) {
            break;
        }
    }
    for (follower, sink, _) in &mut files {
        follower.finish(sink);
    }
}

/// Follows one file, look by look; [`follow`] does it in intervals.
pub struct Follower<'o> {
    path: PathBuf,
    name: SourceName,
    options: &'o Options,
    from: FollowFrom,
    current: Option<Current>,
}

/// The file that is read, which may have lost its name.
struct Current {
    file: File,
    identity: (u64, u64),
    text: Text,
    /// Where the next byte to read is.
    at: u64,
    /// What stands before `at`.
    trail: Vec<u8>,
    /// The name belonged to another file at the last look.
    renamed: bool,
}

impl<'o> Follower<'o> {
    /// Follows the file of this source. It need not exist.
    ///
    /// # Errors
    /// The source is not a file.
    pub fn new(source: &Source, options: &'o Options) -> Result<Self, InputError> {
        match &source.place {
            Place::File(path) => Ok(Self {
                path: path.clone(),
                name: source.name(),
                options,
                from: options.follow_from,
                current: None,
            }),
            _ => Err(InputError::Unfollowed { place: source.name().to_string() }),
        }
    }

    /// Looks once, hands over what is there, and returns the number of bytes read. 0 is no end: look again later.
    ///
    /// # Errors
    /// The file cannot be opened, for another reason than that it does not exist, or is not a plain text file.
    pub fn look(&mut self, sink: &mut dyn Sink) -> Result<u64, InputError> {
        let path = self.path.clone();
        self.try_look(sink).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => InputError::Unfollowed { place: self.name.to_string() },
            _ => InputError::Open { path, source: error },
        })
    }

    /// Hands over a last line that has no line end, and ends the text.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        if let Some(current) = self.current.take() {
            current.end(&self.name, None, sink);
        }
    }

    fn try_look(&mut self, sink: &mut dyn Sink) -> io::Result<u64> {
        let mut bytes = 0;
        if self.current.as_ref().is_some_and(|current| !current.is_same()) {
            self.finish(sink);
        }
        // Twice at most: the file at hand, and the one that took its name.
        for _ in 0..2 {
            let Some(current) = &mut self.current else {
                if !self.open(sink)? {
                    break;
                }
                continue;
            };
            let read = current.read(sink);
            bytes += *read.as_ref().unwrap_or(&0);
            if let Err(error) = read {
                let reason = Reason::Unreadable(error.to_string());
                if let Some(current) = self.current.take() {
                    current.end(&self.name, Some(reason), sink);
                }
                return Err(error);
            }
            let other = fs::metadata(&self.path).is_ok_and(|found| identity(&found) != current.identity);
            let was_renamed = std::mem::replace(&mut current.renamed, other);
            if !(other && was_renamed && bytes == 0) {
                break;
            }
            self.finish(sink);
            if !self.open(sink)? {
                break;
            }
        }
        Ok(bytes)
    }

    /// Opens what has the name now; `false` if there is nothing.
    fn open(&mut self, sink: &mut dyn Sink) -> io::Result<bool> {
        let from = std::mem::take(&mut self.from);
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        let mut head = [0; sniff::HEAD_BYTES];
        let plain = metadata.is_file() && {
            let filled = file.read_at(&mut head, 0)?;
            sniff::format(&head[..filled]) == Format::Plain
        };
        if !plain {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let at = if from == FollowFrom::End { file.seek(SeekFrom::End(0))? } else { 0 };
        let text = Text::new(self.options, vec![0; self.options.chunk_bytes.max(512)]);
        let mut current =
            Current { file, identity: identity(&metadata), text, at, trail: Vec::new(), renamed: false };
        current.remember()?;
        sink.begin(&self.name);
        self.current = Some(current);
        Ok(true)
    }
}

impl Current {
    /// Reads what is there, up to a bound.
    fn read(&mut self, sink: &mut dyn Sink) -> io::Result<u64> {
        let mut bytes = 0;
        while bytes < LOOK_MAX_BYTES && !sink.stopped() {
            match self.text.fill(&mut self.file, sink) {
                Ok(0) => break,
                Ok(count) => bytes += count as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.at += bytes;
        if bytes > 0 {
            self.remember()?;
        }
        Ok(bytes)
    }

    /// Whether the file is what it was, up to our place.
    fn is_same(&self) -> bool {
        let mut now = [0; TRAIL_BYTES];
        let now = &mut now[..self.trail.len()];
        self.file.metadata().is_ok_and(|metadata| metadata.len() >= self.at)
            && self.file.read_exact_at(now, self.at - self.trail.len() as u64).is_ok()
            && *now == *self.trail
    }

    /// Keeps the bytes before our place.
    fn remember(&mut self) -> io::Result<()> {
        let length = self.at.min(TRAIL_BYTES as u64);
        self.trail.resize(usize::try_from(length).unwrap_or(0), 0);
        match self.file.read_exact_at(&mut self.trail, self.at - length) {
            // Truncated since it was read: the next look will see that.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            other => other,
        }
    }

    fn end(mut self, name: &SourceName, reason: Option<Reason>, sink: &mut dyn Sink) {
        if !sink.stopped() {
            self.text.flush(sink);
        }
        let bytes_out = self.text.bytes_out();
        let mut totals =
            Totals { bytes_in: bytes_out, bytes_out, texts: 1, stopped: sink.stopped(), ..Totals::default() };
        if let Some(reason) = reason {
            totals.lose(Loss { name: name.clone(), reason, at: bytes_out, unread: None });
        }
        sink.end(&totals);
    }
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}
