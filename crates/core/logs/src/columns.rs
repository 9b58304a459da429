//! Lines whose fields stand side by side: W3C, `CloudFront`, ALB, VPC flow logs, Zeek.
//!
//! The names come from the file's own header lines, from the user, or from the documentation. A line with more fields
//! than names ends with a `rest`; one with fewer than the layout needs is not of the layout.

mod names;

use crate::column::{Column, Role};
use crate::format::Format;
use crate::kind::Kind;
use crate::record::Record;
use crate::zeek;
use memchr::{memchr, memmem};

/// Most columns of a layout. Longer lists of names are cut; the fields behind stay a `rest`.
pub(crate) const COLUMNS_MAX: usize = 512;

/// Most quotes that are passed over in what a client sent, until the rest of the line fits.
const PASSED_MAX: usize = 4;

/// What stands between fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    Byte(u8),
    /// A blank, and fields may stand in quotes. Nothing is escaped, so a quote ends a field if a blank follows and the
    /// rest of the line fits.
    Quoted,
}

/// How a line fits a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    /// With more or fewer fields than there are names.
    InPart,
    /// With a field for every name.
    Whole,
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
        self.readings().any(|(passed, accepts)| {
            record.clear();
            let fit = self.walk(line, start, passed, |column, at, raw| match column {
                Some(column) => column.deliver(record, line, at, raw),
                None => record.push_rest(line, at),
            });
            fit >= accepts
        })
    }

    /// Whether [`Columns::read`] would read it.
    pub(crate) fn fits(&self, line: &[u8], start: usize) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.readings().any(|(passed, accepts)| self.walk(line, start, passed, |_, _, _| ()) >= accepts)
    }

    /// How many quotes of the request and of the user agent are passed over, and how well the line must fit then, one
    /// reading after the other until one does: a quote and a blank in what a client sent look like the end of the field.
    /// With some passed over there must be a field for every name.
    fn readings(&self) -> impl Iterator<Item = ([usize; 2], Fit)> {
        let most = if self.separator == Separator::Quoted { PASSED_MAX } else { 0 };
        let split = |sum| (0..=sum).map(move |first| ([first, sum - first], Fit::Whole));
        std::iter::once(([0, 0], Fit::InPart)).chain((1..=most).flat_map(split))
    }

    /// Goes from field to field, each with its place and what stands there; what no name is left for has no column.
    /// How the line fits the layout.
    fn walk<'a>(
        &self,
        line: &'a [u8],
        start: usize,
        passed: [usize; 2],
        mut each: impl FnMut(Option<&Column>, usize, &'a [u8]),
    ) -> Fit {
        if self.list.is_empty() {
            return Fit::No;
        }
        let named = self.named(line.get(start..).unwrap_or_default());
        let mut at = start;
        let mut count = 0;
        let mut has_rest = false;
        while at <= line.len() {
            // More fields than names, or a quote that nothing closes.
            let column = self.list[..named].get(count);
            let passed = match column.map(|column| column.meaning.kind) {
                Some(Kind::Request) => passed[0],
                Some(Kind::UserAgent) => passed[1],
                _ => 0,
            };
            let (Some(column), Some(token)) = (column, self.token(line, at, passed)) else {
                each(None, at, &line[at..]);
                has_rest = true;
                break;
            };
            let raw = &line[token.start..token.end];
            if !column.admits(raw) {
                return Fit::No;
            }
            if !self.zeek.is_empty_mark(raw) {
                each(Some(column), token.start, raw);
            }
            count += 1;
            at = token.next;
        }
        match count {
            _ if count < self.required.min(named) => Fit::No,
            _ if has_rest || count < named => Fit::InPart,
            _ => Fit::Whole,
        }
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
    fn token(&self, line: &[u8], at: usize, passed: usize) -> Option<Token> {
        let rest = line.get(at..)?;
        let separator = match self.separator {
            Separator::Byte(byte) => byte,
            Separator::Quoted => match rest.strip_prefix(b"\"") {
                Some(inner) => {
                    let end = at + 1 + closing(inner, passed)?;
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

/// The quote behind which the field ends, so many others passed over.
fn closing(inner: &[u8], passed: usize) -> Option<usize> {
    let ends = |quote: &usize| matches!(inner.get(quote + 1), None | Some(b' '));
    memchr::memchr_iter(b'"', inner).filter(ends).nth(passed)
}

/// The names of a `#Fields:` line.
pub(crate) fn w3c_fields(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line.strip_prefix(b"#Fields:")?).ok()
}

pub(crate) use names::vpc_header;

#[cfg(test)]
mod tests;
