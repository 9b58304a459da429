//! What a line of a log is: which format, which fields, and how the log itself escaped each field.
//!
//! ```text
//! sample ──recognise──▶ Layout ◀──header── #Fields: …
//!                         │
//! line ─────────────────read──▶ Record { time, source, method, status, size, host, fields }
//!                         │ no                                                       │
//!                         └──▶ one field, the whole line       name, kind, raw, at, value
//! ```
//! A [`Field`] keeps the bytes as they stand in the line ([`Field::raw`], [`Field::at`]) and as they were before the
//! log wrote them ([`Field::value`]): one layer is undone, the log's own. Whatever layers a sender added stay. What
//! kind of place a field is, is its [`Kind`]; what a format cannot show at all is told by [`blind_spots`].
//!
//! ```
//! use onehop_logs::{Kind, Layout, Record};
//!
//! let line = br#"192.0.2.7 - - [12/Mar/2025:08:15:30 +0000] "GET /a\x22b HTTP/1.1" 200 0 "-" "curl/8.5.0""#;
//! let layout = Layout::recognise(line);
//! let mut record = Record::default();
//! assert!(layout.read(line, &mut record));
//! assert_eq!(record.status, Some(200));
//! let request = record.fields.iter().find(|field| field.kind == Kind::Request).expect("a request line");
//! assert_eq!(request.raw, br"GET /a\x22b HTTP/1.1");
//! assert_eq!(request.value.as_ref(), b"GET /a\"b HTTP/1.1");
//! assert_eq!(request.at, 44);
//! ```
//!
//! # Failure
//! Any bytes of any length are answered: no panic, linear time, at most [`FIELDS_MAX`] fields. A line that is not of the
//! layout is said to be none, and [`Layout::read_or_text`] gives it whole. Nothing that a sender can write is dropped: what
//! belongs to no field is delivered in one named `rest`, what a collector put before the line in one named `prefix`.

#![forbid(unsafe_code)]

mod blind;
mod column;
mod columns;
mod dialect;
mod format;
mod json;
mod kind;
mod known;
mod layout;
mod name;
mod object;
mod pattern;
mod prefix;
mod preset;
mod recognise;
mod record;
mod request;
mod schema;
mod time;
mod unescape;
mod zeek;

pub use blind::blind_spots;
pub use format::Format;
pub use kind::Kind;
pub use layout::{Layout, LayoutError};
pub use record::{FIELDS_MAX, Field, Record};
pub use request::{RequestLine, request_line};
pub use time::Time;
