//! The commands that `--print-examples` prints do what is said of them.

use crate::process::Guard;
use rustix::process::Signal;
use std::process::Command;

/// The printed commands, pointed at a guard.
fn commands_for(guard: &Guard) -> Vec<String> {
    let printing = Guard::start(&["--print-examples"]);
    let at = printing.listen.to_string();
    printing.signal(Signal::TERM);
    let (_, stderr) = printing.stop();
    let commands = stderr.lines().map(str::trim).filter(|line| line.starts_with("curl "));
    commands.map(|command| command.replace(&at, &guard.listen.to_string())).collect()
}

#[test]
fn the_first_is_answered_and_the_others_are_refused() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "curl is needed for this test");
        eprintln!("SKIPPED: curl is not there to try the printed commands");
        return;
    }
    let guard = Guard::start(&[]);
    let commands = commands_for(&guard);
    assert_eq!(commands.len(), 3, "{commands:?}");
    for (command, words) in commands.iter().zip(["i-", "HTTP/1.1 401 ", "HTTP/1.1 400 "]) {
        let output = Command::new("sh").args(["-c", command]).output().expect("a shell");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.starts_with(words), "{command}: {output:?}");
    }
}
