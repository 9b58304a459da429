//! An attempt hidden in each field that can carry one is found with its place.
//!
//! ```text
//! fixture line ─▶ its fields ─▶ one of them replaced by an attempt, as that log writes it ─▶ the scanner
//!                                             line, column, offset, length, name of the field ◀─╯
//! ```
//! The attempt stands behind a quote and begins with a character beyond ASCII: what the log escapes is in it.

mod escape;

use onehop_input::{Chunk, Sink as _, SourceName, Totals};
use onehop_logs::{Format, Kind, Layout, Record};
use onehop_report::{Finding, Place, Region, facts};
use onehop_scan::{Event, Scanner};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Words of a server's own, in which no client's text stands: with another text there, the line is another one.
const OWN: &[(Format, &[&str])] = &[
    (Format::Squid, &["result", "hierarchy"]),
    (Format::HaProxy, &["backend", "server"]),
    (Format::ApiGateway, &["requestId"]),
];
/// Not values that a log wrote, but the parts of a line that are no field, or a whole one that is of no format.
const PARTS: &[&str] = &["rest", "prefix", "line"];

/// A line with an attempt in it.
struct Hidden {
    /// All lines, the changed one among them.
    text: Vec<u8>,
    /// The number of the line, from 0.
    line: usize,
    /// Where the host begins in the text, and how long it is written, with its path.
    offset: usize,
    length: usize,
    /// The field, as it was called before.
    name: String,
    kind: Kind,
}

fn folder(format: Format) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/logs").join(format.as_str())
}

fn layout(format: Format) -> Layout {
    let custom = (format == Format::LogFormat)
        .then(|| std::fs::read_to_string(folder(format).join("format")).expect("the format string"));
    Layout::of(format, custom.as_deref()).expect("a layout")
}

/// What stands before the host, and the host with its path. `None` where no attempt can stand.
fn attempt(kind: Kind, name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    match kind {
        Kind::Client | Kind::Number | Kind::Time => None,
        Kind::Target | Kind::Answer => Some(("", "169.254.169.254", "")),
        Kind::Host => Some(("", "①69.254.169.254", "")),
        Kind::Name => Some(("", "169-254-169-254.nip.io", "")),
        _ if PARTS.contains(&name) => Some(("see http://", "①69.254.169.254/latest/user-data", " there")),
        _ => Some(("\"http://", "①69.254.169.254/latest/user-data", "\"")),
    }
}

/// The fixture of a format, with an attempt in one field after the other.
fn hidden(format: Format) -> Vec<Hidden> {
    let text = std::fs::read(folder(format).join("lines.log")).expect("a fixture");
    let lines: Vec<&[u8]> = text.strip_suffix(b"\n").unwrap_or(&text).split(|byte| *byte == b'\n').collect();
    let (mut layout, mut found, mut start) = (layout(format), Vec::new(), 0);
    for (number, line) in lines.iter().enumerate() {
        let mut record = Record::default();
        if !layout.header(line) {
            layout.read_or_text(line, &mut record);
        }
        let own = OWN.iter().find(|(known, _)| *known == format).map_or(&[][..], |(_, names)| names);
        for field in record.fields.iter().filter(|field| !own.contains(&&*field.name)) {
            let Some(parts) = attempt(field.kind, &field.name) else { continue };
            let parts =
                if field.at > 0 && line[field.at - 1] == b'[' { ("", "::ffff:a9fe:a9fe", "") } else { parts };
            let written = [parts.0, parts.1, parts.2]
                .map(|part| escape::written(format, line, field.kind, part).into_bytes());
            let at = start + field.at;
            let mut changed = text.clone();
            changed.splice(at..at + field.raw.len(), written.concat());
            found.push(Hidden {
                text: changed,
                line: number,
                offset: at + written[0].len(),
                length: written[1].len(),
                name: field.name.clone().into_owned(),
                kind: field.kind,
            });
        }
        start += line.len() + 1;
    }
    found
}

fn scanned(layout: Option<Layout>, text: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut scanner = Scanner::new(layout, |event| {
        if let Event::Finding(finding) = event {
            findings.push(*finding);
        }
        true
    });
    scanner.begin(&SourceName::new(b"a.log"));
    scanner.text(Chunk { bytes: text, offset: 0, is_continuation: false, ends_line: true });
    scanner.end(&Totals::default());
    drop(scanner);
    findings
}

fn region(finding: &Finding) -> Region {
    match &finding.place {
        Place::Text { region, .. } => region.clone(),
        place => panic!("{place:?}"),
    }
}

/// What is wrong with the findings, if anything.
fn wrong(hidden: &Hidden, findings: &[Finding]) -> Option<String> {
    let is_here = |finding: &&Finding| region(finding).offset == hidden.offset as u64;
    let Some(finding) = findings.iter().find(is_here) else {
        let places = findings.iter().map(|finding| region(finding).offset);
        return Some(format!("nothing at {}, but at {:?}", hidden.offset, places.collect::<Vec<_>>()));
    };
    let line = hidden.text.split(|byte| *byte == b'\n').nth(hidden.line).expect("the line");
    let start =
        hidden.text.split(|byte| *byte == b'\n').take(hidden.line).map(|line| line.len() + 1).sum::<usize>();
    let columns = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().count() as u64;
    let (before, inside) = line.split_at(hidden.offset - start);
    // Where a host is a part of a URL, its port and path are shown with it.
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"',&|".contains(byte);
    let behind = inside[hidden.length..].iter().position(is_end).unwrap_or(inside.len() - hidden.length);
    let length = hidden.length
        + if matches!(inside.get(hidden.length), Some(b':' | b'/' | b']')) { behind } else { 0 };
    let want = Region {
        line: hidden.line as u64 + 1,
        column: Some(columns(before) + 1),
        end_column: Some(columns(before) + 1 + columns(&inside[..length])),
        offset: hidden.offset as u64,
        length: length as u64,
        ..Region::default()
    };
    if region(finding) != want {
        return Some(format!("{:?} instead of {want:?}", region(finding)));
    }
    let field = finding.facts.text(facts::FIELD).unwrap_or_default();
    let is_fitting = field == hidden.name
        // A proxy's log gives the host in a URL as a field of its own.
        || (hidden.kind == Kind::Request && field == "host")
        || PARTS.contains(&&*hidden.name)
        // A key names itself.
        || (hidden.name.ends_with(" (name)") && field.ends_with(" (name)"));
    (!is_fitting).then(|| format!("the field is called `{field}`"))
}

#[test]
fn an_attempt_hidden_in_each_field_that_can_carry_one_is_found_with_its_place() {
    let (mut faults, mut carriers) = (Vec::new(), BTreeSet::new());
    // A file of CloudTrail is read record by record, by rules of its own.
    for format in Format::ALL.iter().filter(|format| **format != Format::CloudTrail) {
        let hidden = hidden(*format);
        assert!(!hidden.is_empty(), "{format:?}");
        for hidden in hidden {
            carriers.insert((format.as_str(), hidden.name.clone()));
            if let Some(fault) = wrong(&hidden, &scanned(Some(layout(*format)), &hidden.text)) {
                let line = hidden.text.split(|byte| *byte == b'\n').nth(hidden.line).expect("the line");
                faults.push(format!(
                    "{} {}: {fault}\n    {}",
                    format.as_str(),
                    hidden.name,
                    line.escape_ascii()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), carriers.len(), faults.join("\n"));
    assert!(carriers.len() > 250, "only {} fields", carriers.len());
}
