//! Lines whose fields stand between fixed text: `$remote_addr - $remote_user [$time_local] "$request" …`.
//!
//! A field ends where the text behind it comes first. Within quotes, where the log escapes with backslashes, a quote
//! behind a backslash is part of the field. A log that escapes nothing can be led astray by whoever writes ` " ` into a
//! field; such a line is read as its writer wanted, or not at all, and nothing of it is lost.
//!
//! One pass over the line for each pattern; a line that does not fit is refused.

use crate::column::{Column, Meaning, Role, Shape};
use crate::kind::Kind;
use crate::name::bounded;
use crate::record::Record;
use memchr::{memchr, memchr_iter, memchr2};

/// A piece of a format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(Vec<u8>),
    Column(Column),
}

/// How a line may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// With the pattern.
    End,
    /// With more, behind a blank.
    Rest,
    /// Anywhere in the last field.
    Cut,
}

/// A format string, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    lead: Vec<u8>,
    pieces: Vec<Piece>,
    tail: Tail,
}

/// A field and the text behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    column: Column,
    behind: Vec<u8>,
}

impl Pattern {
    /// Puts the parts together. `None` if there is no field among them.
    pub(crate) fn new(parts: Vec<Part>, tail: Tail) -> Option<Pattern> {
        let mut lead = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        for part in parts {
            match (part, pieces.last_mut()) {
                (Part::Literal(text), None) => lead.extend(text),
                (Part::Literal(text), Some(piece)) => piece.behind.extend(text),
                (Part::Column(column), Some(piece)) if piece.behind.is_empty() => piece.join(&column),
                (Part::Column(column), _) => pieces.push(Piece { column, behind: Vec::new() }),
            }
        }
        (!pieces.is_empty()).then_some(Pattern { lead, pieces, tail })
    }

    /// The same with another end.
    pub(crate) fn ending(&self, tail: Tail) -> Pattern {
        Pattern { tail, ..self.clone() }
    }

    /// Reads the line from `start` on into the record, which holds rubbish if the answer is false.
    pub(crate) fn read<'a>(&self, line: &'a [u8], start: usize, record: &mut Record<'a>) -> bool {
        let line = line.trim_ascii_end();
        let end = self.walk(line, start, |column, at, raw| column.deliver(record, line, at, raw));
        if let Some(at) = end.filter(|at| *at < line.len()) {
            record.push_rest(line, at);
        }
        end.is_some()
    }

    /// Whether [`Pattern::read`] would read it.
    pub(crate) fn fits(&self, line: &[u8], start: usize) -> bool {
        self.walk(line.trim_ascii_end(), start, |_, _, _| ()).is_some()
    }

    /// Goes from field to field, each with its place and what stands there. Where the pattern ends, if it fits.
    fn walk<'a>(
        &self,
        line: &'a [u8],
        start: usize,
        mut each: impl FnMut(&Column, usize, &'a [u8]),
    ) -> Option<usize> {
        let rest = line.get(start..)?;
        // An empty `Vec` points nowhere, and processors are slow at comparing nothing with what lies there.
        if !self.lead.is_empty() && !rest.starts_with(&self.lead) {
            return None;
        }
        let mut at = start + self.lead.len();
        for (index, piece) in self.pieces.iter().enumerate() {
            let tail = (index + 1 == self.pieces.len()).then_some(self.tail);
            if piece.column.shape == Shape::Number {
                at += line[at..].iter().take_while(|byte| **byte == b' ').count();
            }
            let end = piece.end(line, at, tail)?;
            let raw = &line[at..end];
            if !piece.column.admits(raw) {
                return None;
            }
            each(&piece.column, at, raw);
            at = line.len().min(end + piece.behind.len());
        }
        let is_end = match &line[at..] {
            [] => true,
            rest => self.tail == Tail::Rest && rest[0] == b' ',
        };
        is_end.then_some(at)
    }
}

impl Piece {
    /// Two fields without text between them cannot be told apart; they are read as one.
    fn join(&mut self, next: &Column) {
        let column = &mut self.column;
        column.name = bounded(format!("{}+{}", column.name, next.name).into());
        column.shape = Shape::Any;
        column.meaning = match (column.meaning.kind, next.meaning.kind) {
            (Kind::Path | Kind::Host | Kind::Request, Kind::Path | Kind::Query | Kind::Request) => {
                Meaning::new(Kind::Request, Role::Request)
            }
            (kind, other) if kind == other && kind != Kind::Number => Meaning::of(kind),
            _ => Meaning::TEXT,
        };
    }

    /// Where the field that begins at `at` ends.
    fn end(&self, line: &[u8], at: usize, tail: Option<Tail>) -> Option<usize> {
        let rest = &line[at..];
        let behind = &self.behind[..];
        let length = match (behind, tail) {
            ([], Some(Tail::Rest)) if self.column.shape != Shape::Any => {
                memchr(b' ', rest).unwrap_or(rest.len())
            }
            ([], _) => rest.len(),
            ([b'"', ..], _) if self.column.escaping.hides_quotes() => match quoted(rest, behind) {
                None if tail == Some(Tail::Cut) => rest.len(),
                length => length?,
            },
            (_, Some(Tail::End)) => rest.strip_suffix(behind)?.len(),
            (_, Some(Tail::Cut)) => find(rest, behind).unwrap_or(rest.len()),
            _ => find(rest, behind)?,
        };
        Some(at + length)
    }
}

/// The first place where `behind` stands. It is a few bytes, and mostly one: no search is worth its preparation.
fn find(rest: &[u8], behind: &[u8]) -> Option<usize> {
    let Some(first) = behind.first() else { return Some(0) };
    memchr_iter(*first, rest).find(|at| rest[*at..].starts_with(behind))
}

/// The first place where `behind`, which begins with a quote, stands unescaped.
fn quoted(rest: &[u8], behind: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr2(b'"', b'\\', rest.get(at..)?)?;
        if rest[found] == b'"' && rest[found..].starts_with(behind) {
            return Some(found);
        }
        at = found + if rest[found] == b'"' { 1 } else { 2 };
    }
}

#[cfg(test)]
mod tests;
