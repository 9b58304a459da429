//! YAML and JSON texts as [`Value`](onehop_code::Value)s with the place of each.
//!
//! ```text
//! text ─┬─ `{` or `[` first ─▶ json::Reader ─▶ tree ──┬─▶ Documents { values, troubles }
//!       └─ else ─▶ YAML events ─▶ tags, anchors, `<<` ─┘
//!             └─ `{{ … }}` outside strings ─▶ template: actions blanked out, read again, what they touch is unknown
//! ```
//! ```
//! use onehop_code::Sources;
//! use onehop_document::{Options, read};
//! let mut sources = Sources::default();
//! let file = sources.add("a.yaml", b"Image: !Ref Latest\nHops: 2\n");
//! let read = read(file, sources.of(file), &Options::default());
//! let value = &read.documents[0];
//! assert_eq!(value.path(&["Image", "!Ref"]).and_then(|it| it.as_str()), Some("Latest"));
//! assert_eq!(sources.text(value.path(&["Hops"]).and_then(|it| it.span).unwrap()), "2");
//! ```
//!
//! - A tag of an application, `!Ref X`, becomes a map of one entry, `{"!Ref": X}`; the entry's key has the place of the tag.
//! - A value behind an alias is at the alias and has its origin at the anchor; what is inside of it, and what a merge
//!   key (`<<`) brings, is where it is written.
//! - Scalars without quotes are what YAML 1.1 or 1.2 says ([`Booleans`]); the text as written is at the span.
//! - A block of text (`|`, `>`) has the place of its lines, without the sign before them.
//! - Of two entries of one name both are kept, the later one holds ([`Value::get`](onehop_code::Value::get)).
//!
//! # Failure
//! Reading is total and bounded ([`Limits`]). Where a text breaks there is a [`Trouble`](onehop_code::Trouble) with its
//! place, what was open is closed, and YAML goes on with the next document. Nothing here panics on any text.

#![forbid(unsafe_code)]

pub mod json;
mod limits;
mod read;
mod yaml;

pub use json::{parse_json, parse_json_where};
pub use limits::{Booleans, Limits, Options};
pub use read::{Documents, read};
pub use yaml::parse_yaml;
