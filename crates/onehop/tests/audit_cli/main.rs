//! `onehop audit` as a user runs it.

#![allow(missing_docs, reason = "a test")]

mod accounts;
mod cloudtrail;
mod code;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The command, without anything of the environment.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onehop"));
    command.arg("audit").args(arguments).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", folder);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it is text")
}

/// The lines of JSON on standard output.
fn lines(output: &Output) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    text(&output.stdout).lines().map(parse).collect()
}

/// The rules of findings with their places.
fn found(output: &Output) -> Vec<(String, String)> {
    let place = |line: &Value| match line["path"].as_str() {
        Some(path) => format!("{path}:{}", line["line"]),
        None => line["resource"]["id"].as_str().unwrap_or_default().to_owned(),
    };
    let findings = lines(output).into_iter().filter(|line| line["type"] == "finding");
    findings.map(|line| (line["rule"].as_str().unwrap_or_default().to_owned(), place(&line))).collect()
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}
