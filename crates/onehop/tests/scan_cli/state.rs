//! `--state`: a run goes on where the one before it ended.

use crate::process::{Folder, scan, scan_json};

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
    let state = folder.text("state.json");
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
    let state = folder.write("state.json", "made up");
    let said = scan_json(&["--state", &state, &log]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("hint: delete the file to begin anew"), "{}", said.stderr);
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
