//! Accounts: every row of places to look, as tables over small snapshots.

mod build;
mod changes;
mod instances;
mod launch;
mod properties;
mod services;
mod surround;
