//! Lines whose fields stand side by side: W3C, `CloudFront`, ALB, VPC flow logs, Zeek.
//!
//! The names come from the file's own header lines, from the user, or from the documentation. A line with more fields
//! than names ends with a `rest`; one with fewer than the layout needs is not of the layout.

mod names;

use crate::column::{Column, Role};
use crate::format::Format;
use crate::record::Record;
use crate::zeek;
use memchr::{memchr, memmem};

/// Most columns of a layout. Longer lists of names are cut; the fields behind stay a `rest`.
pub(crate) const COLUMNS_MAX: usize = 512;

/// What stands between fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    Byte(u8),
    /// A blank, and fields may stand in quotes. Nothing is escaped, so a quote ends a field if a blank follows.
    Quoted,
}

/// Fields side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    format: Format,
    separator: Separator,
    list: Vec<Column>,
    /// So many fields must be there.
    required: usize,
    /// Whether the names are the documented ones, and no header or user said so.
    is_assumed: bool,
    /// What the headers of a Zeek log said.
    zeek: zeek::Header,
}

impl Columns {
    /// The columns of a format, as documented. `None` if it is not written in columns.
    pub(crate) fn of(format: Format) -> Option<Columns> {
        let (separator, documented, required) = match format {
            Format::Alb => (Separator::Quoted, names::ALB, 13),
            Format::CloudFront => (Separator::Byte(b'\t'), names::CLOUDFRONT, 12),
            Format::CloudFrontRealtime => (Separator::Byte(b'\t'), names::CLOUDFRONT_REALTIME, 40),
            Format::Iis => (Separator::Byte(b' '), names::IIS, 14),
            Format::VpcFlow => (Separator::Byte(b' '), names::VPC_FLOW, 14),
            Format::ZeekTsv => (Separator::Byte(b'\t'), "", 0),
            _ => return None,
        };
        let zeek = zeek::Header::default();
        let mut columns =
            Columns { format, separator, list: Vec::new(), required: 0, is_assumed: false, zeek };
        columns.name(documented.split_ascii_whitespace());
        columns.required = required;
        columns.is_assumed = true;
        Some(columns)
    }

    /// Names the columns; all of them are needed then.
    pub(crate) fn name<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        if self.format == Format::ZeekTsv {
            let line = names.fold("#fields".to_owned(), |line, name| line + "\t" + name);
            self.zeek_header(line.as_bytes());
            return;
        }
        self.list = names.take(COLUMNS_MAX).map(|name| names::column(self.format, name)).collect();
        self.required = self.list.len();
        self.is_assumed = false;
        if !self.list.iter().any(|column| column.meaning.role == Role::Date) {
            for column in self.list.iter_mut().filter(|column| column.meaning.role == Role::Clock) {
                column.meaning.role = Role::None;
            }
        }
    }

    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes a header line in. False if it is none.
    pub(crate) fn header(&mut self, line: &[u8]) -> bool {
        match self.format {
            Format::VpcFlow => {
                let names = names::vpc_header(line);
                names.is_some_and(|names| {
                    self.name(names.split_ascii_whitespace());
                    true
                })
            }
            Format::ZeekTsv => self.zeek_header(line),
            Format::Alb | Format::CloudFrontRealtime => false,
            _ => {
                if let Some(names) = w3c_fields(line) {
                    self.name(names.split_ascii_whitespace());
                }
                line.starts_with(b"#")
            }
        }
    }

    /// Where the next line begins that may be a header.
    pub(crate) fn next_header(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let behind = |at: usize| from + at + 1;
        match self.format {
            Format::Alb | Format::CloudFrontRealtime => None,
            // Names begin with small letters, and values with digits or a dash, as a rule.
            Format::VpcFlow => {
                let is_header = |start: &usize| {
                    let line = &text[*start..];
                    let end = memchr(b'\n', line).unwrap_or(line.len());
                    line.first().is_some_and(u8::is_ascii_lowercase)
                        && names::vpc_header(&line[..end]).is_some()
                };
                std::iter::once(from).chain(memchr::memchr_iter(b'\n', rest).map(behind)).find(is_header)
            }
            _ if rest.starts_with(b"#") => Some(from),
            _ => memmem::find(rest, b"\n#").map(behind),
        }
    }

    fn zeek_header(&mut self, line: &[u8]) -> bool {
        if !self.zeek.take(line) {
            return false;
        }
        self.separator = Separator::Byte(self.zeek.separator);
        let columns = self.zeek.columns();
        self.required = columns.len();
        self.list = columns;
        true
    }

    /// Reads the line from `start` on into the record, which holds rubbish if the answer is false.
    pub(crate) fn read<'a>(&self, line: &'a [u8], start: usize, record: &mut Record<'a>) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.walk(line, start, |column, at, raw| match column {
            Some(column) => column.deliver(record, line, at, raw),
            None => record.push_rest(line, at),
        })
    }

    /// Whether [`Columns::read`] would read it.
    pub(crate) fn fits(&self, line: &[u8], start: usize) -> bool {
        self.walk(line.strip_suffix(b"\r").unwrap_or(line), start, |_, _, _| ())
    }

    /// Goes from field to field, each with its place and what stands there; what no name is left for has no column.
    /// Whether the line is of the layout.
    fn walk<'a>(
        &self,
        line: &'a [u8],
        start: usize,
        mut each: impl FnMut(Option<&Column>, usize, &'a [u8]),
    ) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let named = self.named(line.get(start..).unwrap_or_default());
        let mut at = start;
        let mut count = 0;
        while at <= line.len() {
            // More fields than names, or a quote that nothing closes.
            let (Some(column), Some(token)) = (self.list[..named].get(count), self.token(line, at)) else {
                each(None, at, &line[at..]);
                break;
            };
            let raw = &line[token.start..token.end];
            if !column.admits(raw) {
                return false;
            }
            if !self.zeek.is_empty_mark(raw) {
                each(Some(column), token.start, raw);
            }
            count += 1;
            at = token.next;
        }
        count >= self.required.min(named)
    }

    /// How many of the names hold for a line. Whoever has IIS log more fields gets them in between, all but the first ones.
    fn named(&self, line: &[u8]) -> usize {
        let is_longer = || memchr::memchr_iter(b' ', line).count() >= self.list.len();
        if self.is_assumed && self.format == Format::Iis && is_longer() {
            names::IIS_ALWAYS
        } else {
            self.list.len()
        }
    }

    /// The field that begins at `at`; one that begins at the very end is empty.
    fn token(&self, line: &[u8], at: usize) -> Option<Token> {
        let rest = line.get(at..)?;
        let separator = match self.separator {
            Separator::Byte(byte) => byte,
            Separator::Quoted => match rest.strip_prefix(b"\"") {
                Some(inner) => {
                    let end = at + 1 + closing(inner)?;
                    return Some(Token { start: at + 1, end, next: end + 2 });
                }
                None => b' ',
            },
        };
        let end = at + memchr(separator, rest).unwrap_or(rest.len());
        Some(Token { start: at, end, next: end + 1 })
    }
}

/// Where a field stands, and where the next one does.
struct Token {
    start: usize,
    end: usize,
    next: usize,
}

/// The first quote behind which the field ends.
fn closing(inner: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let quote = at + memchr(b'"', inner.get(at..)?)?;
        if matches!(inner.get(quote + 1), None | Some(b' ')) {
            return Some(quote);
        }
        at = quote + 1;
    }
}

/// The names of a `#Fields:` line.
pub(crate) fn w3c_fields(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line.strip_prefix(b"#Fields:")?).ok()
}

pub(crate) use names::vpc_header;

#[cfg(test)]
mod tests;
