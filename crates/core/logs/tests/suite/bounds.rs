//! Lines that are too long, too deep, or not text at all. Each of them would take minutes if anything were quadratic.

use crate::fixtures::layout;
use onehop_logs::{FIELDS_MAX, Format, Layout, Record};

const MEBIBYTE: usize = 1 << 20;

fn read<'a>(format: Format, line: &'a [u8], record: &mut Record<'a>) -> bool {
    layout(format).read_or_text(line, record)
}

#[test]
fn a_mebibyte_of_one_thing_is_answered() {
    for unit in [
        "a", " ", "\"", "\\", "\\\"", "[", "{\"a\":", "\t", "\" ", " \"", "%41", "\0", "\u{ff}", ",", "1 ",
        "|", "/:",
    ] {
        let line = unit.repeat(MEBIBYTE / unit.len());
        for format in Format::ALL {
            let mut record = Record::default();
            read(*format, line.as_bytes(), &mut record);
            assert!(
                !record.fields.is_empty() || line.trim_ascii().is_empty() || line.starts_with('\t'),
                "{format:?}"
            );
        }
        Layout::recognise(line.as_bytes());
    }
}

#[test]
fn a_mebibyte_in_a_field_is_kept_whole() {
    let long = "x".repeat(MEBIBYTE);
    let line =
        format!("192.0.2.1 - - [12/Mar/2025:08:00:00 +0000] \"GET /{long} HTTP/1.1\" 200 1 \"-\" \"-\"");
    let mut record = Record::default();
    assert!(read(Format::Nginx, line.as_bytes(), &mut record));
    assert_eq!(record.field("request").map(|field| field.raw.len()), Some(MEBIBYTE + 14));
}

#[test]
fn what_is_too_deep_is_a_rest() {
    let deep = format!("{}\"a\":\"http://192.0.2.1/\"", "{\"a\":".repeat(100));
    let mut record = Record::default();
    assert!(read(Format::JsonLines, deep.as_bytes(), &mut record));
    let rest = record.field("rest").expect("the depth ends at a rest");
    assert_eq!(rest.at, 64 * 5);
    assert!(rest.raw.ends_with(b"http://192.0.2.1/\""));
}

#[test]
fn more_fields_than_fit_are_a_rest() {
    let many = format!("[{}\"last\"]", "1,".repeat(FIELDS_MAX));
    let mut record = Record::default();
    assert!(read(Format::JsonLines, many.as_bytes(), &mut record));
    assert_eq!(record.fields.len(), FIELDS_MAX);
    let rest = record.fields.last().expect("fields are there");
    assert_eq!(rest.name, "rest");
    assert!(rest.raw.ends_with(b"\"last\"]"));

    let mut zeek = layout(Format::ZeekTsv);
    assert!(zeek.header(b"#fields\tts\tanswers"));
    assert!(zeek.header(b"#types\ttime\tset[string]"));
    let many = format!("1741768740.1\t{}last", "a,".repeat(FIELDS_MAX));
    let mut record = Record::default();
    assert!(zeek.read(many.as_bytes(), &mut record));
    assert_eq!(record.fields.len(), FIELDS_MAX);
    let rest = record.fields.last().expect("fields are there");
    assert_eq!(rest.name, "rest");
    assert!(rest.raw.ends_with(b",last"));
}

#[test]
fn names_are_bounded() {
    let key = "é".repeat(MEBIBYTE / 4);
    let line = format!("{{\"{key}\":[{}0]}}", "0,".repeat(10_000));
    let mut record = Record::default();
    assert!(read(Format::JsonLines, line.as_bytes(), &mut record));
    assert!(record.fields.len() > 10_000);
    assert!(record.fields.iter().all(|field| field.name.len() <= 264));
}

#[test]
fn names_from_headers_and_format_strings_are_bounded() {
    let long = "x".repeat(MEBIBYTE);
    let mut iis = layout(Format::Iis);
    assert!(iis.header(format!("#Fields: date {long} {long}").as_bytes()));
    let mut zeek = layout(Format::ZeekTsv);
    assert!(zeek.header(format!("#fields\tts\t{long}\t{long}").as_bytes()));
    assert!(zeek.header(b"#types\ttime\tstring\tset[string]"));
    let custom = Layout::of(Format::Nginx, Some(&format!("$time_iso8601 ${long} ${long}${long}")));
    for (layout, line) in [
        (iis, "2025-03-12 a b"),
        (zeek, "1741768740.1\ta\tb,c"),
        (custom.expect("it has fields"), "2025-03-12T08:00:00Z a b"),
    ] {
        let mut record = Record::default();
        assert!(layout.read(line.as_bytes(), &mut record), "{line}");
        assert!(record.fields.len() >= 3, "{line}");
        assert!(record.fields.iter().all(|field| field.name.len() <= 264), "{line}");
    }
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let line = b"{\"\xff\":\"\0\xfe\\u0000\",\"b\":\"\xed\xa0\x80\"}";
    let mut record = Record::default();
    assert!(read(Format::JsonLines, line, &mut record));
    assert_eq!(record.field("\u{fffd}").map(|field| field.value.as_ref()), Some(&b"\0\xfe\0"[..]));
    assert_eq!(record.field("b").map(|field| field.value.as_ref()), Some(&b"\xed\xa0\x80"[..]));
}
