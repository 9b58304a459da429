//! Deliveries of role credentials, joined with the instances of a snapshot.

use crate::place::{RoleDelivery, Snapshot};
use crate::record::record;
use std::collections::{HashMap, HashSet};

record! {
    /// Logs of CloudTrail that were read beside the accounts.
    pub struct TrailLogs {
        /// Records in them.
        pub records: u64,
        /// Instances of the snapshot whose role credentials were used in them.
        pub joined: u64,
        /// Other instances whose role credentials were used in them: gone, or of places that were not read.
        pub strangers: u64,
        /// What could not be read, in words: what is missing may be there.
        pub lost: Vec<String>,
    }
}

impl Snapshot {
    /// Puts deliveries to the regions of their instances, and says in the header what was read. Those of earlier logs are
    /// replaced: logs may overlap, and nothing would tell what was counted twice.
    pub fn join_deliveries(&mut self, logs: TrailLogs, deliveries: impl IntoIterator<Item = RoleDelivery>) {
        let mut places = HashMap::new();
        for (account_at, account) in self.accounts.iter_mut().enumerate() {
            for (region_at, region) in account.regions.iter_mut().enumerate() {
                region.deliveries.clear();
                let ids = region.instances.iter().map(|instance| instance.id.clone());
                places.extend(ids.map(|id| (id, (account_at, region_at))));
            }
        }
        let (mut joined, mut strangers) = (HashSet::new(), HashSet::new());
        for delivery in deliveries {
            let place = places.get(&delivery.instance_id);
            let Some(&(account, region)) = place else {
                strangers.insert(delivery.instance_id);
                continue;
            };
            joined.insert(delivery.instance_id.clone());
            self.accounts[account].regions[region].deliveries.push(delivery);
        }
        let count = |set: &HashSet<String>| u64::try_from(set.len()).unwrap_or(u64::MAX);
        self.header.trail = Some(TrailLogs { joined: count(&joined), strangers: count(&strangers), ..logs });
    }
}
