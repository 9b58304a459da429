//! How a metadata service is set up.

use onehop_imds::answer::ErrorBodies;
use onehop_imds::gate::{Endpoint, Tokens};
use std::num::NonZeroU8;

/// The hop limit of instances that were not told otherwise.
pub const HOP_LIMIT_DEFAULT: HopLimit = HopLimit(1);

/// `HttpPutResponseHopLimit`: how many hops the answer to a token request may travel, 1 to 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HopLimit(u8);

impl HopLimit {
    /// A limit of 1 to 64.
    pub const fn new(hops: u8) -> Option<Self> {
        if hops >= 1 && hops <= 64 { Some(HopLimit(hops)) } else { None }
    }

    /// The number of hops.
    pub const fn get(self) -> NonZeroU8 {
        match NonZeroU8::new(self.0) {
            Some(hops) => hops,
            None => NonZeroU8::MIN,
        }
    }
}

/// The metadata options of the instance that the service plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// `HttpTokens`.
    pub tokens: Tokens,
    /// `HttpEndpoint`.
    pub endpoint: Endpoint,
    /// `HttpPutResponseHopLimit`.
    pub hop_limit: HopLimit,
    /// Whether a connection may carry more than one request; the real service closes after each.
    pub keep_alive: bool,
    /// What 400 and 403 carry.
    pub error_bodies: ErrorBodies,
}

impl Default for Options {
    /// What the real service does with IMDSv1 switched off.
    fn default() -> Self {
        Options {
            tokens: Tokens::Required,
            endpoint: Endpoint::Enabled,
            hop_limit: HOP_LIMIT_DEFAULT,
            keep_alive: false,
            error_bodies: ErrorBodies::Page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HopLimit;

    #[test]
    fn a_hop_limit_is_1_to_64() {
        for (hops, valid) in [(0, false), (1, true), (64, true), (65, false), (255, false)] {
            assert_eq!(HopLimit::new(hops).is_some(), valid, "{hops}");
        }
    }
}
