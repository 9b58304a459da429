//! Finds attempts at a metadata service in logs of any kind.
//!
//! ```text
//! paths ─▶ onehop_input: texts, decompressed ─▶ chunks ─▶ sieve ─▶ the few lines that may matter
//!                                                            onehop_detect: layers, hosts, services ─▶ hits
//!                                                            onehop_logs: what field is it, who, what came of it
//!        findings in the order of the sources ◀── lanes ◀── attempt: which rule, how grave
//! ```
//!
//! # Failure
//! Any bytes are read. What could not be read is told at the end of each text ([`Ended`]).

mod attempt;
mod deep;
mod finding;
mod judge;
mod lanes;
mod look;
mod progress;
mod rebinding;
pub mod rules;
mod run;
mod scanner;
pub mod sieve;
mod story;
mod trail;

pub use attempt::{Attempt, Outcome};
pub use judge::Told;
pub use onehop_trail::{STATE_VERSION, State};
pub use progress::Progress;
pub use run::{Plan, follow, run};
pub use scanner::{Ended, Event, Scanner};
pub use story::{STEPS_MAX, STORIES_MAX, Stories};
