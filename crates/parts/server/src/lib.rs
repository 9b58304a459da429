//! What every program that answers local callers stands on: listeners, workers, limits, HTTP/1, deadlines, stop.
//!
//! ```text
//! bind ──▶ Bound ──run──▶ worker 1..n, each: accept ──admit──▶ hyper http1 ──handle──▶ answer ──▶ close
//!                                              │ over the cap: 503     │ too slow: 408, malformed: 400
//!                                              └──────────────── observe (counted by the handler)
//! ```
//!
//! A worker is one thread with its own runtime and its own `SO_REUSEPORT` listeners, so workers share nothing but
//! the handler and one connection counter. [`serve_stream`] runs the same connection code over any byte stream.
//!
//! How it fails: an address that cannot be bound is a [`BindError`] that names it; a connection that fails is closed
//! alone and reported to [`Handler::observe`]; a handler that panics loses its own connection only; after
//! [`Stop::trigger`] the workers end within [`GRACE`], whatever clients do.

#![deny(unsafe_code)]

mod accept;
mod bind;
mod body;
mod clock;
mod connection;
mod defer;
mod files;
mod handler;
mod key_file;
mod limits;
mod opening;
mod pages;
mod progress;
mod reject;
mod run;
mod signals;
mod socket;
mod stop;
mod wire;

pub use bind::{BindError, BindProblem, Bound, bind};
pub use clock::{Clock, SystemClock, http_date};
pub use connection::serve_stream;
pub use files::raise_file_limit;
pub use handler::{Accepted, ConnectionEvent, Handler, respond};
pub use key_file::{KEY_BYTES, KeyError, fresh_key, key_from_file};
pub use limits::Limits;
pub use pages::{Page, Pages};
pub use run::{GRACE, RunError, run};
pub use signals::{Signal, Signals, on_signals, signals};
pub use stop::Stop;
pub use wire::Wire;
