//! Every format reads its own lines, field by field. A fixture is a folder with `lines.log`, the `SOURCE` that it was
//! written from, and the expectation, `fields.snap`.

use onehop_logs::{Format, Layout, Record};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

pub(crate) fn folder(format: Format) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/logs").join(format.as_str())
}

pub(crate) fn lines(format: Format) -> Vec<u8> {
    let path = folder(format).join("lines.log");
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The layout that a user gets who names the format.
pub(crate) fn layout(format: Format) -> Layout {
    let custom = (format == Format::LogFormat)
        .then(|| fs::read_to_string(folder(format).join("format")).expect("the fixture has a format string"));
    Layout::of(format, custom.as_deref()).expect("the fixture's format string has fields")
}

fn split(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n')
}

fn shown(bytes: Option<&[u8]>) -> String {
    bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.escape_ascii().to_string())
}

/// One line for what was found about the whole line, then one for each field.
fn render(layout: &mut Layout, text: &[u8]) -> String {
    let mut out = String::new();
    for (number, line) in (1..).zip(split(text)) {
        if layout.header(line) {
            let _ = writeln!(out, "{number}: header");
            continue;
        }
        let mut record = Record::default();
        let is_read = layout.read_or_text(line, &mut record);
        let _ = writeln!(
            out,
            "{number}: {} time {} source {} method {} status {} size {} host {}",
            if is_read { layout.format().as_str() } else { "not read," },
            record.time.map_or_else(|| "-".to_owned(), |time| time.unix_ms().to_string()),
            shown(record.source),
            shown(record.method),
            record.status.map_or_else(|| "-".to_owned(), |status| status.to_string()),
            record.size.map_or_else(|| "-".to_owned(), |size| size.to_string()),
            shown(record.host),
        );
        for field in &record.fields {
            let end = field.at + field.raw.len();
            assert_eq!(field.raw, &line[field.at..end], "{}: the range is not the bytes", field.name);
            let same = field.raw == field.value.as_ref();
            let value = if same { "=".to_owned() } else { shown(Some(&field.value)) };
            let (name, kind, raw) = (&field.name, field.kind.as_str(), shown(Some(field.raw)));
            let _ = writeln!(out, "  {name} | {kind} | {}..{end} | {raw} | {value}", field.at);
        }
    }
    out
}

#[test]
fn every_format_reads_its_lines() {
    for format in Format::ALL {
        let fields = render(&mut layout(*format), &lines(*format));
        insta::with_settings!({
            snapshot_path => folder(*format),
            prepend_module_to_snapshot => false,
            omit_expression => true,
            description => "name | kind | range | raw | value, `=` if it is the raw one",
        }, {
            insta::assert_snapshot!("fields", fields);
        });
    }
}

#[test]
fn every_line_is_of_its_layout_but_plain_text() {
    for format in Format::ALL {
        let mut layout = layout(*format);
        for line in split(&lines(*format)) {
            if !layout.header(line) {
                let mut record = Record::default();
                assert!(layout.read(line, &mut record), "{format:?}: {}", line.escape_ascii());
            }
        }
    }
}

#[test]
fn every_fixture_names_its_source() {
    for format in Format::ALL {
        let source = fs::read_to_string(folder(*format).join("SOURCE")).expect("SOURCE is there");
        assert!(source.lines().count() >= 2, "{format:?}");
    }
}
