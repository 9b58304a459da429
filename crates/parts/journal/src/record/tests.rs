use super::{Chain, Gap, Kind, Line, bounded, read, without_query};
use crate::{Caller, Decision, Defect, Hash, ImdsVersion, Outcome, Source};
use onehop_verdict::Code;
use std::sync::Arc;

/// The decision of the example in the crate's documentation.
fn example() -> Decision {
    Decision {
        time_ms: 1_767_225_600_250,
        outcome: Outcome::Deny,
        code: Some(Code::ImdsV1),
        rule: Some(Arc::from("default")),
        method: "GET",
        path: Box::from("/latest/meta-data/iam/security-credentials/"),
        version: ImdsVersion::V1,
        caller: Caller {
            uid: Some(33),
            pid: Some(4711),
            remote: Some([127, 0, 0, 1].into()),
            exe: Some(Arc::from("/usr/bin/python3.13")),
            unit: None,
        },
        status: 401,
        source: Source::Local,
        request_id: 9,
        latency_us: 85,
    }
}

fn seal(chain: &mut Chain, line: Line<'_>) -> String {
    let mut out = Vec::new();
    chain.seal(line, &mut out);
    String::from_utf8(out).expect("JSON is UTF-8")
}

fn body(line: &str) -> serde_json::Value {
    serde_json::from_str(line).expect("a line is JSON")
}

#[test]
fn documentation_shows_lines_as_they_are_written() {
    let documentation = include_str!("../lib.rs");
    let mut chain = Chain::START;
    let gap = Gap { lost: 3, time_ms: 1_767_225_600_300 };
    for line in [Line::Head, Line::Decision(&example()), Line::Gap(gap), Line::Recovered(117)] {
        let text = seal(&mut chain, line);
        assert!(documentation.contains(&format!("//! {text}")), "not in the documentation:\n//! {text}");
    }
}

#[test]
fn lines_read_back() {
    let mut chain = Chain::START;
    let table = [
        (Line::Head, Kind::Head),
        (Line::Decision(&example()), Kind::Decision),
        (Line::Gap(Gap { lost: 3, time_ms: 0 }), Kind::Gap { lost: 3 }),
        (Line::Recovered(5), Kind::Recovered),
    ];
    for (seq, (line, kind)) in (0..).zip(table) {
        let before = chain;
        let text = seal(&mut chain, line);
        let sealed = read(text.trim_end().as_bytes()).expect("a sealed line reads");
        assert_eq!((sealed.kind, sealed.seq, sealed.prev), (kind, seq, before.head));
        assert_eq!(sealed.chain(), chain);
    }
}

#[test]
fn what_is_absent_is_null_and_nothing_is_missing() {
    let mut decision = example();
    let mut chain = Chain::START;
    let full = body(&seal(&mut chain, Line::Decision(&decision)));
    decision.caller = Caller::default();
    decision.rule = None;
    decision.code = None;
    let bare = body(&seal(&mut chain, Line::Decision(&decision)));
    let keys =
        |value: &serde_json::Value| value.as_object().expect("object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&full), keys(&bare));
    for key in ["code", "rule", "caller.uid", "caller.pid", "caller.remote", "caller.exe", "caller.unit"] {
        assert!(bare[key].is_null(), "{key}");
    }
}

#[test]
fn texts_are_bounded_at_characters_and_queries_left_out() {
    assert_eq!(bounded("/short"), "/short");
    assert_eq!(bounded(&"a".repeat(600)).len(), 512);
    let wide = "é".repeat(300);
    assert_eq!(bounded(&wide).len(), 512);
    let odd = format!("a{wide}");
    assert_eq!(bounded(&odd).len(), 511, "a two-byte character does not end at 512");
    assert_eq!(without_query("/latest/user-data?token=made-up"), "/latest/user-data");

    let mut decision = example();
    decision.path = Box::from("/latest/user-data?token=made-up");
    let line = seal(&mut Chain::START.clone(), Line::Decision(&decision));
    assert!(!line.contains("made-up"), "{line}");
}

#[test]
fn hostile_texts_stay_on_one_line() {
    let mut decision = example();
    decision.path = "\n\"},\u{0}\u{2028}".repeat(200).into_boxed_str();
    decision.caller.exe = Some(Arc::from("\u{1}".repeat(5000)));
    let line = seal(&mut Chain::START.clone(), Line::Decision(&decision));
    assert_eq!(line.find('\n'), Some(line.len() - 1));
    assert!(line.len() < 8 * 1024, "{}", line.len());
    read(line.trim_end().as_bytes()).expect("a sealed line reads");
}

#[test]
fn lines_that_are_not_records() {
    let sealed_around = |fields: &str| {
        let body = format!("{{{fields},\"prev\":\"{}\"", Hash::ZERO);
        format!("{body},\"hash\":\"{}\"}}", Hash::of(body.as_bytes()))
    };
    let good = sealed_around(r#""type":"decision","v":1,"seq":7"#);
    read(good.as_bytes()).expect("the allow twin of the table");
    let table = [
        ("empty", String::new(), "not a journal record"),
        ("cut", good[..good.len() - 1].to_owned(), "not a journal record"),
        ("carriage return", format!("{good}\r"), "not a journal record"),
        ("changed", good.replace("\"seq\":7", "\"seq\":8"), "does not match its hash"),
        (
            "upper case",
            good.replace(&good[good.len() - 66..], &good[good.len() - 66..].to_uppercase()),
            "not a journal record",
        ),
        ("no JSON", sealed_around("x"), "not a journal record"),
        ("no seq", sealed_around(r#""type":"decision","v":1"#), "not a journal record"),
        ("two seq", sealed_around(r#""type":"decision","v":1,"seq":7,"seq":8"#), "not a journal record"),
        ("kind", sealed_around(r#""type":"other","v":1,"seq":7"#), "not a journal record"),
        ("gap without a count", sealed_around(r#""type":"gap","v":1,"seq":7"#), "not a journal record"),
        ("version", sealed_around(r#""type":"decision","v":2,"seq":7"#), "version 2"),
        (
            "long",
            sealed_around(&format!(r#""type":"decision","v":1,"seq":7,"x":"{}""#, "x".repeat(70_000))),
            "longer than",
        ),
        ("deep", sealed_around(&format!(r#""x":{}"#, "[".repeat(9_000))), "not a journal record"),
    ];
    for (name, line, want) in table {
        let found = read(line.as_bytes()).err().as_ref().map(Defect::to_string).unwrap_or_default();
        assert!(found.contains(want), "{name}: {found:?}");
    }
}
