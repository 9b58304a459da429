//! Prefixes as a sorted table of ranges: which prefixes hold an address, the longest first.
//!
//! ```text
//! 10.0.0.0/8, 10.1.0.0/16   ─▶   0.0.0.0 none │ 10.0.0.0 A │ 10.1.0.0 B (in A) │ 10.2.0.0 A │ 11.0.0.0 none
//! ```
//! A table by the first 16 bits leads to the few ranges that count. Nothing here fails.

/// The network that holds every address.
pub(super) const ANY_NETWORK: u32 = 0;

/// The ranges of one family, addresses as 128-bit numbers with the first bit of the address first.
#[derive(Clone, Debug, Default)]
pub(super) struct Networks {
    starts: Vec<u128>,
    numbers: Vec<u32>,
    /// For each value of the first 16 bits, the first range that starts there or later.
    jump: Vec<u32>,
}

/// A prefix on its way into the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prefix {
    pub(super) first: u128,
    pub(super) length: u8,
    pub(super) number: u32,
}

impl Prefix {
    fn last(&self) -> u128 {
        self.first | u128::MAX.checked_shr(u32::from(self.length)).unwrap_or(0)
    }
}

impl Networks {
    /// Builds the table, and notes in `parents` which network lies directly around which.
    pub(super) fn new(mut prefixes: Vec<Prefix>, parents: &mut [u32]) -> Networks {
        if prefixes.is_empty() {
            return Networks::default();
        }
        prefixes.sort_unstable();
        let mut networks = Networks { starts: vec![0], numbers: vec![ANY_NETWORK], jump: Vec::new() };
        let mut open: Vec<Prefix> = Vec::new();
        for prefix in &prefixes {
            networks.close(&mut open, Some(prefix.first));
            parents[prefix.number as usize] = open.last().map_or(ANY_NETWORK, |around| around.number);
            networks.push(prefix.first, prefix.number);
            open.push(*prefix);
        }
        networks.close(&mut open, None);
        networks.index();
        networks
    }

    /// Ends the prefixes that lie wholly before `next`.
    fn close(&mut self, open: &mut Vec<Prefix>, next: Option<u128>) {
        while let Some(prefix) = open.pop_if(|prefix| next.is_none_or(|next| prefix.last() < next)) {
            if let Some(after) = prefix.last().checked_add(1) {
                self.push(after, open.last().map_or(ANY_NETWORK, |around| around.number));
            }
        }
    }

    fn push(&mut self, start: u128, number: u32) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.numbers.pop();
        }
        self.starts.push(start);
        self.numbers.push(number);
    }

    fn index(&mut self) {
        let mut at = 0;
        self.jump = (0..=1_u128 << 16)
            .map(|top| {
                at += self.starts[at..].iter().take_while(|start| **start >> 112 < top).count();
                u32::try_from(at).unwrap_or(u32::MAX)
            })
            .collect();
    }

    /// The innermost network that holds an address.
    pub(super) fn innermost(&self, address: u128) -> u32 {
        if self.starts.is_empty() {
            return ANY_NETWORK;
        }
        let top = usize::try_from(address >> 112).unwrap_or_default();
        let (low, high) = (self.jump[top] as usize, self.jump[top + 1] as usize);
        let after = low + self.starts[low..high].partition_point(|start| *start <= address);
        self.numbers[after.saturating_sub(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::{ANY_NETWORK, Networks, Prefix};
    use proptest::prelude::*;

    fn prefix(seed: u128, length: u8, number: u32) -> Prefix {
        let mask = !u128::MAX.checked_shr(u32::from(length)).unwrap_or(0);
        Prefix { first: seed & mask, length, number }
    }

    proptest! {
        /// Against a scan of all prefixes.
        #[test]
        fn the_longest_prefix_is_found(
            seeds in prop::collection::btree_map((0_u128..8, 0_u8..6), 0_u8..=128, 1..24),
            probe in 0_u128..64,
            low in any::<bool>(),
        ) {
            let mut all: Vec<Prefix> = Vec::new();
            for ((high, shift), length) in seeds {
                let new = prefix(high << (122 - shift), length, 0);
                if all.iter().all(|known| (known.first, known.length) != (new.first, new.length)) {
                    all.push(Prefix { number: u32::try_from(all.len()).expect("few") + 1, ..new });
                }
            }
            let mut parents = vec![0; all.len() + 1];
            let networks = Networks::new(all.clone(), &mut parents);
            let address = if low { probe << 119 } else { (probe << 119).wrapping_sub(1) };
            let holding = all.iter().filter(|prefix| prefix.first <= address && address <= prefix.last());
            let want = holding.max_by_key(|prefix| prefix.length).map_or(ANY_NETWORK, |prefix| prefix.number);
            prop_assert_eq!(networks.innermost(address), want);
        }
    }
}
