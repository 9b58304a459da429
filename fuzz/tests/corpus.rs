//! Replays the committed corpora, so that the ordinary tests hold what fuzzing has found.

use onehop_fuzz::{Reached, TARGETS};
use std::fs;
use std::path::{Path, PathBuf};

const FILES_MAX: usize = 300;
const BYTES_MAX: usize = 300 * 1024;

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The names in a folder, sorted.
fn names(below: &str) -> Vec<String> {
    let entries = fs::read_dir(folder(below)).unwrap_or_else(|error| panic!("{below}: {error}"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect(below).file_name().into_string().expect(below)).collect();
    names.sort();
    names
}

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let below = format!("corpus/{target}");
    let read = |name: String| {
        let bytes = fs::read(folder(&below).join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, bytes)
    };
    names(&below).into_iter().map(read).collect()
}

#[test]
fn every_input_of_the_corpora_holds() {
    for (target, run) in TARGETS {
        let inputs = corpus(target);
        for (name, bytes) in &inputs {
            // Shown only when a property is broken.
            println!("{target}/{name}");
            run(bytes);
        }
        for side in [Reached::Refused, Reached::Accepted] {
            let there = inputs.iter().filter(|(_, bytes)| run(bytes) == side).count();
            assert!(there >= 5, "only {there} inputs of `{target}` are {side:?}");
        }
    }
}

#[test]
fn the_corpora_stay_small_enough_to_commit() {
    for (target, _) in TARGETS {
        let inputs = corpus(target);
        let bytes: usize = inputs.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(inputs.len() <= FILES_MAX, "`{target}` has {} files", inputs.len());
        assert!(bytes <= BYTES_MAX, "`{target}` has {bytes} bytes");
    }
}

#[test]
fn every_target_has_its_file_and_its_corpus() {
    let targets: Vec<String> = TARGETS.iter().map(|(target, _)| (*target).to_owned()).collect();
    let files: Vec<String> = targets.iter().map(|target| format!("{target}.rs")).collect();
    assert_eq!(names("fuzz_targets"), files);
    assert_eq!(names("corpus"), targets);
}
