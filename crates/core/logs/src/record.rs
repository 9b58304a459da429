//! What a line said.

use crate::kind::Kind;
use crate::time::Time;
use std::borrow::Cow;

/// Most fields of one record. What remains of a longer line is one more field, named `rest`. A file of `CloudTrail`
/// events is one line, so the bound is wide; it stands for a few megabytes.
pub const FIELDS_MAX: usize = 65_536;

/// The name of a field that holds what no other field does.
pub(crate) const REST: &str = "rest";

/// One part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The log's own name for it; in JSON the way to it, `answers[0].Rdata`. Cut at 256 bytes; a place in a list or
    /// ` (name)` may stand behind.
    pub name: Cow<'a, str>,
    /// What kind of place it is.
    pub kind: Kind,
    /// The bytes as they stand in the line, without quotes around them.
    pub raw: &'a [u8],
    /// Where `raw` begins in the line.
    pub at: usize,
    /// The bytes before the log escaped them.
    pub value: Cow<'a, [u8]>,
}

/// A line, read. Reusable: [`Layout::read`](crate::Layout::read) clears it first.
///
/// Fields may lie within one another: a proxy's log gives the URL, and the host in it as a [`Kind::Target`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// When.
    pub time: Option<Time>,
    /// Who: the address of the client, without a port.
    pub source: Option<&'a [u8]>,
    /// The method of the request.
    pub method: Option<&'a [u8]>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The size of the answer, in bytes, as this log counts it.
    pub size: Option<u64>,
    /// The host that the request was for, without a port.
    pub host: Option<&'a [u8]>,
    /// Everything that has a place of its own, in the order of the line; a prefix comes last.
    pub fields: Vec<Field<'a>>,
}

impl<'a> Record<'a> {
    /// Forgets everything but the memory it holds.
    pub fn clear(&mut self) {
        let mut fields = std::mem::take(&mut self.fields);
        fields.clear();
        *self = Record { fields, ..Record::default() };
    }

    /// The first field of that name.
    pub fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether the next field has to be the last one.
    pub(crate) fn is_full(&self) -> bool {
        self.fields.len() >= FIELDS_MAX - 1
    }

    /// Everything from `at` on, as it stands, if it is more than blanks.
    pub(crate) fn push_rest(&mut self, line: &'a [u8], at: usize) {
        let tail = line.get(at..).unwrap_or_default();
        let raw = tail.trim_ascii();
        if !raw.is_empty() {
            let at = at + (tail.len() - tail.trim_ascii_start().len());
            self.push_plain(REST, raw, at);
        }
    }

    /// What a collector put before the line: the last field, where there is room for one.
    pub(crate) fn push_prefix(&mut self, raw: &'a [u8]) {
        if self.fields.len() < FIELDS_MAX {
            self.push_plain("prefix", raw, 0);
        }
    }

    /// A field of text that was not escaped.
    pub(crate) fn push_plain(&mut self, name: &'static str, raw: &'a [u8], at: usize) {
        self.fields.push(Field {
            name: Cow::Borrowed(name),
            kind: Kind::Text,
            raw,
            at,
            value: Cow::Borrowed(raw),
        });
    }
}
