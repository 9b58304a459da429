//! Findings that somebody answers for, and findings that were there before.

use crate::process::{Folder, attempt, line, scan, scan_json};

fn exception(until: &str) -> String {
    format!(
        "[[suppress]]\nrule = \"IMDS-URL\"\nowner = \"made-up team\"\nuntil = {until}\nreason = \"our own scanner\"\n"
    )
}

#[test]
fn an_exception_holds_until_its_last_day() {
    let folder = Folder::new();
    let log = folder.write("access.log", attempt(1));
    let valid = folder.write("valid.toml", exception("2099-12-31"));
    let said = scan_json(&["--suppressions", &valid, &log]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(0), 0));
    assert_eq!((&said.summary()["excepted"], &said.summary()["findings"]), (&1.into(), &0.into()));
    let marked = scan(&["--format", "sarif", "--suppressions", &valid, &log]);
    assert!(marked.stdout.contains("made-up team"), "formats that mark say who answers");

    let over = folder.write("over.toml", exception("2020-01-31"));
    let said = scan_json(&["--suppressions", &over, &log]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(1), 1));
    let told = said.notices("suppression-expired");
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("2020-01-31") && told[0].contains("made-up team"), "{}", told[0]);
}

#[test]
fn an_exception_without_an_owner_is_refused() {
    let folder = Folder::new();
    let log = folder.write("access.log", attempt(1));
    let file =
        folder.write("a.toml", "[[suppress]]\nrule = \"IMDS-URL\"\nuntil = 2099-12-31\nreason = \"x\"\n");
    let said = scan_json(&["--suppressions", &file, &log]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""));
    assert!(said.stderr.contains("owner"), "{}", said.stderr);
}

#[test]
fn a_baseline_leaves_what_came_since() {
    let folder = Folder::new();
    let log = folder.write("access.log", [attempt(1), attempt(2)].concat());
    let baseline = folder.text("baseline.jsonl");
    let said = scan_json(&["--write-baseline", &baseline, &log]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(1), 2));

    // Lines move, and nothing came.
    folder.write("access.log", [line("/a"), attempt(1), attempt(2)].concat());
    let said = scan_json(&["--baseline", &baseline, &log]);
    assert_eq!((said.code, &said.summary()["known"]), (Some(0), &2.into()), "{}", said.stdout);

    folder.write("access.log", [attempt(1), attempt(3)].concat());
    let said = scan_json(&["--baseline", &baseline, "--write-baseline", &baseline, &log]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(1), 1));
    assert!(said.of("IMDS-URL")[0]["matched"].as_str().expect("text").contains("n=3"));
    assert_eq!(said.notices("baseline-stale").len(), 1, "one is gone");
    let said = scan_json(&["--baseline", &baseline, &log]);
    assert_eq!((said.code, &said.summary()["known"]), (Some(0), &2.into()), "the known ones were kept");

    let broken = folder.write("broken.jsonl", "made up\n");
    let said = scan_json(&["--baseline", &broken, &log]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("line 1 of the baseline"), "{}", said.stderr);
}
