//! Lines of logs: any bytes are read in every format, each field says where it stands and holds what stands there, and
//! nothing that a sender wrote gets lost.
//!
//! The first byte chooses the layout: a format as documented, a format with the next line as its format string, or what
//! the lines look like. The rest is the log. Its bytes are also logged as a request, by writers written here.

mod writers;

use crate::Reached;
use onehop_logs::{FIELDS_MAX, Field, Format, Kind, Layout, Record, Time, blind_spots, request_line};
use std::sync::LazyLock;
use writers::{WRITERS, Writer};

/// Lines of one input that are read.
const LINES_MAX: usize = 16;
/// Longest name of a field, in bytes: a bound of its own and what is added behind it.
const NAME_MAX_BYTES: usize = 264;
/// What no separator of a documented format cuts.
const PLANTED: &[u8] = b"192.0.2.9";
/// It, as something to connect to.
const PLANTED_URL: &[u8] = b"http://192.0.2.9/";

/// How the lines of [`WRITERS`] are read.
static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let layout =
        |writer: &Writer| Layout::of(writer.format, writer.custom).expect("a format with its string");
    WRITERS.iter().map(layout).collect()
});

/// Reads one log.
pub fn run(data: &[u8]) -> Reached {
    let Some((choice, text)) = data.split_first() else { return Reached::Refused };
    let Some((layout, text, is_documented)) = layout(*choice, text) else { return Reached::Refused };
    let is_read = check_text(layout, text, is_documented);
    check_written(text);
    check_parts(text);
    Reached::accepted_if(is_read)
}

/// The layout, what it is to read, and whether it is one that needed no words from the input.
fn layout(choice: u8, text: &[u8]) -> Option<(Layout, &[u8], bool)> {
    let count = Format::ALL.len();
    let choice = usize::from(choice.wrapping_sub(b'!')) % (2 * count + 1);
    if choice == 2 * count {
        let layout = Layout::recognise(text);
        assert_eq!(layout, Layout::recognise(text), "a sample is of one layout");
        check_recognised(&layout, text);
        return Some((layout, text, false));
    }
    let format = Format::ALL[choice % count];
    assert!(!blind_spots(format).is_empty(), "{}", format.as_str());
    if choice < count {
        return Some((Layout::of(format, None).ok()?, text, true));
    }
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let custom = String::from_utf8_lossy(&text[..end]);
    let layout = Layout::of(format, Some(&custom)).ok()?;
    assert_eq!(layout.format(), format);
    Some((layout, text.get(end + 1..).unwrap_or_default(), false))
}

/// Each line as the scanner reads it; whether one was read.
fn check_text(mut layout: Layout, text: &[u8], mut is_documented: bool) -> bool {
    let mut is_read = false;
    for line in text.split(|byte| *byte == b'\n').take(LINES_MAX) {
        let before = (is_documented && !line.contains(&b' ')).then(|| layout.clone());
        if layout.header(line) {
            let mut again = layout.clone();
            assert!(again.header(line) && again == layout, "a header says the same twice");
            // The header lines of Zeek choose separators, which may then stand in what is planted.
            is_documented &= layout.format() != Format::ZeekTsv;
            continue;
        }
        assert!(before.is_none_or(|before| before == layout), "what is no header changes nothing");
        is_read |= check_line(&layout, line);
        if is_documented {
            check_planted(&layout, line);
        }
    }
    is_read && layout.format() != Format::Text
}

/// One line: every field is where it says, and the answer is the same each time.
fn check_line(layout: &Layout, line: &[u8]) -> bool {
    let mut record = Record::default();
    let is_read = layout.read(line, &mut record);
    assert!(is_read || record == Record::default(), "a line that is not read leaves nothing: {record:?}");
    let mut again = record.clone();
    assert_eq!(layout.read(line, &mut again), is_read);
    assert_eq!(again, record, "a record is read twice the same");
    check_record(line, &record);
    let mut whole = Record::default();
    assert_eq!(layout.read_or_text(line, &mut whole), is_read);
    match &whole.fields[..] {
        _ if is_read => assert_eq!(whole, record),
        [field] => assert_eq!((field.name.as_ref(), field.raw, field.at), ("line", line, 0)),
        fields => panic!("a line without a layout is one field: {fields:?}"),
    }
    is_read
}

fn check_record(line: &[u8], record: &Record<'_>) {
    assert!(record.fields.len() <= FIELDS_MAX);
    let mut last = 0;
    for field in &record.fields {
        let Field { name, kind, raw, at, value } = field;
        assert_eq!(line.get(*at..at + raw.len()), Some(*raw), "{name}");
        assert!(name.len() <= NAME_MAX_BYTES, "a name of {} bytes", name.len());
        assert!(!raw.is_empty() || name == "line", "{name} is empty");
        assert!(value.as_ref() == *raw || writers::says(raw, value), "{name}: {field:?}");
        assert!(fits(*kind, raw), "{name} is {}: {}", kind.as_str(), raw.escape_ascii());
        assert!(*at >= last || name == "prefix", "{name} stands before what comes first");
        last = last.max(*at);
    }
    for (what, part) in [("source", record.source), ("method", record.method), ("host", record.host)] {
        let part = part.unwrap_or_default();
        assert!(part.is_empty() || contains(line, part), "{what}: {}", part.escape_ascii());
    }
}

/// What a kind promises about the form of its bytes.
fn fits(kind: Kind, raw: &[u8]) -> bool {
    let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let is_address = |byte: &u8| byte.is_ascii_alphanumeric() || b".:-_[]%".contains(byte);
    match kind {
        Kind::Number => raw.iter().all(is_number),
        Kind::Client => raw.iter().all(is_address),
        Kind::Time => raw.len() <= 64 && raw.iter().any(u8::is_ascii_digit),
        _ => true,
    }
}

/// A URL put anywhere into a line is in a field.
fn check_planted(layout: &Layout, line: &[u8]) {
    let mut planted = line.to_vec();
    let at = sum(line) % (line.len() + 1);
    planted.splice(at..at, PLANTED_URL.iter().copied());
    let mut record = Record::default();
    layout.read_or_text(&planted, &mut record);
    let holds = record.fields.iter().any(|field| contains(field.raw, PLANTED));
    assert!(holds, "{} loses what is at {at}: {}", layout.format().as_str(), planted.escape_ascii());
}

/// A layout other than text is one that a line of the sample has.
fn check_recognised(layout: &Layout, text: &[u8]) {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(text, |end| &text[..end]);
    let lines = || whole.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut with_headers = layout.clone();
    let has_header = lines().any(|line| with_headers.header(line));
    // A document over several lines, or a line that the sample cuts, is told by its keys.
    let by_keys = text.contains(&b'"') && (text.contains(&b'{') || text.contains(&b'['));
    let is_read = lines().any(|line| layout.read(line, &mut Record::default()));
    assert!(has_header || by_keys || is_read, "no line is {}", layout.format().as_str());
}

/// What a client sent comes back as it was, whoever logged it.
fn check_written(sent: &[u8]) {
    let sent = &sent[..sent.len().min(256)];
    for (Writer { format, name, write, .. }, layout) in WRITERS.iter().zip(LAYOUTS.iter()) {
        let Some(line) = write(sent) else { continue };
        let mut record = Record::default();
        assert!(layout.read(&line, &mut record), "{}: {}", format.as_str(), line.escape_ascii());
        let value = record.field(name).map(|field| field.value.as_ref());
        assert_eq!(value, Some(sent), "{}: {}", format.as_str(), line.escape_ascii());
    }
}

/// Request lines and times are read from anything.
fn check_parts(text: &[u8]) {
    for line in text.split(|byte| *byte == b'\n').take(LINES_MAX) {
        let parts = request_line(line);
        assert_eq!(&line[parts.at..parts.at + parts.target.len()], parts.target);
        let pieces = [parts.method, Some(parts.target), parts.version];
        let length: usize = pieces.into_iter().flatten().map(<[u8]>::len).sum();
        let blanks = usize::from(parts.method.is_some()) + usize::from(parts.version.is_some());
        assert_eq!(length + blanks, line.len(), "a request line is its parts");
        for word in line.split(|byte| b"\" []\t".contains(byte)) {
            // Years have four digits.
            let time = Time::parse(word).map_or(0, Time::unix_ms);
            assert!((-70_000_000_000_000..300_000_000_000_000).contains(&time), "{}", word.escape_ascii());
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// A number that differs between inputs and is the same at each replay.
fn sum(data: &[u8]) -> usize {
    data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)))
}
