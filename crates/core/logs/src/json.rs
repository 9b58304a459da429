//! JSON as a sequence of events that say where everything stands.
//!
//! Strings and numbers are ranges of the line: nothing is copied, nothing is unescaped, and no UTF-8 is demanded. Control
//! characters within strings are let through, as some writers do not escape them. A comma may stand behind the last
//! value, so that a line of a file that holds one array can be read.
//!
//! Broken text ends the events with an error; values more than [`DEPTH_MAX`] deep end them with [`Event::TooDeep`].

use memchr::memchr2;
use std::ops::Range;

/// Objects and arrays within one another.
pub(crate) const DEPTH_MAX: u32 = 64;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Open {
        array: bool,
    },
    Close,
    /// Between the quotes.
    Key(Range<usize>),
    /// Between the quotes.
    Text(Range<usize>),
    Number(Range<usize>),
    /// `true`, `false`, `null`.
    Word,
    /// An object or array begins here that is not gone into.
    TooDeep(usize),
}

/// The text is not JSON from some place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    /// After `[`.
    ValueOrClose,
    Key,
    /// After `{`.
    KeyOrClose,
    CommaOrClose,
    End,
}

/// The events of one line.
pub(crate) struct Reader<'a> {
    line: &'a [u8],
    at: usize,
    expect: Expect,
    depth: u32,
    /// One bit for each level, the innermost the lowest: set for arrays.
    arrays: u64,
}

impl<'a> Reader<'a> {
    /// Reads from `at` on.
    pub(crate) fn new(line: &'a [u8], at: usize) -> Self {
        Reader { line, at, expect: Expect::Value, depth: 0, arrays: 0 }
    }

    /// Where the next event begins, or blanks or a comma before it.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// How many objects and arrays are open.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// The next event, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, Broken> {
        if self.expect == Expect::CommaOrClose && self.peek() == Some(b',') {
            self.at += 1;
            self.expect = if self.in_array() { Expect::Value } else { Expect::Key };
        }
        let Some(byte) = self.peek() else {
            return if self.expect == Expect::End { Ok(None) } else { Err(Broken) };
        };
        match (self.expect, byte) {
            (Expect::Value | Expect::ValueOrClose, _) if byte != b']' => self.value(byte).map(Some),
            (Expect::ValueOrClose | Expect::CommaOrClose, b']') if self.in_array() => Ok(Some(self.close())),
            (Expect::KeyOrClose | Expect::CommaOrClose, b'}') if !self.in_array() => Ok(Some(self.close())),
            (Expect::Key | Expect::KeyOrClose, b'"') => self.key().map(Some),
            (Expect::End, b',') if self.line[self.at + 1..].trim_ascii().is_empty() => Ok(None),
            _ => Err(Broken),
        }
    }

    /// The byte after blanks.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.line.get(self.at) {
            self.at += 1;
        }
        self.line.get(self.at).copied()
    }

    fn in_array(&self) -> bool {
        self.arrays & 1 == 1
    }

    fn value(&mut self, byte: u8) -> Result<Event, Broken> {
        match byte {
            b'{' | b'[' => Ok(self.open(byte == b'[')),
            b'"' => self.string().map(|text| self.after(Event::Text(text))),
            b'-' | b'0'..=b'9' => {
                let number = self.run(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
                Ok(self.after(Event::Number(number)))
            }
            b't' | b'f' | b'n' => {
                let word = self.run(|byte| byte.is_ascii_lowercase());
                match &self.line[word] {
                    b"true" | b"false" | b"null" => Ok(self.after(Event::Word)),
                    _ => Err(Broken),
                }
            }
            _ => Err(Broken),
        }
    }

    fn open(&mut self, array: bool) -> Event {
        if self.depth == DEPTH_MAX {
            return Event::TooDeep(self.at);
        }
        self.at += 1;
        self.depth += 1;
        self.arrays = self.arrays << 1 | u64::from(array);
        self.expect = if array { Expect::ValueOrClose } else { Expect::KeyOrClose };
        Event::Open { array }
    }

    fn close(&mut self) -> Event {
        self.at += 1;
        self.depth -= 1;
        self.arrays >>= 1;
        self.after(Event::Close)
    }

    fn after(&mut self, event: Event) -> Event {
        self.expect = if self.depth == 0 { Expect::End } else { Expect::CommaOrClose };
        event
    }

    fn key(&mut self) -> Result<Event, Broken> {
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(Broken);
        }
        self.at += 1;
        self.expect = Expect::Value;
        Ok(Event::Key(key))
    }

    /// The text of the string that begins here.
    fn string(&mut self) -> Result<Range<usize>, Broken> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            let rest = self.line.get(at..).ok_or(Broken)?;
            let found = at + memchr2(b'"', b'\\', rest).ok_or(Broken)?;
            if self.line[found] == b'"' {
                self.at = found + 1;
                return Ok(start..found);
            }
            at = found + 2;
        }
    }

    fn run(&mut self, is_part: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        let length = self.line[start..].iter().take_while(|byte| is_part(**byte)).count();
        self.at = start + length;
        start..self.at
    }
}

#[cfg(test)]
mod tests;
