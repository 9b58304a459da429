//! The guard: a local service that stands between processes and the metadata service.
//!
//! ```text
//! connection ──admit──▶ who: uid by sock_diag, remote address, or unknown
//!      │
//!      ▼
//! request ──classify──▶ gate: form, path, Host, forwarding, caller, rate, method, body, token ──▶ Permit<Admitted>
//!                          │                                                                        │
//!                          └──▶ Denied(code) ──▶ refusal that does not downgrade clients            │
//!                                                                                                   ▼
//!             IssueToken ─▶ a token of the guard's own, bound to the caller        Read ─▶ policy ─▶ Permit<Forward>
//!                                                                                                   │
//!                                          kept answer, or one shared upstream read ◀───────────────┘
//! every decision ──▶ journal, counter
//! ```
//!
//! The upstream sees requests that the guard writes itself from the canonical path; nothing else of the client's
//! request is passed on. Real tokens never leave the guard. What fails is denied with a code of its own.

#![deny(unsafe_code)]

mod admission;
pub mod caller;
pub mod counters;
pub mod gate;
pub mod host;
pub mod policy;
pub mod refusal;
mod service;
pub mod upstream;

pub use admission::{Limit, Limits};
pub use service::{Guard, Settings};
