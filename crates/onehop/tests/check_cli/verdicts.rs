//! Verdicts: one line an input, in order, and an exit status that says whether any was a denial.

use crate::check;
use serde_json::{Value, json};

fn lines(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

#[test]
fn a_json_line_has_every_key_of_the_contract() {
    let ended = check(&["--format", "json", "http://2852039166/latest", "https://example.com/"], b"");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let lines = lines(&ended.stdout);
    assert_eq!(
        lines[0],
        json!({
            "type": "check", "v": 1, "input": "http://2852039166/latest", "verdict": "deny",
            "code": "URL-HOST-SPELLING", "host": "169.254.169.254", "port": 80,
            "addresses": ["169.254.169.254"], "provider": "ec2", "route": ["single-number-ipv4"],
            "detail": "the host is `169.254.169.254` in another spelling: single-number-ipv4",
            "href": null, "policy": "builtin", "rule": null,
        })
    );
    assert_eq!(
        lines[1],
        json!({
            "type": "check", "v": 1, "input": "https://example.com/", "verdict": "allow", "code": null,
            "host": "example.com", "port": 443, "addresses": [], "provider": null, "route": [],
            "detail": null, "href": "https://example.com/", "policy": "builtin", "rule": null,
        })
    );
}

#[test]
fn lines_of_standard_input_are_answered_in_order() {
    let input = b"https://a.example/\n\nhttp://127.0.0.1/\n\xff\xfe\nhttp://b.example/\r\nhttps://c.example/";
    let ended = check(&["--format", "json", "https://first.example/", "-", "https://last.example/"], input);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let codes: Vec<Value> = lines(&ended.stdout).into_iter().map(|line| line["code"].clone()).collect();
    let want = [
        json!(null),
        json!(null),
        json!("URL-RELATIVE"),
        json!("ADDR-LOOPBACK"),
        json!("URL-MALFORMED"),
        json!("URL-CONTROL"),
        json!(null),
        json!(null),
    ];
    assert_eq!(codes, want);
}

#[test]
fn the_exit_status_tells_denials_from_none() {
    assert_eq!(check(&["https://example.com/"], b"").code, Some(0));
    assert_eq!(check(&["-"], b"").code, Some(0));
    assert_eq!(check(&["https://example.com/", "http://localhost/"], b"").code, Some(1));
}

#[test]
fn the_stricter_of_two_modes_counts() {
    let url = "http://bücher.example/";
    assert_eq!(check(&[url], b"").code, Some(1));
    assert_eq!(check(&["--compat", url], b"").code, Some(0));
    for both in [["--compat", "--strict"], ["--strict", "--compat"]] {
        assert_eq!(check(&[&both[..], &[url]].concat(), b"").code, Some(1), "{both:?}");
    }
}

#[test]
fn text_names_the_code_and_the_service_and_shows_no_control_character() {
    let urls =
        ["http://\u{1b}[31m/", "https://example.com/", "http://2852039166/", "http://169.254.169.254/"];
    assert_eq!(
        check(&urls, b"").stdout,
        "deny  http://\\u{1b}[31m/ URL-CONTROL: the URL has a control character or whitespace\n\
         allow https://example.com/\n\
         deny  http://2852039166/ URL-HOST-SPELLING: the host is `169.254.169.254` in another spelling: \
         single-number-ipv4 (the `ec2` service)\n\
         deny  http://169.254.169.254/ ADDR-METADATA: 169.254.169.254 is the `ec2` service\n"
    );
}

/// A line far beyond the limit is read past and answered like any other.
#[test]
fn long_lines_do_not_grow_memory() {
    let mut input = vec![b'a'; 4 * 1024 * 1024];
    input.extend_from_slice(b"\nhttps://example.com/\n");
    let ended = check(&["--format", "json", "-"], &input);
    let lines = lines(&ended.stdout);
    assert_eq!(lines[0]["code"], "URL-TOO-LONG");
    assert!(lines[0]["input"].as_str().expect("text").len() <= 8 * 1024 + 1);
    assert_eq!((lines.len(), &lines[1]["verdict"]), (2, &json!("allow")));
    let short = check(&["--max-bytes", "10", "https://example.com/"], b"");
    assert!(short.stdout.contains("URL-TOO-LONG"), "{short:?}");
}

#[test]
fn a_policy_decides_and_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.toml");
    let text = "[policy]\nid = \"hooks\"\nmode = \"report\"\ndefault = \"deny\"\n[[allow]]\nhosts = [\"a.example\"]\n";
    std::fs::write(&path, text).expect("written");
    let path = path.to_str().expect("text");
    let urls = ["https://a.example/", "https://b.example/", "http://169.254.169.254/"];
    let ended = check(&[&["--format", "json", "--policy", path][..], &urls].concat(), b"");
    assert_eq!(ended.code, Some(1));
    let told: Vec<(Value, Value, Value)> = lines(&ended.stdout)
        .into_iter()
        .map(|line| {
            assert_eq!(line["policy"], "hooks");
            (line["verdict"].clone(), line["code"].clone(), line["rule"].clone())
        })
        .collect();
    let want = [
        (json!("allow"), json!(null), json!(5)),
        (json!("allow"), json!("URL-UNLISTED"), json!(null)),
        (json!("deny"), json!("ADDR-METADATA"), json!(null)),
    ];
    assert_eq!(told, want);
}

#[test]
fn an_explanation_shows_the_way_to_the_address() {
    let ended = check(&["--explain", "http://0251.0376.43518/latest/"], b"");
    assert_eq!(ended.code, Some(1));
    for words in ["octal parts", "▼ 169.254.169.254", "service   ec2", "URL-HOST-SPELLING"] {
        assert!(ended.stdout.contains(words), "{words:?} in:\n{}", ended.stdout);
    }
}

/// An address needs no look-up; a name that is denied by its text is never asked for.
#[test]
fn resolving_asks_for_nothing_that_is_denied_by_its_text() {
    let ended = check(
        &["--resolve", "--format", "json", "https://8.8.8.8/", "http://metadata.google.internal/"],
        b"",
    );
    let lines = lines(&ended.stdout);
    assert_eq!((&lines[0]["verdict"], &lines[0]["addresses"]), (&json!("allow"), &json!(["8.8.8.8"])));
    assert_eq!(lines[1]["code"], "NAME-METADATA");
}
