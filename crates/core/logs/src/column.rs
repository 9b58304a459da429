//! One field of a layout, and how it gets into a record.

use crate::kind::Kind;
use crate::name::bounded;
use crate::record::{FIELDS_MAX, Field, Record};
use crate::request::{authority, is_method, request_line, scheme_end, without_port};
use crate::time::{self, Time};
use crate::unescape::Escaping;
use std::borrow::Cow;

/// What a field tells about the whole line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    None,
    Time,
    /// The day of a time that stands in two fields.
    Date,
    /// The time of that day.
    Clock,
    Source,
    /// A list of addresses, the last of which the server saw itself.
    Forwarded,
    Method,
    Status,
    Size,
    Host,
    /// A request line or target.
    Request,
    /// What a proxy was asked for: a URL or `host:port`. Its host is a field of its own.
    Proxied,
}

/// What a field must look like for a line to be of the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    #[default]
    Any,
    /// Something without blanks.
    Word,
    /// A number or `-`.
    Number,
    /// A time that can be read.
    Time,
    /// A day that can be read.
    Date,
    /// Capital letters, digits and `_`.
    Code,
    /// At least eight letters, digits and signs of an identifier.
    Id,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) kind: Kind,
    pub(crate) role: Role,
}

impl Meaning {
    pub(crate) const TEXT: Meaning = Meaning::of(Kind::Text);

    pub(crate) const fn new(kind: Kind, role: Role) -> Meaning {
        Meaning { kind, role }
    }

    pub(crate) const fn of(kind: Kind) -> Meaning {
        Meaning { kind, role: Role::None }
    }
}

/// A field of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: Cow<'static, str>,
    pub(crate) meaning: Meaning,
    pub(crate) shape: Shape,
    pub(crate) escaping: Escaping,
    /// The byte between the parts of a field that holds several.
    pub(crate) split: Option<u8>,
}

impl Column {
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, meaning: Meaning, escaping: Escaping) -> Column {
        let shape = match (meaning.kind, meaning.role) {
            (_, Role::Status | Role::Size) => Shape::Number,
            (_, Role::Time) => Shape::Time,
            (_, Role::Date) => Shape::Date,
            (_, Role::Source) => Shape::Word,
            _ => Shape::Any,
        };
        Column { name: bounded(name.into()), meaning, shape, escaping, split: None }
    }

    pub(crate) fn shaped(self, shape: Shape) -> Column {
        Column { shape, ..self }
    }

    pub(crate) fn split(self, byte: u8) -> Column {
        Column { split: Some(byte), ..self }
    }

    /// Whether these bytes can stand here.
    pub(crate) fn admits(&self, raw: &[u8]) -> bool {
        match self.shape {
            Shape::Any => true,
            Shape::Word => !raw.is_empty() && !raw.contains(&b' '),
            Shape::Number => raw == b"-" || is_number(raw),
            Shape::Time => Time::parse(raw).is_some(),
            Shape::Date => time::date(raw).is_some(),
            Shape::Id => {
                raw.len() >= 8
                    && raw
                        .iter()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='))
            }
            Shape::Code => {
                !raw.is_empty()
                    && raw.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
                    && raw[0].is_ascii_uppercase()
            }
        }
    }

    /// Adds the field that stands at `at` to the record; nothing if the log says there is none.
    pub(crate) fn deliver<'a>(&self, record: &mut Record<'a>, line: &'a [u8], at: usize, raw: &'a [u8]) {
        let Some(byte) = self.split.filter(|byte| raw.contains(byte)) else {
            return record.deliver(self.name.clone(), self.meaning, self.escaping, line, at, raw);
        };
        let mut start = at;
        for (index, part) in raw.split(|other| *other == byte).enumerate() {
            if record.fields.len() >= FIELDS_MAX {
                return;
            }
            let name = Cow::Owned(format!("{}[{index}]", self.name));
            record.deliver(name, self.meaning, self.escaping, line, start, part);
            start += part.len() + 1;
        }
    }
}

impl<'a> Record<'a> {
    /// Adds a field that stands at `at`, and what it tells about the line.
    pub(crate) fn deliver(
        &mut self,
        name: Cow<'a, str>,
        meaning: Meaning,
        escaping: Escaping,
        line: &'a [u8],
        at: usize,
        raw: &'a [u8],
    ) {
        if raw.is_empty() || raw == b"-" || self.fields.len() >= FIELDS_MAX {
            return;
        }
        let had_time = self.time.is_some();
        self.note(meaning.role, raw);
        if self.is_full() {
            return self.push_rest(line, at);
        }
        let is_time = meaning == Meaning::new(Kind::Time, Role::Time) && !had_time && self.time.is_some();
        let kind = if is_time { Kind::Time } else { fitting(meaning.kind, raw) };
        self.fields.push(Field { name, kind, raw, at, value: escaping.undo(raw) });
        if meaning.role == Role::Proxied {
            self.push_proxied(line, at, raw);
        }
    }

    /// The host that a proxy was asked for.
    fn push_proxied(&mut self, line: &'a [u8], at: usize, raw: &'a [u8]) {
        let Some((start, host)) = authority(raw) else { return };
        let meaning = Meaning::new(Kind::Target, Role::Host);
        self.deliver(Cow::Borrowed("host"), meaning, Escaping::None, line, at + start, host);
    }

    /// Keeps what a field tells about the line. The first one that tells it counts.
    fn note(&mut self, role: Role, raw: &'a [u8]) {
        match role {
            Role::None | Role::Proxied => {}
            Role::Time => self.time = self.time.or_else(|| Time::parse(raw)),
            Role::Date => self.add_time(time::date(raw)),
            Role::Clock => self.add_time(time::clock(raw)),
            Role::Source => self.add_source(raw.split(|byte| *byte == b',').next()),
            Role::Forwarded => self.add_source(raw.rsplit(|byte| *byte == b',').next()),
            Role::Method => self.method = self.method.or_else(|| Some(raw).filter(|raw| is_method(raw))),
            Role::Status => self.status = self.status.or_else(|| number(raw)?.try_into().ok()),
            Role::Size => self.size = self.size.or_else(|| number(raw)),
            Role::Host => self.host = self.host.or(Some(without_port(raw))),
            Role::Request => {
                let line = request_line(raw);
                self.method = self.method.or(line.method);
                let is_absolute = scheme_end(line.target).is_some();
                self.host = self.host.or_else(|| Some(authority(line.target).filter(|_| is_absolute)?.1));
            }
        }
    }

    /// One address of a list.
    fn add_source(&mut self, address: Option<&'a [u8]>) {
        let address = address.map(<[u8]>::trim_ascii).filter(|address| is_address(address));
        self.source = self.source.or(address.map(without_port));
    }

    /// A day and a time of day, in either order.
    fn add_time(&mut self, part: Option<i64>) {
        if let Some(part) = part {
            let sum = self.time.map_or(part, |time| time.unix_ms().saturating_add(part));
            self.time = Some(Time::from_unix_ms(sum));
        }
    }
}

fn number(raw: &[u8]) -> Option<u64> {
    std::str::from_utf8(raw).ok()?.parse().ok()
}

/// A kind that promises a form holds for values of that form only: whoever fills a field named `status` with a URL is
/// to be seen.
fn fitting(kind: Kind, raw: &[u8]) -> Kind {
    match kind {
        Kind::Number if !is_number(raw) => Kind::Text,
        Kind::Client if !is_address(raw) => Kind::Text,
        Kind::Time => {
            let is_time =
                Time::parse(raw).is_some() || time::date(raw).is_some() || time::clock(raw).is_some();
            if is_time { Kind::Time } else { fitting(Kind::Number, raw) }
        }
        kind => kind,
    }
}

/// `-12.5`, `1e6`.
pub(crate) fn is_number(raw: &[u8]) -> bool {
    let points = memchr::memchr_iter(b'.', raw).count();
    points <= 1 && raw.iter().any(u8::is_ascii_digit) && raw.iter().all(|byte| is_of_number(*byte))
}

/// The characters of [`is_number`].
pub(crate) fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// The characters of addresses, names and ports.
fn is_address(raw: &[u8]) -> bool {
    raw.iter().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'_' | b'[' | b']' | b'%')
    })
}
