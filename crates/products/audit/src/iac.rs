//! Infrastructure code.

mod account;
mod base64;
mod block;
mod discover;
mod disk;
mod document;
mod fix;
mod hop;
mod judge;
mod kinds;
mod link;
mod markers;
mod options;
mod policy;
mod provider;
mod report;
mod run;
mod script;
mod services;
mod site;

pub use account::{Accounts, AccountsError};
pub use document::parameters;
pub use judge::{Judged, Subject};
pub use run::{Outcome, Plan, Row, resources, run};
