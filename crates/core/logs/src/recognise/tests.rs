use crate::format::Format;
use crate::layout::Layout;

fn combined(request: &str, size: &str) -> String {
    format!("192.0.2.1 - - [12/Mar/2025:08:00:00 +0000] \"{request}\" 200 {size} \"-\" \"x\"\n")
}

#[test]
fn escapes_and_empty_bodies_tell_the_server() {
    for (name, lines, want) in [
        ("no sign", vec![combined("GET / HTTP/1.1", "5")], Format::Combined),
        ("upper-case digits", vec![combined(r"\xE2", "5")], Format::Nginx),
        ("lower-case digits", vec![combined(r"\xe2", "5")], Format::ApacheCombined),
        ("digits alone", vec![combined(r"\x16\x03", "5")], Format::Combined),
        ("a hidden quote", vec![combined(r#"GET /\" HTTP/1.1"#, "5")], Format::ApacheCombined),
        ("no body is a number", vec![combined("GET / HTTP/1.1", "0")], Format::Nginx),
        ("no body is a dash", vec![combined("GET / HTTP/1.1", "-")], Format::ApacheCombined),
        (
            "the most signs count",
            vec![combined("GET / HTTP/1.1", "0"), combined(r"\xE2\xE3", "0"), combined(r"\xe2", "5")],
            Format::Nginx,
        ),
    ] {
        assert_eq!(Layout::recognise(lines.concat().as_bytes()).format(), want, "{name}");
    }
}

#[test]
fn the_most_lines_count_and_errors_between_them_do_not() {
    let sample = format!("2025/03/12 [error] x\nnotice\n{}and more", combined("GET / HTTP/1.1", "0"));
    assert_eq!(Layout::recognise(sample.as_bytes()).format(), Format::Nginx);
}

#[test]
fn a_sample_may_end_within_a_line() {
    let cut =
        br#"{"Records":[{"eventVersion":"1.09","userIdentity":{},"eventSource":"x","eventName":"y","req"#;
    assert_eq!(Layout::recognise(cut).format(), Format::CloudTrail);
    let whole = [&cut[..], b"\n"].concat();
    assert_eq!(Layout::recognise(&whole).format(), Format::Text, "a whole line that is broken is text");
}

#[test]
fn a_file_that_was_made_readable_is_recognised() {
    let record = "  {\n    \"eventVersion\": \"1.09\",\n    \"eventSource\": \"x\",\n    \"eventName\": \"y\",\n    \"userIdentity\": {}\n  }";
    for text in [format!("[\n{record}\n]\n"), format!("{{\n\"Records\": [\n{record}\n]\n}}\n")] {
        assert_eq!(Layout::recognise(text.as_bytes()).format(), Format::CloudTrail, "{text}");
    }
    assert_eq!(Layout::recognise(b"[\n  {\n    \"a\": 1\n  }\n]\n").format(), Format::Text);
}

#[test]
fn what_fits_nothing_is_text() {
    for sample in [&b""[..], b"\n\n", b"plain", b"\xff\xfe\0", b"# a comment\n", b"[1]\n", b"{}\n"] {
        assert_eq!(Layout::recognise(sample).format(), Format::Text, "{}", sample.escape_ascii());
    }
}
