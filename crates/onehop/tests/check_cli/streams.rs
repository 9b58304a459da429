//! Streams: a reader that leaves, a writer that waits for its answer.

use crate::command;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};

/// `onehop check - | head -n 1`: quiet, and no failure.
#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = command(&["-"], &[]).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    drop(child.stdout.take());
    let line = b"https://example.com/\n".repeat(16 * 1024);
    // The other side ends early, which is what this test is about.
    let _ = stdin.write_all(&line);
    drop(stdin);
    let status = child.wait().expect("the binary ends");
    let mut stderr = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("stderr is text");
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

/// A program that asks one URL at a time gets each answer before it asks the next.
#[test]
fn each_question_is_answered_before_the_next() {
    let mut child = command(&["-"], &[]).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    for (question, answer) in
        [("https://example.com/", "allow https://example.com/\n"), ("http://0/", "deny  http://0/ ")]
    {
        writeln!(stdin, "{question}").expect("written");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("an answer");
        assert!(line.starts_with(answer), "{line}");
    }
    drop(stdin);
    assert_eq!(child.wait().expect("the binary ends").code(), Some(1));
}

#[test]
fn streams_that_fail_are_named() {
    let folder = File::open("/").expect("a folder");
    let out = command(&["-"], &[]).stdin(folder).output().expect("the binary runs");
    let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(2));
    assert!(stderr.starts_with("error: cannot read standard input: "), "{stderr}");

    let full = File::create("/dev/full").expect("every Linux has it");
    let out = command(&["https://example.com/"], &[]).stdout(full).output().expect("the binary runs");
    let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(2));
    assert!(stderr.starts_with("error: cannot write the answers: "), "{stderr}");
}
