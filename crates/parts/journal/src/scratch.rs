//! For tests: a directory that goes away, decisions, and a journal's lines.

use crate::{Caller, Decision, ImdsVersion, Journal, Options, Outcome, Source};
use onehop_verdict::Code;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory of its own, removed when dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("onehop-journal-{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => return Scratch(path),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => panic!("{}: {error}", path.display()),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Options for `journal` in this directory, with small files.
    pub(crate) fn options(&self) -> Options {
        Options { path: self.0.join("journal"), rotate_bytes: 4_096, keep_files: 100, queue: 1_024 }
    }

    /// A closed journal with so many decisions.
    pub(crate) fn with_decisions(&self, count: u64) -> Options {
        let options = self.options();
        let journal = Journal::open(&options).expect("open");
        (0..count).for_each(|id| journal.record(decision(id)));
        journal.close().expect("close");
        options
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn decision(request_id: u64) -> Decision {
    Decision {
        time_ms: 1_767_225_600_000 + request_id,
        outcome: Outcome::Deny,
        code: Some(Code::ImdsV1),
        rule: None,
        method: "GET",
        path: Box::from("/latest/meta-data/"),
        version: ImdsVersion::V1,
        caller: Caller { uid: Some(1000), pid: Some(42), ..Caller::default() },
        status: 401,
        source: Source::Local,
        request_id,
        latency_us: 12,
    }
}

/// The lines of the files, oldest first, as JSON.
pub(crate) fn lines(options: &Options) -> Vec<serde_json::Value> {
    let files = crate::files_of(&options.path).expect("list");
    let texts = files.iter().map(|path| fs::read_to_string(path).expect("read"));
    let all: String = texts.collect();
    all.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// `type` of each line.
pub(crate) fn types(options: &Options) -> Vec<String> {
    lines(options).iter().map(|line| line["type"].as_str().expect("type").to_owned()).collect()
}

/// `request.id` of each decision.
pub(crate) fn ids(options: &Options) -> Vec<u64> {
    lines(options).iter().filter_map(|line| line["request.id"].as_u64()).collect()
}
