//! Starts that fail: exit status 2, nothing on stdout, and on stderr what was wrong, where, and what to do.

use crate::process::{Folder, run};
use std::net::TcpListener;

/// The start must fail with these words behind `error:` and `hint:`; no words mean that there is no such line.
fn fails(arguments: &[&str], error: &str, hint: &str) {
    let output = run(&[&["guard"], arguments].concat(), &[]);
    let stderr = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?} on stdout: {:?}", output.stdout);
    for (prefix, words) in [("error: ", error), ("hint: ", hint)] {
        let lines: Vec<&str> = stderr.lines().filter(|line| line.starts_with(prefix)).collect();
        let found = lines.len() == 1 && lines[0].contains(words);
        assert!(
            found || (words.is_empty() && lines.is_empty()),
            "{arguments:?}: `{prefix}…{words}…` in: {stderr}"
        );
    }
}

const FREE: [&str; 4] = ["--listen", "127.0.0.1:0", "--control", "off"];

fn flags_fail(flags: &[&str], error: &str, hint: &str) {
    fails(&[&FREE, flags].concat(), error, hint);
}

/// With a configuration of this text; `FILE` in the words is its path.
fn configuration_fails(text: &str, error: &str, hint: &str) {
    let folder = Folder::new();
    let file = folder.write("onehop.toml", text);
    flags_fail(&["--config", &file], &error.replace("FILE", &file), hint);
}

/// Refused before it is bound: the port is taken, and the error is not about that.
#[test]
fn an_address_that_others_can_reach_is_refused() {
    let held = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
    let port = held.local_addr().expect("bound").port();
    for address in [format!("0.0.0.0:{port}"), format!("[::]:{port}"), format!("192.0.2.1:{port}")] {
        for flags in [&["--control", "off"][..], &["--control", "off", "--remote-callers", "deny"]] {
            let arguments = [&["--listen", address.as_str()], flags].concat();
            let error = format!("{address} can be reached from other hosts");
            fails(&arguments, &error, "--remote-callers allow");
            let beside = [&["--listen", "127.0.0.1:0"], arguments.as_slice()].concat();
            fails(&beside, &error, "--remote-callers allow");
        }
    }
}

#[test]
fn a_port_in_use_is_named() {
    let held = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
    let address = held.local_addr().expect("bound").to_string();
    let error = format!("{address} is in use");
    fails(&["--listen", &address, "--control", "off"], &error, "port 0 picks a free one");
    fails(&["--listen", "127.0.0.1:0", "--control", &address], &error, "port 0 picks a free one");
}

#[test]
fn unknown_keys_are_named_with_the_nearest() {
    for (text, error, hint) in [
        ("[guard]\ncache-ms = 1\ncachems = 1\n", "FILE:3: unknown key `cachems` in [guard]", "`cache-ms`?"),
        ("[guard]\ncaller = []\n", "FILE:2: unknown key `caller` in [guard]", "`callers`?"),
        ("\n\n[gaurd]\n", "FILE:3: unknown key `gaurd` in the configuration", "`guard`?"),
        ("[guard]\nrules = []\n", "FILE:2: unknown key `rules` in [guard]", "`rule`?"),
        ("listen = 1\n", "FILE:1: unknown key `listen` in the configuration", "serve"),
        ("[guard]\nqwertyuiop = 1\n", "FILE:2: unknown key `qwertyuiop` in [guard]", "known keys are "),
    ] {
        configuration_fails(text, error, hint);
    }
}

#[test]
fn wrong_values_are_blamed_on_their_line() {
    for (text, error) in [
        ("[guard]\n\ncache-ms = \"soon\"\n", "FILE:3: "),
        ("[guard]\nrate = 0\n", "FILE:2: "),
        ("[guard]\nlisten = [\"nonsense\"]\n", "FILE:2: "),
        ("[guard]\nremote-callers = \"maybe\"\n", "FILE:2: "),
        ("[guard]\nupstream = \"ec2\n", "FILE:2: "),
        ("[guard]\nrate = 1\nrate = 2\n", "FILE:3: "),
        // A table that is none must not be passed over: its rules would be missing.
        ("guard = 1\n", "FILE:1: "),
        ("[[guard]]\ncallers = [\"uid:1\"]\n", "FILE:1: "),
    ] {
        configuration_fails(text, error, "");
    }
}

#[test]
fn rules_that_are_wrong_are_named() {
    let rule = |paths: &str, callers: &str, effect: &str| {
        format!(
            "[[guard.rule]]\nname = \"mine\"\npaths = [{paths}]\ncallers = [{callers}]\neffect = \"{effect}\"\n"
        )
    };
    for (text, error, hint) in [
        (rule("\"meta-data/**/x\"", "\"any\"", "deny"), "rule `mine`: `**` in pattern", "such as"),
        (rule("\"meta-data/i*\"", "\"any\"", "deny"), "rule `mine`: `*` in pattern", "such as"),
        (rule("\"/latest/user-data\"", "\"any\"", "deny"), "starts with a version", "such as"),
        (rule("\"../user-data\"", "\"any\"", "deny"), "rule `mine`: pattern `../user-data`", "such as"),
        (rule("\"user-data\"", "\"all\"", "deny"), "rule `mine`: `all` names no caller", "callers"),
        (rule("\"user-data\"", "\"uid:x\"", "deny"), "rule `mine`: `uid:x` names no caller", "callers"),
        (rule("\"user-data\"", "\"user:no such\"", "deny"), "user `no such` is not known", "callers"),
        (rule("\"user-data\"", "\"remote:192.0.2.0/33\"", "deny"), "names no caller", "callers"),
        (rule("", "\"any\"", "deny"), "rule `mine` names no paths", ""),
        (rule("\"user-data\"", "", "deny"), "rule `mine` names no callers", ""),
    ] {
        let folder = Folder::new();
        let file = folder.write("onehop.toml", &text);
        let output = run(&[&["guard"], &FREE[..], &["--config", &file]].concat(), &[]);
        let stderr = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(error) && stderr.contains(hint), "{error} {hint} in: {stderr}");
    }
    for (text, error) in [
        (rule("\"user-data\"", "\"any\"", "hide"), "FILE:5: "),
        (rule("\"user-data\"", "\"any\"", "deny") + "method = \"GET\"\n", "FILE:6: "),
        ("[[guard.rule]]\nname = \"mine\"\n".to_owned(), "FILE:1: "),
    ] {
        configuration_fails(&text, error, "");
    }
}

#[test]
fn contradictions_are_refused() {
    let rule = |name: &str, callers: &str, effect: &str| {
        format!(
            "[[guard.rule]]\nname = \"{name}\"\npaths = [\"meta-data/iam/security-credentials/**\"]\n\
             callers = [\"{callers}\"]\neffect = \"{effect}\"\n"
        )
    };
    let both = rule("one", "uid:1000", "allow") + &rule("two", "uid:1000", "deny");
    let error =
        "rules `one` and `two` both decide about `meta-data/iam/security-credentials/**` for `uid:1000`";
    configuration_fails(&both, error, "keep one of the two rules");

    let folder = Folder::new();
    let file = folder.write("onehop.toml", &rule("one", "uid:1000", "deny"));
    let error = "rules `one` and `credentials-for` both decide";
    flags_fail(&["--config", &file, "--credentials-for", "uid:1000"], error, "keep one of the two rules");
}

#[test]
fn flags_that_make_no_sense_are_explained() {
    for (flags, error, hint) in [
        (["--callers", "all"], "`all` names no caller; write `any`", "correct --callers"),
        (["--callers", "uid:-1"], "`uid:-1` names no caller", "correct --callers"),
        (["--credentials-for", "user:no such"], "user `no such` is not known", "correct --credentials-for"),
        (["--upstream", "https://127.0.0.1"], "`https://127.0.0.1` is no upstream", "`embedded`, `ec2`"),
        (
            ["--upstream", "http://localhost:1"],
            "`http://localhost:1` is no upstream",
            "http://127.0.0.1:1340",
        ),
        (["--upstream", "http://127.0.0.1/latest"], "is no upstream", "http://127.0.0.1:1340"),
        (["--config", "/nonexistent/onehop.toml"], "cannot read configuration", "--config"),
        (["--journal", "/nonexistent/guard.jsonl"], "cannot be created", "directory exists"),
    ] {
        flags_fail(&flags, error, hint);
    }
}

/// An empty list must not be taken for none given: everybody would be admitted where nobody was meant.
#[test]
fn an_empty_list_of_callers_is_refused() {
    configuration_fails("[guard]\ncallers = []\n", "`callers` is empty, so nobody may ask", "uid:1000");
}

#[test]
fn a_number_that_the_file_could_not_hold_is_refused() {
    let most = u64::MAX.to_string();
    for flag in ["--cache-ms", "--upstream-timeout-ms", "--journal-rotate-bytes"] {
        flags_fail(&[flag, &most], &most, "--help");
    }
}
