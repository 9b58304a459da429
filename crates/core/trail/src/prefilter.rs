//! Whether a record can matter, told from its raw bytes: the first, cheapest question.
//!
//! A record matters to the rules if it was made with credentials of an instance, or if it is one of the watched calls.
//! Every such record holds one of [`KEYS`] in clear, also inside the strings that wrap it in exports and envelopes:
//! writers of JSON escape no ASCII letter. A record with a key may still turn out not to matter.
//!
//! Total; fails never.

use aho_corasick::packed::Searcher;
use memchr::memmem;
use std::sync::LazyLock;

/// What a record that matters holds at least one of.
pub const KEYS: [&str; 16] = [
    "ec2RoleDelivery",
    "aws:ec2-instance",
    "etadataOptions",
    "MetadataDefaults",
    "RunInstances",
    "LaunchTemplate",
    "LaunchConfiguration",
    "RequestSpot",
    "CreateFleet",
    "AllocateAddress",
    "ssociateAddress",
    "AttachNetworkInterface",
    "AssignPrivateIp",
    "AssignIpv6",
    "StartInstances",
    "SendCommand",
];

/// `None` where the processor lacks what the packed search needs.
static PACKED: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(KEYS));

/// Whether the record holds one of [`KEYS`].
#[inline]
pub fn may_matter(record: &[u8]) -> bool {
    match &*PACKED {
        Some(searcher) => searcher.find(record).is_some(),
        None => KEYS.iter().any(|key| memmem::find(record, key.as_bytes()).is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_anywhere_and_nothing_else_is() {
        for key in KEYS {
            for before in [0, 1, 15, 16, 63, 900] {
                let text = format!("{}{key}\"", "x".repeat(before));
                assert!(may_matter(text.as_bytes()), "{key} after {before} bytes");
                assert!(!may_matter(&text.as_bytes()[..text.len() - 2]), "{key} without its last letter");
            }
        }
        assert!(!may_matter(b"{\"eventName\":\"GetObject\"}"));
        assert!(!may_matter(b""));
    }
}
