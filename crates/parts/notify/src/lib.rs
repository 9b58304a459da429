//! Findings handed to a command or a webhook as they come, without holding up whoever finds them.
//!
//! ```text
//! offer ─▶ queue, bounded ─┬─▶ workers, a few: the command, a process for each message, JSON on its standard input
//!    │ full: dropped,      ╰─▶ one worker: the webhook, several messages in one POST, tried again if that may help
//!    ╰ counted
//! ```
//! A message is one line of JSON, an object. [`Outlet::offer`] never waits. What became of messages is in [`Counts`], and
//! the first words of the last failure with them: nothing is lost in silence.
//!
//! # Trust
//! Command and URL are the operator's, from the command line or the configuration, and are used as given: the URL may
//! lead to a private address. Redirects are refused, so that the receiver cannot choose another one. Messages hold words
//! of strangers; the command gets them on standard input, never as arguments, and no shell is involved.
//!
//! # Failure
//! A command that cannot be found or a URL that cannot be one is an error at the start; everything later is counted.

#![deny(unsafe_code)]

mod command;
mod outlet;
#[cfg(feature = "webhook")]
mod webhook;
mod words;

pub use command::{Command, CommandError};
pub use outlet::{Counts, Outlet};
#[cfg(feature = "webhook")]
pub use webhook::{Webhook, WebhookError};
pub use words::{UnclosedQuote, split};
