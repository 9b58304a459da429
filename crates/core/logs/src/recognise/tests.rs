use super::{LINES_MAX, PROBES};
use crate::format::Format;
use crate::layout::Layout;
use crate::record::Record;
use proptest::prelude::*;

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

#[test]
fn the_majority_decides_and_later_lines_still_tell_the_server() {
    let error = "2025/03/12 [error] x\n".to_owned();
    let (plain, apache) = (combined("GET / HTTP/1.1", "5"), combined("GET / HTTP/1.1", "-"));
    let common = "192.0.2.1 - - [12/Mar/2025:08:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n".to_owned();
    let half = LINES_MAX / 2;
    for (name, parts, want) in [
        ("a late sign", vec![(&plain, half + 1), (&error, 3), (&apache, 1)], Format::ApacheCombined),
        ("a sign too late", vec![(&plain, LINES_MAX), (&apache, 1)], Format::Combined),
        ("half is no majority", vec![(&common, half), (&plain, half)], Format::ApacheCommon),
        ("one more than half", vec![(&common, half - 1), (&plain, half + 1)], Format::Combined),
        ("a majority is kept", vec![(&common, half + 1), (&plain, half + 9)], Format::ApacheCommon),
    ] {
        let sample: String = parts.iter().map(|(line, count)| line.repeat(*count)).collect();
        assert_eq!(Layout::recognise(sample.as_bytes()).format(), want, "{name}");
    }
}

/// Pieces that lines of many formats are made of.
const PIECES: [&str; 20] = [
    "192.0.2.1",
    " - ",
    "-",
    " ",
    "[12/Mar/2025:08:00:00 +0000]",
    "\"GET / HTTP/1.1\"",
    " 200 ",
    " 5",
    "\"-\"",
    "\"x\"",
    "\\",
    "\t",
    "h2 2025-03-12T08:00:00.000000Z app/a/b 192.0.2.1:1 10.0.0.1:80 0.0 0.0 0.0 200 200 1 1 ",
    "1.5",
    "1741766400.123",
    "TCP_MISS/200",
    "2 123456789012 eni-1 192.0.2.1 192.0.2.2 1 2 6 1 1 1741766400 1741766401 ACCEPT OK",
    "2025-03-12\t08:00:00\t",
    "Mar 12 08:00:00 host nginx: ",
    "é",
];

proptest! {
    #[test]
    fn a_layout_fits_what_it_reads(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14)) {
        let line = pieces.concat();
        let line = line.as_bytes();
        for probe in PROBES.iter() {
            let fits = probe.layout.fits(line, 0)
                || crate::prefix::end(line).is_some_and(|start| probe.layout.fits(line, start));
            prop_assert_eq!(fits, probe.layout.read(line, &mut Record::default()), "{:?}", probe.vote);
        }
    }
}
