//! What is known about addresses and VPC endpoints, per account.

use serde::{Deserialize, Serialize};

/// Sessions that are told apart at one address.
const SESSIONS_MAX: usize = 4;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    /// Somebody with other credentials managed instances from here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) operator: bool,
    /// The account was given it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) own: bool,
    /// Hashes of the sessions that are at home here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    homes: Vec<u32>,
}

impl Address {
    pub(crate) fn is_home_of(&mut self, session: &str) {
        let hash = super::session::hash(session);
        if self.homes.len() < SESSIONS_MAX && !self.homes.contains(&hash) {
            self.homes.push(hash);
        }
    }

    /// How many sessions are at home here, at most four.
    pub(crate) fn homes(&self) -> usize {
        self.homes.len()
    }
}
