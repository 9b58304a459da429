//! JSON text as events with places, and as values.
//!
//! What stands outside of strings must be JSON (RFC 8259); control characters inside of strings are let through, since
//! people paste them. Several values may follow each other. [`Reader::skip`] passes a value without looking into it, so
//! that a few parts of a large plan are read without the memory of the whole ([`parse_json_where`]).
//!
//! # Failure
//! A [`Fault`] has the byte where the text breaks. Reading does not go on behind it.

mod text;
mod tree;

pub use tree::{parse_json, parse_json_where};

use std::borrow::Cow;

/// One step of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// The name of a member; its colon was read.
    Key(Cow<'a, str>),
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written.
    Number(&'a str),
    /// Text, its escapes resolved.
    String(Cow<'a, str>),
}

/// An event and the bytes it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<'a> {
    /// What.
    pub event: Event<'a>,
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
}

/// Where and why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte.
    pub at: usize,
    /// What was expected or found.
    pub what: &'static str,
}

/// Reads events from text.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// What is open: true for an object.
    open: Vec<bool>,
    expect: Expect,
}

/// What may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// A value.
    Value,
    /// An item or member, or the end of the list or object that was just opened.
    First,
    /// A comma or the end of what is open; outside of everything, another value.
    Next,
}

impl<'a> Reader<'a> {
    /// From the beginning of a text.
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, open: Vec::new(), expect: Expect::Next }
    }

    /// How many objects and lists are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next event; none at the end of the text.
    ///
    /// # Errors
    /// Where the text is not JSON.
    pub fn next_event(&mut self) -> Result<Option<Placed<'a>>, Fault> {
        self.pass_space();
        let Some(byte) = self.peek() else {
            return if self.open.is_empty() && self.expect == Expect::Next {
                Ok(None)
            } else {
                Err(self.fault("the text ends too early"))
            };
        };
        let Some(in_object) = self.open.last().copied() else { return self.value(byte).map(Some) };
        if self.expect == Expect::Value {
            return self.value(byte).map(Some);
        }
        if byte == if in_object { b'}' } else { b']' } {
            return Ok(Some(self.close(in_object)));
        }
        let byte = if self.expect == Expect::Next { self.comma(byte)? } else { byte };
        if in_object { self.key(byte).map(Some) } else { self.value(byte).map(Some) }
    }

    /// Passes the value that comes next, without looking into it: strings and brackets are followed, nothing else.
    /// Returns the bytes it stands on.
    ///
    /// # Errors
    /// Where the text ends or there is no value.
    pub fn skip(&mut self) -> Result<(usize, usize), Fault> {
        self.pass_space();
        let start = self.at;
        match self.peek() {
            Some(b'{' | b'[') => self.skip_brackets()?,
            Some(b'"') => self.at = text::end_of_string(self.text, self.at).map_err(unended)?,
            Some(byte) => {
                self.value(byte)?;
            }
            None => return Err(self.fault("the text ends too early")),
        }
        self.expect = Expect::Next;
        Ok((start, self.at))
    }

    /// Leaves the object or list that was just opened, without looking into it. Returns the byte behind it.
    ///
    /// # Errors
    /// Where the text ends.
    pub fn leave(&mut self) -> Result<usize, Fault> {
        if self.expect == Expect::First && self.open.pop().is_some() {
            self.at -= 1;
            self.skip_brackets()?;
            self.expect = Expect::Next;
        }
        Ok(self.at)
    }

    fn skip_brackets(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at = text::end_of_string(self.text, self.at).map_err(unended)?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
        Err(self.fault("the text ends too early"))
    }

    fn comma(&mut self, byte: u8) -> Result<u8, Fault> {
        if byte != b',' {
            return Err(self.fault("expected a comma or a closing bracket"));
        }
        self.at += 1;
        self.pass_space();
        self.peek().ok_or_else(|| self.fault("the text ends too early"))
    }

    fn close(&mut self, object: bool) -> Placed<'a> {
        self.open.pop();
        self.expect = Expect::Next;
        self.at += 1;
        let event = if object { Event::ObjectEnd } else { Event::ArrayEnd };
        Placed { event, start: self.at - 1, end: self.at }
    }

    fn key(&mut self, byte: u8) -> Result<Placed<'a>, Fault> {
        if byte != b'"' {
            return Err(self.fault("expected a name in double quotes"));
        }
        let start = self.at;
        let name = self.string()?;
        let end = self.at;
        self.pass_space();
        if self.peek() != Some(b':') {
            return Err(self.fault("expected a colon"));
        }
        self.at += 1;
        self.expect = Expect::Value;
        Ok(Placed { event: Event::Key(name), start, end })
    }

    fn value(&mut self, byte: u8) -> Result<Placed<'a>, Fault> {
        let start = self.at;
        self.expect = Expect::Next;
        let event = match byte {
            b'{' | b'[' => {
                self.at += 1;
                self.open.push(byte == b'{');
                self.expect = Expect::First;
                if byte == b'{' { Event::ObjectStart } else { Event::ArrayStart }
            }
            b'"' => Event::String(self.string()?),
            b'-' | b'0'..=b'9' => Event::Number(self.number()),
            _ => self.word()?,
        };
        Ok(Placed { event, start, end: self.at })
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let end = text::end_of_string(self.text, self.at).map_err(unended)?;
        let inner = self.text.get(self.at + 1..end - 1).unwrap_or("");
        let value =
            text::unescape(inner).map_err(|at| Fault { at: self.at + 1 + at, what: "no such escape" })?;
        self.at = end;
        Ok(value)
    }

    fn number(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|it: char| !(it.is_ascii_digit() || matches!(it, '-' | '+' | '.' | 'e' | 'E')))
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn word(&mut self) -> Result<Event<'a>, Fault> {
        let rest = &self.text[self.at..];
        let words = [("true", Event::Bool(true)), ("false", Event::Bool(false)), ("null", Event::Null)];
        for (word, event) in words {
            if rest.strip_prefix(word).is_some_and(|behind| !behind.starts_with(char::is_alphanumeric)) {
                self.at += word.len();
                return Ok(event);
            }
        }
        Err(self.fault("expected a value"))
    }

    fn pass_space(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn fault(&self, what: &'static str) -> Fault {
        Fault { at: self.at, what }
    }
}

const fn unended(at: usize) -> Fault {
    Fault { at, what: "a string that does not end" }
}
