//! The header lines of Zeek's separated values.
//!
//! ```text
//! #separator \x09      #set_separator ,      #empty_field (empty)      #unset_field -      #path http
//! #fields  ts  uid  id.orig_h …              #types  time  string  addr …
//! ```
//! Zeek writes separators, backslashes and bytes that are not UTF-8 as `\xHH`. Sets and vectors are one field each here,
//! by their separator. What is no header is refused; an odd one is passed over.

use crate::column::Column;
use crate::columns::COLUMNS_MAX;
use crate::schema;
use crate::unescape::Escaping;

/// What the header lines said until now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) separator: u8,
    set_separator: u8,
    empty: Vec<u8>,
    unset: Vec<u8>,
    fields: Vec<String>,
    sets: Vec<bool>,
}

impl Default for Header {
    fn default() -> Self {
        Header {
            separator: b'\t',
            set_separator: b',',
            empty: b"(empty)".to_vec(),
            unset: b"-".to_vec(),
            fields: Vec::new(),
            sets: Vec::new(),
        }
    }
}

impl Header {
    /// Takes a line in. False if it does not begin with `#`.
    pub(crate) fn take(&mut self, line: &[u8]) -> bool {
        let Some(rest) = line.strip_prefix(b"#") else { return false };
        let rest = rest.trim_ascii_end();
        if let Some(value) = rest.strip_prefix(b"separator ") {
            self.separator = single(value).unwrap_or(self.separator);
            return true;
        }
        let mut words = rest.split(|byte| *byte == self.separator);
        match words.next() {
            Some(b"set_separator") => {
                self.set_separator = words.next().and_then(single).unwrap_or(self.set_separator);
            }
            Some(b"empty_field") => self.empty = words.next().unwrap_or_default().to_vec(),
            Some(b"unset_field") => self.unset = words.next().unwrap_or_default().to_vec(),
            Some(b"fields") => {
                let names = words.take(COLUMNS_MAX).map(|name| String::from_utf8_lossy(name).into_owned());
                self.fields = names.collect();
                self.sets.clear();
            }
            Some(b"types") => {
                let is_set = |name: &[u8]| name.starts_with(b"set[") || name.starts_with(b"vector[");
                self.sets = words.take(COLUMNS_MAX).map(is_set).collect();
            }
            _ => {}
        }
        true
    }

    /// The columns, as far as they are known.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let column = |(index, name): (usize, &String)| {
            let meaning = schema::ZEEK.look_up(name).unwrap_or(crate::column::Meaning::TEXT);
            let column = Column::new(name.clone(), meaning, Escaping::Backslash);
            if self.sets.get(index) == Some(&true) { column.split(self.set_separator) } else { column }
        };
        self.fields.iter().enumerate().map(column).collect()
    }

    /// Whether this says that there is nothing.
    pub(crate) fn is_empty_mark(&self, raw: &[u8]) -> bool {
        raw == self.empty || raw == self.unset
    }
}

/// The one byte that a value stands for.
fn single(value: &[u8]) -> Option<u8> {
    match Escaping::Backslash.undo(value).as_ref() {
        [byte] => Some(*byte),
        _ => None,
    }
}
