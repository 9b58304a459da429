//! A pretended organization of AWS on loopback, with the semantics that matter for metadata options.
//!
//! ```text
//! scenario (YAML, JSON) ─▶ World ─▶ accounts ─▶ regions: templates, groups, images, defaults, instances
//!                                      ▲
//! HTTP ─▶ authorization: key ─▶ account, region, service ─▶ throttle, failures of the scenario ─▶ operation
//! ```
//!
//! What emulators leave out is here: a launch is resolved through request, template, account default and image
//! (by `onehop-posture`), changes of an instance are partial and first pending, template versions inherit from their
//! source, enforcement refuses launches and the way back to IMDSv1, policies of the organization keep accounts from
//! changing defaults, the two metrics of requests without a token exclude each other, no data is not zero.
//!
//! ```
//! use onehop_fake_aws::{FakeAws, Scenario};
//! let scenario = Scenario::parse("accounts: [{ id: '111122223333', regions: { eu-west-1: {} } }]")?;
//! let fake = FakeAws::start("127.0.0.1:0".parse()?, scenario)?;
//! assert!(fake.endpoint_url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Failure
//! A scenario that contradicts itself does not start. Requests are answered as AWS would: with errors in the shape of
//! the service. Codes of errors that AWS does not document (enforcement, declarative policies) are ours.

#![forbid(unsafe_code)]

mod answer;
mod auth;
mod fleet;
mod options;
mod place;
mod request;
pub mod scenario;
mod server;
mod services;
mod world;

pub use scenario::{Scenario, ScenarioError};
pub use server::{FakeAws, Handle, StartError};
