//! How the lines of one file are read.

use crate::columns::Columns;
use crate::dialect;
use crate::format::Format;
use crate::object;
use crate::pattern::{Pattern, Patterns};
use crate::prefix;
use crate::preset;
use crate::recognise;
use crate::record::Record;
use crate::schema::Schema;

/// The format of a file, and what its header lines and its user said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    format: Format,
    grammar: Grammar,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Grammar {
    Patterns(Patterns),
    Columns(Columns),
    Json,
    Text,
}

/// A layout that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The format string names nothing.
    #[error(
        "the log format `{0}` has no fields; write it as in the server's configuration, e.g. `$remote_addr \"$request\"`"
    )]
    NoFields(String),
    /// The format is one that the user has to spell out.
    #[error("the format `{}` needs a format string", .0.as_str())]
    Missing(Format),
    /// The format is always written in one way.
    #[error("the format `{}` takes no format string", .0.as_str())]
    Fixed(Format),
}

impl Layout {
    /// The layout of a file that begins with these bytes; a few kilobytes are enough. Header lines among them are taken
    /// in. What fits nothing is [`Format::Text`].
    pub fn recognise(sample: &[u8]) -> Layout {
        recognise::recognise(sample)
    }

    /// The layout of a format. `custom` is the format string of nginx, Apache httpd, Envoy or API Gateway, or the list of
    /// fields of one that is written in columns.
    ///
    /// # Errors
    /// If the string has no fields, the format needs one, or takes none.
    pub fn of(format: Format, custom: Option<&str>) -> Result<Layout, LayoutError> {
        let grammar = match custom {
            Some(text) => custom_grammar(format, text)?,
            None => documented_grammar(format)?,
        };
        Ok(Layout { format, grammar })
    }

    /// Patterns, tried in this order.
    pub(crate) fn of_patterns(format: Format, patterns: Vec<Pattern>) -> Layout {
        Layout { format, grammar: Grammar::Patterns(Patterns::new(patterns)) }
    }

    /// Lines without a known shape.
    pub const fn text() -> Layout {
        Layout { format: Format::Text, grammar: Grammar::Text }
    }

    /// The format.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Takes in a line that names the columns of those that follow. False if the line is no header.
    pub fn header(&mut self, line: &[u8]) -> bool {
        match &mut self.grammar {
            Grammar::Columns(columns) => columns.header(line),
            _ => false,
        }
    }

    /// Takes in the header lines at the beginning of a text that may be cut, so that the last one counts.
    pub fn headers(&mut self, text: &[u8]) {
        let mut at = 0;
        while let Some(start) = self.next_header(text, at) {
            let end = match memchr::memchr(b'\n', &text[start..]) {
                Some(length) => start + length,
                None if start == 0 => text.len(),
                None => return,
            };
            self.header(&text[start..end]);
            at = text.len().min(end + 1);
        }
    }

    /// Where the next line begins that [`Layout::header`] may take in: at or behind `from`, the beginning of a line. A
    /// server writes one whenever it starts.
    pub fn next_header(&self, text: &[u8], from: usize) -> Option<usize> {
        match &self.grammar {
            Grammar::Columns(columns) => columns.next_header(text, from),
            _ => None,
        }
    }

    /// Reads a line, given without its line feed, into the record. False if the line is not of this layout; the record is
    /// empty then.
    pub fn read<'a>(&self, line: &'a [u8], record: &mut Record<'a>) -> bool {
        if self.read_at(line, 0, record) {
            return true;
        }
        if let Some(start) = prefix::end(line)
            && self.read_at(line, start, record)
        {
            record.push_prefix(&line[..start]);
            return true;
        }
        record.clear();
        false
    }

    /// Whether [`Layout::read`] would read the line from `start` on as its fields. JSON is not looked at.
    pub(crate) fn fits(&self, line: &[u8], start: usize) -> bool {
        match &self.grammar {
            Grammar::Text | Grammar::Json => false,
            Grammar::Columns(columns) => columns.fits(line, start),
            Grammar::Patterns(patterns) => patterns.fits(line, start),
        }
    }

    /// Reads a line into the record, as one field named `line` if it is not of this layout. Tells whether it was.
    pub fn read_or_text<'a>(&self, line: &'a [u8], record: &mut Record<'a>) -> bool {
        let is_read = self.read(line, record);
        if !is_read {
            record.push_plain("line", line, 0);
        }
        is_read
    }

    fn read_at<'a>(&self, line: &'a [u8], start: usize, record: &mut Record<'a>) -> bool {
        let blanks = line[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let is_json = matches!(line.get(start + blanks), Some(b'{' | b'['));
        match &self.grammar {
            Grammar::Text => attempt(record, |record| {
                record.push_plain("line", line, 0);
                true
            }),
            Grammar::Json => is_json && self.read_json(line, start, record),
            Grammar::Columns(columns) => {
                attempt(record, |record| columns.read(line, start, record))
                    || (is_json && self.format == Format::ZeekTsv && self.read_json(line, start, record))
            }
            Grammar::Patterns(patterns) => {
                attempt(record, |record| patterns.read(line, start, record))
                    || (is_json && self.has_json() && self.read_json(line, start, record))
            }
        }
    }

    /// Whether this writer can be told to write JSON as well.
    fn has_json(&self) -> bool {
        matches!(self.format, Format::EnvoyText | Format::ApiGateway)
    }

    fn read_json<'a>(&self, line: &'a [u8], start: usize, record: &mut Record<'a>) -> bool {
        attempt(record, |record| object::read(line, start, Schema::of(self.format), record))
    }
}

/// Starts with an empty record.
fn attempt<'a>(record: &mut Record<'a>, read: impl FnOnce(&mut Record<'a>) -> bool) -> bool {
    record.clear();
    read(record)
}

fn documented_grammar(format: Format) -> Result<Grammar, LayoutError> {
    if let Some(columns) = Columns::of(format) {
        return Ok(Grammar::Columns(columns));
    }
    let patterns = preset::patterns(format);
    match format {
        Format::Text => Ok(Grammar::Text),
        Format::LogFormat => Err(LayoutError::Missing(format)),
        _ if patterns.is_empty() => Ok(Grammar::Json),
        _ => Ok(Grammar::Patterns(Patterns::new(patterns))),
    }
}

fn custom_grammar(format: Format, text: &str) -> Result<Grammar, LayoutError> {
    let no_fields = || LayoutError::NoFields(text.to_owned());
    if let Some(mut columns) = Columns::of(format) {
        let names = text.trim_start_matches("#Fields:");
        let separated = |character: char| character.is_whitespace() || character == ',';
        columns.name(names.split(separated).filter(|name| !name.is_empty()));
        return if columns.len() > 0 { Ok(Grammar::Columns(columns)) } else { Err(no_fields()) };
    }
    match format {
        Format::Nginx
        | Format::Combined
        | Format::ApacheCommon
        | Format::ApacheCombined
        | Format::ApacheCombinedio
        | Format::LogFormat
        | Format::ApiGateway
        | Format::EnvoyText => {
            Ok(Grammar::Patterns(Patterns::new(vec![dialect::compile(text).ok_or_else(no_fields)?])))
        }
        _ => Err(LayoutError::Fixed(format)),
    }
}

#[cfg(test)]
mod tests;
