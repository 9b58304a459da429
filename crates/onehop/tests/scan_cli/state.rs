//! `--state`: a run goes on where the one before it ended.

use crate::process::{Folder, Following, attempt, scan, scan_json};
use onehop_store::{Change, Contents, Store};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// The two logs of the example of a rule: the launch of an instance, and a use of its credentials elsewhere.
fn example() -> Vec<String> {
    let said = scan(&["rules", "TRAIL-ELSEWHERE", "--format", "json"]);
    let example = said.lines[0]["example"].as_str().expect("an example");
    example.lines().map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_one_run_learnt_the_next_knows() {
    let folder = Folder::new();
    let logs: Vec<String> =
        example().iter().enumerate().map(|(at, text)| folder.write(&format!("{at}.json"), text)).collect();
    let state = folder.text("state.db");
    let first = scan_json(&["--state", &state, &logs[0]]);
    assert_eq!((first.code, first.of("TRAIL-ELSEWHERE").len()), (Some(0), 0), "{}", first.stderr);
    let second = scan_json(&["--state", &state, &logs[1]]);
    assert_eq!((second.code, second.of("TRAIL-ELSEWHERE").len()), (Some(1), 1), "{}", second.stderr);
    let evidence = |said: &crate::process::Said| {
        said.of("TRAIL-ELSEWHERE").first().map(|finding| finding["facts"].to_string()).unwrap_or_default()
    };
    let together = scan_json(&[&logs[0], &logs[1]]);
    assert_eq!(evidence(&second), evidence(&together), "two runs know what one knows");
    let alone = scan_json(&[&logs[1]]);
    assert_ne!(evidence(&alone), evidence(&second), "without the state less is known");
}

#[test]
fn a_state_that_is_none_is_refused() {
    let folder = Folder::new();
    let log = folder.write("a.json", "{}\n");
    let texts = ["made up", "{\"version\":1,\"sessions\":{\"rows\":{},\"forgotten\":0}}"];
    for text in texts {
        let state = folder.write("state.db", text);
        let said = scan_json(&["--state", &state, &log]);
        assert_eq!(said.code, Some(2));
        assert!(said.stderr.contains("state.db`: the file is no store"), "{}", said.stderr);
        assert!(said.stderr.contains("hint: delete the file to begin anew"), "{}", said.stderr);
        assert_eq!(fs::read_to_string(&state).expect("still there"), text, "it is left alone");
    }
}

#[test]
fn a_state_that_is_damaged_is_refused() {
    let folder = Folder::new();
    let log = folder.write("a.json", &example()[0]);
    let state = folder.text("state.db");
    let said = scan_json(&["--state", &state, &log]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let mode = fs::metadata(&state).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner reads it");
    let mut bytes = fs::read(&state).expect("bytes");
    let key = b"i-0123456789abcdef0";
    let at = bytes.windows(key.len()).position(|window| window == key).expect("an instance");
    bytes[at] = b'j';
    fs::write(&state, &bytes).expect("written");
    let said = scan_json(&["--state", &state, &log]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("it is damaged"), "{}", said.stderr);
    assert!(said.stderr.contains("hint: delete the file to begin anew"), "{}", said.stderr);
}

#[test]
fn rows_and_versions_that_are_not_ours_are_refused() {
    let folder = Folder::new();
    let log = folder.write("a.json", "{}\n");
    for (name, version, value, why) in [
        ("good.db", 2, r#"{"last":1,"what":{}}"#, ""),
        ("row.db", 2, r#"{"last":"yesterday"}"#, "row `made-up` of table `addresses` cannot be read"),
        ("version.db", 9, r#"{"last":1,"what":{}}"#, "it has version 9, this program reads version 2"),
    ] {
        let contents = Contents { what: "the state of `onehop scan`", version };
        let store = Store::open(&folder.path(name), contents).expect("made");
        let value = Some(value.as_bytes().to_vec());
        store.write([Change { table: "addresses", key: "made-up", value }]).expect("written");
        drop(store);
        let said = scan_json(&["--state", &folder.text(name), &log]);
        let hint = said.stderr.contains("hint: delete the file to begin anew");
        assert_eq!(
            (said.code, hint),
            if why.is_empty() { (Some(0), false) } else { (Some(2), true) },
            "{name}"
        );
        assert!(said.stderr.contains(why), "{}", said.stderr);
    }
}

#[test]
fn one_run_at_a_time_has_a_state() {
    let folder = Folder::new();
    let logs: Vec<String> =
        example().iter().enumerate().map(|(at, text)| folder.write(&format!("{at}.json"), text)).collect();
    let state = folder.text("state.db");
    let first = scan_json(&["--state", &state, &logs[0]]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let access = folder.write("access.log", attempt(1));
    let following = Following::start(&["--state", &state, &access]);
    assert_eq!(following.next(), (1, 1), "it has begun");
    let second = scan_json(&["--state", &state, &logs[1]]);
    assert_eq!(second.code, Some(2));
    assert!(second.stderr.contains("another run is using it"), "{}", second.stderr);
    assert!(second.stderr.contains("hint: wait until that run ends"), "{}", second.stderr);
    // Killed, it leaves what it found.
    drop(following);
    let third = scan_json(&["--state", &state, &logs[1]]);
    assert_eq!((third.code, third.of("TRAIL-ELSEWHERE").len()), (Some(1), 1), "{}", third.stderr);
}

#[test]
fn records_are_judged_while_a_run_goes_on() {
    let folder = Folder::new();
    let log = folder.write("trail.json", &example()[0]);
    let following = Following::start(&["--state", &folder.text("state.db"), &log]);
    crate::process::append(&folder.path("trail.json"), &example()[1]);
    let finding = following.finding();
    assert_eq!((&finding["rule"], &finding["line"]), (&"TRAIL-ELSEWHERE".into(), &2.into()));
    let (code, rest) = following.stop();
    assert_eq!(code, Some(1));
    assert!(rest.iter().all(|line| line["rule"] != "TRAIL-ELSEWHERE"), "it is told once: {rest:?}");
}

#[test]
fn an_inventory_is_about_an_instance_and_no_line() {
    let folder = Folder::new();
    let said = scan(&["rules", "TRAIL-V1-DELIVERY", "--format", "json"]);
    let record = said.lines[0]["example"].as_str().expect("an example");
    let other = folder.write("0-other.log", crate::process::line("/a"));
    let log = folder.write("1-trail.json", record);
    let said = scan_json(&[&other, &log]);
    let found = said.of("TRAIL-V1-DELIVERY");
    assert_eq!(found.len(), 1, "{}", said.stderr);
    assert_eq!((&found[0]["path"], &found[0]["line"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert_eq!(found[0]["resource"]["id"], "i-0123456789abcdef0");
    assert_eq!(found[0]["resource"]["account"], "111122223333");
}
