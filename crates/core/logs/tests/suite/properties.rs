//! What holds for any bytes: no panic, ranges within the line, the same answer twice, nothing lost.

use crate::fixtures::{layout, lines};
use onehop_logs::{Field, Format, Layout, Record, Time, request_line};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// Every format, with the header lines of its fixture taken in.
static LAYOUTS: LazyLock<Vec<(Layout, Vec<Vec<u8>>)>> = LazyLock::new(|| {
    let prepared = |format: &Format| {
        let mut layout = layout(*format);
        let text = lines(*format);
        let all = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
        let lines = all.filter(|line| !layout.header(line) && !line.is_empty()).collect();
        (layout, lines)
    };
    Format::ALL.iter().map(prepared).collect()
});

/// Bytes in which logs put their fields.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::sample::select(vec![
            " ",
            "\t",
            "\"",
            "\\",
            "\\\"",
            "\\x41",
            "\\u00e9",
            "\\ud83d",
            "-",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
            "|",
            "/",
            "%41",
            "#41",
            "+",
            "null",
            "12",
            "192.0.2.1",
            "12/Mar/2025:08:00:00 +0000",
            "1741768560.779",
            "GET / HTTP/1.1",
            "{\"a\":",
            "[{\"name\":\"b\",\"value\":\"c\"}]",
            "\"headers\":",
            "#Fields: a b",
            "#separator \\x09",
            "\r",
            "\0",
            "http://",
            "<190>",
            ": ",
            "2025-03-12T08:00:00Z ",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// A line of a fixture with a few bytes replaced, removed or put in.
fn mutated() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let change = (any::<prop::sample::Index>(), 0..3_u8, any::<u8>());
    (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::collection::vec(change, 1..6))
        .prop_map(|(format, line, changes)| {
            let format = format.index(LAYOUTS.len());
            let lines = &LAYOUTS[format].1;
            let mut line = lines[line.index(lines.len())].clone();
            for (at, how, byte) in changes {
                let at = at.index(line.len() + 1);
                match how {
                    0 => line.insert(at, byte),
                    1 if at < line.len() => {
                        line.remove(at);
                    }
                    _ if at < line.len() => line[at] = byte,
                    _ => line.truncate(at / 2),
                }
            }
            (format, line)
        })
}

fn check(layout: &Layout, line: &[u8]) -> Result<(), TestCaseError> {
    let mut record = Record::default();
    let is_read = layout.read(line, &mut record);
    prop_assert!(is_read || record == Record::default());
    for field in &record.fields {
        prop_assert_eq!(line.get(field.at..field.at + field.raw.len()), Some(field.raw), "{}", &field.name);
        prop_assert!(field.name.len() <= 264, "a name of {} bytes", field.name.len());
        prop_assert!(field.value.len() <= field.raw.len());
    }
    let mut again = record.clone();
    prop_assert_eq!(layout.read(line, &mut again), is_read);
    prop_assert_eq!(&again, &record);
    let mut whole = Record::default();
    prop_assert_eq!(layout.read_or_text(line, &mut whole), is_read);
    prop_assert!(is_read || whole.fields[0].raw == line);
    Ok(())
}

/// A line of a fixture with a URL put in.
fn marked() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let index = any::<prop::sample::Index>;
    (index(), index(), index()).prop_map(|(format, line, at)| {
        let format = format.index(LAYOUTS.len());
        let lines = &LAYOUTS[format].1;
        let mut line = lines[line.index(lines.len())].clone();
        let at = at.index(line.len() + 1);
        line.splice(at..at, MARK.iter().copied());
        (format, line)
    })
}

const MARK: &[u8] = b"http://192.0.2.9/";
/// What no separator of any format cuts.
const HOST: &[u8] = b"192.0.2.9";

proptest! {
    /// In a value, in a key, between fields, before the line: a field has it.
    #[test]
    fn nothing_is_lost((format, line) in marked()) {
        let mut record = Record::default();
        LAYOUTS[format].0.read_or_text(&line, &mut record);
        let has_mark = |field: &Field<'_>| field.raw.windows(HOST.len()).any(|window| window == HOST);
        prop_assert!(record.fields.iter().any(has_mark), "{}", line.escape_ascii());
    }

    #[test]
    fn any_bytes_are_answered_by_every_layout(line in bytes()) {
        for (layout, _) in LAYOUTS.iter() {
            check(layout, &line)?;
        }
    }

    #[test]
    fn lines_with_a_few_wrong_bytes_are_answered((format, line) in mutated()) {
        check(&LAYOUTS[format].0, &line)?;
    }

    #[test]
    fn any_sample_has_a_layout(sample in bytes()) {
        let layout = Layout::recognise(&sample);
        prop_assert_eq!(&layout, &Layout::recognise(&sample));
        check(&layout, &sample)?;
    }

    #[test]
    fn any_header_is_taken_or_refused(header in bytes(), line in bytes()) {
        for (layout, _) in LAYOUTS.iter() {
            let mut layout = layout.clone();
            layout.header(&header);
            check(&layout, &line)?;
        }
    }

    #[test]
    fn any_text_is_a_format_string_or_none(text in bytes(), line in bytes()) {
        let text = String::from_utf8_lossy(&text);
        if let Ok(layout) = Layout::of(Format::LogFormat, Some(&text)) {
            check(&layout, &line)?;
        }
    }

    /// What a client wrote comes back as it was, whoever logs it.
    #[test]
    fn escaped_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
        prop_assume!(bytes != b"-");
        let escaped = |mark: &str| {
            bytes.iter().fold(String::new(), |mut text, byte| {
                write!(text, "{mark}{byte:02X}").expect("a string takes any text");
                text
            })
        };
        let (hex, percent, hash) = (escaped("\\x"), escaped("%"), escaped("#"));
        let nginx = Layout::of(Format::LogFormat, Some("\"$request\"")).expect("a field");
        let cloudfront = Layout::of(Format::CloudFront, Some("cs-uri-query")).expect("a field");
        let haproxy = Layout::of(Format::HaProxy, None).expect("needs no string");
        for (layout, name, line) in [
            (nginx, "request", format!("\"{hex}\"")),
            (cloudfront, "cs-uri-query", percent),
            (
                haproxy,
                "request",
                format!("192.0.2.1:1 [12/Mar/2025:08:00:00.000] a b/c 0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0 \"{hash}\""),
            ),
        ] {
            let mut record = Record::default();
            prop_assert!(layout.read(line.as_bytes(), &mut record), "{line}");
            prop_assert_eq!(record.field(name).map(|field| field.value.as_ref()), Some(&bytes[..]), "{}", line);
        }
    }

    #[test]
    fn times_and_request_lines_are_total(text in bytes()) {
        let _ = Time::parse(&text);
        let line = request_line(&text);
        prop_assert_eq!(&text[line.at..line.at + line.target.len()], line.target);
    }
}
