//! Where a finding is.

use std::borrow::Cow;
use std::fmt;

/// Where a finding is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Somewhere in a text: a log, a template, a script.
    Text {
        /// The file as it was named to the tool; `-` is standard input.
        path: String,
        /// The characters.
        region: Region,
    },
    /// A whole file, e.g. one that could not be parsed.
    File {
        /// The file as it was named to the tool.
        path: String,
    },
    /// Something in a cloud account.
    Resource(Resource),
    /// Nowhere in particular.
    #[default]
    Nowhere,
}

impl Place {
    /// A line of a file, in its whole length.
    pub fn line(path: impl Into<String>, line: u64, offset: u64, length: u64) -> Place {
        Place::Text { path: path.into(), region: Region { line, offset, length, ..Region::default() } }
    }

    /// The file, if it is in one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Place::Text { path, .. } | Place::File { path } => Some(path),
            Place::Resource(_) | Place::Nowhere => None,
        }
    }

    /// The characters, if they are known.
    pub fn region(&self) -> Option<&Region> {
        match self {
            Place::Text { region, .. } => Some(region),
            _ => None,
        }
    }

    /// The resource, if it is one.
    pub fn resource(&self) -> Option<&Resource> {
        match self {
            Place::Resource(resource) => Some(resource),
            _ => None,
        }
    }
}

/// As compilers write it: `file:line:column`; nothing for nowhere. Not escaped: renderers do that.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Text { path, region } => {
                write!(f, "{}:{}", shown(path), region.line)?;
                region.column.map_or(Ok(()), |column| write!(f, ":{column}"))
            }
            Place::File { path } => f.write_str(shown(path)),
            Place::Resource(resource) => resource.fmt(f),
            Place::Nowhere => Ok(()),
        }
    }
}

fn shown(path: &str) -> &str {
    if path == "-" { "(standard input)" } else { path }
}

/// Characters of a text. Offsets count the bytes of the text as it was read, after decompression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Region {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The character of that line it begins at, from 1, in Unicode code points.
    pub column: Option<u64>,
    /// The line it ends on; the same as `line` when absent.
    pub end_line: Option<u64>,
    /// The character after its last one, from 1, in Unicode code points of the last line.
    pub end_column: Option<u64>,
    /// The byte of the text it begins at, from 0.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
}

/// Something in a cloud account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// The account, e.g. `111122223333`.
    pub account: Option<String>,
    /// The Region, e.g. `eu-west-1`.
    pub region: Option<String>,
    /// What it is, e.g. `instance`, `launch-template`, `account-defaults`.
    pub kind: Cow<'static, str>,
    /// Its id, e.g. `i-0123456789abcdef0`.
    pub id: String,
}

/// `account/region/kind/id`; what is not known is left out.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.account, &self.region].into_iter().flatten() {
            write!(f, "{part}/")?;
        }
        write!(f, "{}/{}", self.kind, self.id)
    }
}
