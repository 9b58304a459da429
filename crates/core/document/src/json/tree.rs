//! Events of JSON as values.

use super::{Event, Fault, Placed, Reader};
use crate::limits::Options;
use crate::read::{Documents, too_long};
use onehop_code::{Entry, FileId, Kind, Source, Span, Trouble, TroubleKind, Value, Why};

/// Reads JSON text: one value, or several that follow each other.
pub fn parse_json(file: FileId, source: &Source, options: &Options) -> Documents {
    Tree::new(file, source, options, None).run()
}

/// Reads the members of objects that `want` asks for, and passes the others without looking into them. It is given the
/// names on the way to a member, `*` for a list, e.g. `["resource_changes", "*", "change"]`.
pub fn parse_json_where(
    file: FileId,
    source: &Source,
    options: &Options,
    want: &mut dyn FnMut(&[&str]) -> bool,
) -> Documents {
    Tree::new(file, source, options, Some(want)).run()
}

/// Whether the member at a path is read.
type Want<'w> = &'w mut dyn FnMut(&[&str]) -> bool;

struct Tree<'a, 'w> {
    file: FileId,
    source: &'a Source,
    options: &'a Options,
    want: Option<Want<'w>>,
    reader: Reader<'a>,
    open: Vec<Frame>,
    nodes: usize,
    out: Documents,
}

/// A list or object that has begun and not ended.
enum Frame {
    List(usize, Vec<Value>),
    Map(usize, Vec<Entry>, Option<(String, Span)>),
}

impl<'a, 'w> Tree<'a, 'w> {
    fn new(file: FileId, source: &'a Source, options: &'a Options, want: Option<Want<'w>>) -> Tree<'a, 'w> {
        let (reader, open) = (Reader::new(&source.text), Vec::new());
        Tree { file, source, options, want, reader, open, nodes: 0, out: Documents::default() }
    }

    fn run(mut self) -> Documents {
        if self.source.text.len() > self.options.limits.bytes {
            self.out.troubles.push(too_long(self.file, &self.source.path, self.options.limits.bytes));
            return self.out;
        }
        let end = match self.read() {
            Ok(()) => self.source.text.len(),
            Err(fault) => {
                self.trouble(TroubleKind::Syntax, format!("no valid JSON: {}", fault.what), fault.at);
                fault.at
            }
        };
        while !self.open.is_empty() {
            self.close(end);
        }
        self.out
    }

    fn read(&mut self) -> Result<(), Fault> {
        while let Some(placed) = self.reader.next_event()? {
            self.nodes += 1;
            if self.nodes > self.options.limits.nodes {
                let message = format!("more than {} values, not read on", self.options.limits.nodes);
                self.trouble(TroubleKind::Bound, message, placed.start);
                return Ok(());
            }
            self.event(placed)?;
        }
        Ok(())
    }

    fn event(&mut self, placed: Placed<'a>) -> Result<(), Fault> {
        let span = self.span(placed.start, placed.end);
        let kind = match placed.event {
            Event::ObjectStart => {
                return self.enter(Frame::Map(placed.start, Vec::new(), None), placed.start);
            }
            Event::ArrayStart => return self.enter(Frame::List(placed.start, Vec::new()), placed.start),
            Event::ObjectEnd | Event::ArrayEnd => {
                self.close(placed.end);
                return Ok(());
            }
            Event::Key(name) => {
                if let Some(Frame::Map(_, _, key)) = self.open.last_mut() {
                    *key = Some((name.into_owned(), span));
                }
                return self.pass_unwanted();
            }
            Event::Null => Kind::Null,
            Event::Bool(value) => Kind::Bool(value),
            Event::Number(text) => number(text).ok_or(Fault { at: placed.start, what: "no number" })?,
            Event::String(text) => Kind::String(text.into_owned()),
        };
        self.add(Value::at(kind, span));
        Ok(())
    }

    /// Passes the value of the name that was just read if nobody wants it.
    fn pass_unwanted(&mut self) -> Result<(), Fault> {
        let Some(want) = &mut self.want else { return Ok(()) };
        let path: Vec<&str> = self.open.iter().map(Frame::step).collect();
        if want(&path) {
            return Ok(());
        }
        if let Some(Frame::Map(_, _, key)) = self.open.last_mut() {
            *key = None;
        }
        self.reader.skip().map(|_| ())
    }

    fn enter(&mut self, frame: Frame, start: usize) -> Result<(), Fault> {
        if self.open.len() < self.options.limits.depth {
            self.open.push(frame);
            return Ok(());
        }
        let end = self.reader.leave()?;
        self.trouble(TroubleKind::Bound, format!("deeper than {}", self.options.limits.depth), start);
        let value = Value::unknown(Why::Bound, "the depth").or_at(Some(self.span(start, end)));
        self.add(value);
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let (start, kind) = match self.open.pop() {
            Some(Frame::List(start, mut items)) => {
                items.shrink_to_fit();
                (start, Kind::List(items))
            }
            Some(Frame::Map(start, mut entries, _)) => {
                entries.shrink_to_fit();
                (start, Kind::Map(entries))
            }
            None => return,
        };
        let span = self.span(start, end);
        self.add(Value::at(kind, span));
    }

    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.out.documents.push(value),
            Some(Frame::List(_, items)) => items.push(value),
            Some(Frame::Map(_, entries, key)) => {
                if let Some((key, span)) = key.take() {
                    entries.push(Entry { key, key_span: Some(span), value });
                }
            }
        }
    }

    /// Adds a trouble; one of the kind `Bound` is enough.
    fn trouble(&mut self, kind: TroubleKind, message: String, at: usize) {
        if kind == TroubleKind::Bound && self.out.troubles.iter().any(|it| it.kind == kind) {
            return;
        }
        let span = Some(self.span(at, at));
        self.out.troubles.push(Trouble { kind, message, span, path: self.source.path.clone() });
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { file: self.file, start: place(start), end: place(end) }
    }
}

impl Frame {
    fn step(&self) -> &str {
        match self {
            Frame::Map(_, _, Some((key, _))) => key,
            _ => "*",
        }
    }
}

/// The value of a number; none for what is made of its characters and is none.
fn number(text: &str) -> Option<Kind> {
    text.parse().ok().map(Kind::Number)
}
