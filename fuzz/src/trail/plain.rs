//! Two other readers of records: one byte at a time by the rules that the documentation gives, and a parser of JSON.

use onehop_trail::records::RecordSlice;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Keys whose list is entered when they come first in an outermost object.
const LISTS: [&str; 2] = ["\"Records\"", "\"Events\""];

/// Braces outside strings are counted, one byte at a time.
pub(super) fn records(text: &[u8]) -> Vec<RecordSlice<'_>> {
    let mut found = Vec::new();
    let (mut in_string, mut is_escaped) = (false, false);
    // The depth, the depth around records, and where the present record began.
    let (mut depth, mut floor, mut start) = (0_usize, 0_usize, None);
    for (at, byte) in text.iter().enumerate() {
        let was_escaped = std::mem::take(&mut is_escaped);
        match byte {
            b'\\' if !was_escaped => is_escaped = true,
            b'"' if !was_escaped => in_string = !in_string,
            b'\n' if in_string => {
                in_string = false;
                found.extend(start.take().map(|start| slice(text, start, at, false)));
                (depth, floor) = (0, 0);
            }
            b'{' if !in_string => {
                if depth == 0 && wraps_list(&text[at + 1..]) {
                    floor = 1;
                } else if depth == floor {
                    start = Some(at);
                }
                depth += 1;
            }
            b'}' if !in_string => {
                depth = depth.saturating_sub(1);
                floor = if depth < floor { 0 } else { floor };
                if depth == floor {
                    found.extend(start.take().map(|start| slice(text, start, at + 1, true)));
                }
            }
            _ => {}
        }
    }
    found.extend(start.map(|start| slice(text, start, text.len(), false)));
    found
}

fn slice(text: &[u8], start: usize, end: usize, complete: bool) -> RecordSlice<'_> {
    RecordSlice { offset: start, bytes: &text[start..end], complete }
}

fn wraps_list(inside: &[u8]) -> bool {
    let inside = inside.trim_ascii_start();
    let after = |key: &&str| inside.strip_prefix(key.as_bytes()).map(<[u8]>::trim_ascii_start);
    let value = LISTS.iter().find_map(after).and_then(|rest| rest.strip_prefix(b":"));
    value.is_some_and(|value| value.trim_ascii_start().starts_with(b"["))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(borrow, rename = "Records", alias = "Events")]
    records: Vec<&'a RawValue>,
}

/// The objects of a text that is a log file, a list, or values one after the other. `None` if it is none of these, or has
/// anything else among them.
pub(super) fn values(text: &[u8]) -> Option<Vec<&[u8]>> {
    let text = std::str::from_utf8(text).ok()?;
    let is_wrapped =
        text.trim_ascii_start().strip_prefix('{').is_some_and(|rest| wraps_list(rest.as_bytes()));
    let values: Vec<&RawValue> = if is_wrapped {
        serde_json::from_str::<File<'_>>(text).ok()?.records
    } else if text.trim_ascii_start().starts_with('[') {
        serde_json::from_str(text).ok()?
    } else {
        serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().ok()?
    };
    let is_record = |value: &&RawValue| {
        let inside = value.get().strip_prefix('{');
        inside.is_some_and(|inside| is_wrapped || !wraps_list(inside.as_bytes()))
    };
    values.iter().all(is_record).then(|| values.iter().map(|value| value.get().as_bytes()).collect())
}
