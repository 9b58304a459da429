//! What records of launches and changes say about instances, templates and defaults.

use crate::details::{Options, Tokens};
use crate::moment::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

const ADDRESSES_MAX: usize = 64;
const VERSIONS_MAX: usize = 64;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Instance {
    /// Its own addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) addresses: Vec<IpAddr>,
    /// Whether all its private addresses are known: its launch was seen, and no interface was attached since.
    pub(crate) complete: bool,
    /// When its public addresses changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_changed: Option<Moment>,
    /// When any of its addresses changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) all_changed: Option<Moment>,
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub(crate) options: Options,
}

impl Instance {
    pub(crate) fn owns(&mut self, address: IpAddr) {
        if !self.addresses.contains(&address) && self.addresses.len() < ADDRESSES_MAX {
            self.addresses.push(address);
        }
    }
}

/// Metadata defaults of an account in a Region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    pub(crate) options: Options,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TemplateRow {
    /// What each version says about tokens; a version that says nothing has no preference.
    versions: BTreeMap<i64, Tokens>,
}

impl TemplateRow {
    pub(crate) fn says(&mut self, version: i64, tokens: Option<Tokens>) {
        self.versions.insert(version, tokens.unwrap_or(Tokens::NoPreference));
        if self.versions.len() > VERSIONS_MAX {
            self.versions.pop_first();
        }
    }

    pub(crate) fn version(&self, version: i64) -> Option<Tokens> {
        self.versions.get(&version).copied()
    }
}
