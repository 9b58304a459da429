//! Decisions as values.
//!
//! An allow is a [`Permit`], which the code that acts must hold and consume; a denial is a [`Denied`], which
//! carries exactly one [`Code`]. The same code appears in the journal, the metrics, the command line and the
//! documentation.
//!
//! ```text
//! bytes ──parse──▶ facts ──check──▶ Result<Permit<T>, Denied> ──▶ act(permit)
//!                                            │
//!                                            └──▶ journal, counter (one code)
//! ```
//!
//! Nothing here fails: the types only carry what a checker found.

#![forbid(unsafe_code)]

mod code;
mod permit;
mod secret;

pub use code::{Area, Code};
pub use permit::{Checker, Denied, Permit};
pub use secret::Secret;
