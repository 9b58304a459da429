//! Reads CloudTrail records for what they say about the credentials of instances: how they were delivered, who uses
//! them, and who lets IMDSv1 back in.
//!
//! ```text
//! text ──records──▶ bytes of a record ──prefilter──▶ most are done with, unparsed
//!                                        └─▶ facts ──in order of time──▶ Trail: rules and state ──▶ Finding
//! ```
//! ```
//! use onehop_trail::{Settings, Trail};
//! let text = br#"{"Records":[{"eventTime":"2026-01-02T03:04:05Z","eventSource":"ec2.amazonaws.com",
//!     "eventName":"ModifyInstanceMetadataOptions","awsRegion":"us-east-1","recipientAccountId":"111122223333",
//!     "requestParameters":{"ModifyInstanceMetadataOptionsRequest":
//!         {"InstanceId":"i-0123456789abcdef0","HttpTokens":"optional"}}}]}"#;
//! let (mut trail, mut found) = (Trail::new(Settings::default()), Vec::new());
//! trail.read(0, text, &mut |finding| found.push(finding));
//! trail.finish(&mut |finding| found.push(finding));
//! assert_eq!(found[0].rule.id(), "TRAIL-TOKENS-OPTIONAL");
//! ```
//!
//! # Rules
//! [`Rule`] has them all. `TRAIL-V1-DELIVERY` is an inventory ([`Trail::inventory`]); `TRAIL-ELSEWHERE` weighs where and how
//! credentials of an instance are used ([`elsewhere`]); the others judge calls that change metadata options by their
//! value.
//!
//! Requests to the metadata service itself are in no record: `MetadataNoToken` and `MetadataNoTokenRejected` are metrics
//! of CloudWatch. [`blind_spots`] says what else is not seen.
//!
//! # Failure
//! Reading is total: what is broken or no record is counted in [`Tally`] and passed over. Nothing here panics on any
//! input, does I/O or reads a clock; memory is bounded by [`Settings`].

#![forbid(unsafe_code)]

mod blind;
mod deliveries;
pub mod details;
mod downgrade;
pub mod elsewhere;
pub mod facts;
mod finding;
mod inventory;
mod moment;
pub mod prefilter;
mod reader;
pub mod records;
mod rule;
pub mod state;
mod trail;

pub use blind::{BlindSpot, blind_spots};
pub use deliveries::Delivered;
pub use facts::{Facts, Place};
pub use finding::{Evidence, Finding};
pub use inventory::{Row, Use};
pub use moment::Moment;
pub use reader::TrailReader;
pub use rule::{About, Rule, Severity};
pub use state::{Bounds, KeptRow, STATE_VERSION, State, StateError};
pub use trail::{Settings, Tally, Trail, read_record};
