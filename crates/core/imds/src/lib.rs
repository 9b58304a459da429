//! The protocol of the EC2 instance metadata service, versions 1 and 2.
//!
//! Pure: no I/O, no clock, no randomness of its own. The service, the guard and the watcher classify with the
//! same code, so that a request is read one way everywhere.
//!
//! ```text
//! method, target, headers
//!        │
//!        ├─ path::MetadataPath::parse ──▶ one canonical form, for policy and for upstream alike
//!        ├─ headers::{session, token_ttl, forwarding} ──▶ duplicates and letter case decided once
//!        ▼
//! request::Request::classify ──▶ token request │ v1 read │ v2 read │ another cloud's probe │ other
//!        │
//!        ├─ gate::admit (the service's own rules) ──▶ Permit<Admitted> │ Denied(code)
//!        ▼
//! answer::Answer ──render──▶ http::Response with exact bodies and header order
//! ```
//!
//! Every function here is total: strangers' bytes lead to a typed error, never to a panic.

#![forbid(unsafe_code)]

pub mod answer;
pub mod credentials;
pub mod gate;
pub mod headers;
pub mod path;
pub mod request;
pub mod time;
pub mod token;
pub mod version;
