//! Why a store cannot be had, read or written.

use redb::{CommitError, DatabaseError, StorageError, TableError, TransactionError};
use std::io;
use thiserror::Error;

/// Why a store cannot be had, read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has it, or another [`Store`](crate::Store) of this one.
    #[error("another run is using it")]
    InUse,
    /// It is a device, a pipe or the like, which nobody should delete for it.
    #[error("it is no regular file")]
    NoFile,
    /// The file is no store.
    #[error("the file is no store")]
    NoStore,
    /// It is a store of something else.
    #[error("it holds {}, not {wanted}", found.escape_debug())]
    Other {
        /// What it says that it holds.
        found: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// Its rows were written by another version.
    #[error("it has version {found}, this program reads version {wanted}")]
    Version {
        /// The version that stands in it.
        found: u32,
        /// The version that was asked for.
        wanted: u32,
    },
    /// The layout of its pages is that of another release of the database.
    #[error("its pages have layout {found}, which this program does not read")]
    Layout {
        /// The layout that stands in it.
        found: u8,
    },
    /// It was changed by something else, or storage lost a part of it.
    #[error("it is damaged: {what}")]
    Damaged {
        /// What does not fit.
        what: String,
    },
    /// The machine does not let it be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database does not go on after an earlier failure.
    #[error("the database does not go on")]
    Stopped(#[source] Box<redb::Error>),
}

impl StoreError {
    /// Whether what is in the file is the reason, so that only another file, or none, can help.
    pub fn is_about_contents(&self) -> bool {
        match self {
            StoreError::NoStore
            | StoreError::Other { .. }
            | StoreError::Version { .. }
            | StoreError::Layout { .. }
            | StoreError::Damaged { .. } => true,
            StoreError::InUse | StoreError::NoFile | StoreError::Io(_) | StoreError::Stopped(_) => false,
        }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        StoreError::Damaged { what: what.into() }
    }
}

impl From<StorageError> for StoreError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Corrupted(what) => StoreError::Damaged { what },
            StorageError::Io(error) => match error.kind() {
                io::ErrorKind::InvalidData => StoreError::NoStore,
                io::ErrorKind::UnexpectedEof => StoreError::damaged("it ends too early"),
                _ => StoreError::Io(error),
            },
            other => StoreError::Stopped(Box::new(other.into())),
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => StoreError::InUse,
            DatabaseError::UpgradeRequired(found) => StoreError::Layout { found },
            DatabaseError::Storage(error) => error.into(),
            other => StoreError::Stopped(Box::new(other.into())),
        }
    }
}

impl From<TableError> for StoreError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            // Tables of other types than those of this crate.
            other => StoreError::damaged(other.to_string()),
        }
    }
}

impl From<TransactionError> for StoreError {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Storage(error) => error.into(),
            other => StoreError::Stopped(Box::new(other.into())),
        }
    }
}

impl From<CommitError> for StoreError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Storage(error) => error.into(),
            other => StoreError::Stopped(Box::new(other.into())),
        }
    }
}
