//! Untrusted bytes to a verdict: may a URL that a stranger chose be fetched, and what does it really name?
//!
//! ```text
//! bytes ─▶ plainly ordinary? ──yes──────────────────────────────▶ site ─▶ floor, names, addresses, rules ─▶ Permit
//!              │ no                                               ▲                                        Refusal
//!              └─▶ four looks: WHATWG, RFC 3986, curl, urlsplit ──┘
//!                  strict: what they may disagree on is refused, by its own code
//!                  compat: read as WHATWG reads it; a host that another look sees counts as well
//! ```
//! The permit names the scheme, host, port and addresses that were judged, and the URL to fetch: the client must
//! connect to what the permit says, not to the bytes that came in.
//!
//! # Parts
//! [`UrlChecker`] decides. [`Policy`] holds the rules. [`explain()`] tells in words how bytes became a host.
//! [`decode`] finds URLs that are hidden in text by layers of encoding; it decides nothing.
//!
//! # Failure
//! Any bytes of any length are answered: no panic, linear time, bounded memory. What cannot be read is denied.

#![forbid(unsafe_code)]
#![expect(clippy::result_large_err, reason = "a permit is as large as a refusal, and is not to be allocated")]

mod checker;
pub mod decode;
mod explain;
mod judge;
mod ordinary;
mod policy;
mod resolver;
mod survey;
mod target;
mod views;

pub use checker::{Strictness, URL_MAX_BYTES, UrlChecker};
pub use explain::explain;
pub use policy::{Effect, Mode, Policy, PolicyError};
pub use resolver::{ResolveError, Resolver};
pub use survey::{Oddities, Oddity};
pub use target::{Addresses, Refusal, Scheme, Site, Target};
pub use views::{Look, View};
