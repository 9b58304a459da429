//! One JSON value on a line: every string and number in it is a field, named by the way to it.
//!
//! ```text
//! {"request":{"headers":{"X-Up":["http://a/"]}},"answers":[{"Rdata":"192.0.2.1"}]}
//!   request.headers.X-Up[0]   header          answers[0].Rdata   answer
//! ```
//! Two shapes of request headers are known: an object of names, and an array of `{"name":…,"value":…}`, whose values are
//! named as if it were an object. A key can carry an attempt as well as a value: one that holds more than a name usually
//! does is a field of its own, called after its place with ` (name)` behind.
//!
//! Broken JSON is refused. What is too deep, or more than fits a record, is delivered unread as `rest`.

use crate::column::Meaning;
use crate::json::{Event, Reader};
use crate::kind::Kind;
use crate::known;
use crate::name::push_bounded;
use crate::record::Record;
use crate::schema::Schema;
use crate::unescape::Escaping;
use std::borrow::Cow;

/// More digits than names have, fewer than a number that is an address.
const PLAIN_DIGITS_MAX: usize = 4;

/// Objects whose members are request headers, and cookies.
const HEADER_OBJECTS: [&str; 6] =
    ["headers", "requestHeaders", "request_headers", "httpHeaders", "RequestHeaders", "http_headers"];
const COOKIE_OBJECTS: [&str; 3] = ["Cookies", "cookies", "requestCookies"];

/// Reads the value that begins at `start` into the record, which holds rubbish if the answer is false.
pub(crate) fn read<'a>(line: &'a [u8], start: usize, schema: Schema, record: &mut Record<'a>) -> bool {
    let mut reader = Reader::new(line, start);
    let mut walk = Walk { line, schema, name: String::new(), shape: String::new(), levels: Vec::new() };
    loop {
        if record.is_full() {
            record.push_rest(line, reader.at());
            return true;
        }
        match reader.next() {
            Ok(None) => return true,
            Err(_) => return false,
            Ok(Some(Event::TooDeep(at))) => {
                record.push_rest(line, at);
                return true;
            }
            // A line that is a string or a number is text.
            Ok(Some(event)) if walk.levels.is_empty() && !matches!(event, Event::Open { .. }) => {
                return false;
            }
            Ok(Some(event)) => {
                let depth = reader.depth();
                walk.take(event, record);
                if depth == 0 {
                    return reader.next() == Ok(None);
                }
            }
        }
    }
}

/// Where the walk through a value stands.
struct Walk<'a> {
    line: &'a [u8],
    schema: Schema,
    /// The way to here, with the places in arrays.
    name: String,
    /// The same with `[]` for every place.
    shape: String,
    levels: Vec<Level<'a>>,
}

/// An open object or array.
struct Level<'a> {
    /// The way to it.
    name: usize,
    shape: usize,
    array: bool,
    count: usize,
    key: &'a [u8],
    /// The value under `name` in an element of an array of headers.
    header: Option<&'a [u8]>,
    in_headers: bool,
}

impl<'a> Walk<'a> {
    fn take(&mut self, event: Event, record: &mut Record<'a>) {
        match event {
            Event::Key(range) => self.key(range.start, &self.line[range], record),
            Event::Open { array } => self.open(array),
            Event::Close => {
                self.levels.pop();
            }
            Event::Word | Event::TooDeep(_) => self.step(),
            Event::Text(range) => {
                self.step();
                self.text(range.start, &self.line[range], record);
            }
            Event::Number(range) => {
                self.step();
                let meaning = match self.meaning() {
                    Meaning { kind: Kind::Text, role } => Meaning::new(Kind::Number, role),
                    meaning => meaning,
                };
                let raw = &self.line[range.clone()];
                record.deliver(self.field_name(), meaning, Escaping::None, self.line, range.start, raw);
            }
        }
    }

    fn open(&mut self, array: bool) {
        self.step();
        let in_headers = !array && HEADER_OBJECTS.iter().any(|name| last_is_array(&self.shape, name));
        self.levels.push(Level {
            name: self.name.len(),
            shape: self.shape.len(),
            array,
            count: 0,
            key: b"",
            header: None,
            in_headers,
        });
    }

    fn key(&mut self, at: usize, key: &'a [u8], record: &mut Record<'a>) {
        let Some(level) = self.levels.last_mut() else { return };
        level.key = key;
        self.name.truncate(level.name);
        self.shape.truncate(level.shape);
        let unescaped = Escaping::Backslash.undo(key);
        let text = String::from_utf8_lossy(&unescaped);
        for path in [&mut self.name, &mut self.shape] {
            if !path.is_empty() {
                push_bounded(path, ".");
            }
            push_bounded(path, &text);
        }
        if !is_plain(key) && self.schema.look_up(&self.shape).is_none() {
            let name = Cow::Owned(format!("{} (name)", self.name));
            record.deliver(name, Meaning::TEXT, Escaping::Backslash, self.line, at, key);
        }
    }

    /// Goes on to the next place of an array. In an object the key has done that.
    fn step(&mut self) {
        let Some(level) = self.levels.last_mut().filter(|level| level.array) else { return };
        self.name.truncate(level.name);
        self.shape.truncate(level.shape);
        push_bounded(&mut self.name, &format!("[{}]", level.count));
        push_bounded(&mut self.shape, "[]");
        level.count += 1;
    }

    fn text(&mut self, at: usize, raw: &'a [u8], record: &mut Record<'a>) {
        let (name, meaning) = match self.levels.last_mut() {
            Some(level) if level.in_headers && level.key == b"name" => {
                level.header = Some(raw);
                if is_plain(raw) {
                    return;
                }
                (self.field_name(), Meaning::of(Kind::Header))
            }
            Some(level) if level.in_headers && level.key == b"value" => match level.header.take() {
                Some(header) => self.pair(header),
                None => (self.field_name(), Meaning::of(Kind::Header)),
            },
            _ => (self.field_name(), self.meaning()),
        };
        record.deliver(name, meaning, Escaping::Backslash, self.line, at, raw);
    }

    /// The name and meaning of a value whose header was named before.
    fn pair(&self, header: &[u8]) -> (Cow<'a, str>, Meaning) {
        let header = Escaping::Backslash.undo(header);
        let end = self.levels.last().map_or(0, |level| level.name);
        let element = &self.name[..end];
        let mut name = element.rfind('[').map_or(element, |bracket| &element[..bracket]).to_owned();
        push_bounded(&mut name, ".");
        push_bounded(&mut name, &String::from_utf8_lossy(&header));
        (Cow::Owned(name), known::header(&header))
    }

    /// The name of the value here; borrowed from the line where it is a plain key of the outermost object.
    fn field_name(&self) -> Cow<'a, str> {
        if let [level] = &self.levels[..]
            && !level.array
            && level.key.len() == self.name.len()
            && let Ok(key) = std::str::from_utf8(level.key)
            && key == self.name
        {
            return Cow::Borrowed(key);
        }
        Cow::Owned(self.name.clone())
    }

    fn meaning(&self) -> Meaning {
        let shape = &self.shape;
        self.schema
            .look_up(shape)
            .or_else(|| header(shape))
            .or_else(|| self.schema.header_of(shape).map(|name| known::header(name.as_bytes())))
            .or_else(|| known::guess(shape))
            .or_else(|| Schema::of_any(shape))
            .unwrap_or(Meaning::TEXT)
    }
}

/// What a member of an object of headers holds. Those of an answer are nobody's attempt.
fn header(shape: &str) -> Option<Meaning> {
    let member = |object: &str| {
        let at = shape.find(object)?;
        let (before, after) = (&shape[..at], &shape[at + object.len()..]);
        let is_whole = before.is_empty() || before.ends_with('.');
        let name = after.strip_prefix('.')?.trim_end_matches("[]");
        (is_whole && !before.contains("resp")).then_some(name)
    };
    if let Some(name) = HEADER_OBJECTS.iter().find_map(|object| member(object)) {
        return Some(known::header(name.as_bytes()));
    }
    COOKIE_OBJECTS.iter().find_map(|object| member(object)).map(|_| Meaning::of(Kind::Cookie))
}

/// Whether a path ends with that name and a place in an array.
fn last_is_array(shape: &str, name: &str) -> bool {
    let before = shape.strip_suffix("[]").and_then(|array| array.strip_suffix(name));
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Whether a key or the name of a header is nothing but a name.
fn is_plain(key: &[u8]) -> bool {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'@' | b'$' | b' ');
    key.iter().all(is_part) && key.iter().filter(|byte| byte.is_ascii_digit()).count() <= PLAIN_DIGITS_MAX
}
