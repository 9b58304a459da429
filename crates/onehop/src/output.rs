//! The only place that writes to the terminal: data to stdout, everything else to stderr.

#![expect(clippy::print_stderr, reason = "this module is where output goes")]

use crate::failure::Failure;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Shows a failure.
pub(crate) fn failure(failure: &Failure) {
    eprintln!("error: {failure}");
    if let Some(hint) = failure.to_do() {
        eprintln!("hint: {hint}");
    }
}

/// Shows the help or the version that was asked for.
pub(crate) fn help(asked: &clap::Error) -> ExitCode {
    match line(asked.render().to_string().trim_end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

/// Shows something that needs attention but stops nothing.
#[cfg(any(feature = "serve", feature = "guard", feature = "scan", feature = "audit"))]
pub(crate) fn warning(text: &str) {
    eprintln!("warning: {text}");
}

/// Shows words for people beside the data.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// Shows how far long work is, over what was shown before. For terminals.
#[cfg(feature = "audit")]
pub(crate) fn progress(text: &str, is_done: bool) {
    if is_done {
        eprint!("\r\x1b[K");
    } else {
        eprint!("\r\x1b[K{text}");
    }
}

/// Writes a line of data. A reader that left is no failure.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
