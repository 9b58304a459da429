//! Infrastructure code.

mod account;
mod ansible;
mod base64;
mod block;
mod conclude;
mod discover;
mod disk;
mod document;
mod fix;
mod hop;
mod judge;
mod judgement;
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
mod tree;

pub use account::{Accounts, AccountsError};
pub use document::parameters;
pub use judgement::{Judged, Subject};
pub use run::{Outcome, Plan, Row, resources, run};
