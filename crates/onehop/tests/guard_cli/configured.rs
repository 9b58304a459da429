//! The configuration file, variables and flags, and reading the file again.

use crate::process::{Folder, Guard, LEAF, ROLES, eventually, other, own};
use rustix::process::Signal;

const USER_DATA: &str = "/latest/user-data";
const TAGS: &str = "/latest/meta-data/placement/region";

fn rule(name: &str, path: &str, caller: &str, effect: &str) -> String {
    format!(
        "[[guard.rule]]\nname = \"{name}\"\npaths = [\"{path}\"]\ncallers = [\"{caller}\"]\neffect = \"{effect}\"\n"
    )
}

#[test]
fn rules_come_from_the_file() {
    let folder = Folder::new();
    let rules = [
        rule("no placement", "meta-data/placement/**", "any", "deny"),
        rule("app", "meta-data/iam/security-credentials/**", &own(), "allow"),
        rule("others", "meta-data/instance-id", &other(), "deny"),
    ]
    .concat();
    let file = folder.write("onehop.toml", &rules);
    let guard = Guard::start(&["--config", &file]);
    assert_eq!(guard.get(TAGS).0, 404);
    assert_eq!(guard.get("/latest/meta-data/Placement/region").0, 404);
    assert!(!guard.get("/latest/meta-data/").1.contains("placement"));
    assert_eq!(guard.get(ROLES).0, 200);
    assert_eq!(guard.get(LEAF).0, 200);
    drop(guard);
    let guard = Guard::start(&[]);
    assert_eq!((guard.get(TAGS).0, guard.get(ROLES).0), (200, 404), "without the file");
}

#[test]
fn a_flag_beats_a_variable_and_a_variable_beats_the_file() {
    let (own, other) = (own(), other());
    for (file, variable, flag, status) in [
        (None, None, None, 404),
        (Some(&own), None, None, 200),
        (Some(&other), None, None, 404),
        (None, Some(&own), None, 200),
        (Some(&other), Some(&own), None, 200),
        (Some(&own), Some(&other), None, 404),
        (None, None, Some(&own), 200),
        (Some(&other), Some(&other), Some(&own), 200),
        (Some(&own), Some(&own), Some(&other), 404),
    ] {
        let folder = Folder::new();
        let text = file.map_or_else(String::new, |who| format!("credentials-for = [\"{who}\"]\n"));
        let path = folder.write("onehop.toml", &format!("[guard]\n{text}"));
        let variables: Vec<_> =
            variable.iter().map(|who| ("ONEHOP_GUARD_CREDENTIALS_FOR", who.as_str())).collect();
        let mut flags = vec!["--config", path.as_str()];
        flags.extend(flag.iter().flat_map(|who| ["--credentials-for", who.as_str()]));
        let guard = Guard::start_with(&flags, &variables);
        assert_eq!(guard.get(ROLES).0, status, "file {file:?}, variable {variable:?}, flag {flag:?}");
    }
}

#[test]
fn the_file_is_named_by_a_variable_too() {
    let folder = Folder::new();
    let named = folder.write("named.toml", &format!("[guard]\ncredentials-for = [\"{}\"]\n", own()));
    let empty = folder.write("empty.toml", "");
    let guard = Guard::start_with(&[], &[("ONEHOP_CONFIG", &named)]);
    assert_eq!(guard.get(ROLES).0, 200);
    drop(guard);
    let guard = Guard::start_with(&["--config", &empty], &[("ONEHOP_CONFIG", &named)]);
    assert_eq!(guard.get(ROLES).0, 404, "the flag wins");
}

#[test]
fn a_hang_up_reads_the_rules_again_and_keeps_them_when_they_are_wrong() {
    let folder = Folder::new();
    let file = folder.write("onehop.toml", &rule("first", "user-data", "any", "deny"));
    let guard = Guard::start(&["--config", &file, "--credentials-for", &own()]);
    let token = guard.token();
    let status = |target: &str| guard.ask("GET", target, &crate::process::with(&token)).0;
    assert_eq!((status(TAGS), status(ROLES)), (200, 200));

    folder.write("onehop.toml", &rule("second", "meta-data/placement/**", "any", "deny"));
    guard.signal(Signal::HUP);
    eventually("the second rules", || status(TAGS) == 404);
    assert_eq!((status(LEAF), status(ROLES)), (200, 200), "flags stay, and tokens");
    assert!(guard.counted("onehop_guard_reload_failures_total 0"));

    for (number, wrong) in [
        "[guard]\ncallerz = []\n".to_owned(),
        "[guard\n".to_owned(),
        rule("third", "meta-data/**/x", "any", "deny"),
        rule("third", "user-data", "nobody", "deny"),
        rule("a", "user-data", "any", "deny") + &rule("b", "user-data", "any", "allow"),
    ]
    .iter()
    .enumerate()
    {
        folder.write("onehop.toml", wrong);
        guard.signal(Signal::HUP);
        let failures = format!("onehop_guard_reload_failures_total {}", number + 1);
        eventually("the failure", || guard.counted(&failures));
        assert_eq!((status(TAGS), status(LEAF)), (404, 200), "{wrong}");
    }
    std::fs::remove_file(&file).expect("our own file");
    guard.signal(Signal::HUP);
    eventually("the failure", || guard.counted("onehop_guard_reload_failures_total 6"));
    assert_eq!((status(TAGS), status(LEAF)), (404, 200), "a file that is gone opens nothing");

    folder.write("onehop.toml", &rule("fourth", "meta-data/instance-id", "any", "deny"));
    guard.signal(Signal::HUP);
    eventually("the fourth rules", || status(LEAF) == 404);
    assert_eq!(status(TAGS), 200);
    let (code, stderr) = guard.stop();
    assert_eq!(code, Some(0));
    let warnings =
        stderr.lines().filter(|line| line.starts_with("warning: the policy before stays in force"));
    assert_eq!(warnings.count(), 6, "{stderr}");
    assert!(stderr.contains("onehop.toml:2: unknown key `callerz`"), "{stderr}");
}

#[test]
fn callers_can_be_shut_out_by_a_hang_up() {
    let folder = Folder::new();
    let file = folder.write("onehop.toml", "");
    let guard = Guard::start(&["--config", &file]);
    let token = guard.token();
    let read = || guard.ask("GET", LEAF, &crate::process::with(&token)).0;
    assert_eq!(read(), 200);
    folder.write("onehop.toml", &format!("[guard]\ncallers = [\"{}\"]\n", other()));
    guard.signal(Signal::HUP);
    eventually("the end of the admission", || read() == 401);
    assert_eq!(guard.ask("PUT", "/latest/api/token", crate::process::TTL).0, 400);
}

#[test]
fn the_embedded_service_has_its_own_table() {
    let folder = Folder::new();
    let tree = folder.write("tree.yaml", "user-data: made-up-user-data\n");
    let file = folder.write("onehop.toml", &format!("[serve]\ntree = \"{tree}\"\n[guard]\ncache-ms = 0\n"));
    let guard = Guard::start(&["--config", &file]);
    assert_eq!(guard.get(USER_DATA), (200, "made-up-user-data".to_owned()));
}
