//! Finds every place in infrastructure code and accounts that still allows IMDSv1, with the value that really applies.
//!
//! ```text
//! paths ─▶ iac::discover ─▶ jobs ─▶ reader of the language ─▶ Resource ─▶ iac::site: what it says about metadata options
//!                                                                            ▼
//!                           finding ◀─ iac::judge ◀─ core/posture: effective value ◀─ iac::link: template, account, image
//! ```
//!
//! # Failure
//! What cannot be read is a finding or a loss with its place; what cannot be known is a finding with its reason. Nothing
//! passes because nobody could tell.

#![forbid(unsafe_code)]

mod exception;
pub mod iac;
pub mod live;
pub mod patch;
pub mod rules;

pub use onehop_posture::Level;
