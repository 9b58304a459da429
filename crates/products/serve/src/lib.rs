//! The metadata service without a cloud: both versions of the protocol, a complete tree, rotating credentials.
//!
//! ```text
//! options ─┐
//! tree ────┼─▶ Service ◀── onehop-server: listeners, limits
//! source ──┘      │
//!                 └─▶ counters ──▶ control port
//! ```
//!
//! What a request may do is decided by `onehop-imds`; this crate holds what the answers are made of. It fails at
//! start only: a tree file that is wrong, a key that cannot be read. Afterwards every request has an answer.

#![deny(unsafe_code)]

pub mod counters;
pub mod credentials;
pub mod identity;
pub mod options;
mod service;
pub mod tree;

pub use options::{HopLimit, Options};
pub use service::{Played, Service};
