//! What cannot be read is told, the rest is read.

use crate::process::{Folder, attempt, line, scan_json};

struct Case<'a> {
    name: &'static str,
    arguments: Vec<&'a str>,
    code: i32,
    findings: usize,
    told: usize,
}

#[test]
fn what_cannot_be_read_fails_the_run_unless_told_to_go_on() {
    let folder = Folder::new();
    let (bad, clean) = (folder.write("bad.log", attempt(1)), folder.write("clean.log", line("/a")));
    let missing = folder.text("missing.log");
    // A gzip member that ends after its header.
    let broken = folder.write("broken.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
    for Case { name, arguments, code, findings, told } in [
        Case { name: "all is read", arguments: vec![&bad, &clean], code: 1, findings: 1, told: 0 },
        Case { name: "clean", arguments: vec![&clean], code: 0, findings: 0, told: 0 },
        Case { name: "missing", arguments: vec![&missing, &bad], code: 2, findings: 1, told: 1 },
        Case {
            name: "missing and broken",
            arguments: vec![&missing, &broken, &bad],
            code: 2,
            findings: 1,
            told: 2,
        },
        Case {
            name: "going on",
            arguments: vec!["--keep-going", &missing, &broken, &bad],
            code: 1,
            findings: 1,
            told: 2,
        },
        Case {
            name: "going on, clean",
            arguments: vec!["--keep-going", &missing, &clean],
            code: 0,
            findings: 0,
            told: 1,
        },
    ] {
        let said = scan_json(&arguments);
        assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(code), findings), "{name}: {}", said.stderr);
        let notices = said.notices("incomplete");
        assert_eq!((notices.len(), &said.summary()["complete"]), (told, &(told == 0).into()), "{name}");
        for notice in notices {
            assert!(said.stderr.contains(&format!("warning: {notice}")), "{name}: {notice}\n{}", said.stderr);
        }
    }
}
