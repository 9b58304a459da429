//! What the metadata options of an instance come out as, which level decides each of them, and what that means.
//!
//! ```text
//!               tokens   hop limit   endpoint   tags      IPv6
//!   request       ▼          ▼          ▼         ▼         ▼      what the launch itself says
//!   template      ▼          ▼          ▼         ▼         ▼      the launch template that it names
//!   account       ▼          ▼          ▼         ▼         ╎      defaults of account and region
//!   image      required      2          ╎         ╎         ╎      only where `ImdsSupport` is `v2.0`
//!   built-in   optional      1       enabled  disabled  disabled
//!                 │
//!                 ▼ gate: where tokens are enforced and come out as anything but required, the launch fails
//! ```
//! The first level that says something decides, for each option on its own (EC2 User Guide, *Configure instance metadata
//! options*). Every level may be unknown: then the option is unknown unless a level above decides it.
//!
//! ```
//! use onehop_posture::{ImageSupport, Layers, Level, Setting, Tokens, Verdict, resolve};
//! let mut layers = Layers { image: ImageSupport::V2, ..Layers::default() };
//! assert_eq!(resolve(&layers).verdict(), Verdict::RequiredInherited(Level::Image));
//! layers.account.tokens = Setting::Set(Tokens::Optional);
//! assert_eq!(resolve(&layers).verdict(), Verdict::OptionalInherited(Level::Account));
//! ```
//!
//! # Failure
//! Everything here is total and pure. What cannot be known stays unknown with its reason; it is never taken for a value.

#![forbid(unsafe_code)]

mod explain;
pub mod hop;
mod layers;
mod level;
mod options;
pub mod policy;
mod resolve;
pub mod risk;
mod setting;
mod verdict;

pub use hop::{ContainerEvidence, Containers, HopAction, HopAdvice, Sign};
pub use layers::{ImageSupport, Layers};
pub use level::Level;
pub use options::{Field, HopLimit, NoHopLimit, Options, Switch, Tokens};
pub use resolve::{Effective, Gate, Resolved, resolve};
pub use risk::{Reach, Risk, RolePower, Usage};
pub use setting::{Setting, Text};
pub use verdict::{Severity, Verdict, Why};
