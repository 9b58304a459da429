//! The gravest findings of a run, in bounded memory.

use crate::finding::Finding;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// The gravest findings, the first among equals.
#[derive(Debug)]
pub(super) struct Kept {
    bound: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
    seen: u64,
}

#[derive(Debug)]
struct Ranked {
    number: u64,
    finding: Finding,
}

impl Ranked {
    /// What counts is before what does not, the grave before the mild, the first before the next.
    fn rank(&self) -> (bool, crate::Severity, Reverse<u64>) {
        (self.finding.suppressed.is_none(), self.finding.severity, Reverse(self.number))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

impl Kept {
    /// At most `bound` findings.
    pub(super) fn new(bound: usize) -> Kept {
        Kept { bound: bound.max(1), heap: BinaryHeap::new(), seen: 0 }
    }

    /// Keeps a finding if it is grave enough.
    pub(super) fn add(&mut self, finding: &Finding) {
        self.seen += 1;
        let is_full = self.heap.len() >= self.bound;
        let is_too_mild = self.heap.peek().is_some_and(|Reverse(least)| {
            (least.finding.suppressed.is_none(), least.finding.severity)
                >= (finding.suppressed.is_none(), finding.severity)
        });
        if is_full && is_too_mild {
            return;
        }
        if is_full {
            self.heap.pop();
        }
        self.heap.push(Reverse(Ranked { number: self.seen, finding: finding.clone() }));
    }

    /// How many were not kept.
    pub(super) fn left_out(&self) -> u64 {
        self.seen - u64::try_from(self.heap.len()).unwrap_or(u64::MAX).min(self.seen)
    }

    /// The gravest first.
    pub(super) fn take(&mut self) -> Vec<Finding> {
        let heap = std::mem::take(&mut self.heap);
        heap.into_sorted_vec().into_iter().map(|Reverse(ranked)| ranked.finding).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use crate::{Finding, Severity, Suppression};

    #[test]
    fn the_gravest_are_kept_and_the_first_among_equals() {
        let mut kept = Kept::new(3);
        for (name, severity, suppressed) in [
            ("a", Severity::Low, None),
            ("b", Severity::Critical, Some(Suppression::Known)),
            ("c", Severity::Low, None),
            ("d", Severity::High, None),
            ("e", Severity::Low, None),
            ("f", Severity::Medium, None),
        ] {
            kept.add(&Finding { rule: name.into(), severity, suppressed, ..Finding::default() });
        }
        assert_eq!(kept.left_out(), 3);
        let names: Vec<String> = kept.take().into_iter().map(|finding| finding.rule.into_owned()).collect();
        assert_eq!(names, ["d", "f", "a"]);
    }
}
