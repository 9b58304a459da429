//! A guard that runs: what callers get, what is on record, how it ends.

use crate::process::{
    Folder, Guard, LEAF, ROLES, TTL, eventually, other, own, parse, request, run, text_of, with,
};
use rustix::process::geteuid;
use serde_json::Value;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

#[test]
fn the_ready_line_says_where_and_who() {
    let guard = Guard::start(&[]);
    assert_eq!((&guard.ready["type"], &guard.ready["v"]), (&"ready".into(), &1.into()));
    assert_eq!(guard.ready["pid"], guard.pid());
    assert_ne!(guard.listen.port(), 0);
    assert_eq!(guard.page("/healthz"), (200, "ok\n".to_owned()));
    let (code, stderr) = guard.stop();
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_embedded_service_is_read_by_v2_only_and_without_credentials() {
    let guard = Guard::start(&[]);
    assert_eq!(guard.ask("GET", LEAF, "").0, 401);
    let (status, id) = guard.get(LEAF);
    assert!(status == 200 && id.starts_with("i-"), "{status} {id}");
    assert_eq!(guard.get(ROLES).0, 404);
    assert!(!guard.get("/latest/meta-data/").1.contains("identity-credentials"));
    assert_eq!(guard.ask("PUT", "/latest/api/token", &format!("{TTL}X-Forwarded-For: a\r\n")).0, 400);
    for line in [
        "onehop_guard_decisions_total{decision=\"deny\",code=\"IMDS-V1\"} 1",
        "onehop_guard_decisions_total{decision=\"deny\",code=\"POLICY-DENY\"} 1",
        "onehop_guard_decisions_total{decision=\"deny\",code=\"IMDS-FORWARDED\"} 1",
        "onehop_guard_tokens_total 3",
    ] {
        assert!(guard.counted(line), "no {line} in {}", guard.page("/metrics").1);
    }
}

#[test]
fn credentials_are_for_whom_they_are_for() {
    let guard = Guard::start(&["--credentials-for", &own()]);
    let (status, role) = guard.get(ROLES);
    assert_eq!(status, 200, "{role}");
    let (status, credentials) = guard.get(&format!("{ROLES}{role}"));
    assert!(status == 200 && credentials.contains("\"SecretAccessKey\""), "{status} {credentials}");
    drop(guard);
    let guard = Guard::start(&["--credentials-for", &other()]);
    assert_eq!(guard.get(ROLES).0, 404);
    assert_eq!(guard.get(&format!("{ROLES}{role}")).0, 404);
}

/// A client of user 65534; `None`, said aloud, where there can be none.
fn as_nobody(guard: &Guard, text: &str) -> Option<(u16, String)> {
    if !geteuid().is_root() || !Path::new("/bin/bash").exists() {
        assert!(std::env::var_os("CI").is_none(), "this test needs root and bash, and in CI it must run");
        let _ = writeln!(std::io::stderr(), "SKIPPED: a client of another user needs root and bash");
        return None;
    }
    let script = "exec 3<>\"/dev/tcp/127.0.0.1/$1\" && printf %s \"$2\" >&3 && exec /bin/cat <&3";
    let mut client = Command::new("/bin/bash");
    client.args(["-c", script, "client", &guard.listen.port().to_string(), text]);
    let output = client.current_dir("/").uid(65_534).gid(65_534).output().expect("bash runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    Some(parse(&String::from_utf8(output.stdout).expect("text")))
}

#[test]
fn another_process_of_another_user_is_another_caller() {
    let guard = Guard::start(&["--credentials-for", "uid:65534"]);
    let ours = guard.token();
    let Some((status, theirs)) = as_nobody(&guard, &request("PUT", "/latest/api/token", TTL)) else {
        return;
    };
    assert_eq!((status, theirs.len()), (200, 56));
    let read = |token: &str| as_nobody(&guard, &request("GET", ROLES, &with(token))).expect("as before");
    assert_eq!(read(&theirs).0, 200);
    assert_eq!(read(&ours).0, 401);
    assert_eq!(guard.ask("GET", LEAF, &with(&theirs)).0, 401);
    assert_eq!(guard.ask("GET", LEAF, &with(&ours)).0, 200);
    assert_eq!(guard.ask("GET", ROLES, &with(&ours)).0, 404);
    drop(guard);

    let guard = Guard::start(&["--callers", &own()]);
    assert_eq!(as_nobody(&guard, &request("PUT", "/latest/api/token", TTL)).expect("as before").0, 400);
    assert_eq!(as_nobody(&guard, &request("GET", LEAF, "")).expect("as before").0, 401);
    assert!(guard.counted("onehop_guard_decisions_total{decision=\"deny\",code=\"CALLER-DENIED\"} 2"));
}

#[test]
fn an_upstream_that_is_down_costs_reads_and_no_tokens() {
    let closed = {
        let held = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
        held.local_addr().expect("bound")
    };
    let guard = Guard::start(&["--upstream", &format!("http://{closed}")]);
    assert_eq!(guard.get(LEAF).0, 503);
    assert!(guard.counted("onehop_guard_decisions_total{decision=\"deny\",code=\"UPSTREAM-UNAVAILABLE\"} 1"));
}

#[test]
fn a_guard_stands_in_front_of_another_service() {
    let served = Guard::start(&[]);
    // Two guards in a row: the second asks the first by IMDSv2, which has tokens of its own.
    let guard = Guard::start(&["--upstream", &format!("http://{}", served.listen), "--cache-ms", "0"]);
    let (status, id) = guard.get(LEAF);
    assert_eq!((status, id), served.get(LEAF));
    assert!(served.counted("onehop_guard_requests_total{version=\"v2\",class=\"metadata\"} 2"));
    assert!(served.counted("onehop_guard_requests_total{version=\"v1\",class=\"metadata\"} 0"));
}

#[test]
fn a_token_outlives_the_process_with_a_key_file_only() {
    let folder = Folder::new();
    let key = text_of(&folder.path("guard.key"));
    let token = Guard::start(&["--key-file", &key]).token();
    assert_eq!(Guard::start(&["--key-file", &key]).ask("GET", LEAF, &with(&token)).0, 200);
    assert_eq!(Guard::start(&[]).ask("GET", LEAF, &with(&token)).0, 401);
}

#[test]
fn the_journal_holds_and_shows_when_it_was_changed() {
    let folder = Folder::new();
    let path = folder.path("guard.jsonl");
    let file = text_of(&path);
    let guard = Guard::start(&["--journal", &file, "--credentials-for", &own()]);
    let token = guard.token();
    assert_eq!(guard.ask("GET", LEAF, &with(&token)).0, 200);
    assert_eq!(guard.ask("GET", LEAF, "").0, 401);
    assert_eq!(guard.get(&format!("{ROLES}?made-up-query")).0, 200);
    let in_use = run(&["guard", "--listen", "127.0.0.1:0", "--control", "off", "--journal", &file], &[]);
    assert_eq!(in_use.status.code(), Some(2), "{in_use:?}");
    assert!(String::from_utf8_lossy(&in_use.stderr).contains("is in use"), "{in_use:?}");
    assert_eq!(guard.stop().0, Some(0));

    let text = std::fs::read_to_string(&path).expect("a journal");
    for words in ["\"code\":\"IMDS-V1\"", "\"decision\":\"allow\"", "\"rule\":\"credentials-for\""] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains(&token) && !text.contains("made-up"), "{text}");

    let verified = run(&["journal", "verify", "--format", "json", &file], &[]);
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    let report: Value = serde_json::from_slice(&verified.stdout).expect("JSON");
    assert_eq!((&report["sound"], &report["lost"]), (&true.into(), &0.into()));
    // The head of the file and five decisions.
    assert_eq!(report["records"], 6, "{report}");
    let head = report["head"].as_str().expect("a hash");
    let expected = |head: &str| run(&["journal", "verify", "--expect-head", head, &file], &[]).status.code();
    assert_eq!(expected(head), Some(0));
    assert_eq!(expected(&"1".repeat(64)), Some(1));

    folder.write("guard.jsonl", &text.replace("\"http.status\":401", "\"http.status\":200"));
    let changed = run(&["journal", "verify", &file], &[]);
    assert_eq!(changed.status.code(), Some(1), "{changed:?}");
    let without_last: Vec<&str> = text.lines().take(5).collect();
    folder.write("guard.jsonl", &(without_last.join("\n") + "\n"));
    assert_eq!(run(&["journal", "verify", &file], &[]).status.code(), Some(0));
    assert_eq!(expected(head), Some(1), "a cut end shows by the head that was kept");
    assert_eq!(run(&["journal", "verify", "/nonexistent/journal"], &[]).status.code(), Some(2));
}

#[test]
fn any_number_is_a_time_to_keep() {
    let guard = Guard::start(&["--cache-ms", &i64::MAX.to_string()]);
    let first = guard.get(LEAF);
    assert_eq!((first.0, guard.get(LEAF)), (200, first));
    eventually("one kept answer", || guard.counted("onehop_guard_answers_total{source=\"cache\"} 1"));
}
