//! `onehop check` as its users start it: the real binary, its streams, its exit status.

#![cfg(feature = "check")]

mod configured;
mod failures;
mod streams;
mod verdicts;

use std::io::Write as _;
use std::process::{Command, Stdio};

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `onehop check` with these arguments and this input, and nothing else that could decide.
pub(crate) fn check(arguments: &[&str], input: &[u8]) -> Ended {
    check_with(arguments, input, &[])
}

/// The same with these variables.
pub(crate) fn check_with(arguments: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Ended {
    let mut command = command(arguments, variables);
    let mut child = command.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A run that reads no input closes it early.
        let _ = stdin.write_all(&input);
    });
    let out = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer does not panic");
    Ended {
        code: out.status.code(),
        stdout: String::from_utf8(out.stdout).expect("stdout is text"),
        stderr: String::from_utf8(out.stderr).expect("stderr is text"),
    }
}

/// The command with pipes on all sides; what this machine has in `/etc` is not read.
pub(crate) fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onehop"));
    command.arg("check").args(arguments).env_clear().env("ONEHOP_CONFIG", "/dev/null");
    command.envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
