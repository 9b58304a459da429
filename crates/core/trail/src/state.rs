//! What is remembered between records, and between runs.
//!
//! A plain value that tells its rows and takes them back, so that any store of tables, keys and bytes can keep it:
//! ```text
//! store ──rows──▶ State::take ─▶ Trail: touched, made, left ─▶ State::changes ──a few rows──▶ store
//! ```
//! Every table has a bound; when one is full, the rows that were touched least recently (by the time of events, not of
//! reading) leave, and are counted.
//!
//! | table | key | holds | a row, about |
//! |---|---|---|---|
//! | sessions | ARN of the session | sources, tools, calls, delivery | 0.5 to 2 KB |
//! | instances | id | own addresses, metadata options | 0.2 KB |
//! | addresses | account and address, or VPC endpoint | whose it is | 0.1 KB |
//! | templates | account and id or name of a launch template | options of its versions | 0.2 KB |
//! | defaults | account and Region | metadata defaults | 0.1 KB |
//! | forgotten | name of a table | how many rows left it, ever | a number |
//!
//! # Failure
//! Rows come from a file that anybody may have changed: counts stop at their end, and a row that is none is refused by
//! [`State::take`] with its name. Whoever keeps rows keeps [`STATE_VERSION`] with them, and gives back no others.

mod book;
mod instance;
mod kept;
mod session;
mod table;

pub(crate) use book::Address;
pub(crate) use instance::{Instance, Known, TemplateRow};
pub use kept::KeptRow;
pub(crate) use session::{Count, Session, Source};
pub(crate) use table::Table;

use kept::Which;
use thiserror::Error;

/// The version of the rows that this crate tells and takes.
pub const STATE_VERSION: u32 = 2;

const SESSIONS: &str = "sessions";
const INSTANCES: &str = "instances";
const ADDRESSES: &str = "addresses";
const TEMPLATES: &str = "templates";
const DEFAULTS: &str = "defaults";
const FORGOTTEN: &str = "forgotten";

/// What is remembered. See the [module](self).
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(crate) sessions: Table<Session>,
    pub(crate) instances: Table<Instance>,
    pub(crate) addresses: Table<Address>,
    pub(crate) templates: Table<TemplateRow>,
    pub(crate) defaults: Table<Known>,
}

/// A row that cannot be gone on with.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// It is of a table that no state has.
    #[error("a state has no table `{}`", table.escape_debug())]
    Table {
        /// The name of the table.
        table: String,
    },
    /// It is no row of its table.
    #[error("row `{}` of table `{table}` cannot be read", key.escape_debug())]
    Row {
        /// The name of the table.
        table: &'static str,
        /// The key of the row.
        key: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
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

impl State {
    /// Takes a row that [`State::rows`] or [`State::changes`] told once, before anything is judged.
    ///
    /// # Errors
    /// No state has such a table, or the bytes are no row of it.
    pub fn take(&mut self, table: &str, key: &str, value: &[u8]) -> Result<(), StateError> {
        let (table, taken) = match table {
            SESSIONS => (SESSIONS, self.sessions.take(key, value)),
            INSTANCES => (INSTANCES, self.instances.take(key, value)),
            ADDRESSES => (ADDRESSES, self.addresses.take(key, value)),
            TEMPLATES => (TEMPLATES, self.templates.take(key, value)),
            DEFAULTS => (DEFAULTS, self.defaults.take(key, value)),
            FORGOTTEN => {
                (FORGOTTEN, serde_json::from_slice(value).map(|count| self.take_forgotten(key, count)))
            }
            other => return Err(StateError::Table { table: other.to_owned() }),
        };
        taken.map_err(|source| StateError::Row { table, key: key.to_owned(), source })
    }

    /// What was touched or left since rows were taken, those of one table behind one another; everything if none were.
    pub fn changes(&self) -> impl Iterator<Item = KeptRow<'_>> {
        self.tell(Which::Changed)
    }

    /// Says that a store has all of [`State::changes`]: from now on they are none.
    pub fn kept(&mut self) {
        self.sessions.kept();
        self.instances.kept();
        self.addresses.kept();
        self.templates.kept();
        self.defaults.kept();
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = KeptRow<'_>> {
        self.tell(Which::All)
    }

    fn tell(&self, which: Which) -> impl Iterator<Item = KeptRow<'_>> {
        let tables = self.sessions.rows(SESSIONS, which).chain(self.instances.rows(INSTANCES, which));
        let tables = tables.chain(self.addresses.rows(ADDRESSES, which));
        let tables = tables.chain(self.templates.rows(TEMPLATES, which));
        let tables = tables.chain(self.defaults.rows(DEFAULTS, which));
        let counts = [
            (SESSIONS, self.sessions.forgotten(), self.sessions.forgotten_changed()),
            (INSTANCES, self.instances.forgotten(), self.instances.forgotten_changed()),
            (ADDRESSES, self.addresses.forgotten(), self.addresses.forgotten_changed()),
            (TEMPLATES, self.templates.forgotten(), self.templates.forgotten_changed()),
            (DEFAULTS, self.defaults.forgotten(), self.defaults.forgotten_changed()),
        ];
        tables.chain(counts.into_iter().filter_map(move |(key, all, changed)| {
            let count = if which == Which::All { Some(all) } else { changed }?;
            Some(KeptRow { table: FORGOTTEN, key, value: Some(count.to_string().into_bytes()) })
        }))
    }

    /// A count of a table that is not there counts nothing.
    fn take_forgotten(&mut self, table: &str, count: u64) {
        match table {
            SESSIONS => self.sessions.take_forgotten(count),
            INSTANCES => self.instances.take_forgotten(count),
            ADDRESSES => self.addresses.take_forgotten(count),
            TEMPLATES => self.templates.take_forgotten(count),
            DEFAULTS => self.defaults.take_forgotten(count),
            _ => {}
        }
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
