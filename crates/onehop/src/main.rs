//! The `onehop` command: grammar, wiring, rendering. What it does lives in the libraries.

#![deny(unsafe_code)]

mod arguments;
mod commands;
mod config;
mod failure;
mod output;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match commands::run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}
