//! What accounts say about everything that can start an instance: the model of a snapshot, and its file.
//!
//! ```text
//! Snapshot ── Header ── logs of CloudTrail
//!    └─ Account ── calls, roles, policies around it
//!          └─ Region ── calls, defaults, security groups, role deliveries
//!                ├─ Instance            ├─ NodeGroup          ├─ LightsailInstance
//!                ├─ LaunchTemplate      ├─ ContainerInstance  ├─ EmrConfiguration, EmrCluster
//!                ├─ Group               ├─ Environment        ├─ BuildConfiguration
//!                ├─ LaunchConfiguration ├─ Notebook           ├─ Stream
//!                └─ Image               └─ Consumer           └─ …
//! ```
//! Values are kept as the API spelled them ([`Word`]); what they mean is for [`onehop_posture`] to say. Three things are
//! kept apart everywhere: a call that was answered with nothing, one that failed, and one that was not made ([`Call`]).
//!
//! A snapshot holds no secret: user data is read for a few signs ([`UserData`]) and not kept, nor are policies' texts.
//!
//! The file is JSON Lines: a head, then accounts, regions and items, one a line ([`mod@file`]).
//!
//! # Failure
//! Reading is total: a line that cannot be read is a [`file::Problem`], and the rest goes on. A file of another version is
//! refused as a whole.

#![forbid(unsafe_code)]

mod calls;
pub mod file;
mod instance;
mod launch;
mod place;
mod record;
mod services;
mod tags;
mod trail;
mod userdata;
mod word;

pub use calls::{Call, Outcome};
pub use instance::{Instance, MetadataOptions, Metric, Operator};
pub use launch::{
    Group, GroupMember, GroupSource, Image, LaunchConfiguration, LaunchTemplate, Override, TemplateSpec,
    TemplateVersion,
};
pub use place::{
    Account, AccountDefaults, Header, OpenPort, OrgPolicy, Region, Role, RoleDelivery, SecurityGroup,
    Snapshot,
};
pub use services::{
    BuildConfiguration, Consumer, ContainerInstance, EmrCluster, EmrConfiguration, Environment,
    LightsailInstance, NodeGroup, Notebook, Stream,
};
pub use tags::Tags;
pub use trail::TrailLogs;
pub use userdata::UserData;
pub use word::Word;
