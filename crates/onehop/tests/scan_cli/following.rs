//! `--follow`: files that grow, are renamed, are truncated.

use crate::process::{Folder, Following, append, attempt, eventually, line, page};
use std::fs;

#[test]
fn what_is_appended_is_found() {
    let folder = Folder::new();
    let log = folder.write("access.log", [line("/a"), attempt(1)].concat());
    let following = Following::start(&[&log]);
    assert_eq!(following.next(), (2, 1));
    append(&folder.path("access.log"), &[line("/b"), attempt(2)].concat());
    assert_eq!(following.next(), (4, 2));
    // A line is read once its end is there.
    let whole = attempt(3);
    let (begin, end) = whole.split_at(60);
    append(&folder.path("access.log"), begin);
    append(&folder.path("access.log"), end);
    assert_eq!(following.next(), (5, 3));
    let (code, rest) = following.stop();
    assert_eq!(code, Some(1));
    let summary = rest.last().expect("a summary");
    assert_eq!((&summary["type"], &summary["findings"]), (&"summary".into(), &3.into()));
    assert_eq!(summary["facts"]["lines"], 5);
}

#[test]
fn rotation_by_renaming_loses_nothing() {
    let folder = Folder::new();
    let log = folder.write("access.log", attempt(1));
    let following = Following::start(&[&log]);
    assert_eq!(following.next(), (1, 1));
    fs::rename(folder.path("access.log"), folder.path("access.log.1")).expect("renamed");
    // The writer does not know yet.
    append(&folder.path("access.log.1"), &attempt(2));
    folder.write("access.log", [line("/a"), attempt(3)].concat());
    assert_eq!(following.next(), (2, 2), "the old file to its end");
    assert_eq!(following.next(), (2, 3), "then the one that has its name, from its beginning");
    let (code, rest) = following.stop();
    assert_eq!((code, &rest[rest.len() - 1]["facts"]["files"]), (Some(1), &2.into()));
}

#[test]
fn rotation_by_truncating_begins_again() {
    let folder = Folder::new();
    let log = folder.write("access.log", [line("/a"), line("/b"), attempt(1)].concat());
    let following = Following::start(&[&log]);
    assert_eq!(following.next(), (3, 1));
    folder.write("access.log", attempt(2));
    assert_eq!(following.next(), (1, 2));
    append(&folder.path("access.log"), &attempt(3));
    assert_eq!(following.next(), (2, 3));
    assert_eq!(following.stop().0, Some(1));
}

#[test]
fn files_side_by_side_keep_their_own_lines() {
    let folder = Folder::new();
    let first = folder.write("a.log", [line("/a"), line("/b"), attempt(1)].concat());
    let second = folder.write("b.log", line("/c"));
    let following = Following::start(&["--metrics", "127.0.0.1:0", &first, &second]);
    assert_eq!(following.next(), (3, 1));
    let counters = following.counters();
    // A file that is emptied under another name ends. What comes of the other one is not counted on from there.
    fs::rename(&first, folder.path("a.log.1")).expect("renamed");
    folder.write("a.log.1", "");
    eventually("the end of the first", || {
        page(counters, "/metrics").contains("\nonehop_scan_files_open 1\n")
    });
    append(&folder.path("b.log"), &attempt(2));
    assert_eq!(following.next(), (2, 2));
    assert_eq!(following.stop().0, Some(1));
}

#[test]
fn nothing_found_is_clean() {
    let folder = Folder::new();
    let log = folder.write("access.log", line("/a"));
    let following = Following::start(&["--metrics", "127.0.0.1:0", &log]);
    let counters = following.counters();
    eventually("the line", || page(counters, "/metrics").contains("\nonehop_scan_lines_total 1\n"));
    let (code, rest) = following.stop();
    assert_eq!((code, rest.len()), (Some(0), 1));
}

#[test]
fn an_incident_is_told_as_soon_as_it_is_one() {
    let folder = Folder::new();
    let (web, proxy) = (
        folder.write("access.log", line("/a")),
        folder.write(
            "squid.log",
            CALL.replace("169.254.169.254", "203.0.113.80").replace("latest/user-data", "a"),
        ),
    );
    let following = Following::start(&[&web, &proxy]);
    append(&folder.path("access.log"), ATTEMPT);
    assert_eq!(following.finding()["rule"], "IMDS-URL");
    append(&folder.path("squid.log"), CALL);
    assert_eq!(following.finding()["rule"], "IMDS-OUTBOUND");
    let incident = following.finding();
    assert_eq!((&incident["rule"], &incident["severity"]), (&"INCIDENT".into(), &"high".into()));
    assert_eq!(incident["steps"].as_array().map(Vec::len), Some(2));
    let (code, rest) = following.stop();
    assert_eq!(code, Some(1));
    assert!(rest.iter().all(|line| line["rule"] != "INCIDENT"), "it is told once: {rest:?}");
}

const ATTEMPT: &str = "203.0.113.9 - - [04/Mar/2026:09:14:10 +0000] \
    \"GET /preview?url=http://169.254.169.254/latest/user-data HTTP/1.1\" 403 153 \"-\" \"curl/8.5.0\"\n";
const CALL: &str = "1772615651.117      3 10.0.0.7 TCP_MISS/503 1502 \
    GET http://169.254.169.254/latest/user-data - HIER_DIRECT/169.254.169.254 text/plain\n";
