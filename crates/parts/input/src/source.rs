//! Where text comes from, and what it is called in a report.

use std::{fmt, fmt::Write as _, path::PathBuf, sync::Arc};

/// Something to read, as [`crate::expand`] found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its number in the order of the command line, from 0.
    pub index: usize,
    /// Where it is.
    pub place: Place,
    /// Its size in bytes where that is known.
    pub size: Option<u64>,
}

impl Source {
    /// What it is called.
    pub fn name(&self) -> SourceName {
        match &self.place {
            Place::Stdin => SourceName::new(b"-"),
            Place::File(path) | Place::Part { path, .. } => {
                SourceName::new(path.as_os_str().as_encoded_bytes())
            }
            #[cfg(feature = "object-store")]
            Place::Object { bucket, key } => SourceName::new(format!("s3://{bucket}/{key}").as_bytes()),
        }
    }
}

/// Where a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Standard input, written `-`.
    Stdin,
    /// A file, or anything else with a path that can be read: a pipe, `/dev/fd/63`.
    File(PathBuf),
    /// Some lines of a plain file, as [`crate::split`] makes them.
    Part {
        /// The file.
        path: PathBuf,
        /// Where the lines begin, in bytes.
        start: u64,
        /// Where they end.
        end: u64,
    },
    /// An object in an S3 bucket, written `s3://BUCKET/KEY`.
    #[cfg(feature = "object-store")]
    Object {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
}

/// The name of a text: a path, and the members that lead to it, such as `logs.zip:inner/access.log.gz`.
///
/// Fit to be printed: what is not UTF-8 is replaced, control characters are escaped, and the name of a member is cut
/// at 4096 bytes. A terminal or a line-based format cannot be confused by the names in a stranger's archive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceName(Arc<str>);

const MEMBER_NAME_MAX_BYTES: usize = 4096;

impl SourceName {
    /// The name of a source, of any bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let mut name = String::with_capacity(bytes.len());
        push_printable(&mut name, bytes);
        Self(name.into())
    }

    /// The name of a member of this archive.
    #[must_use]
    pub fn member(&self, bytes: &[u8]) -> Self {
        let mut name = String::with_capacity(self.0.len() + bytes.len() + 1);
        name.push_str(&self.0);
        name.push(':');
        push_printable(&mut name, &bytes[..bytes.len().min(MEMBER_NAME_MAX_BYTES)]);
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn push_printable(name: &mut String, bytes: &[u8]) {
    for character in String::from_utf8_lossy(bytes).chars() {
        if character.is_control() {
            // A String takes everything.
            let _ = write!(name, "\\u{{{:x}}}", u32::from(character));
        } else {
            name.push(character);
        }
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
