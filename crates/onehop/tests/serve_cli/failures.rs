//! Starts that fail: exit status 2, nothing on stdout, and on stderr what was wrong, where, and what to do.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::process::{Ended, run};

/// Arguments behind `onehop`, words of the `error:` line, words of the `hint:` line.
type Case = (Vec<String>, String, String);

fn case(arguments: &[&str], error: &str, hint: &str) -> Case {
    (arguments.iter().map(|&argument| argument.to_owned()).collect(), error.to_owned(), hint.to_owned())
}

/// `onehop serve` with more arguments, on free ports.
fn serve(arguments: &[&str], error: &str, hint: &str) -> Case {
    let free = ["serve", "--listen", "127.0.0.1:0", "--control", "off"];
    case(&[&free, arguments].concat(), error, hint)
}

/// Everything that is wrong with the way in which a start failed.
fn differences(ended: &Ended, error: &str, hint: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if ended.code != Some(2) {
        wrong.push(format!("exit status {:?}", ended.code));
    }
    if !ended.stdout.is_empty() {
        wrong.push(format!("on stdout: {:?}", ended.stdout));
    }
    for (prefix, words) in [("error: ", error), ("hint: ", hint)] {
        let lines: Vec<&str> = ended.stderr.lines().filter(|line| line.starts_with(prefix)).collect();
        if lines.len() != 1 || !lines[0].contains(words) {
            wrong.push(format!("{lines:?} is not one line `{prefix}…{words}…`"));
        }
    }
    wrong
}

fn run_through(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (arguments, error, hint) in cases {
        let ended = run(arguments);
        let differences = differences(&ended, error, hint);
        if !differences.is_empty() {
            wrong.push(format!("{}: {}\n  {}", arguments.join(" "), differences.join("; "), ended.stderr));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Writes a file with a mode and gives its path as text.
fn file(folder: &Path, name: &str, text: &str, mode: u32) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
    path.to_str().expect("a path of text").to_owned()
}

#[test]
fn addresses_that_cannot_be_listened_on() {
    let held = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
    let address = held.local_addr().expect("bound").to_string();
    let in_use = format!("{address} is in use");
    run_through(&[
        case(&["serve", "--listen", &address, "--control", "off"], &in_use, "port 0 picks a free one"),
        case(
            &["serve", "--listen", "127.0.0.1:0", "--control", &address],
            &in_use,
            "port 0 picks a free one",
        ),
        // Kept for documentation (RFC 5737): nobody's address.
        case(
            &["serve", "--listen", "192.0.2.1:0", "--control", "off"],
            "192.0.2.1:0 is not an address",
            "127.0.0.1",
        ),
    ]);
}

#[test]
fn key_files_that_cannot_be_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = "0123456789abcdef".repeat(4);
    let exposed = file(folder.path(), "exposed", &key, 0o644);
    let short = file(folder.path(), "short", "made-up", 0o600);
    let nowhere = folder.path().join("none/key").to_str().expect("text").to_owned();
    run_through(&[
        serve(
            &["--key-file", &exposed],
            &format!("`{exposed}` has mode 644"),
            &format!("chmod 600 {exposed}"),
        ),
        serve(&["--key-file", &short], &format!("`{short}` does not hold 64"), "remove the file"),
        serve(&["--key-file", &nowhere], &nowhere, "folder"),
    ]);
    assert_eq!(fs::read_to_string(&exposed).expect("still there"), key, "a refused key is left alone");
}

#[test]
fn tree_files_that_are_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let typo = file(folder.path(), "typo.yaml", "meta-data:\n  instnce-id: x\n", 0o644);
    let value = file(folder.path(), "value.yaml", "instance:\n  id: i-1\n", 0o644);
    let syntax = file(folder.path(), "syntax.yaml", "meta-data:\n  - [\n", 0o644);
    let nowhere = folder.path().join("none.yaml").to_str().expect("text").to_owned();
    let unknown =
        format!("{typo}:2:3: unknown key `instnce-id` under `meta-data`; did you mean `instance-id`?");
    run_through(&[
        serve(&["--tree", &typo], &unknown, "docs/tree.md"),
        serve(&["--tree", &value], &format!("{value}:2:7: `id`: `i-1` is not"), "docs/tree.md"),
        serve(&["--tree", &syntax], &format!("{syntax}:"), "docs/tree.md"),
        serve(&["--tree", &nowhere], &format!("cannot read tree file `{nowhere}`"), "docs/tree.md"),
    ]);
}

#[test]
fn configurations_that_are_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let typo = file(folder.path(), "typo.toml", "[serve]\nhop-limits = 2\n", 0o644);
    let table = file(folder.path(), "table.toml", "[server]\n", 0o644);
    let nowhere = folder.path().join("none.toml").to_str().expect("text").to_owned();
    let typo_error = format!("{typo}:2: unknown key `hop-limits` in [serve]");
    run_through(&[
        serve(&["--config", &typo], &typo_error, "did you mean `hop-limit`?"),
        serve(&["--config", &table], &format!("{table}:1: unknown key `server`"), "did you mean `serve`?"),
        serve(&["--config", &nowhere], &format!("cannot read configuration `{nowhere}`"), "--config"),
    ]);
}

/// A value that is wrong in the file is blamed on its line there.
#[test]
fn configured_values_that_are_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let value = file(folder.path(), "value.toml", "[serve]\ntokens = \"maybe\"\n", 0o644);
    let syntax = file(folder.path(), "syntax.toml", "[serve]\ntokens = \n", 0o644);
    run_through(&[
        serve(&["--config", &value], &format!("{value}:2:"), ""),
        serve(&["--config", &syntax], &format!("{syntax}:2:"), ""),
    ]);
}

#[test]
fn values_that_make_no_sense() {
    run_through(&[
        serve(&["--credentials", "nothing"], "`nothing` is no source of credentials", "`profile:NAME`"),
        serve(&["--credentials", "profile:"], "`profile:` is no source of credentials", "`profile:NAME`"),
        serve(&["--credentials-life", "1"], "a life of 1 seconds is too short", "at least 2"),
    ]);
}

/// What the grammar refuses reads like every other failure.
#[test]
fn flags_that_are_wrong() {
    run_through(&[
        serve(&["--tokens", "maybe"], "'maybe'", "required"),
        serve(&["--hop-limit", "0"], "'0'", ""),
        serve(&["--hop-limit", "65"], "'65'", ""),
        serve(&["--listen", "nonsense"], "'nonsense'", ""),
        case(&["serve", "--control", "nonsense"], "`nonsense` is neither `off` nor an address", ""),
        serve(&["--token", "required"], "'--token'", "--tokens"),
        case(&["serv"], "'serv'", "serve"),
    ]);
}

/// Whatever the grammar refuses ends with 2, says `error:`, and leaves stdout to data.
#[test]
fn flags_that_are_wrong_are_errors() {
    for arguments in [
        &["serve", "--tokens", "maybe"][..],
        &["serve", "--hop-limit", "0"],
        &["serve", "--nonsense"],
        &["serv"],
    ] {
        let ended = run(arguments);
        assert_eq!((ended.code, ended.stdout.len()), (Some(2), 0), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.starts_with("error: "), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("--help"), "{arguments:?}: {}", ended.stderr);
    }
}
