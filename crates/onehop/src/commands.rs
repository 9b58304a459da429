//! One module a command.

#[cfg(feature = "audit")]
mod audit;
#[cfg(any(feature = "audit", feature = "scan"))]
mod baseline;
#[cfg(feature = "check")]
mod check;
#[cfg(any(feature = "audit", feature = "scan"))]
mod findings;
#[cfg(feature = "guard")]
mod guard;
mod journal;
#[cfg(any(feature = "serve", feature = "guard", feature = "scan"))]
mod listen;
#[cfg(any(feature = "audit", feature = "scan"))]
mod replace;
#[cfg(any(feature = "audit", feature = "scan"))]
mod rules;
#[cfg(feature = "scan")]
mod scan;
#[cfg(feature = "serve")]
mod serve;
#[cfg(any(feature = "serve", feature = "guard"))]
mod start;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;
use std::process::ExitCode;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let config = || crate::config::ConfigFile::read(arguments.config.as_deref());
    match arguments.command {
        #[cfg(feature = "serve")]
        Command::Serve(flags) => serve::run(&config()?, &flags),
        #[cfg(feature = "guard")]
        Command::Guard(flags) => guard::run(&config()?, &flags),
        #[cfg(feature = "check")]
        Command::Check(flags) => check::run(&config()?, &flags),
        #[cfg(feature = "scan")]
        Command::Scan(flags) => scan::run(&config()?, &flags),
        #[cfg(feature = "audit")]
        Command::Audit(flags) => audit::run(&config()?, &flags),
        Command::Journal(flags) => journal::run(&flags.command),
    }
}
