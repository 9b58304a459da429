//! Labelled log lines to measure detectors with.
//!
//! ```text
//! targets × spellings × shapes × encodings × carriers × paths × formats ─▶ attempts ─┐
//!                                                                                    ├─ generate ─▶ lines + labels
//! kinds of harmless lines × formats ─────────────────────────────────────▶ benign ───┘                    │
//!                                                                             line numbers of a detector ─┤
//!                                                                                            evaluate ◀───┘
//!                                                                    recall by group, false alarms, misses
//! ```
//! What is an attempt is decided when a line is made, from the catalogue of [`onehop_address`] alone. No detector has
//! a say: this crate depends on none.
//!
//! Everything is pure and follows from a seed; what is written goes to the writer that the caller gives.
//!
//! # Failure
//! [`generate`] and [`plain_log`] fail when the writer does. [`evaluate::Truth::read_line`] fails on a label line that
//! it cannot read. Nothing else fails.

#![forbid(unsafe_code)]

pub mod attempt;
pub mod benign;
pub mod carrier;
mod dice;
pub mod encoding;
pub mod evaluate;
pub mod format;
pub mod path;
mod plain;
pub mod plan;
mod request;
pub mod shape;
pub mod spelling;
pub mod target;

pub use attempt::{Attempt, Label, attempts};
pub use plain::{PlainLog, SHARE_OF_PERCENT_LINES, plain_log};
pub use plan::{Plan, Record, Written, generate};
