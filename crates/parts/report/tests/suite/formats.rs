//! What must hold of a format beyond its look.

use crate::{made_up, report, report_with};
use onehop_report::{Finding, Format, Gate, Severity, Style};
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn json_has_the_keys_that_are_promised_in_their_order() {
    let text = report(Format::Json, [made_up::attempt()]);
    let want = r#"{"type":"finding","v":1,"rule":"SSRF-ATTEMPT","severity":"high","path":"logs/access.log","line":1042,"offset":88213,"matched":"#;
    assert!(text.starts_with(want), "{text}");
    let lines = lines(&text);
    assert_eq!(lines[0]["encodings"], serde_json::json!(["percent", "percent", "octal"]));
    assert_eq!(lines[0]["target"], "169.254.169.254");
    assert_eq!(lines[0]["facts"]["status"], 200);
    assert_eq!(
        (&lines[1]["type"], &lines[1]["findings"], &lines[1]["v"]),
        (&"summary".into(), &1.into(), &1.into())
    );
}

#[test]
fn json_has_null_where_there_is_no_place() {
    let lines = lines(&report(Format::Json, [made_up::resource()]));
    for key in ["path", "line", "offset", "decoded", "target"] {
        assert_eq!(lines[0].get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!(lines[0]["resource"]["id"], "i-0123456789abcdef0");
}

#[test]
fn equal_sarif_results_have_fingerprints_of_their_own() {
    let text = report(Format::Sarif, [made_up::setting(), made_up::setting()]);
    let file: Value = serde_json::from_str(&text).expect("SARIF is JSON");
    let prints: Vec<_> = file["runs"][0]["results"]
        .as_array()
        .expect("it has results")
        .iter()
        .map(|result| result["partialFingerprints"]["onehop/v1"].as_str().expect("it is text").to_owned())
        .collect();
    assert_eq!(prints[0].strip_suffix(":1"), prints[1].strip_suffix(":2"));
    assert!(prints[0].ends_with(":1"), "{prints:?}");
}

#[test]
fn sarif_is_bounded_and_says_what_it_left_out() {
    let text = report(Format::Sarif, made_up::many(25_010));
    let file: Value = serde_json::from_str(&text).expect("SARIF is JSON");
    let run = &file["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(25_000));
    let notices = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notices.contains("10 more results"), "{notices}");
}

#[test]
fn ocsf_ids_tell_occurrences_apart() {
    let text = report(Format::Ocsf, [made_up::attempt(), made_up::incident(), made_up::setting()]);
    let mut ids: Vec<_> = lines(&text).iter().map(|line| line["finding_info"]["uid"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for line in lines(&text) {
        assert_eq!(line["type_uid"], 200_401);
        assert_eq!(line["metadata"]["version"], onehop_report::render::OCSF_SCHEMA_VERSION);
    }
}

#[test]
fn ecs_keeps_addresses_that_are_none_out_of_the_address_field() {
    let lines = lines(&report(Format::Ecs, [made_up::attempt(), made_up::incident()]));
    assert_eq!(lines[0]["source"]["ip"], "192.0.2.7");
    assert_eq!(lines[1]["source"], serde_json::json!({"address": "not an address"}));
    assert_eq!(lines[0]["threat"]["technique"]["id"], serde_json::json!(["T1190", "T1552"]));
}

#[test]
fn junit_numbers_are_those_of_its_tests() {
    for kept in [1, 3, 100] {
        let style = Style { kept, ..Style::default() };
        let text = report_with(Format::Junit, style, Gate::default(), made_up::all());
        let tree = roxmltree::Document::parse(&text).expect("JUnit is XML");
        let suite = tree.descendants().find(|node| node.has_tag_name("testsuite")).expect("it has a suite");
        let count =
            |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
        assert_eq!(suite.attribute("tests"), Some(count("testcase").as_str()), "{kept}");
        assert_eq!(suite.attribute("failures"), Some(count("failure").as_str()), "{kept}");
        assert_eq!(text.contains("more findings"), kept < 6, "{kept}");
    }
}

#[test]
fn a_comment_fits_whatever_was_found() {
    let long = |number: u64| Finding {
        message: "|".repeat(2_000).into(),
        matched: format!("{}{number}", "`|".repeat(600)).into(),
        ..made_up::attempt()
    };
    let text = report(Format::Markdown, (0..500).map(long));
    assert!(text.len() < 65_000, "{}", text.len());
    assert!(text.contains("more findings are in the full report"));
}

#[test]
fn a_page_is_bounded_and_keeps_the_gravest() {
    let style = Style { kept: 10, ..Style::default() };
    let mut findings: Vec<Finding> = made_up::many(1_000).collect();
    for finding in &mut findings {
        finding.severity = Severity::Low;
    }
    findings.push(made_up::incident());
    let page = report_with(Format::Html, style, Gate::default(), findings);
    assert_eq!(page.matches("<li class=\"finding ").count(), 10);
    assert!(page.contains("<li class=\"finding critical\" data-rank=\"0\""));
    assert!(page.contains("991 milder or later findings are not on this page"));
}

#[test]
fn labels_are_bounded() {
    let strange = |number: u64| Finding {
        rule: format!("R{number}").into(),
        provider: Some(format!("p{number}").into()),
        ..made_up::attempt()
    };
    let text = report(Format::Prometheus, (0..1_000).map(strange));
    let series = text.lines().filter(|line| line.starts_with("onehop_scan_findings_total{")).count();
    assert_eq!(series, 65, "64 providers and the others");
    let counted: u64 = text
        .lines()
        .filter(|line| line.starts_with("onehop_scan_findings_total{"))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum();
    assert_eq!(counted, 1_000);
}

#[test]
fn names_are_read_back() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    for severity in Severity::ALL {
        assert_eq!(severity.as_str().parse(), Ok(severity));
    }
    assert!("yaml".parse::<Format>().is_err() && "High".parse::<Severity>().is_err());
}
