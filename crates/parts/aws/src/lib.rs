//! A thin signed client for the operations of AWS that Onehop uses.
//!
//! ```text
//! Keys (chain of aws-config, roles) ─▶ Client ─call, pages─▶ pace ▶ sign (aws-sigv4) ▶ HTTPS ▶ read (quick-xml, serde)
//! ```
//!
//! The crates of the SDK for the same services take minutes and gigabytes to build; these are the few operations and
//! fields that matter here. [`Action`] is the table of all of them, [`policy`] the permissions that follow from it.
//!
//! ```no_run
//! # async fn example() -> Result<(), onehop_aws::CallError> {
//! use onehop_aws::{Client, Keys, Settings, ops::instances::DescribeInstances};
//! let keys = Keys::chain(&onehop_aws::ChainSettings::default(), "eu-west-1").await;
//! let client = Client::new(keys, "eu-west-1", Settings::default());
//! client.pages(DescribeInstances::default(), |page| drop(page.instances)).await?;
//! # Ok(()) }
//! ```
//!
//! # Failure
//! A call that fails is a [`CallError`] with operation, region, code and [`Problem`]. What may pass is tried again with
//! growing random waits, within bounds; answers, pages and times are bounded by [`Settings`]. Nothing secret is in an
//! error or in `Debug`.

#![forbid(unsafe_code)]

mod action;
mod client;
mod collect;
mod error;
mod fault;
mod keys;
pub mod ops;
mod pace;
mod policy;
mod request;
mod service;
mod settings;
mod sign;
mod transport;
mod xml;

pub use action::{Action, Purpose};
pub use client::{Client, Operation, Paged};
pub use collect::{Accounts, Event, NoProgress, Plan, Progress, Topic, collect};
pub use error::{CallError, Problem, Unreadable};
pub use keys::{ChainSettings, Keys, configured_region};
pub use policy::{Mode, policy};
pub use request::{Filter, Request};
pub use service::{Partition, Protocol, Service};
pub use settings::Settings;
