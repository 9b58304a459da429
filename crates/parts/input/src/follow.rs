//! Reads files that grow, for as long as they are wanted, through rotation.
//!
//! | between two looks | what happens |
//! |---|---|
//! | the file has grown | the complete lines among the bytes are handed over |
//! | its name belongs to another file (rotation by renaming) | the old file is read for one more look, since its writer may not know yet; then its text ends and the other begins, unless that was read under another name |
//! | it is shorter, or the bytes before our place are others (rotation by copying and truncating) | the text ends, and begins again at the front |
//! | its name is gone | the open file is read on until the name is back, or for a minute in which nothing is added |
//! | a file has come into a directory, or matches a pattern now | it is read from its beginning on; see [`arrivals`] |
//!
//! Files are looked at in intervals, which works on every file system and costs two system calls a look. What a writer
//! adds and truncates between two looks cannot be seen by anyone who reads the file.

mod arrivals;
mod follower;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    options::Options,
    read::Reader,
    sink::{Chunk, Sink, Totals},
    source::{Source, SourceName},
};
pub use arrivals::Followed;
use arrivals::{Arrival, Arrivals};
pub use follower::Follower;
use follower::{LOOK_MAX_BYTES, Readers};

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

    fn is_stopped(&self) -> bool {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits; `true` once stopped.
    fn wait(&self, time: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(stopped, time, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A sink that wants no more once the following is stopped: a large file may take a while.
struct Until<'s, S> {
    sink: &'s mut S,
    stop: &'s Stop,
}

impl<S: Sink> Sink for Until<'_, S> {
    fn begin(&mut self, source: &SourceName) {
        self.sink.begin(source);
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        self.sink.text(chunk);
    }

    fn end(&mut self, totals: &Totals) {
        self.sink.end(totals);
    }

    fn stopped(&self) -> bool {
        self.sink.stopped() || self.stop.is_stopped()
    }
}

/// Follows files, the files of directories, and what patterns match, until stopped, or until a sink wants no more. What does
/// not exist is waited for.
///
/// Each file that grows has one sink, which sees each file behind the name as a text of its own. What is no plain text, such
/// as a compressed file, is read once, when it has stopped growing.
pub fn follow<S: Sink>(
    arguments: &[PathBuf],
    options: &Options,
    stop: &Stop,
    mut make_sink: impl FnMut(&Source) -> S,
    mut tell: impl FnMut(Followed<'_>),
) {
    let (mut arrivals, readers) = (Arrivals::new(arguments, options), Readers::default());
    let mut reader = Reader::new(options);
    let mut files: Vec<(Follower<'_>, S, bool)> = Vec::new();
    let (mut packed, mut is_wanted) = (VecDeque::new(), true);
    loop {
        for Arrival { source, is_plain, is_late } in arrivals.look(&mut tell) {
            if !is_plain {
                packed.push_back(source);
                continue;
            }
            match Follower::beside(&source, options, &readers) {
                Ok(follower) if is_late => files.push((follower.late(), make_sink(&source), false)),
                Ok(follower) => files.push((follower, make_sink(&source), false)),
                Err(error) => tell(Followed::Problem(error)),
            }
        }
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
            is_wanted &= !sink.stopped();
        }
        // One at a time, so that what grows is looked at in between.
        if let Some(source) = packed.pop_front() {
            let mut sink = make_sink(&source);
            if let Err(error) = reader.read(&source, &mut Until { sink: &mut sink, stop }) {
                tell(Followed::Problem(error));
            }
            is_wanted &= !sink.stopped();
            busy |= !packed.is_empty();
        }
        tell(Followed::Looked);
        let pause = if busy { Duration::ZERO } else { options.follow_interval };
        if !is_wanted || arrivals.is_over(files.len()) || stop.wait(pause) {
            break;
        }
    }
    for (follower, sink, _) in &mut files {
        follower.finish(sink);
    }
}
