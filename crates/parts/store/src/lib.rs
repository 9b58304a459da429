//! Rows by table and key in one file, changed by durable transactions: an embedded database behind a narrow door.
//!
//! ```text
//! open ─▶ lock ─▶ every page checked ─▶ contents and version ─▶ Store ─┬─ each ──▶ all rows, once
//!   │      │            │                       │                      ╰─ write ─▶ changes, one transaction, on disk
//!   ╰──────┴────────────┴───────────────────────┴─▶ StoreError
//! ```
//! | table | key | value |
//! |---|---|---|
//! | `meta` | `contents` | the words of [`Contents`] |
//! | `meta` | `version` | a decimal number |
//! | any other | UTF-8 | bytes of the caller |
//!
//! ```
//! use onehop_store::{Change, Contents, Store, StoreError};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("made-up.db");
//! const CONTENTS: Contents = Contents { what: "made-up rows", version: 1 };
//! let store = Store::open(&path, CONTENTS)?;
//! store.write([Change { table: "colours", key: "sky", value: Some(b"blue".to_vec()) }])?;
//! drop(store);
//! let mut rows = Vec::new();
//! Store::open(&path, CONTENTS)?.each(|table, key, value| {
//!     rows.push(format!("{table} {key} {}", value.escape_ascii()));
//!     Ok::<(), StoreError>(())
//! })?;
//! assert_eq!(rows, ["colours sky blue"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Failure
//! A process that is killed, or a disk that is full, leaves what the last transaction left. One process at a time has the
//! file: another is refused with [`StoreError::InUse`] at once. A file that holds something else, another version, or was
//! changed by anything but this crate is refused; [`StoreError::is_about_contents`] tells such errors from those of the
//! machine. An empty file is a store without rows. The file is for its owner alone.

#![forbid(unsafe_code)]

mod error;
mod store;

pub use error::StoreError;
pub use store::{Change, Contents, Store};
