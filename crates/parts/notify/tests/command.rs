//! Commands that are made up here, and what becomes of messages.

use onehop_notify::{Command, CommandError, Counts};
use std::fs;
use std::num::NonZero;
use std::time::{Duration, Instant};

/// Long enough for the slowest machine; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(20);

fn sh(script: &str) -> Command {
    Command::parse(&format!("/bin/sh -c '{script}'")).expect("words")
}

fn sent(command: Command, messages: &[&str]) -> Counts {
    let outlet = command.start().expect("it starts");
    for message in messages {
        outlet.offer(message.as_bytes().to_vec());
    }
    outlet.finish(PATIENCE)
}

#[test]
fn a_message_is_the_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut command = sh(&format!("cat >> {}", out.display()));
    command.at_once = NonZero::<usize>::MIN;
    let counts = sent(command, &["{\"a\":1}\n", "{\"b\":\"$(touch x)\"}\n"]);
    assert_eq!(counts, Counts { delivered: 2, ..Counts::default() });
    assert_eq!(fs::read_to_string(&out).expect("it was written"), "{\"a\":1}\n{\"b\":\"$(touch x)\"}\n");
}

#[test]
fn failures_are_counted_and_told() {
    let counts = sent(sh("exit 3"), &["{}"]);
    assert_eq!((counts.delivered, counts.failed, counts.dropped), (0, 1, 0));
    assert_eq!(counts.failure.as_deref(), Some("`/bin/sh` ended with exit status: 3"));
    let counts = sent(Command::parse("/nowhere/to/be/found").expect("words"), &["{}", "{}"]);
    assert_eq!(counts.failed, 2);
    assert!(counts.failure.expect("told").starts_with("`/nowhere/to/be/found`: No such file"));
    assert!(matches!(Command::parse("  "), Err(CommandError::Empty)));
    assert!(matches!(Command::parse("'a"), Err(CommandError::Words(..))));
}

#[test]
fn a_command_that_takes_too_long_is_killed_with_what_it_started() {
    let mut command = sh("sleep 600 & wait");
    command.timeout = Duration::from_millis(50);
    let began = Instant::now();
    let counts = sent(command, &["{}"]);
    assert!(began.elapsed() < PATIENCE, "it was not waited for");
    assert_eq!((counts.failed, counts.failure.as_deref()), (1, Some("`/bin/sh`: timed out")));
}

#[test]
fn what_does_not_read_holds_up_nothing() {
    let long = "x".repeat(1 << 20);
    assert_eq!(sent(sh("exit 0"), &[&long]).delivered, 1);
}

#[test]
fn a_full_queue_drops_and_counts() {
    let mut command = sh("sleep 600");
    (command.at_once, command.queue) = (NonZero::<usize>::MIN, 2);
    let outlet = command.start().expect("it starts");
    let began = Instant::now();
    for _ in 0..50 {
        outlet.offer(b"{}".to_vec());
    }
    assert!(began.elapsed() < PATIENCE, "offering does not wait");
    // One may be on its way, two wait.
    assert!(outlet.counts().dropped >= 47, "{:?}", outlet.counts());
    let counts = outlet.finish(Duration::from_millis(10));
    assert_eq!((counts.delivered, counts.failed + counts.dropped), (0, 50), "{counts:?}");
}
