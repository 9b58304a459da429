//! Infrastructure code as resources: values that may be unknown, each with its place.
//!
//! ```text
//! bytes ─▶ Sources ─▶ reader of a language (Terraform, CloudFormation, …) ─▶ Resource { kind, address, body: Value }
//!             ▲                                                                        │
//!             └───────────────── Span: file, bytes ◀── every Value has one ────────────┘
//! ```
//!
//! Three things can stand where a value is expected: a value, a [`Reference`] to what another resource has only once it
//! exists, and an [`Unknown`] with its reason. Nothing here guesses: an unknown condition makes what depends on it unknown.
//!
//! # Failure
//! Readers are total: what they cannot read becomes a [`Trouble`] with its place, and the rest goes on.

#![forbid(unsafe_code)]

mod resource;
mod source;
mod value;

pub use resource::{Language, Presence, Provider, Resource, Trouble, TroubleKind};
pub use source::{FileId, Position, Source, Sources, Span};
pub use value::{Entry, Kind, Reference, Unknown, Value, Why};
