//! The rules on schemes, ports, hosts and networks.
//!
//! ```toml
//! [policy]
//! id = "webhooks"            # stands in every decision
//! mode = "enforce"           # or "report": denials are reported, only the deny floor is carried out
//! default = "allow"          # or "deny": what no rule names
//! schemes = ["https"]        # default both
//! ports = [443, "8000-8099"] # default all
//!
//! [[allow]]                  # what every given key fits
//! hosts = ["hooks.corp.example", "*.partner.example"]
//! cidrs = ["10.20.0.0/16"]
//! ports = [8443]
//!
//! [[deny]]
//! hosts = ["*.example.net"]
//! ```
//! `*.example.net` is every name below `example.net`, not that name. Which rule applies:
//!
//! ```text
//! 1  the longest prefix that holds the address    (a rule without `cidrs` holds every address, as prefix 0)
//! 2  then the longest host pattern                (a rule without `hosts` fits every host)
//! 3  then a rule with `ports` before one without
//! 4  a denial by name outlives an allow of a network that does not name the host as exactly
//! ```
//! A rule that allows opens an address that is not global only if it names its network, and a name inside a network only
//! if it names the host. Nothing opens the deny floor. Adding a rule that denies never allows anything.
//!
//! # Failure
//! Unknown keys, values that are no values, contradictions and rules that decide nothing are refused when the policy is
//! read, with the line and what to write instead.

mod file;
mod index;
mod networks;
mod pattern;

pub use file::PolicyError;

use crate::target::Scheme;
use index::Index;
use std::net::IpAddr;
use std::ops::RangeInclusive;

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
}

/// Whether denials are carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// They are.
    #[default]
    Enforce,
    /// Only those of the deny floor are; the others are reported with the permit.
    Report,
}

/// A set of rules that was read and found sound.
#[derive(Clone, Debug)]
pub struct Policy {
    id: Box<str>,
    mode: Mode,
    default: Effect,
    schemes: Vec<Scheme>,
    /// Empty for all.
    ports: Vec<RangeInclusive<u16>>,
    index: Index,
}

impl Default for Policy {
    /// No rules: `http` and `https`, every port, every public name and address.
    fn default() -> Self {
        Policy {
            id: "builtin".into(),
            mode: Mode::Enforce,
            default: Effect::Allow,
            schemes: vec![Scheme::Http, Scheme::Https],
            ports: Vec::new(),
            index: Index::default(),
        }
    }
}

impl Policy {
    /// Reads a policy in TOML.
    ///
    /// ```
    /// let error = onehop_url::Policy::parse("[policy]\nid = \"a\"\nschema = [\"https\"]\n").unwrap_err();
    /// assert_eq!(error.line, 3);
    /// assert_eq!(error.instead, "write `schemes`");
    /// ```
    ///
    /// # Errors
    /// The first thing that is wrong, its line, and what to write instead.
    pub fn parse(text: &str) -> Result<Policy, PolicyError> {
        file::parse(text)
    }

    /// The identifier that stands in every decision. `builtin` without a policy.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether denials are carried out.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What happens to public names and addresses that no rule names.
    pub fn default_effect(&self) -> Effect {
        self.default
    }

    pub(crate) fn permits_scheme(&self, scheme: Scheme) -> bool {
        self.schemes.contains(&scheme)
    }

    pub(crate) fn permits_port(&self, port: u16) -> bool {
        self.ports.is_empty() || self.ports.iter().any(|range| range.contains(&port))
    }

    /// What the rules say of a name, an address, or an answer for a name.
    pub(crate) fn rule_for(&self, name: Option<&str>, address: Option<IpAddr>, port: u16) -> Ruling {
        if self.index.is_empty() { Ruling::default() } else { self.index.rule_for(name, address, port) }
    }

    /// Whether a rule that allows names this host, on any network.
    pub(crate) fn names(&self, name: &str, port: u16) -> bool {
        !self.index.is_empty() && self.index.names(name, port)
    }
}

/// What the rules say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub(crate) effect: Option<Effect>,
    /// The line of the rule that decided.
    pub(crate) line: Option<usize>,
    /// Whether the rule that decided names a network.
    pub(crate) names_network: bool,
    /// Whether a rule that allows names the host.
    pub(crate) names_host: bool,
}

#[cfg(test)]
mod tests;
