//! `--cloudtrail`: deliveries of role credentials, joined with what runs.

use crate::accounts::{Fake, SCENARIO};
use crate::{folder, lines, run, text};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Output;

/// A made-up log: twelve calls by IMDSv1, two by IMDSv2, one of an instance that is not there.
fn log() -> String {
    let record = |id: u32, time: &str, instance: &str, delivery: &str| {
        format!(
            r#"{{"eventVersion":"1.09","eventID":"made-up-{id}","eventTime":"2026-03-{time}Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"made-up","recipientAccountId":"111122223333","userIdentity":{{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/web/{instance}","accountId":"111122223333","accessKeyId":"ASIAMADEUP0000000000","sessionContext":{{"ec2RoleDelivery":"{delivery}"}}}}}}"#
        )
    };
    let web = "i-00000000000000001";
    let mut records: Vec<String> =
        (0..11).map(|id| record(id, &format!("03T00:00:{id:02}"), web, "1.0")).collect();
    records.push(record(11, "04T09:14:10", web, "1.0"));
    // The same event in another trail counts once.
    records.push(record(11, "04T09:14:10", web, "1.0"));
    records.extend([record(12, "05T00:00:00", web, "2.0"), record(13, "05T00:00:01", web, "2.0")]);
    records.push(record(14, "05T00:00:02", "i-0000000000000000f", "1.0"));
    format!("{{\"Records\":[{}]}}\n", records.join(","))
}

const LOG: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/05/log.json.gz";

const QUIET: &str = "          - { id: i-00000000000000003, image_id: ami-00000000000000001, metadata_options: { http_tokens: optional } }\n";

/// A folder with these files and the log, compressed as CloudTrail writes it.
fn logs(files: &[(&str, &str)]) -> tempfile::TempDir {
    let there = folder(&[files, &[(LOG, "")]].concat());
    let file = File::create(there.path().join(LOG)).expect("it can be made");
    let mut writer = GzEncoder::new(file, Compression::default());
    writer.write_all(log().as_bytes()).expect("it can be written");
    writer.finish().expect("it can be written");
    there
}

/// The finding about an instance.
fn of(output: &Output, id: &str) -> Value {
    let found =
        lines(output).into_iter().find(|line| line["type"] == "finding" && line["resource"]["id"] == id);
    found.unwrap_or_else(|| panic!("{}{}", text(&output.stdout), text(&output.stderr)))
}

fn used(finding: &Value) -> (u64, String) {
    let parts = finding["facts"]["risk_parts"].as_array().expect("parts");
    let part = parts.iter().find(|part| part["name"] == "use").expect("the part about use");
    (part["weight"].as_u64().expect("a weight"), part["words"].as_str().expect("words").to_owned())
}

fn audit(fake: &Fake, there: &Path, more: &[&str]) -> Output {
    fake.run(there, &[&["aws", "--format", "json"], more].concat())
}

#[test]
fn deliveries_by_imdsv1_are_told_and_weigh() {
    let there = logs(&[]);
    let fake = Fake::start(there.path(), &format!("{SCENARIO}{QUIET}"));
    let plain = audit(&fake, there.path(), &[]);
    let joined = audit(&fake, there.path(), &["--cloudtrail", "AWSLogs"]);
    assert_eq!(joined.status.code(), Some(1), "{}", text(&joined.stderr));

    let web = of(&joined, "i-00000000000000001");
    let facts = &web["facts"];
    assert_eq!((&facts["delivered_v1"], &facts["delivered_v2"]), (&12.into(), &2.into()), "{facts}");
    assert_eq!(
        (&facts["last_v1"], &facts["last_v2"]),
        (&"2026-03-04T09:14:10Z".into(), &"2026-03-05T00:00:01Z".into())
    );
    let message = web["message"].as_str().expect("a message");
    let words = "Role credentials delivered by IMDSv1 were used 12 times, last 2026-03-04T09:14:10Z, those delivered by \
                 IMDSv2 2 times, last 2026-03-05T00:00:01Z, by CloudTrail.";
    assert!(message.ends_with(words), "{message}");
    let (weight, words) = used(&web);
    assert_eq!(weight, 100, "{words}");
    assert!(words.contains("delivered by IMDSv1 were used 12 times"), "{words}");

    let quiet = of(&joined, "i-00000000000000003");
    assert_eq!(
        (&quiet["facts"]["deliveries"], &quiet["facts"]["delivered_v1"]),
        (&"no data".into(), &Value::Null)
    );
    assert_eq!(
        used(&quiet),
        used(&of(&plain, "i-00000000000000003")),
        "no data weighs as if nobody had looked"
    );

    let before = of(&plain, "i-00000000000000001");
    assert_eq!(
        (&before["facts"]["deliveries"], &before["facts"]["delivered_v1"]),
        (&Value::Null, &Value::Null)
    );
    let ended =
        lines(&joined).into_iter().find(|line| !line["facts"]["cloudtrail"].is_null()).expect("the end");
    let told = &ended["facts"]["cloudtrail"];
    assert_eq!(
        (&told["records"], &told["instances"], &told["other_instances"]),
        (&16.into(), &1.into(), &1.into())
    );
}

#[test]
fn a_snapshot_keeps_deliveries_and_takes_others() {
    let there = logs(&[("later.json", &log().replace("\"1.0\"", "\"2.0\""))]);
    let fake = Fake::start(there.path(), SCENARIO);
    let saved = fake.run(there.path(), &["snapshot", "saved.jsonl", "--cloudtrail", LOG]);
    assert_eq!(saved.status.code(), Some(0), "{}", text(&saved.stderr));
    drop(fake);
    let report = ["aws", "--snapshot", "saved.jsonl", "--format", "json"];
    let kept = of(&run(there.path(), &report), "i-00000000000000001");
    assert_eq!((&kept["facts"]["delivered_v1"], &kept["facts"]["delivered_v2"]), (&12.into(), &2.into()));
    let other = run(there.path(), &[&report[..], &["--cloudtrail", "later.json"]].concat());
    let other = of(&other, "i-00000000000000001");
    assert_eq!((&other["facts"]["delivered_v1"], &other["facts"]["delivered_v2"]), (&0.into(), &14.into()));
}

#[test]
fn logs_that_cannot_be_read_fail_the_run() {
    let broken = log();
    let files = [("broken.json", &broken[..broken.len() - 40]), ("empty.json", "")];
    let there = folder(&files);
    // The head of a gzip file, and nothing behind it.
    std::fs::write(there.path().join("cut.json.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1])
        .expect("it can be written");
    let fake = Fake::start(there.path(), SCENARIO);
    let cases = [
        ("missing.json", "missing.json"),
        ("broken.json", "1 break off"),
        ("empty.json", "no record of CloudTrail in `empty.json`"),
        ("cut.json.gz", "gzip data"),
    ];
    for (path, want) in cases {
        let output = fake.run(there.path(), &["aws", "--cloudtrail", path]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{path}: {said}");
        assert!(said.contains("warning: ") && said.contains(want), "{path}: {said}");
        let kept = fake.run(there.path(), &["aws", "--cloudtrail", path, "--keep-going"]);
        assert_eq!(kept.status.code(), Some(1), "{path}: what was read is reported");
    }
    let saved = fake.run(there.path(), &["snapshot", "saved.jsonl", "--cloudtrail", "missing.json"]);
    assert_eq!(saved.status.code(), Some(2), "{}", text(&saved.stderr));
    let later = run(there.path(), &["aws", "--snapshot", "saved.jsonl"]);
    assert_eq!(
        later.status.code(),
        Some(2),
        "a snapshot remembers what was not read: {}",
        text(&later.stderr)
    );
}
