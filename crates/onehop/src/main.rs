//! The `onehop` command: grammar, wiring, rendering. What it does lives in the libraries.

#![deny(unsafe_code)]

mod arguments;
mod commands;
mod config;
mod failure;
mod output;

use clap::Parser as _;
use clap::error::ErrorKind;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(asked) if !asked.use_stderr() => return output::help(&asked),
        // A command that is called without saying what to do.
        Err(asked) if asked.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::note(asked.render().to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(wrong) => {
            output::failure(&failure::Failure::usage(&wrong));
            return ExitCode::from(2);
        }
    };
    match commands::run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}
