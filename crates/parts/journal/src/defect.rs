//! What can be wrong with a journal. Found by reading a line, by opening a file, and by verification.

use crate::hash::Hash;
use crate::record::LINE_MAX_BYTES;

/// What is wrong with a line, or with its place among the others.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// There is nothing to verify.
    #[error("there is no journal file")]
    NoFile,
    /// The file could not be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// A journal file holds at least its head record.
    #[error("the file is empty")]
    Empty,
    /// Longer than [`LINE_MAX_BYTES`].
    #[error("the line is longer than {LINE_MAX_BYTES} bytes")]
    TooLong,
    /// The file does not end with a line feed.
    #[error("the line is cut off")]
    Unfinished,
    /// Not a sealed record.
    #[error("the line is not a journal record")]
    Shape,
    /// The line is not the one that was sealed.
    #[error("the line does not match its hash: it was changed")]
    Hash,
    /// A version of the format that is not known here.
    #[error("the record has version {0}, only version 1 is known")]
    Version(u64),
    /// The first line of a file is no head record.
    #[error("the file does not begin with a head record")]
    HeadMissing,
    /// A head record inside a file.
    #[error("a head record stands inside a file")]
    HeadMisplaced,
    /// The line names another predecessor than the line before it.
    #[error("the line does not follow the line before it: something was removed, inserted or moved")]
    Link,
    /// The sequence number is not one more than that of the line before.
    #[error("the sequence number is {found}, expected {expected}")]
    Sequence {
        /// One more than the line before.
        expected: u64,
        /// What the line says.
        found: u64,
    },
    /// The expected head does not appear.
    #[error("no record has the expected head `{0}`: the end was removed, or it is another journal")]
    ExpectedHead(Hash),
}
