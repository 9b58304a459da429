//! Lines whose fields stand between fixed text: `$remote_addr - $remote_user [$time_local] "$request" …`.
//!
//! A field ends where the text behind it comes first. Within quotes, where the log escapes with backslashes, a quote
//! behind a backslash is part of the field. A log that escapes nothing can be led astray by whoever writes ` " ` into a
//! field; such a line is read as its writer wanted, or not at all, and nothing of it is lost.
//!
//! One pass over the line for each pattern; a line that does not fit is refused.

use crate::column::{Column, Meaning, Role, Shape, is_of_number};
use crate::kind::Kind;
use crate::name::bounded;
use crate::record::Record;
use memchr::{memchr, memchr_iter, memchr2};

/// Fields beside those of the pattern that most lines have room for: a rest, a prefix.
const BESIDES: usize = 2;

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

/// Where a field begins, and what stands there.
type Found<'a> = (usize, &'a [u8]);

/// Fields that most patterns have.
const FIELDS: usize = 16;

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

    /// How many fields it begins with that the other one finds where it does.
    fn shared(&self, other: &Pattern) -> usize {
        let shorter = self.pieces.len().min(other.pieces.len());
        if self.lead != other.lead {
            return 0;
        }
        let same = self.pieces.iter().zip(&other.pieces).take_while(|(one, other)| one == other).count();
        // Where the last field ends, the end of the line decides.
        same.min(shorter - 1)
    }

    /// Adds the fields found to the record, and what is behind them.
    fn deliver<'a>(&self, line: &'a [u8], found: &[Found<'a>], end: usize, record: &mut Record<'a>) {
        record.fields.reserve(found.len() + BESIDES);
        for (piece, (at, raw)) in self.pieces.iter().zip(found) {
            piece.column.deliver(record, line, *at, raw);
        }
        if end < line.len() {
            record.push_rest(line, end);
        }
    }

    /// Whether the last byte of a line may be that of the pattern: what tells most relatives of one form apart.
    fn may_end(&self, line: &[u8]) -> bool {
        let Some(Piece { column, behind }) = self.pieces.last().filter(|_| self.tail == Tail::End) else {
            return true;
        };
        match (line.last(), behind.last()) {
            (Some(last), None) if column.shape == Shape::Number => is_of_number(*last),
            (Some(last), Some(behind)) => last == behind,
            _ => true,
        }
    }

    /// Goes from field to field, each with its place and what stands there; those that were found already it passes
    /// over. Where the pattern ends, if it fits.
    fn walk<'a>(&self, line: &'a [u8], start: usize, found: &mut Vec<Found<'a>>) -> Option<usize> {
        let rest = line.get(start..)?;
        // An empty `Vec` points nowhere, and processors are slow at comparing nothing with what lies there.
        if !self.may_end(line) || (!self.lead.is_empty() && !rest.starts_with(&self.lead)) {
            return None;
        }
        let known = found.len();
        let mut at = match found.last() {
            Some((at, raw)) => line.len().min(at + raw.len() + self.pieces[known - 1].behind.len()),
            None => start + self.lead.len(),
        };
        for (index, piece) in self.pieces.iter().enumerate().skip(known) {
            let tail = (index + 1 == self.pieces.len()).then_some(self.tail);
            if piece.column.shape == Shape::Number {
                at += line[at..].iter().take_while(|byte| **byte == b' ').count();
            }
            let end = piece.end(line, at, tail)?;
            let raw = &line[at..end];
            if !piece.column.admits(raw) {
                return None;
            }
            found.push((at, raw));
            at = line.len().min(end + piece.behind.len());
        }
        let is_end = match &line[at..] {
            [] => true,
            rest => self.tail == Tail::Rest && rest[0] == b' ',
        };
        is_end.then_some(at)
    }
}

/// Patterns, tried in this order. Those of one form often begin alike: what one has found, the next one keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patterns {
    /// Each with the number of fields that it shares with the one before.
    all: Vec<(Pattern, usize)>,
}

impl Patterns {
    pub(crate) fn new(patterns: Vec<Pattern>) -> Patterns {
        let shared = |at: usize| at.checked_sub(1).map_or(0, |before| patterns[at].shared(&patterns[before]));
        let shared: Vec<usize> = (0..patterns.len()).map(shared).collect();
        Patterns { all: patterns.into_iter().zip(shared).collect() }
    }

    /// Reads the line from `start` on into the record, by the first one that fits. If the answer is false, nothing was
    /// read.
    pub(crate) fn read<'a>(&self, line: &'a [u8], start: usize, record: &mut Record<'a>) -> bool {
        let line = line.trim_ascii_end();
        let mut found = Vec::with_capacity(FIELDS);
        let Some((pattern, end)) = self.first(line, start, &mut found) else { return false };
        pattern.deliver(line, &found, end, record);
        true
    }

    /// Whether [`Patterns::read`] would read it.
    pub(crate) fn fits(&self, line: &[u8], start: usize) -> bool {
        self.first(line.trim_ascii_end(), start, &mut Vec::with_capacity(FIELDS)).is_some()
    }

    /// The first one that fits, and where it ends.
    fn first<'a>(
        &self,
        line: &'a [u8],
        start: usize,
        found: &mut Vec<Found<'a>>,
    ) -> Option<(&Pattern, usize)> {
        self.all.iter().find_map(|(pattern, shared)| {
            found.truncate(*shared);
            Some((pattern, pattern.walk(line, start, found)?))
        })
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
