//! What is known about one session of a role on an instance.

use crate::elsewhere::Part;
use crate::facts::{Agent, Delivery, Facts};
use crate::moment::Moment;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

const SOURCES_MAX: usize = 16;
const KEYS_MAX: usize = 8;
const TOOLS_MAX: usize = 16;
const REGIONS_MAX: usize = 32;
const TLS_MAX: usize = 8;
const CALLS_MAX: usize = 256;

/// Calls of one kind, with their first and last time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) calls: u64,
    pub(crate) first: Moment,
    pub(crate) last: Moment,
}

impl Count {
    fn add(&mut self, at: Moment) {
        self.first = if self.calls == 0 { at } else { self.first.min(at) };
        self.last = if self.calls == 0 { at } else { self.last.max(at) };
        self.calls = self.calls.saturating_add(1);
    }
}

/// A place from which the session was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) address: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint_account: Option<String>,
    /// The VPC endpoint, if calls came through one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<String>,
    pub(crate) count: Count,
    /// Whether it is taken for the instance itself.
    pub(crate) home: bool,
    /// Whether credentials delivered by IMDSv1 were used here.
    pub(crate) v1: bool,
    /// Everything that spoke against it so far.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) parts: Vec<Part>,
    /// Calls that were weighed and found to be from elsewhere.
    pub(crate) against: u64,
}

impl Source {
    /// Counts a call from it.
    pub(crate) fn seen(&mut self, facts: &Facts) {
        self.count.add(facts.time);
        self.v1 |= facts.delivery == Some(Delivery::V1);
        if facts.endpoint.is_some() {
            self.endpoint.clone_from(&facts.endpoint);
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) role: String,
    pub(crate) instance: Option<String>,
    pub(crate) v1: Count,
    pub(crate) v2: Count,
    pub(crate) other: Count,
    /// Access key ids, the most recent ones.
    pub(crate) keys: Vec<String>,
    pub(crate) sources: Vec<Source>,
    /// What was seen at home; of user agents the hashes, so that one is read once.
    agents: Vec<u32>,
    pub(crate) tools: Vec<String>,
    pub(crate) systems: Vec<String>,
    pub(crate) regions: Vec<String>,
    pub(crate) tls: Vec<String>,
    /// Hashes of service and event, sorted.
    pub(crate) calls: Vec<u32>,
    pub(crate) home_calls: u64,
    /// The last change of addresses that was taken note of.
    pub(crate) changes_seen: Moment,
}

impl Session {
    /// Counts a call; whether its key was seen for the first time.
    pub(crate) fn count(&mut self, facts: &Facts) -> bool {
        if self.role.is_empty() {
            self.account.clone_from(&facts.principal.account);
            self.role = facts.principal.role.clone().unwrap_or_default();
            self.instance = facts.principal.instance().map(str::to_owned);
        }
        match facts.delivery {
            Some(Delivery::V1) => self.v1.add(facts.time),
            Some(Delivery::V2) => self.v2.add(facts.time),
            Some(Delivery::Other) | None => self.other.add(facts.time),
        }
        facts.key.as_ref().is_some_and(|key| remember(&mut self.keys, key, KEYS_MAX))
    }

    pub(crate) fn homes(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.home)
    }

    /// The source of a call, made if absent. When there are too many, the least recent one leaves, those that were
    /// reported last.
    pub(crate) fn source(&mut self, facts: &Facts, address: IpAddr) -> &mut Source {
        let same =
            |source: &Source| source.address == address && source.endpoint_account == facts.endpoint_account;
        let at = self.sources.iter().position(same).unwrap_or_else(|| {
            if self.sources.len() >= SOURCES_MAX {
                let least =
                    self.sources.iter().enumerate().min_by_key(|(_, s)| (s.against > 0, s.count.last));
                let least = least.map_or(0, |(at, _)| at);
                self.sources.remove(least);
            }
            self.sources.push(Source {
                address,
                endpoint_account: facts.endpoint_account.clone(),
                endpoint: None,
                count: Count::default(),
                home: false,
                v1: false,
                parts: Vec::new(),
                against: 0,
            });
            self.sources.len() - 1
        });
        &mut self.sources[at]
    }

    /// Remembers what a call at home looks like.
    pub(crate) fn learn(&mut self, facts: &Facts) {
        self.home_calls = self.home_calls.saturating_add(1);
        remember(&mut self.regions, &facts.region, REGIONS_MAX);
        if let Some(tls) = &facts.tls {
            remember(&mut self.tls, tls, TLS_MAX);
        }
        let agent = hash(&facts.user_agent);
        if !self.agents.contains(&agent) {
            if self.agents.len() >= TOOLS_MAX {
                self.agents.remove(0);
            }
            self.agents.push(agent);
            let agent = Agent::read(&facts.user_agent);
            remember(&mut self.tools, &agent.tool, TOOLS_MAX);
            if let Some(system) = agent.system {
                remember(&mut self.systems, system.as_str(), TOOLS_MAX);
            }
        }
        let hash = call_hash(facts);
        if let Err(at) = self.calls.binary_search(&hash)
            && self.calls.len() < CALLS_MAX
        {
            self.calls.insert(at, hash);
        }
    }

    /// Whether a call of this kind was made at home; true as well when too many kinds were to remember them all.
    pub(crate) fn knows_call(&self, facts: &Facts) -> bool {
        self.calls.len() >= CALLS_MAX || self.calls.binary_search(&call_hash(facts)).is_ok()
    }
}

/// Adds a text to a list of the most recent; whether it was not there.
fn remember(list: &mut Vec<String>, text: &str, max: usize) -> bool {
    if list.iter().any(|known| known == text) {
        return false;
    }
    if list.len() >= max {
        list.remove(0);
    }
    list.push(text.to_owned());
    true
}

fn call_hash(facts: &Facts) -> u32 {
    hash(&facts.event) ^ hash(&facts.service).rotate_left(7)
}

/// FNV-1a: stable between runs.
pub(super) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
