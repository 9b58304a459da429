//! From a snapshot to subjects, and to what could not be read.

use super::consumers::Consumers;
use super::scope::Scope;
use super::subject::{Key, Kind, Subject};
use onehop_inventory::{Instance, Outcome, Region, Snapshot};
use onehop_posture::Verdict;
use serde::Serialize;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// All subjects of a snapshot, and what could not be read.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// By account, region, and the order of repair.
    pub subjects: Vec<Subject>,
    /// Calls that failed.
    pub gaps: Vec<Gap>,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The account.
    pub account: String,
    /// The region; none for calls that belong to none.
    pub region: Option<String>,
    /// E.g. `ec2:DescribeInstances`.
    pub operation: String,
    /// The error code.
    pub code: String,
    /// What the service said.
    pub message: String,
}

/// How many subjects have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Required, written.
    pub required: u64,
    /// Required by account or image.
    pub required_inherited: u64,
    /// Switched off.
    pub disabled: u64,
    /// Optional, written.
    pub optional_explicit: u64,
    /// Optional by account, image or built-in default.
    pub optional_inherited: u64,
    /// Not to be known.
    pub unresolved: u64,
}

impl Evaluation {
    /// Evaluates a snapshot.
    pub fn of(snapshot: &Snapshot) -> Evaluation {
        let mut subjects = Vec::new();
        evaluate(snapshot, &mut |subject| subjects.push(subject));
        Evaluation { subjects, gaps: gaps(snapshot) }
    }

    /// How many subjects of one kind have which verdict, by account and region.
    pub fn tallies(&self, kind: Kind) -> BTreeMap<(Arc<str>, Arc<str>), Tally> {
        let mut tallies: BTreeMap<_, Tally> = BTreeMap::new();
        for subject in self.subjects.iter().filter(|subject| subject.key.kind == kind) {
            let Key { account, region, .. } = &subject.key;
            tallies.entry((account.clone(), region.clone())).or_default().add(&subject.verdict);
        }
        tallies
    }
}

/// Gives every subject of a snapshot, region by region, so that nobody has to hold them all.
pub fn evaluate(snapshot: &Snapshot, give: &mut dyn FnMut(Subject)) {
    for account in &snapshot.accounts {
        for region in &account.regions {
            let scope = Scope::of(&snapshot.header, account, region);
            before_instances(&scope, region, give);
            region.instances.iter().filter_map(|item| scope.instance(item)).for_each(&mut *give);
            after_instances(&scope, region, give);
        }
    }
}

/// The same subjects in the same order, with what is made of each; instances are looked at by several threads, which are
/// ahead by a few blocks and no more.
pub fn evaluate_with<T: Send>(
    snapshot: &Snapshot,
    threads: NonZeroUsize,
    make: &(dyn Fn(Subject) -> T + Sync),
    give: &mut dyn FnMut(T),
) {
    for account in &snapshot.accounts {
        for region in &account.regions {
            let scope = Scope::of(&snapshot.header, account, region);
            before_instances(&scope, region, &mut |subject| give(make(subject)));
            if region.instances.len() < 2 * BLOCK || threads.get() == 1 {
                let alive = region.instances.iter().filter_map(|item| scope.instance(item));
                alive.map(make).for_each(&mut *give);
            } else {
                side_by_side(&scope, &region.instances, threads.get(), make, give);
            }
            after_instances(&scope, region, &mut |subject| give(make(subject)));
        }
    }
}

/// Instances that one thread looks at before another one's are given.
const BLOCK: usize = 256;
/// Blocks of a thread that may wait to be given.
const BLOCKS_AHEAD: usize = 2;

/// Thread `n` of `k` has the blocks `n`, `n + k`, `n + 2k`, …: taken from one thread after the other, they are in order.
fn side_by_side<T: Send>(
    scope: &Scope<'_>,
    instances: &[Instance],
    threads: usize,
    make: &(dyn Fn(Subject) -> T + Sync),
    give: &mut dyn FnMut(T),
) {
    std::thread::scope(|spawner| {
        let mut lanes = Vec::new();
        for lane in 0..threads {
            let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<T>>(BLOCKS_AHEAD);
            spawner.spawn(move || {
                for block in instances.chunks(BLOCK).skip(lane).step_by(threads) {
                    let found = block.iter().filter_map(|item| scope.instance(item)).map(make).collect();
                    if sender.send(found).is_err() {
                        return;
                    }
                }
            });
            lanes.push(receiver);
        }
        for lane in (0..threads).cycle().take(instances.len().div_ceil(BLOCK)) {
            // A thread that panicked gives nothing more, and the scope panics for it at its end.
            lanes[lane].recv().into_iter().flatten().for_each(&mut *give);
        }
    });
}

fn before_instances(scope: &Scope<'_>, region: &Region, give: &mut dyn FnMut(Subject)) {
    give(scope.account_defaults());
    let consumers = Consumers::of_region(scope);
    for template in &region.templates {
        scope.template_versions(template, &consumers).into_iter().for_each(&mut *give);
    }
    region.configurations.iter().for_each(|item| give(scope.configuration(item)));
    region.groups.iter().for_each(|item| give(scope.group(item)));
    region.node_groups.iter().for_each(|item| give(scope.node_group(item)));
    region.consumers.iter().for_each(|item| give(scope.consumer(item)));
    region.images.iter().filter_map(|item| scope.own_image(item)).for_each(&mut *give);
    region.builds.iter().for_each(|item| give(scope.build(item)));
}

fn after_instances(scope: &Scope<'_>, region: &Region, give: &mut dyn FnMut(Subject)) {
    region.lightsail.iter().for_each(|item| give(scope.lightsail(item)));
    region.environments.iter().for_each(|item| give(scope.environment(item)));
    region.notebooks.iter().for_each(|item| give(scope.notebook(item)));
    region.emr_configurations.iter().for_each(|item| give(scope.emr_configuration(item)));
    region.emr_clusters.iter().for_each(|item| give(scope.emr_cluster(item)));
    region.streams.iter().for_each(|item| give(scope.stream(item)));
}

/// Every call that failed.
pub fn gaps(snapshot: &Snapshot) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for account in &snapshot.accounts {
        let of_account = account.calls.iter().map(|call| (None, call));
        let of_regions = account
            .regions
            .iter()
            .flat_map(|region| region.calls.iter().map(|call| (Some(region.name.clone()), call)));
        for (region, call) in of_account.chain(of_regions) {
            if let Outcome::Failed { code, message, .. } = &call.outcome {
                gaps.push(Gap {
                    account: account.id.clone(),
                    region,
                    operation: call.operation.clone(),
                    code: code.clone(),
                    message: message.clone(),
                });
            }
        }
    }
    gaps
}

impl Tally {
    /// Counts a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        let count = match verdict {
            Verdict::Required => &mut self.required,
            Verdict::RequiredInherited(_) => &mut self.required_inherited,
            Verdict::Disabled => &mut self.disabled,
            Verdict::OptionalExplicit => &mut self.optional_explicit,
            Verdict::OptionalInherited(_) => &mut self.optional_inherited,
            Verdict::Unresolved(_) => &mut self.unresolved,
        };
        *count += 1;
    }

    /// All of them.
    pub const fn total(&self) -> u64 {
        self.required
            + self.required_inherited
            + self.disabled
            + self.optional_explicit
            + self.optional_inherited
            + self.unresolved
    }

    /// Those that allow IMDSv1.
    pub const fn open(&self) -> u64 {
        self.optional_explicit + self.optional_inherited
    }
}
