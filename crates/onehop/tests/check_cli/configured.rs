//! The configuration file, variables and flags: `[check]`, `ONEHOP_CHECK_…`, `--…`.

use crate::{Ended, check_with};
use std::path::Path;

/// A URL that only compat mode allows, so that the exit status tells the mode.
const FOLDED: &str = "http://b\u{fc}cher.example/";

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("text").to_owned()
}

/// One key: how it is written in each place, and how a run shows which place decided.
struct Key {
    name: &'static str,
    variable: &'static str,
    /// As TOML, as a variable and as a flag, for a first and a second value.
    values: [(&'static str, &'static str, &'static str); 2],
    /// What the run with each value shows, and a third for the default.
    shows: [&'static str; 3],
}

const KEYS: &[Key] = &[
    Key {
        name: "compat",
        variable: "ONEHOP_CHECK_COMPAT",
        values: [("true", "true", "--compat"), ("false", "false", "--strict")],
        shows: ["allow http", "URL-HOST-SPELLING", "URL-HOST-SPELLING"],
    },
    Key {
        name: "max-bytes",
        variable: "ONEHOP_CHECK_MAX_BYTES",
        values: [("8", "8", "--max-bytes=8"), ("9", "9", "--max-bytes=9")],
        shows: ["more than 8", "more than 9", "URL-HOST-SPELLING"],
    },
    Key {
        name: "format",
        variable: "ONEHOP_CHECK_FORMAT",
        values: [("\"json\"", "json", "--format=json"), ("\"explain\"", "explain", "--explain")],
        shows: ["{\"type\":\"check\"", "verdict   denied", "deny  http"],
    },
];

fn run(folder: &Path, key: &Key, file: Option<usize>, variable: Option<usize>, flag: Option<usize>) -> Ended {
    let line = file.map_or_else(String::new, |at| format!("{} = {}\n", key.name, key.values[at].0));
    let file = write(folder, "onehop.toml", &format!("[guard]\nrate = 3\n[check]\n{line}"));
    let variables: Vec<_> = variable.iter().map(|at| (key.variable, key.values[*at].1)).collect();
    let mut arguments = vec!["--config", &file];
    arguments.extend(flag.map(|at| key.values[at].2));
    arguments.push(FOLDED);
    check_with(&arguments, b"", &variables)
}

#[test]
fn a_flag_beats_a_variable_and_a_variable_beats_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for key in KEYS {
        for (file, variable, flag, want) in [
            (None, None, None, 2),
            (Some(0), None, None, 0),
            (None, Some(0), None, 0),
            (None, None, Some(0), 0),
            (Some(0), Some(1), None, 1),
            (Some(1), Some(0), None, 0),
            (Some(0), None, Some(1), 1),
            (Some(1), None, Some(0), 0),
            (None, Some(0), Some(1), 1),
            (Some(0), Some(0), Some(1), 1),
            (Some(1), Some(1), Some(0), 0),
        ] {
            let ended = run(folder.path(), key, file, variable, flag);
            let place = (key.name, file, variable, flag);
            assert!(ended.stdout.contains(key.shows[want]), "{place:?}: {ended:?}");
        }
    }
}

#[test]
fn a_policy_comes_from_every_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = |id: &str| write(folder.path(), id, &format!("[policy]\nid = \"{id}\"\nports = [443]\n"));
    let (first, second) = (policy("first"), policy("second"));
    let file =
        write(folder.path(), "onehop.toml", &format!("[check]\npolicy = '{first}'\nformat = 'json'\n"));
    for (flags, variable, want) in [
        (vec![], None, "first"),
        (vec![], Some(&second), "second"),
        (vec!["--policy", &second], Some(&first), "second"),
    ] {
        let variables: Vec<_> = variable.iter().map(|path| ("ONEHOP_CHECK_POLICY", path.as_str())).collect();
        let arguments = [&["--config", &file][..], &flags, &["https://a.example/"]].concat();
        let ended = check_with(&arguments, b"", &variables);
        assert!(ended.stdout.contains(&format!("\"policy\":\"{want}\"")), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn the_file_is_named_by_a_variable_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = write(folder.path(), "named.toml", "[check]\ncompat = true\n");
    let empty = write(folder.path(), "empty.toml", "");
    let ended = check_with(&[FOLDED], b"", &[("ONEHOP_CONFIG", &named)]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let ended = check_with(&["--config", &empty, FOLDED], b"", &[("ONEHOP_CONFIG", &named)]);
    assert_eq!(ended.code, Some(1), "the flag wins: {ended:?}");
}

#[test]
fn files_that_are_wrong_decide_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, error, hint) in [
        ("[check]\ncompact = true\n", ":2: unknown key `compact` in [check]", "did you mean `compat`?"),
        ("[check]\nmax_bytes = 9\n", ":2: unknown key `max_bytes` in [check]", "did you mean `max-bytes`?"),
        ("[check]\nstrict = true\n", ":2: unknown key `strict` in [check]", "compat, resolve, policy"),
        ("[chekc]\n", ":1: unknown key `chekc` in the configuration", "did you mean `check`?"),
        ("[check]\ncompat = \"yes\"\n", ":2: invalid type", "docs/commands.md"),
        ("[check]\nresolve = 1\n", ":2: invalid type", "docs/commands.md"),
        ("\n[check]\nformat = \"xml\"\n", ":3: unknown variant `xml`", "docs/commands.md"),
        ("[check]\nmax-bytes = 0\n", ":2: invalid value", "docs/commands.md"),
        ("check = 3\n", ":1: invalid type", "docs/commands.md"),
        ("[check\n", ":1: ", "docs/commands.md"),
    ] {
        let file = write(folder.path(), "onehop.toml", text);
        let ended = check_with(&["--config", &file, "https://example.com/"], b"", &[]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{text:?}: {ended:?}");
        let (first, second) = ended.stderr.split_once('\n').expect("two lines");
        assert!(first.starts_with(&format!("error: {file}{error}")), "{text:?}: {first}");
        assert!(second.starts_with("hint: ") && second.contains(hint), "{text:?}: {second}");
    }
    let ended = check_with(&["--config", "/nonexistent/o.toml", "https://example.com/"], b"", &[]);
    assert!(ended.stderr.contains("cannot read configuration `/nonexistent/o.toml`"), "{ended:?}");
    assert_eq!(ended.code, Some(2));
}

#[test]
fn variables_that_are_wrong_decide_nothing() {
    for (variable, value, error) in [
        ("ONEHOP_CHECK_COMPAT", "yes", "'yes' for '--compat"),
        ("ONEHOP_CHECK_RESOLVE", "1", "'1' for '--resolve"),
        ("ONEHOP_CHECK_MAX_BYTES", "0", "'0' for '--max-bytes"),
        ("ONEHOP_CHECK_FORMAT", "xml", "'xml' for '--format"),
        ("ONEHOP_CHECK_POLICY", "/nonexistent/p.toml", "cannot read policy `/nonexistent/p.toml`"),
    ] {
        let ended = check_with(&["https://example.com/"], b"", &[(variable, value)]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{variable}: {ended:?}");
        assert!(ended.stderr.contains(error), "{variable}: {ended:?}");
    }
}
