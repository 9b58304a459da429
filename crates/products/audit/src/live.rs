//! Accounts: what a snapshot says about everything that runs, and everything that can start something.
//!
//! ```text
//! Snapshot ─▶ Scope of a region: templates, images, groups, defaults by name
//!                │
//!                ├─ what exists       instance, Lightsail          what was read is in effect
//!                ├─ what starts       template version, group, configuration, node group, fleet, build, image
//!                │                      └─ resolved level by level, through the version that is really used
//!                └─ what has a switch notebook, EMR, Beanstalk, AppStream
//!                ▼
//!            Subject: verdict, every option with its level, the chain that leads to it, where to repair it,
//!                     who can reach it, what its role may do, whether IMDSv1 is used, what hop limit it needs
//! ```
//! One row of the table above is one function; nothing is kept between regions, so that memory is that of the snapshot.
//!
//! # Failure
//! Evaluation is total. What a call did not answer is unknown with the call's name and error, and [`gaps`] lists every call
//! that failed.

mod consumers;
mod delivered;
mod diff;
mod evaluate;
mod findings;
mod instance;
mod join;
mod launch;
mod owner;
mod repair;
mod scope;
mod services;
mod subject;
mod surround;
mod template;
mod ways;

pub use delivered::{Calls, Delivered};
pub use diff::{Brief, Change, Diff, Direction, diff};
pub use evaluate::{Evaluation, Gap, Tally, evaluate, evaluate_with, gaps};
pub use findings::{findings, policy_findings};
pub use join::CodeIndex;
pub use owner::Owner;
pub use subject::{Action, Key, Kind, Link, Repair, Subject};
