//! What changed between two snapshots. What could not be read in the later one is not gone.

use super::evaluate::evaluate;
use super::subject::{Key, Subject};
use onehop_inventory::{Region, Snapshot};
use onehop_posture::{HopLimit, Switch, Tokens, Usage, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is compared of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// Its verdict.
    pub verdict: Verdict,
    /// Whether IMDSv1 is answered; none if that is not known.
    pub allows_v1: Option<bool>,
    /// Tokens, where known.
    pub tokens: Option<Tokens>,
    /// The endpoint, where known.
    pub endpoint: Option<Switch>,
    /// The hop limit, where known.
    pub hop_limit: Option<HopLimit>,
    /// Whether IMDSv1 is used, where known. Not a change by itself.
    pub uses_v1: Option<bool>,
}

/// Whether a change is one for the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// IMDSv1 is allowed, or may be, where it was not.
    Worse,
    /// Neither.
    Sideways,
    /// IMDSv1 is not allowed any more, or that is known now.
    Better,
}

/// What became of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// It was not there before.
    Appeared {
        /// What it is.
        after: Brief,
        /// Why it may have been there all the same, if its call failed before.
        unread_before: Option<String>,
    },
    /// It is not there any more.
    Gone {
        /// What it was.
        before: Brief,
    },
    /// Nobody can tell: the call that lists it was not answered this time.
    Unread {
        /// What it was.
        before: Brief,
        /// Why.
        reason: String,
    },
    /// It is another.
    Changed {
        /// What it was.
        before: Brief,
        /// What it is.
        after: Brief,
        /// Whether that is better.
        direction: Direction,
    },
}

/// What changed between two snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Changes in the order of their keys.
    pub changes: Vec<(Key, Change)>,
    /// How many subjects are as they were.
    pub same: u64,
}

/// Compares two snapshots.
pub fn diff(before: &Snapshot, after: &Snapshot) -> Diff {
    let mut left = briefs(before);
    let mut diff = Diff::default();
    for (key, now) in briefs(after) {
        match left.remove(&key) {
            Some(was) if was.is_same(&now) => diff.same += 1,
            Some(was) => {
                let direction = was.direction(&now);
                diff.changes.push((key, Change::Changed { before: was, after: now, direction }));
            }
            None => {
                let unread_before = unread(before, &key);
                diff.changes.push((key, Change::Appeared { after: now, unread_before }));
            }
        }
    }
    for (key, was) in left {
        let change = match unread(after, &key) {
            Some(reason) => Change::Unread { before: was, reason },
            None => Change::Gone { before: was },
        };
        diff.changes.push((key, change));
    }
    diff.changes.sort_by(|one, other| one.0.cmp(&other.0));
    diff
}

impl Diff {
    /// Whether anything got worse: IMDSv1 allowed where it was not, or by something that was not there.
    pub fn is_worse(&self) -> bool {
        self.changes.iter().any(|(_, change)| match change {
            Change::Appeared { after, .. } => after.allows_v1 == Some(true),
            Change::Changed { direction, .. } => *direction == Direction::Worse,
            Change::Gone { .. } | Change::Unread { .. } => false,
        })
    }
}

impl Brief {
    /// What is compared of a subject.
    pub fn of(subject: &Subject) -> Brief {
        Brief {
            verdict: subject.verdict.clone(),
            allows_v1: subject.effective.allows_v1(),
            tokens: subject.effective.tokens.value(),
            endpoint: subject.effective.endpoint.value(),
            hop_limit: subject.effective.hop_limit.value(),
            uses_v1: match subject.usage {
                Usage::Seen { .. } => Some(true),
                Usage::Zero { .. } => Some(false),
                Usage::NoData(_) => None,
            },
        }
    }

    fn is_same(&self, other: &Brief) -> bool {
        let uses_v1 = other.uses_v1;
        Brief { uses_v1, ..self.clone() } == *other
    }

    fn direction(&self, after: &Brief) -> Direction {
        let rank = |brief: &Brief| match brief.allows_v1 {
            Some(true) => 2,
            None => 1,
            Some(false) => 0,
        };
        match rank(after).cmp(&rank(self)) {
            std::cmp::Ordering::Greater => Direction::Worse,
            std::cmp::Ordering::Equal => Direction::Sideways,
            std::cmp::Ordering::Less => Direction::Better,
        }
    }
}

fn briefs(snapshot: &Snapshot) -> BTreeMap<Key, Brief> {
    let mut briefs = BTreeMap::new();
    evaluate(snapshot, &mut |subject| {
        let brief = Brief::of(&subject);
        briefs.insert(subject.key, brief);
    });
    briefs
}

/// Why things of a kind were not read there, if they were not.
fn unread(snapshot: &Snapshot, key: &Key) -> Option<String> {
    let account = snapshot.accounts.iter().find(|account| *account.id == *key.account);
    let Some(account) = account else { return Some(format!("account {} was not read", key.account)) };
    let region: Option<&Region> = account.regions.iter().find(|region| *region.name == *key.region);
    let Some(region) = region else { return Some(format!("region {} was not read", key.region)) };
    let (operation, before) = key.kind.operations()?;
    region.gap_through(operation, before)
}
