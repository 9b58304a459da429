use super::*;
use onehop_detect::Detector;
use onehop_logs::{Format, Layout};

fn judged(format: Format, line: &str) -> Vec<Attempt> {
    let layout = Layout::of(format, None).expect("a layout");
    let mut record = Record::default();
    assert!(layout.read(line.as_bytes(), &mut record), "{format:?} reads {line}");
    let mut hits = Vec::new();
    Detector::new().detect(line.as_bytes(), &mut hits);
    hits.into_iter().filter_map(|hit| judge(hit, &record)).collect()
}

fn combined(request: &str, status: u16, size: u64, referer: &str) -> String {
    format!(r#"203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "{request}" {status} {size} "{referer}" "x/1""#)
}

#[test]
fn the_field_decides_the_rule() {
    let credentials = "/latest/meta-data/iam/security-credentials/r";
    for (request, referer, rule, severity) in [
        (format!("GET /?u=http://169.254.169.254{credentials} HTTP/1.1"), "-", "IMDS-URL", Severity::High),
        ("GET /?u=http://169.254.169.254/ HTTP/1.1".to_owned(), "-", "IMDS-URL", Severity::Medium),
        ("GET /?u=169.254.169.254 HTTP/1.1".to_owned(), "-", "IMDS-URL", Severity::Low),
        ("GET / HTTP/1.1".to_owned(), "http://169.254.169.254/latest/user-data", "IMDS-URL", Severity::High),
        (format!("GET http://169.254.169.254{credentials} HTTP/1.1"), "-", "IMDS-HOST", Severity::High),
        (format!("GET {credentials} HTTP/1.1"), "-", "IMDS-PATH", Severity::Low),
        (
            "GET /?u=gopher://169.254.169.254:80/_PUT%20/latest/api/token%20HTTP HTTP/1.1".to_owned(),
            "-",
            "IMDS-SMUGGLED-TOKEN",
            Severity::High,
        ),
    ] {
        let found = judged(Format::Combined, &combined(&request, 404, 10, referer));
        let told: Vec<_> = found.iter().map(|attempt| (attempt.rule.id, attempt.severity)).collect();
        assert_eq!(told, [(rule, severity)], "{request} {referer}");
    }
}

#[test]
fn the_sender_and_a_number_are_no_attempts() {
    let line =
        r#"169.254.169.254 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 2852039166 "-" "x/1""#;
    assert!(judged(Format::Combined, line).is_empty());
}

#[test]
fn a_url_where_the_sender_a_number_or_a_time_belongs_is_an_attempt() {
    for line in [
        r#"{"clientIp":"http://169.254.169.254/","request":"/"}"#,
        r#"{"status":"http://169.254.169.254/","request":"/"}"#,
        r#"{"time":"http://169.254.169.254/","request":"/"}"#,
    ] {
        assert_eq!(judged(Format::JsonLines, line).len(), 1, "{line}");
    }
}

#[test]
fn an_answer_with_the_size_of_credentials_is_critical() {
    let request = "GET /?u=http://169.254.169.254/latest/meta-data/iam/security-credentials/r HTTP/1.1";
    for (status, size, outcome, severity) in [
        (200, 1500, Outcome::Credentials, Severity::Critical),
        (200, 10, Outcome::Answered, Severity::High),
        (403, 1500, Outcome::Refused, Severity::High),
    ] {
        let found = judged(Format::Combined, &combined(request, status, size, "-"));
        assert_eq!((found[0].outcome, found[0].severity), (outcome, severity), "{status} {size}");
    }
}

#[test]
fn a_call_on_its_way_out_is_read_with_its_path_and_method() {
    let line = r#"{"ts":1700000000.1,"uid":"C1","id.orig_h":"10.0.0.7","id.orig_p":5,"id.resp_h":"169.254.169.254","id.resp_p":80,"method":"PUT","host":"169.254.169.254","uri":"/latest/api/token","status_code":200}"#;
    let found = judged(Format::ZeekJson, line);
    assert!(!found.is_empty());
    for attempt in found {
        assert_eq!((attempt.path, attempt.imds), (PathClass::Token, Imds::V2), "{}", attempt.rule.id);
    }
}
