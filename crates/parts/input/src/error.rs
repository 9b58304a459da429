//! Why a source gives no text at all.

use std::{io, path::PathBuf};

/// A place that cannot be opened, or that names nothing. What goes wrong later is a [`crate::Loss`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The operating system says no.
    #[error("cannot read `{}`", path.display())]
    Open {
        /// What was to be read.
        path: PathBuf,
        /// Its answer.
        #[source]
        source: io::Error,
    },
    /// A symbolic link leads back to a directory that it is in.
    #[error("`{}` leads back to `{}`", path.display(), ancestor.display())]
    Loop {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        ancestor: PathBuf,
    },
    /// A socket, pipe or device found in a directory. Named on the command line it would be read.
    #[error("`{}` is not a file; name it to have it read", path.display())]
    Special {
        /// What it is.
        path: PathBuf,
    },
    /// A directory where a file was expected.
    #[error("`{}` is a directory", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// A pattern that cannot be read.
    #[error("`{pattern}` is not a valid pattern")]
    Pattern {
        /// As given.
        pattern: String,
        /// Where it goes wrong.
        #[source]
        source: glob::PatternError,
    },
    /// A pattern, a directory or a prefix that holds no file.
    #[error("`{place}` matches no file")]
    Nothing {
        /// As given.
        place: String,
    },
    /// Something that cannot be followed: it is no file, or it was plain text and is no more.
    #[error("`{place}` cannot be followed, only files can")]
    Unfollowed {
        /// What it is.
        place: String,
    },
    /// A place in an object store, and why it is of no use.
    #[error("cannot read `{place}`: {detail}")]
    Object {
        /// As given.
        place: String,
        /// The store's answer.
        detail: String,
    },
}
