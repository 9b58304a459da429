//! Exchanges that others recorded from instances, asked again here.
//!
//! The recordings lie beside the repository and are not part of it: `ONEHOP_SHARED_DATA`, else `../shared/data` seen
//! from the workspace. Without them nothing is compared, and one line says so. What is not compared is named with
//! its reason and counted, so that no exchange is left out by accident.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::answer::Answer;
use crate::support::{Running, Setup, TOKEN, exchange, request};

/// A recorded conversation: the role that its instance had, and how many of its exchanges are compared.
struct Recording {
    file: &'static str,
    role: Option<&'static str>,
    compared: usize,
}

const fn recording(file: &'static str, role: Option<&'static str>, compared: usize) -> Recording {
    Recording { file, role, compared }
}

const ROLE: Option<&str> = Some("imds-assume-role-test");

const RECORDINGS: [Recording; 7] = [
    recording("imds_assume_role.json", ROLE, 3),
    recording("imds_config_with_no_creds.json", ROLE, 3),
    recording("imds_default_chain_error.json", None, 2),
    recording("imds_default_chain_retries.json", ROLE, 3),
    recording("imds_default_chain_success.json", ROLE, 3),
    recording("imds_no_iam_role.json", None, 2),
    recording("imds_token_fail.json", None, 0),
];

/// What is not compared: how it is recognised, why, and how many exchanges it is.
type Skip = (fn(&str, &Exchange) -> bool, &'static str, usize);

const SKIPS: [Skip; 3] = [
    (|file, _| file == "imds_token_fail.json", "written by hand: 403 as XML without a server", 1),
    (|_, exchange| exchange.status == 503, "put in by hand to provoke a retry: 503 without headers", 3),
    (|_, exchange| exchange.host != "169.254.169.254", "another service", 1),
];

/// A request and its answer, as recorded.
#[derive(Debug, Default)]
struct Exchange {
    host: String,
    method: String,
    target: String,
    asked: Vec<(String, String)>,
    status: u16,
    version: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[test]
fn recorded_exchanges_are_answered_alike() {
    let Some(folder) = recordings() else { return };
    let listed: BTreeSet<_> = RECORDINGS.iter().map(|recording| recording.file.to_owned()).collect();
    assert_eq!(files(&folder), listed, "every recording is listed, and every listed one is there");
    let (mut held, mut compared, mut skipped) = (0, 0, [0; SKIPS.len()]);
    for recording in &RECORDINGS {
        let exchanges = read(&folder.join(recording.file));
        held += exchanges.len();
        let running = Setup { role: recording.role, ..Setup::default() }.start();
        let mut token = String::new();
        let mut here = 0;
        for exchange in &exchanges {
            if let Some(reason) = SKIPS.iter().position(|(is_it, ..)| is_it(recording.file, exchange)) {
                skipped[reason] += 1;
                continue;
            }
            let answer = ask_again(&running, exchange, &token);
            if exchange.method == "PUT" {
                token = answer.text();
            }
            let wrong = differences(exchange, &answer);
            assert!(wrong.is_empty(), "{} {}: {}", recording.file, exchange.target, wrong.join("; "));
            here += 1;
        }
        assert_eq!(here, recording.compared, "exchanges compared of {}", recording.file);
        compared += here;
    }
    for ((_, reason, want), count) in SKIPS.iter().zip(skipped) {
        assert_eq!(count, *want, "exchanges skipped because: {reason}");
    }
    assert_eq!(compared + skipped.iter().sum::<usize>(), held, "every exchange is compared or skipped");
    assert_eq!(compared, 16);
}

/// The folder with the recordings; `None` when it is not there, and said so.
fn recordings() -> Option<PathBuf> {
    const NAME: &str = "imds-recorded";
    if let Some(given) = std::env::var_os("ONEHOP_SHARED_DATA") {
        let folder = PathBuf::from(given).join(NAME);
        assert!(folder.is_dir(), "ONEHOP_SHARED_DATA is set, but {} is no folder", folder.display());
        return Some(folder);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    let beside = workspace.and_then(Path::parent).map(|parent| parent.join("shared/data").join(NAME));
    let folder = beside.filter(|folder| folder.is_dir());
    if folder.is_none() {
        // Written past the harness, which keeps the words of tests that pass to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED recorded exchanges: no ../shared/data/{NAME} beside the workspace"
        );
    }
    folder
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "json")).collect()
}

/// Reads the exchanges of a recording: events that belong together by the number of their connection.
fn read(path: &Path) -> Vec<Exchange> {
    let text = fs::read(path).expect("a recording can be read");
    let recording: Value = serde_json::from_slice(&text).expect("a recording is JSON");
    let mut exchanges: Vec<Exchange> = Vec::new();
    for event in recording["events"].as_array().expect("a list of events") {
        let number = event["connection_id"].as_u64().and_then(|number| usize::try_from(number).ok());
        let number = number.expect("a connection has a number");
        if exchanges.len() <= number {
            exchanges.resize_with(number + 1, Exchange::default);
        }
        read_event(&event["action"], &mut exchanges[number]);
    }
    exchanges
}

fn read_event(action: &Value, exchange: &mut Exchange) {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    if let Some(request) = action.pointer("/Request/request") {
        let uri = text(&request["uri"]);
        let (_, rest) = uri.split_once("://").expect("an absolute URI");
        let at = rest.find('/').expect("a path");
        rest[..at].clone_into(&mut exchange.host);
        rest[at..].clone_into(&mut exchange.target);
        exchange.method = text(&request["method"]);
        exchange.asked = read_headers(&request["headers"]);
    } else if let Some(response) = action.pointer("/Response/response/Ok") {
        exchange.status =
            response["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status");
        exchange.version = text(&response["version"]);
        exchange.headers = read_headers(&response["headers"]);
    } else if action.pointer("/Data/direction").is_some_and(|direction| direction == "Response") {
        exchange.body.push_str(action.pointer("/Data/data/Utf8").and_then(Value::as_str).expect("text"));
    }
}

fn read_headers(headers: &Value) -> Vec<(String, String)> {
    let headers = headers.as_object().expect("headers by name");
    let one = |(name, values): (&String, &Value)| {
        let values = values.as_array().expect("a list of values");
        values
            .iter()
            .map(|value| (name.clone(), value.as_str().expect("text").to_owned()))
            .collect::<Vec<_>>()
    };
    headers.iter().flat_map(one).collect()
}

/// Sends the recorded request, with our token in place of the recorded one.
fn ask_again(running: &Running, recorded: &Exchange, token: &str) -> Answer {
    let is_token = |name: &str| name.eq_ignore_ascii_case(TOKEN);
    let headers: Vec<(&str, &str)> = recorded
        .asked
        .iter()
        .map(|(name, value)| (name.as_str(), if is_token(name) { token } else { value.as_str() }))
        .collect();
    exchange(running.addresses[0], &request(&recorded.method, &recorded.target, &headers))
}

/// Where an answer is unlike the recorded one.
fn differences(recorded: &Exchange, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &str, ours: &str, recorded: &str| {
        if ours != recorded {
            wrong.push(format!("{what}: {ours:?}, recorded {recorded:?}"));
        }
    };
    check("version", &answer.version, &recorded.version);
    check("status", &answer.status.to_string(), &recorded.status.to_string());
    check("names of headers", &names(&answer.headers), &names(&recorded.headers));
    for (name, value) in &recorded.headers {
        let ours = answer.header(name).unwrap_or("absent");
        match name.as_str() {
            "x-aws-ec2-metadata-token-ttl-seconds" => check("lifetime", near(ours), near(value)),
            "date" | "last-modified" => check(name, form_of_date(ours), form_of_date(value)),
            // Secrets of the recording are replaced by shorter ones, its length is not.
            "content-length" if is_credentials(&recorded.body) => {}
            _ => check(name, ours, value),
        }
    }
    check("body", &shape(recorded, &answer.text()), &shape(recorded, &recorded.body));
    wrong
}

fn names(headers: &[(String, String)]) -> String {
    let names: BTreeSet<String> = headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// Lifetimes are alike when no more than two seconds of six hours have passed.
fn near(seconds: &str) -> &str {
    match seconds.parse() {
        Ok(21_598..=21_600) => "six hours, at most two seconds ago",
        Ok(0_u32..) | Err(_) => seconds,
    }
}

fn form_of_date(text: &str) -> &str {
    match httpdate::parse_http_date(text) {
        Ok(time) if httpdate::fmt_http_date(time) == text => "IMF-fixdate",
        _ => text,
    }
}

fn is_credentials(body: &str) -> bool {
    body.starts_with("{\n")
}

/// A body with what differs from instance to instance taken out.
fn shape(recorded: &Exchange, body: &str) -> String {
    if recorded.method == "PUT" {
        // The recordings hold stand-ins for tokens; their length stands in a header, which is compared.
        return "a token".to_owned();
    }
    if is_credentials(&recorded.body) {
        return body.split('\n').map(without_value).collect::<Vec<_>>().join("\n");
    }
    body.to_owned()
}

/// `"Token" : "…",` without what changes; `Code` and `Type` do not.
fn without_value(line: &str) -> String {
    match line.split_once(" : \"") {
        Some((key, value)) if !key.ends_with("\"Code\"") && !key.ends_with("\"Type\"") => {
            format!("{key} : \"…\"{}", value.rsplit_once('"').map_or("unfinished", |(_, rest)| rest))
        }
        _ => line.to_owned(),
    }
}
