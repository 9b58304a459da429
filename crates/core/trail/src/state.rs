//! What is remembered between records, and between runs.
//!
//! A plain value: serialise it, keep it anywhere, and go on with it. Every table has a bound; when one is full, the rows
//! that were touched least recently (by the time of events, not of reading) leave, and are counted.
//!
//! | table | key | holds | a row, about |
//! |---|---|---|---|
//! | sessions | ARN of the session | sources, tools, calls, delivery | 0.5 to 2 KB |
//! | instances | id | own addresses, metadata options | 0.2 KB |
//! | addresses | account and address, or VPC endpoint | whose it is | 0.1 KB |
//! | templates | account and id or name of a launch template | options of its versions | 0.2 KB |
//! | defaults | account and Region | metadata defaults | 0.1 KB |
//!
//! # Failure
//! A state comes from a file that anybody may have changed: its counts stop at their end. A state of another version, or one that is no state, is refused by [`State::parse`].

mod book;
mod instance;
mod session;
mod table;

pub(crate) use book::Address;
pub(crate) use instance::{Instance, Known, TemplateRow};
pub(crate) use session::{Count, Session, Source};
pub(crate) use table::Table;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The version of the format that this crate writes and reads.
pub const STATE_VERSION: u32 = 1;

/// What is remembered. See the [module](self).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    version: u32,
    pub(crate) sessions: Table<Session>,
    pub(crate) instances: Table<Instance>,
    pub(crate) addresses: Table<Address>,
    pub(crate) templates: Table<TemplateRow>,
    pub(crate) defaults: Table<Known>,
}

/// A state that cannot be gone on with.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// It was written by another version.
    #[error("state has version {found}, this program reads version {STATE_VERSION}")]
    Version {
        /// The version that stands in it.
        found: u32,
    },
    /// It is no state.
    #[error("state cannot be read")]
    Malformed(#[from] serde_json::Error),
}

/// Rows that each table may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Sessions. Default 1,000,000.
    pub sessions: usize,
    /// Instances. Default 1,000,000.
    pub instances: usize,
    /// Addresses and VPC endpoints. Default 1,000,000.
    pub addresses: usize,
    /// Launch templates. Default 100,000.
    pub templates: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { sessions: 1_000_000, instances: 1_000_000, addresses: 1_000_000, templates: 100_000 }
    }
}

impl Default for State {
    fn default() -> Self {
        State {
            version: STATE_VERSION,
            sessions: Table::default(),
            instances: Table::default(),
            addresses: Table::default(),
            templates: Table::default(),
            defaults: Table::default(),
        }
    }
}

impl State {
    /// Reads what [`State::render`] wrote.
    ///
    /// # Errors
    /// The text is not JSON, not a state, or of another version.
    pub fn parse(text: &[u8]) -> Result<State, StateError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let head: Head = serde_json::from_slice(text)?;
        if head.version != STATE_VERSION {
            return Err(StateError::Version { found: head.version });
        }
        Ok(serde_json::from_slice(text)?)
    }

    /// The state as JSON.
    ///
    /// # Errors
    /// None that is known: every value here can be written.
    pub fn render(&self) -> Result<String, StateError> {
        Ok(serde_json::to_string(self)?)
    }

    /// Sessions that are remembered.
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Rows that left full tables, ever.
    pub fn forgotten(&self) -> u64 {
        [
            self.sessions.forgotten(),
            self.instances.forgotten(),
            self.addresses.forgotten(),
            self.templates.forgotten(),
            self.defaults.forgotten(),
        ]
        .into_iter()
        .fold(0, u64::saturating_add)
    }

    pub(crate) fn bound(&mut self, bounds: &Bounds) {
        self.sessions.bound(bounds.sessions);
        self.instances.bound(bounds.instances);
        self.addresses.bound(bounds.addresses);
        self.templates.bound(bounds.templates);
        self.defaults.bound(bounds.templates);
    }
}
