//! Events of YAML as values. Frames stand on a stack of their own, so depth costs no call stack.

use super::copies::Copies;
use super::merge::merge;
use super::place::Places;
use super::scalar;
use crate::limits::Options;
use onehop_code::{Entry, FileId, Kind, Span, TroubleKind, Value, Why};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;

/// Reads the documents of a text from a byte on, until it ends or breaks.
pub(super) struct Loader<'a> {
    file: FileId,
    text: &'a str,
    /// Where reading begins.
    base: usize,
    options: &'a Options,
    places: Places<'a>,
    copies: Copies,
    open: Vec<Frame>,
    /// How many maps and lists are open that are deeper than what is looked at.
    beyond: usize,
    nodes: usize,
    /// Whether a value looks like one of a template.
    pub(super) templated: bool,
    pub(super) documents: Vec<Value>,
    pub(super) troubles: Vec<(TroubleKind, String, u32)>,
}

/// A map or list that has begun and not ended.
struct Frame {
    shape: Shape,
    head: Head,
    /// Whether it has brackets.
    flow: bool,
    /// Where its last part ended.
    end: usize,
}

enum Shape {
    List(Vec<Value>),
    Map { entries: Vec<Entry>, merges: Vec<usize>, key: Option<Key> },
}

struct Key {
    text: String,
    span: Span,
    merge: bool,
}

/// What stands before a node.
struct Head {
    /// Where the node begins, with its tag and anchor.
    outer: usize,
    /// Where it begins without them.
    inner: usize,
    tag: Option<String>,
    anchor: usize,
}

impl<'a> Loader<'a> {
    pub(super) fn new(file: FileId, text: &'a str, base: usize, options: &'a Options) -> Loader<'a> {
        let rest = text.get(base..).unwrap_or("");
        Loader {
            file,
            text,
            base,
            options,
            places: Places::new(rest),
            copies: Copies::new(options.limits.copies),
            open: Vec::new(),
            beyond: 0,
            nodes: 0,
            templated: false,
            documents: Vec::new(),
            troubles: Vec::new(),
        }
    }

    /// Reads; the byte where the text breaks, if it does.
    pub(super) fn run(&mut self) -> Option<usize> {
        let mut parser = Parser::new_from_str(self.text.get(self.base..).unwrap_or(""));
        let mut broken = None;
        while let Some(next) = parser.next_event() {
            match next {
                Ok((Event::StreamEnd, _)) => break,
                Ok((event, span)) => {
                    let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
                    if !self.event(event, start, end) {
                        break;
                    }
                }
                Err(error) => {
                    let at = self.byte(error.marker().index());
                    self.trouble(TroubleKind::Syntax, format!("no valid YAML: {}", error.info()), at);
                    broken = Some(at);
                    break;
                }
            }
        }
        while !self.open.is_empty() {
            self.close(None);
        }
        if self.copies.spent {
            self.trouble(
                TroubleKind::Bound,
                "aliases stand for more than is looked at".to_owned(),
                self.base,
            );
        }
        broken
    }

    /// One event; false where reading ends.
    fn event(&mut self, event: Event<'a>, start: usize, end: usize) -> bool {
        self.nodes += 1;
        if self.nodes > self.options.limits.nodes {
            let message = format!("more than {} values, not read on", self.options.limits.nodes);
            self.trouble(TroubleKind::Bound, message, start);
            return false;
        }
        if self.beyond > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => self.beyond += 1,
                Event::SequenceEnd | Event::MappingEnd => self.beyond -= 1,
                _ => {}
            }
            return true;
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, self.head(start, anchor, tag), end);
            }
            Event::Alias(anchor) => {
                let mut value = self.copies.copy(anchor);
                value.origin = value.origin.or(value.span);
                value.span = Some(self.span(start, end));
                self.add(value, start, end);
            }
            Event::SequenceStart(anchor, tag) => {
                self.enter(Shape::List(Vec::new()), self.head(start, anchor, tag), end);
            }
            Event::MappingStart(anchor, tag) => {
                let shape = Shape::Map { entries: Vec::new(), merges: Vec::new(), key: None };
                self.enter(shape, self.head(start, anchor, tag), end);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(start)),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        true
    }

    fn scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, mut head: Head, end: usize) {
        let plain = style == ScalarStyle::Plain;
        let end = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            self.trim(head.inner, end)
        } else {
            end
        };
        if self.awaits_key() && head.tag.is_none() && head.anchor == 0 {
            let merge = plain && text == "<<";
            self.key(Key { text: text.into_owned(), span: self.span(head.inner, end), merge });
            return;
        }
        let mut end = end;
        if plain && head.outer == end {
            (head.outer, head.inner, end) = self.nothing(end);
        }
        let core = head.tag.as_deref().and_then(|tag| tag.strip_prefix(CORE)).map(str::to_owned);
        let kind = match core.as_deref() {
            Some("int" | "float" | "bool" | "null") => scalar::resolve(text, self.options.booleans),
            None if plain && head.tag.as_deref() != Some("!") => scalar::resolve(text, self.options.booleans),
            _ => Kind::String(text.into_owned()),
        };
        if core.is_some() || head.tag.as_deref() == Some("!") {
            head.tag = None;
        }
        let value = Value::at(kind, self.span(head.inner, end));
        self.finish(value, head, end);
    }

    /// The place of nothing: behind the colon of its name, if it has one.
    fn nothing(&self, at: usize) -> (usize, usize, usize) {
        let place = match self.open.last() {
            Some(Frame { shape: Shape::Map { key: Some(key), .. }, .. }) => {
                let end = key.span.end as usize;
                let rest = self.text.get(end..).unwrap_or("");
                let colon = rest.len() - rest.trim_start_matches(' ').len();
                if rest[colon..].starts_with(':') { end + colon + 1 } else { at }
            }
            _ => at,
        };
        (place, place, place)
    }

    /// A map or list begins; its bracket, if it has one, ends at `end`.
    fn enter(&mut self, shape: Shape, head: Head, end: usize) {
        if self.open.len() >= self.options.limits.depth {
            let start = head.outer;
            self.trouble(TroubleKind::Bound, format!("deeper than {}", self.options.limits.depth), start);
            self.beyond = 1;
            let value = Value::unknown(Why::Bound, "the depth").or_at(Some(self.span(start, start)));
            self.add(value, start, start);
            return;
        }
        let (flow, end) = (end > head.inner, head.inner);
        self.open.push(Frame { shape, head, flow, end });
    }

    /// Ends the innermost map or list. `at` is its closing bracket, if it has one.
    fn close(&mut self, at: Option<usize>) {
        let Some(mut frame) = self.open.pop() else { return };
        let bracket = at.filter(|_| frame.flow).map_or(0, |at| at + 1);
        let end = frame.end.max(bracket);
        let span = self.span(frame.head.inner, end);
        let start = self.text.get(frame.head.inner..end).unwrap_or("");
        if frame.flow && start.starts_with("{{") {
            self.templated = true;
            let about = start.lines().next().unwrap_or("").chars().take(80).collect::<String>() + "}";
            let value = Value::at(
                Kind::Unknown(onehop_code::Unknown { why: Why::Unparsed, about: about.into() }),
                span,
            );
            self.finish(value, frame.head, end);
            return;
        }
        let kind = match frame.shape {
            Shape::List(items) => Kind::List(items),
            Shape::Map { entries, merges, .. } => Kind::Map(merge(entries, &merges, &mut self.copies)),
        };
        frame.head.tag = frame.head.tag.filter(|tag| !tag.starts_with(CORE));
        self.finish(Value::at(kind, span), frame.head, end);
    }

    /// Puts the tag around a node, remembers it if it has an anchor, and adds it.
    fn finish(&mut self, value: Value, head: Head, end: usize) {
        let value = match head.tag {
            None => value,
            Some(key) => {
                let at = self.text.get(head.outer..head.inner).and_then(|it| it.find(&key)).unwrap_or(0);
                let key_span = Some(self.span(head.outer + at, head.outer + at + key.len()));
                let span = self.span(head.outer, end);
                Value::at(Kind::Map(vec![Entry { key, key_span, value }]), span)
            }
        };
        if head.anchor != 0 {
            self.copies.keep(head.anchor, &value);
        }
        self.add(value, head.outer, end);
    }

    /// Puts a finished node where it belongs: as a name, as a value, into a list, or as a document.
    fn add(&mut self, value: Value, start: usize, end: usize) {
        if self.awaits_key() {
            let text = match value.kind {
                Kind::String(text) => text,
                _ => self.text.get(start..end).unwrap_or("").to_owned(),
            };
            self.key(Key { text, span: self.span(start, end), merge: false });
            return;
        }
        let Some(frame) = self.open.last_mut() else {
            self.documents.push(value);
            return;
        };
        frame.end = frame.end.max(end);
        match &mut frame.shape {
            Shape::List(items) => items.push(value),
            Shape::Map { entries, merges, key } => {
                let Some(key) = key.take() else { return };
                if key.merge {
                    merges.push(entries.len());
                }
                entries.push(Entry { key: key.text, key_span: Some(key.span), value });
            }
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { shape: Shape::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, new: Key) {
        if let Some(Frame { shape: Shape::Map { key, .. }, end, .. }) = self.open.last_mut() {
            *end = (*end).max(new.span.end as usize);
            *key = Some(new);
        }
    }

    /// What stands before the node at a byte: `!tag` and `&anchor` in any order.
    fn head(&self, outer: usize, anchor: usize, tag: Option<Cow<'a, Tag>>) -> Head {
        let mut inner = outer;
        if anchor != 0 || tag.is_some() {
            let rest = self.text.get(outer..).unwrap_or("");
            let mut left = rest;
            for _ in 0..u8::from(anchor != 0) + u8::from(tag.is_some()) {
                if left.starts_with(['!', '&']) {
                    let ends = |it: char| it.is_whitespace() || (it == ',' && left.starts_with('&'));
                    left = left.find(ends).map_or("", |at| &left[at..]);
                }
                left = pass_space(left);
            }
            inner = outer + rest.len() - left.len();
        }
        Head { outer, inner, tag: tag.map(|tag| name(&tag)), anchor }
    }

    /// The end of a block scalar without the line ends behind it.
    fn trim(&self, start: usize, end: usize) -> usize {
        self.text.get(start..end).map_or(end, |it| start + it.trim_ascii_end().len())
    }

    /// Adds a trouble; one of the kind `Bound` is enough.
    fn trouble(&mut self, kind: TroubleKind, message: String, at: usize) {
        if kind == TroubleKind::Bound && self.troubles.iter().any(|it| it.0 == kind) {
            return;
        }
        self.troubles.push((kind, message, place(at)));
    }

    fn byte(&self, character: usize) -> usize {
        self.base + self.places.byte(character)
    }

    /// A place in the text. The end of what is broken off is told as beyond the text.
    fn span(&self, start: usize, end: usize) -> Span {
        let [start, end] = [start, end.max(start)].map(|at| place(at.min(self.text.len())));
        Span { file: self.file, start, end }
    }
}

/// What the tags of YAML itself begin with.
const CORE: &str = "!!";

fn name(tag: &Tag) -> String {
    if tag.is_yaml_core_schema() {
        format!("{CORE}{}", tag.suffix)
    } else if tag.handle.is_empty() || tag.handle == "!" {
        format!("!{}", tag.suffix.trim_start_matches('!'))
    } else {
        tag.to_string()
    }
}

/// Behind space and comments.
fn pass_space(text: &str) -> &str {
    let mut left = text.trim_ascii_start();
    while left.starts_with('#') {
        left = left.find('\n').map_or("", |at| left[at..].trim_ascii_start());
    }
    left
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
