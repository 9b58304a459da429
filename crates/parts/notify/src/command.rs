//! A command for each message: JSON on its standard input, bounded in number and time.
//!
//! ```text
//! message ─▶ a file in memory ─▶ standard input of the command, in a process group of its own
//!                                  │ ends with 0: delivered     │ anything else: failed
//!                                  ╰ takes too long, or the outlet is given up: the group is killed, failed
//! ```
//! Standard output of the command is dropped, standard error is that of the program. The input is a file in memory and no
//! pipe, so that a command that does not read it holds up nothing.

use crate::outlet::{Outlet, Shared, Working};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::num::NonZero;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A command that gets messages.
#[derive(Clone, Debug)]
pub struct Command {
    words: Vec<String>,
    /// Processes at a time. Default 4.
    pub at_once: NonZero<usize>,
    /// How long one may take; then it and what it started are killed. Default 10 s.
    pub timeout: Duration,
    /// Messages that may wait. Default 1000.
    pub queue: usize,
}

/// Why a command cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// It has no words.
    #[error("the command is empty")]
    Empty,
    /// It cannot be split into words.
    #[error("the command `{0}` cannot be split into words")]
    Words(String, #[source] crate::UnclosedQuote),
    /// The system has no more threads or descriptors.
    #[error("no command can be run")]
    System(#[source] io::Error),
}

impl Command {
    /// A command line, split into words without a shell; see [`crate::split`].
    ///
    /// # Errors
    /// It is empty, or a quote is not closed.
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        let words = crate::split(line).map_err(|error| CommandError::Words(line.to_owned(), error))?;
        if words.first().is_none_or(String::is_empty) {
            return Err(CommandError::Empty);
        }
        let at_once = const { NonZero::new(4).expect("four") };
        Ok(Command { words, at_once, timeout: Duration::from_secs(10), queue: 1000 })
    }

    /// Begins to take messages.
    ///
    /// # Errors
    /// The system has no more threads or descriptors.
    pub fn start(self) -> Result<Outlet, CommandError> {
        // Workers watch one end; it hangs up when the other one is let go.
        let (watched, held) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)
            .map_err(|error| CommandError::System(error.into()))?;
        let (outlet, receiver, shared) = Outlet::new(self.queue, Box::new(move || drop(held)));
        let receiver = Arc::new(Mutex::new(receiver));
        let (watched, command) = (Arc::new(watched), Arc::new(self));
        for _ in 0..command.at_once.get() {
            let working = Working::new(&shared);
            let (receiver, watched, command) =
                (Arc::clone(&receiver), Arc::clone(&watched), Arc::clone(&command));
            thread::Builder::new()
                .name("onehop-exec".to_owned())
                .spawn(move || command.work(&receiver, &watched, &working.0))
                .map_err(CommandError::System)?;
        }
        Ok(outlet)
    }

    fn work(&self, receiver: &Mutex<Receiver<Vec<u8>>>, watched: &OwnedFd, shared: &Shared) {
        loop {
            let message = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(message) = message else { return };
            if shared.is_given_up() {
                return;
            }
            match self.run(&message, watched) {
                Ok(status) if status.success() => shared.delivered(1),
                Ok(status) => shared.failed(1, format_args!("`{}` ended with {status}", self.words[0])),
                Err(error) => shared.failed(1, format_args!("`{}`: {error}", self.words[0])),
            }
        }
    }

    fn run(&self, message: &[u8], watched: &OwnedFd) -> io::Result<ExitStatus> {
        let mut input = File::from(memfd_create("finding", MemfdFlags::CLOEXEC)?);
        input.write_all(message)?;
        input.rewind()?;
        let mut child = std::process::Command::new(&self.words[0])
            .args(&self.words[1..])
            .stdin(Stdio::from(input))
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()?;
        let in_time = self.wait(&child, watched);
        if !matches!(in_time, Ok(true)) {
            // The child is not waited for yet, so that its number is nobody else's.
            let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
        }
        let status = child.wait()?;
        if in_time? { Ok(status) } else { Err(io::ErrorKind::TimedOut.into()) }
    }

    /// Waits until the child has ended. `false`: it took too long, or the outlet was given up.
    fn wait(&self, child: &Child, watched: &OwnedFd) -> io::Result<bool> {
        let process = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
        let until = Instant::now() + self.timeout;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let mut files = [
                PollFd::from_borrowed_fd(process.as_fd(), PollFlags::IN),
                PollFd::from_borrowed_fd(watched.as_fd(), PollFlags::HUP),
            ];
            let timeout = Timespec::try_from(left).map_err(io::Error::other)?;
            match poll(&mut files, Some(&timeout)) {
                Ok(0) => return Ok(false),
                Ok(_) => return Ok(!files[0].revents().is_empty()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
