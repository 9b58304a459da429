//! Where findings go besides the report: counters, a command, a webhook.

use crate::process::{Folder, Following, append, attempt, eventually, line, page, scan, scan_json};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// A receiver of POSTs that answers each as told, and hands on the bodies.
fn receiver(status: &'static str) -> (SocketAddr, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, bodies) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            while reader.read_line(&mut head).is_ok_and(|read| read > 2) {
                let last = head.lines().last().unwrap_or_default().to_ascii_lowercase();
                if let Some(value) = last.strip_prefix("content-length: ") {
                    length = value.trim().parse().expect("a length");
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("the body");
            let _ = sender.send(serde_json::from_slice(&body).expect("JSON"));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = reader.get_mut().write_all(answer.as_bytes());
        }
    });
    (address, bodies)
}

#[test]
fn counters_are_served_while_a_log_is_followed() {
    let folder = Folder::new();
    let log = folder.write("access.log", [line("/a"), attempt(1)].concat());
    let following = Following::start(&["--metrics", "127.0.0.1:0", "--exec", "/bin/cat", &log]);
    following.next();
    let counters = following.counters();
    append(&folder.path("access.log"), &attempt(2));
    following.next();
    let bytes = fs::metadata(&log).expect("there").len();
    for line in [
        "onehop_scan_findings_total{rule=\"IMDS-URL\",severity=\"medium\"} 2".to_owned(),
        "onehop_scan_findings_total{rule=\"IMDS-DNS\",severity=\"high\"} 0".to_owned(),
        "onehop_scan_findings_by_source_total{source=\"combined\"} 2".to_owned(),
        "onehop_scan_lines_total 3".to_owned(),
        format!("onehop_scan_bytes_total {bytes}"),
        "onehop_scan_lost_bytes_total 0".to_owned(),
        "onehop_scan_files_open 1".to_owned(),
        "onehop_scan_notifications_total{outlet=\"exec\",result=\"delivered\"} 2".to_owned(),
    ] {
        eventually(&line, || page(counters, "/metrics").lines().any(|found| found == line));
    }
    assert!(page(counters, "/metrics").starts_with("HTTP/1.1 200"));
    assert!(page(counters, "/healthz").ends_with("ok\n"));
    assert!(page(counters, "/other").starts_with("HTTP/1.1 404"));
    assert_eq!(following.stop().0, Some(1));
}

#[test]
fn a_command_gets_each_finding_that_counts() {
    let folder = Folder::new();
    let (log, out) = (folder.write("access.log", [attempt(1), attempt(2)].concat()), folder.text("out"));
    let exec = format!("/bin/sh -c 'cat >> {out}'");
    let said = scan_json(&["--exec", &exec, &log]);
    assert_eq!((said.code, said.notices("not-delivered").len()), (Some(1), 0), "{}", said.stderr);
    // They may run at the same time, so only the set is certain.
    let text = fs::read_to_string(&out).expect("it ran");
    let mut got: Vec<&str> = text.lines().collect();
    let mut want: Vec<&str> = said.stdout.lines().take(2).collect();
    got.sort_unstable();
    want.sort_unstable();
    assert_eq!(got, want, "the same lines as in the report");

    let exceptions = folder.write(
        "a.toml",
        "[[suppress]]\nrule = \"*\"\nowner = \"a\"\nuntil = 2099-01-01\nreason = \"made up\"\n",
    );
    fs::remove_file(&out).expect("it is there");
    let said = scan_json(&["--exec", &exec, "--suppressions", &exceptions, &log]);
    assert_eq!(
        (said.code, fs::exists(&out).expect("known")),
        (Some(0), false),
        "what does not count is not sent"
    );
}

#[test]
fn a_command_that_fails_is_told_and_stops_nothing() {
    let folder = Folder::new();
    let log = folder.write("access.log", [attempt(1), attempt(2)].concat());
    let said = scan_json(&["--exec", "/bin/false", &log]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(1), 2));
    let told = said.notices("not-delivered");
    assert_eq!(
        told,
        ["findings that did not reach --exec: 2 failed, 0 dropped (`/bin/false` ended with exit status: 1)"]
    );
    assert!(said.stderr.contains(told[0]), "{}", said.stderr);
}

#[cfg(feature = "scan-webhook")]
#[test]
fn a_webhook_gets_findings_from_flags_and_from_the_configuration() {
    let folder = Folder::new();
    let log = folder.write("access.log", [attempt(1), attempt(2)].concat());
    let (address, bodies) = receiver("200 OK");
    let url = format!("http://{address}/made-up");
    let config = folder.write("onehop.toml", format!("[scan]\nwebhook = \"{url}\"\nformat = \"json\"\n"));
    for arguments in [vec!["--format", "json", "--webhook", &url, &log], vec!["--config", &config, &log]] {
        let said = scan(&arguments);
        assert_eq!((said.code, said.notices("not-delivered").len()), (Some(1), 0), "{}", said.stderr);
        let mut got = Vec::new();
        while got.len() < 2 {
            let body = bodies.recv_timeout(crate::process::PATIENCE).expect("a POST");
            assert_eq!((&body["type"], &body["v"]), (&"findings".into(), &1.into()));
            got.extend(body["findings"].as_array().expect("a list").iter().cloned());
        }
        assert_eq!(got, said.lines[..2], "the same findings as in the report");
    }
}

#[cfg(feature = "scan-webhook")]
#[test]
fn a_webhook_that_redirects_or_is_none_is_told() {
    let folder = Folder::new();
    let log = folder.write("access.log", attempt(1));
    let (address, _bodies) = receiver("302 Found\r\nLocation: http://127.0.0.1:1/");
    let said = scan_json(&["--webhook", &format!("http://{address}/?key=made-up-secret"), &log]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(1), 1));
    assert!(said.notices("not-delivered")[0].ends_with("(webhook: it answered 302: redirects are refused)"));
    assert!(!said.stderr.contains("made-up-secret"), "{}", said.stderr);
    let said = scan_json(&["--webhook", "made-up-secret", &log]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""));
    assert!(
        said.stderr.contains("no URL of the form") && !said.stderr.contains("made-up-secret"),
        "{}",
        said.stderr
    );
}

#[test]
fn contradictions_are_refused() {
    let folder = Folder::new();
    let log = folder.write("access.log", attempt(1));
    for (arguments, want) in [
        (vec!["--metrics", "127.0.0.1:0", &log], "--metrics needs --follow"),
        (vec!["--exec", "  ", &log], "the command is empty"),
        (vec!["--exec", "'a", &log], "cannot be split into words"),
    ] {
        let said = scan_json(&arguments);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{want}");
        assert!(said.stderr.contains(want), "{}", said.stderr);
    }
}
