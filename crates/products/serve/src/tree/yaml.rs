//! YAML (and so JSON) text → a tree of values that know their place.
//!
//! Total and bounded: size, depth and the number of documents are limited, aliases are refused, so the result is never
//! larger than the text. Scalars keep their spelling: `0012` and `yes` stay text. `null`, `~` and nothing are null
//! when unquoted.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::error::{Problem, TreeError};
use super::file::{TREE_DEPTH_MAX, TREE_FILE_BYTES_MAX};
use super::nearest::brief;

/// Line and column, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A value and where it starts.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    Text(String),
    Binary(Vec<u8>),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping and where it starts.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) place: Place,
    pub(super) text: String,
}

impl Value {
    /// What this is, for an error message.
    pub(super) fn found(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Text(_) => "text",
            Value::Binary(_) => "binary",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Errors without the file name, which only [`parse_tree`](super::parse_tree) knows.
pub(super) type Fault = (Place, Problem);

impl TreeError {
    /// Adds the name of the file.
    pub(super) fn in_file(file: &str, (place, problem): Fault) -> TreeError {
        TreeError { file: file.to_owned(), line: place.line, column: place.column, problem }
    }
}

/// Parses one document; `None` if the text is empty.
pub(super) fn parse(text: &[u8]) -> Result<Option<Node>, Fault> {
    let start = Place { line: 1, column: 1 };
    if text.len() > TREE_FILE_BYTES_MAX {
        return Err((start, Problem::Size(text.len())));
    }
    let text = std::str::from_utf8(text).map_err(|error| {
        let valid = text.get(..error.valid_up_to()).unwrap_or_default();
        (place_after(&String::from_utf8_lossy(valid)), Problem::Encoding)
    })?;
    let mut parser = Parser::new_from_str(text).keep_tags(false);
    Loader::default().run(&mut parser)
}

/// The place behind the last character of `text`.
fn place_after(text: &str) -> Place {
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    Place { line, column: last.chars().count() + 1 }
}

/// Builds nodes from parser events with a stack of its own, so depth costs no call stack.
#[derive(Default)]
struct Loader {
    open: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
}

/// A collection that has begun and not ended.
enum Frame {
    List(Place, Vec<Node>),
    Map { place: Place, entries: Vec<(Key, Node)>, lines: HashMap<String, usize>, key: Option<Key> },
}

impl Loader {
    fn run(mut self, parser: &mut Parser<'_, StrInput<'_>>) -> Result<Option<Node>, Fault> {
        while let Some(event) = parser.next_event() {
            let (event, span) =
                event.map_err(|error| (place(*error.marker()), Problem::Syntax(error.info().to_owned())))?;
            if matches!(event, Event::StreamEnd) {
                break;
            }
            self.event(event, span)?;
        }
        Ok(self.root)
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let place = place(span.start);
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err((place, Problem::Documents));
                }
                Ok(())
            }
            Event::Alias(_) => Err((place, Problem::Alias)),
            Event::Scalar(text, style, _, tag) => {
                let value = scalar(&text, style, tag.as_deref()).map_err(|problem| (place, problem))?;
                self.add(Node { place, value })
            }
            Event::SequenceStart(_, tag) => self.open(place, tag.as_deref(), Frame::List(place, Vec::new())),
            Event::MappingStart(_, tag) => {
                let frame = Frame::Map { place, entries: Vec::new(), lines: HashMap::new(), key: None };
                self.open(place, tag.as_deref(), frame)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn open(&mut self, place: Place, tag: Option<&Tag>, frame: Frame) -> Result<(), Fault> {
        if let Some(tag) = tag {
            return Err((place, Problem::Tag(spelling(tag))));
        }
        if self.open.len() >= TREE_DEPTH_MAX {
            return Err((place, Problem::Depth));
        }
        if let Some(Frame::Map { key: None, .. }) = self.open.last() {
            return Err((place, Problem::KeyForm));
        }
        self.open.push(frame);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        match self.open.pop() {
            Some(Frame::List(place, items)) => self.add(Node { place, value: Value::List(items) }),
            Some(Frame::Map { place, entries, .. }) => self.add(Node { place, value: Value::Map(entries) }),
            None => Ok(()),
        }
    }

    /// Puts a finished node where it belongs: as a key, as a value, into a list, or as the root.
    fn add(&mut self, node: Node) -> Result<(), Fault> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Frame::List(_, items)) => items.push(node),
            Some(Frame::Map { entries, lines, key, .. }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(new_key(node, lines)?),
            },
        }
        Ok(())
    }
}

/// A key, once in its mapping: text of one line without control characters.
fn new_key(node: Node, lines: &mut HashMap<String, usize>) -> Result<Key, Fault> {
    let Value::Text(text) = node.value else {
        return Err((node.place, Problem::KeyForm));
    };
    if text.chars().any(char::is_control) || text == "<<" {
        return Err((node.place, Problem::KeyForm));
    }
    if let Some(first) = lines.insert(text.clone(), node.place.line) {
        let key = brief(&text);
        return Err((node.place, Problem::Duplicate { key, first }));
    }
    Ok(Key { place: node.place, text })
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, Problem> {
    let plain = style == ScalarStyle::Plain;
    match tag {
        None if plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") => Ok(Value::Null),
        None => Ok(Value::Text(text.to_owned())),
        Some(tag) if is_core(tag, "str") => Ok(Value::Text(text.to_owned())),
        Some(tag) if is_core(tag, "binary") => binary(text),
        Some(tag) => Err(Problem::Tag(spelling(tag))),
    }
}

fn binary(text: &str) -> Result<Value, Problem> {
    let packed: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(packed).map(Value::Binary).map_err(|_| Problem::Base64)
}

/// Whether `tag` is `!!suffix`.
fn is_core(tag: &Tag, suffix: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == suffix
}

fn spelling(tag: &Tag) -> String {
    let handle = if tag.is_yaml_core_schema() { "!!" } else { &tag.handle };
    brief(&format!("{handle}{}", tag.suffix))
}

fn place(marker: Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1 }
}

#[cfg(test)]
mod tests {
    use super::{Problem, Value, parse};
    use crate::tree::{TREE_DEPTH_MAX, TREE_FILE_BYTES_MAX};

    /// The document in a form that shows nulls, text and binary apart.
    fn show(value: &Value) -> String {
        match value {
            Value::Null => "null".into(),
            Value::Text(text) => format!("{text:?}"),
            Value::Binary(bytes) => format!("{bytes:?}"),
            Value::List(items) => {
                format!("[{}]", items.iter().map(|node| show(&node.value)).collect::<Vec<_>>().join(" "))
            }
            Value::Map(entries) => {
                let entry =
                    |(key, node): &(super::Key, super::Node)| format!("{}={}", key.text, show(&node.value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn yaml_and_json_load_alike_and_scalars_keep_their_spelling() {
        for (text, want) in [
            ("a: 0012\nb: yes\nc: ~\nd: 'null'\ne:\n", r#"{a="0012" b="yes" c=null d="null" e=null}"#),
            (r#"{"a": "x", "b": {"c": ["1", 2]}, "d": null}"#, r#"{a="x" b={c=["1" "2"]} d=null}"#),
            ("{\n\t\"a\": \"x\",\n\t\"b\": [\n\t\t\"y\"\n\t]\n}\n", r#"{a="x" b=["y"]}"#),
            (r#"{"a": "l1\nl2 \/ \u00e9"}"#, r#"{a="l1\nl2 / é"}"#),
            ("u: !!binary |\n  AAEC\n  /w==\n", "{u=[0, 1, 2, 255]}"),
            ("n: !!str 5\nm: !!str\n", r#"{n="5" m=""}"#),
            ("t: |\n  one\n  two\n", r#"{t="one\ntwo\n"}"#),
        ] {
            let node = parse(text.as_bytes()).expect(text).expect(text);
            assert_eq!(show(&node.value), want, "{text}");
        }
        for empty in ["", "# only a comment\n", "\n\n"] {
            assert!(parse(empty.as_bytes()).expect("no error").is_none(), "{empty:?}");
        }
    }

    #[test]
    fn a_message_shows_an_encoded_tag_or_a_long_key_in_one_short_line() {
        let key = "k".repeat(100_000);
        for text in ["base: !a%0Ab x\n".to_owned(), format!("{key}: x\n{key}: y\n")] {
            let (_, problem) = parse(text.as_bytes()).expect_err("refused");
            let message = problem.to_string();
            assert!(!message.chars().any(char::is_control), "{message:?}");
            assert!(message.chars().count() < 200, "{} characters", message.chars().count());
        }
    }

    #[test]
    fn bounds_hold() {
        let big = vec![b'#'; TREE_FILE_BYTES_MAX + 1];
        assert!(matches!(parse(&big), Err((_, Problem::Size(_)))));
        assert!(parse(&big[1..]).expect("a comment").is_none());

        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(TREE_DEPTH_MAX).as_bytes()).is_ok());
        assert!(matches!(parse(nested(TREE_DEPTH_MAX + 1).as_bytes()), Err((_, Problem::Depth))));
    }
}
