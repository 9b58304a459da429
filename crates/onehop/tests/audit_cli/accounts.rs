//! `onehop audit aws`, `snapshot`, `diff` against the fake account, which is the same binary.

use crate::{command, folder, found, lines, run, text};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Output};

pub(crate) const SCENARIO: &str = "
accounts:
  - id: '111122223333'
    regions:
      eu-west-1:
        images: [{ id: ami-00000000000000001, name: old, owner: amazon }]
        instances:
          - { id: i-00000000000000001, image_id: ami-00000000000000001, metadata_options: { http_tokens: optional } }
          - { id: i-00000000000000002, image_id: ami-00000000000000001, metadata_options: { http_tokens: required } }
";

/// A fake account that ends with the test.
pub(crate) struct Fake {
    child: Child,
    ready: Value,
}

impl Fake {
    pub(crate) fn start(folder: &Path, scenario: &str) -> Fake {
        std::fs::write(folder.join("scenario.yaml"), scenario).expect("it can be written");
        let mut child =
            command(folder, &["fake-aws", "--scenario", "scenario.yaml"]).spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        Fake { child, ready }
    }

    /// A command with the keys of the account, pointed at it.
    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> Output {
        let url = self.ready["endpoint_url"].as_str().expect("an address");
        let mut command = command(folder, arguments);
        command.args(["--endpoint-url", url, "--region", "eu-west-1"]);
        for (variable, key) in
            [("AWS_ACCESS_KEY_ID", "access_key_id"), ("AWS_SECRET_ACCESS_KEY", "secret_access_key")]
        {
            command.env(variable, self.ready[key].as_str().expect("a made-up key"));
        }
        command.output().expect("it starts")
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}

#[test]
fn what_runs_is_found_with_what_to_do() {
    let there = folder(&[]);
    let fake = Fake::start(there.path(), SCENARIO);
    let output = fake.run(there.path(), &["aws", "--format", "json"]);
    let findings = lines(&output);
    let open = findings.iter().find(|line| line["resource"]["id"] == "i-00000000000000001");
    let open = open.unwrap_or_else(|| panic!("{}{}", text(&output.stdout), text(&output.stderr)));
    assert_eq!(open["rule"], "TOKENS-OPTIONAL");
    let command = open["fix"]["command"].as_str().expect("a command");
    assert!(command.contains("--instance-id i-00000000000000001 --http-tokens required"), "{command}");
    assert!(!command.contains("--http-endpoint"), "an endpoint that is off stays off: {command}");
    assert!(!found(&output).iter().any(|(_, id)| id == "i-00000000000000002"), "it requires tokens");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}

#[test]
fn a_snapshot_gives_the_same_report_and_shows_what_changed() {
    let there = folder(&[]);
    let fake = Fake::start(there.path(), SCENARIO);
    let live = fake.run(there.path(), &["aws", "--format", "json"]);
    assert_eq!(fake.run(there.path(), &["snapshot", "before.jsonl"]).status.code(), Some(0));
    let offline = run(there.path(), &["aws", "--snapshot", "before.jsonl", "--format", "json"]);
    assert_eq!(found(&offline), found(&live));
    drop(fake);
    let opened = SCENARIO.replace("http_tokens: required", "http_tokens: optional");
    let later = Fake::start(there.path(), &opened);
    assert_eq!(later.run(there.path(), &["snapshot", "after.jsonl"]).status.code(), Some(0));
    assert_eq!(run(there.path(), &["diff", "before.jsonl", "before.jsonl"]).status.code(), Some(0));
    let worse = run(there.path(), &["diff", "before.jsonl", "after.jsonl"]);
    assert_eq!(worse.status.code(), Some(1), "{}", text(&worse.stdout));
    assert!(
        text(&worse.stdout).contains("worse   111122223333/eu-west-1/instance/i-00000000000000002"),
        "{}",
        text(&worse.stdout)
    );
    assert_eq!(
        run(there.path(), &["diff", "after.jsonl", "before.jsonl"]).status.code(),
        Some(0),
        "better is no failure"
    );
}

#[test]
fn a_denied_call_is_told_and_fails_the_run() {
    let there = folder(&[]);
    let denied = format!(
        "failures: [{{ operation: 'ec2:DescribeInstances', code: UnauthorizedOperation, status: 403 }}]\n{SCENARIO}"
    );
    let fake = Fake::start(there.path(), &denied);
    let output = fake.run(there.path(), &["aws"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    let said = text(&output.stderr);
    assert!(
        said.contains("ec2:DescribeInstances in eu-west-1 of 111122223333: UnauthorizedOperation"),
        "{said}"
    );
    let kept = fake.run(there.path(), &["aws", "--keep-going"]);
    assert_ne!(kept.status.code(), Some(2), "{}", text(&kept.stderr));
}

#[test]
fn permissions_are_printed_without_a_call() {
    let there = folder(&[]);
    for mode in ["scan", "organization", "apply", "enforce"] {
        let output = run(there.path(), &["aws", "--print-policy", mode]);
        let policy: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(policy["Version"], "2012-10-17");
        let writes = text(&output.stdout).contains("ec2:Modify");
        assert_eq!(writes, matches!(mode, "apply" | "enforce"), "{mode}");
    }
    assert_eq!(run(there.path(), &["aws", "--print-policy", "all"]).status.code(), Some(2));
}

#[test]
fn no_region_is_an_error_that_says_what_to_do() {
    let there = folder(&[]);
    let output = run(there.path(), &["aws"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("hint: give --region, or --all-regions"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn the_report_of_an_organization_is_started_and_shown() {
    let folder = folder(&[]);
    let fake = Fake::start(folder.path(), &format!("pending_polls: 1\n{SCENARIO}"));
    let report = ["aws", "--declarative-report"];
    let none = fake.run(folder.path(), &report);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("hint: start one with --start-report"), "{}", text(&none.stderr));
    let started =
        fake.run(folder.path(), &["aws", "--start-report", "s3://made-up/imds", "--format", "json"]);
    assert_eq!(lines(&started)[0]["type"], "report-started", "{}", text(&started.stderr));
    let early = fake.run(folder.path(), &report);
    assert!(text(&early.stderr).contains("is not complete yet"), "{}", text(&early.stderr));
    let shown = fake.run(folder.path(), &[&report[..], &["--format", "json"]].concat());
    assert_eq!(shown.status.code(), Some(0), "{}", text(&shown.stderr));
    let rows = lines(&shown);
    let tokens = rows.iter().find(|row| row["name"] == "imds_http_tokens").expect("the attribute");
    assert_eq!((&tokens["accounts_with_it"], &tokens["accounts_without"]), (&1.into(), &0.into()));
    assert_eq!(tokens["regions"][0]["region"], "eu-west-1");
}
