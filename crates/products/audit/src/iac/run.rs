//! All code below the paths, read in parallel, judged, in the order of the paths.

use super::account::Accounts;
use super::conclude::{Part, conclude, span_at};
use super::discover::{Found, Unit, discover};
use super::disk::{self, FILE_MAX_BYTES};
use super::document;
use super::judgement::Judged;
use super::report;
use super::script;
use super::tree::Tree;
use onehop_code::{Resource, Sources, Value};
use onehop_posture::Verdict;
use onehop_report::{Finding, Place};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use time::Date;

/// What to audit with.
#[derive(Debug, Default)]
pub struct Plan {
    /// Defaults of accounts that were given.
    pub accounts: Accounts,
    /// Files of variables for Terraform.
    pub var_files: Vec<String>,
    /// Variables for Terraform.
    pub vars: Vec<(String, String)>,
    /// Values of parameters for CloudFormation.
    pub parameters: Vec<(String, Value)>,
    /// The region that code is applied in, where it does not say.
    pub region: Option<String>,
    /// Threads; one for each processor if it is not given.
    pub threads: Option<NonZeroUsize>,
    /// The day on which exceptions in the code must not be over; without it none holds.
    pub today: Option<Date>,
}

/// A resource that was judged, with its place.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it comes out as.
    pub judged: Judged,
    /// Where.
    pub place: Place,
}

/// What an audit found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In the order of places.
    pub findings: Vec<Finding>,
    /// Everything that was judged, good or bad.
    pub rows: Vec<Row>,
    /// What could not be looked at, with the reason.
    pub lost: Vec<(PathBuf, String)>,
    /// Files that were looked at.
    pub files: u64,
    /// Bytes of code that were read.
    pub bytes: u64,
    /// Values that could not be known, by reason.
    pub unknown: BTreeMap<&'static str, u64>,
}

/// Reads and judges everything below the paths. `progress` is told how many of how many units are done.
pub fn run(paths: &[PathBuf], plan: &Plan, progress: &(dyn Fn(usize, usize) + Sync)) -> Outcome {
    let Found { units, lost, files } = discover(paths);
    let threads =
        plan.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let (hcl, single): (Vec<&Unit>, Vec<&Unit>) =
        units.iter().partition(|unit| matches!(unit, Unit::Terraform(_) | Unit::Packer(_)));
    let total = units.len();
    let done = AtomicUsize::new(0);
    let tick = |count: usize| progress(done.fetch_add(count, Ordering::Relaxed) + count, total);
    let mut parts = parallel(&single, threads, |unit| {
        let part = match unit {
            Unit::Script(path) => script_part(path),
            other => document_part(other.path(), plan, is_named(other.path(), paths)),
        };
        tick(1);
        part
    });
    parts.extend(tree_parts(&hcl, plan, threads));
    tick(hcl.len());
    let mut outcome = Outcome { lost, files, ..Outcome::default() };
    for part in parts {
        outcome.findings.extend(part.findings);
        outcome.rows.extend(part.rows);
        outcome.lost.extend(part.lost);
        outcome.bytes += part.bytes;
        for (why, count) in part.unknown {
            *outcome.unknown.entry(why).or_default() += count;
        }
    }
    outcome.findings.sort_by(|one, other| order(&one.place).cmp(&order(&other.place)));
    outcome.rows.sort_by(|one, other| order(&one.place).cmp(&order(&other.place)));
    dedup(&mut outcome.findings);
    outcome
}

/// A path as findings name it: without `./` in front.
pub(super) fn name_of(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

fn is_named(path: &Path, paths: &[PathBuf]) -> bool {
    paths.iter().any(|named| named == path)
}

fn order(place: &Place) -> (&str, u64) {
    (place.path().unwrap_or_default(), place.region().map_or(0, |region| region.offset))
}

/// A module that is called twice gives the same finding twice: once is enough where nothing differs.
fn dedup(findings: &mut Vec<Finding>) {
    findings.dedup_by(|one, other| {
        one.rule == other.rule
            && one.place == other.place
            && one.subject == other.subject
            && one.message == other.message
    });
}

/// Does the same to all items, on some threads, and keeps their order.
pub(super) fn parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    act: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                let mut own = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    own.push((at, act(item)));
                }
                done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Every resource below the paths, judged or not: what made what runs.
pub fn resources(paths: &[PathBuf], plan: &Plan) -> Vec<Resource> {
    let found = discover(paths);
    let (trees, files): (Vec<&Unit>, Vec<&Unit>) =
        found.units.iter().partition(|unit| matches!(unit, Unit::Terraform(_)));
    let mut resources = Vec::new();
    for unit in files {
        if let Unit::Document(path) = unit
            && let Ok(bytes) = disk::read(path, FILE_MAX_BYTES)
        {
            resources.extend(document::read(path, &bytes, plan, true, &mut Sources::default()).resources);
        }
    }
    let tree = Tree::read(&trees, plan, 1);
    for root in tree.roots.iter().filter(|root| !root.is_packer) {
        resources.extend(tree.evaluate(root).resources);
    }
    resources
}

fn script_part(path: &Path) -> Part {
    let mut part = Part::default();
    match disk::read(path, FILE_MAX_BYTES) {
        Ok(bytes) => {
            part.bytes = bytes.len() as u64;
            let mut sources = Sources::default();
            let name = name_of(path);
            let file = sources.add(name.as_str(), &bytes);
            for found in script::unsigned(&sources.of(file).text) {
                let span = span_at(file, found.start, found.text.len());
                part.findings.push(report::unsigned(None, Some(span), found.text, &name, &sources));
            }
        }
        Err(error) => part.lost.push((path.to_path_buf(), error.to_string())),
    }
    part
}

fn document_part(path: &Path, plan: &Plan, is_named: bool) -> Part {
    let bytes = match disk::read(path, FILE_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            return Part { lost: vec![(path.to_path_buf(), error.to_string())], ..Part::default() };
        }
    };
    let mut sources = Sources::default();
    let read = document::read(path, &bytes, plan, is_named, &mut sources);
    let mut part = conclude(&read.resources, &read.troubles, &sources, plan, &name_of(path));
    part.bytes = bytes.len() as u64;
    part
}

/// All directories of Terraform and Packer together.
fn tree_parts(units: &[&Unit], plan: &Plan, threads: usize) -> Vec<Part> {
    if units.is_empty() {
        return Vec::new();
    }
    let tree = Tree::read(units, plan, threads);
    let mut parts = parallel(&tree.roots, threads, |root| {
        let loaded = tree.evaluate(root);
        conclude(&loaded.resources, &loaded.troubles, &tree.sources, plan, &root.path)
    });
    let findings = tree.troubles().iter().map(|trouble| report::trouble(trouble, &tree.sources)).collect();
    parts.push(Part { findings, bytes: tree.bytes(), ..Part::default() });
    parts
}

impl Outcome {
    /// The same for each folder.
    pub fn posture(&self) -> BTreeMap<String, BTreeMap<&'static str, u64>> {
        let mut folders: BTreeMap<String, BTreeMap<&'static str, u64>> = BTreeMap::new();
        for row in &self.rows {
            let path = Path::new(row.place.path().unwrap_or_default());
            let folder = path.parent().map_or_else(String::new, |folder| folder.display().to_string());
            let counts = folders.entry(if folder.is_empty() { ".".to_owned() } else { folder }).or_default();
            *counts.entry(row.judged.verdict.name()).or_default() += 1;
        }
        folders
    }

    /// How many came out as what, by the stable name of the verdict.
    pub fn verdicts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            *counts.entry(Verdict::name(&row.judged.verdict)).or_default() += 1;
        }
        counts
    }
}
