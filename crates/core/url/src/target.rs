//! What was judged, as the permit names it, and what is known of a URL that was refused.
//!
//! Nothing here fails: the types carry what the checker found.

use crate::survey::Oddities;
use onehop_address::Step;
use onehop_address::catalogue::Provider;
use onehop_address::spelling::{Folds, Host};
use onehop_verdict::{Code, Denied};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// A scheme that can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// `http`.
    Http,
    /// `https`.
    Https,
}

impl Scheme {
    /// The text before the colon.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The port when none is written.
    pub const fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }

    /// The scheme of this text, in any case.
    pub fn parse(text: &str) -> Option<Scheme> {
        [Scheme::Http, Scheme::Https].into_iter().find(|scheme| text.eq_ignore_ascii_case(scheme.as_str()))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a URL leads: what a connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    /// The scheme.
    pub scheme: Scheme,
    /// The host, canonical.
    pub host: Host<'a>,
    /// The port, written or by default.
    pub port: u16,
}

/// Addresses that were judged. One needs no allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Addresses {
    /// The host is a name and nothing was resolved.
    #[default]
    Unresolved,
    /// The host is an address, or resolved to one.
    One(IpAddr),
    /// What the name resolved to, in the order of the answer.
    Many(Vec<IpAddr>),
}

impl Addresses {
    /// The addresses.
    pub fn as_slice(&self) -> &[IpAddr] {
        match self {
            Addresses::Unresolved => &[],
            Addresses::One(address) => std::slice::from_ref(address),
            Addresses::Many(addresses) => addresses,
        }
    }
}

impl From<Vec<IpAddr>> for Addresses {
    fn from(addresses: Vec<IpAddr>) -> Self {
        match *addresses.as_slice() {
            [] => Addresses::Unresolved,
            [one] => Addresses::One(one),
            _ => Addresses::Many(addresses),
        }
    }
}

/// What may be fetched: exactly what was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// Where it leads.
    pub site: Site<'a>,
    /// The addresses that were judged. Empty when the host is a name and nothing was resolved: whoever connects
    /// then judges every answer with [`UrlChecker::check_answers`](crate::UrlChecker::check_answers).
    pub addresses: Addresses,
    /// The URL to fetch.
    pub href: Cow<'a, str>,
    /// What was unusual about the structure, and was folded.
    pub oddities: Oddities,
    /// What was unusual about the spelling of the host, and was folded.
    pub folds: Folds,
    /// The identifier of the policy that decided.
    pub policy: &'a str,
    /// The line of the rule that allowed it, if one did.
    pub rule: Option<usize>,
    /// In report-only mode: the denial that would have been.
    pub reported: Option<Box<Denied>>,
}

/// A URL that was refused, with everything that could be read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a refusal must reach the caller, the journal and a counter"]
pub struct Refusal<'a> {
    /// Why.
    pub denied: Denied,
    /// The host as far as it could be read, canonical.
    pub host: Option<Host<'a>>,
    /// The port as far as it could be read.
    pub port: Option<u16>,
    /// The addresses that were judged, the offending ones among them.
    pub addresses: Addresses,
    /// The service that the URL would have reached.
    pub provider: Option<&'static Provider>,
    /// How an IPv6 address was read, worst first.
    pub route: Vec<Step>,
    /// What was unusual about the structure.
    pub oddities: Oddities,
    /// What was unusual about the spelling of the host.
    pub folds: Folds,
    /// The identifier of the policy that decided.
    pub policy: &'a str,
    /// The line of the rule that denied it, if one did.
    pub rule: Option<usize>,
}

impl Refusal<'_> {
    /// Why.
    pub fn code(&self) -> Code {
        self.denied.code()
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.denied.fmt(f)
    }
}

impl std::error::Error for Refusal<'_> {}
