//! All code below the paths, read in parallel, judged, in the order of the paths.

use super::account::Accounts;
use super::discover::{Found, Unit, discover};
use super::disk::{self, Disk, FILE_MAX_BYTES};
use super::document;
use super::hop;
use super::judge::{Judged, judge};
use super::kinds::site_of;
use super::link::Links;
use super::policy;
use super::report;
use super::script;
use super::site::Site;
use crate::exception;
use onehop_code::{Kind, Language, Resource, Sources, Span, Trouble, Value};
use onehop_posture::Verdict;
use onehop_report::{Finding, Place};
use onehop_terraform::{Code, Given};
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

/// What one unit gave.
#[derive(Default)]
struct Part {
    findings: Vec<Finding>,
    rows: Vec<Row>,
    lost: Vec<(PathBuf, String)>,
    bytes: u64,
    unknown: BTreeMap<&'static str, u64>,
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
    parts.extend(terraform_parts(&hcl, plan, threads));
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
fn parallel<T: Sync, R: Send>(items: &[T], threads: usize, act: impl Fn(&T) -> R + Sync) -> Vec<R> {
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
    let mut resources = Vec::new();
    let mut sources = Sources::default();
    let mut code = Code::default();
    let given = Given { var_files: plan.var_files.clone(), vars: plan.vars.clone(), ..Given::default() };
    code.read_values(&given, &Disk, &mut sources);
    for unit in &found.units {
        match unit {
            Unit::Document(path) => {
                if let Ok(bytes) = disk::read(path, FILE_MAX_BYTES) {
                    resources.extend(document::read(path, &bytes, plan, true, &mut sources).resources);
                }
            }
            Unit::Terraform(path) => code.read(&name_of(path), &Disk, &mut sources),
            Unit::Packer(_) | Unit::Script(_) => {}
        }
    }
    for root in code.roots(&sources).into_iter().filter(|root| !is_fetched(root)) {
        let wanted = super::kinds::is_wanted;
        resources.extend(code.evaluate(&root, &Disk, &sources, &given, &wanted).resources);
    }
    resources
}

/// Whether a directory is one of those into which `terraform init` fetches modules: they are read through their calls.
fn is_fetched(root: &str) -> bool {
    root.split('/').any(|part| part == ".terraform")
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

/// All directories of Terraform and Packer together: modules are shared.
fn terraform_parts(units: &[&Unit], plan: &Plan, threads: usize) -> Vec<Part> {
    if units.is_empty() {
        return Vec::new();
    }
    let mut sources = Sources::default();
    let mut code = Code::default();
    let directories: Vec<String> = units.iter().map(|unit| name_of(unit.path())).collect();
    parse_ahead(&directories, threads, &mut code, &mut sources);
    let given = Given { var_files: plan.var_files.clone(), vars: plan.vars.clone(), ..Given::default() };
    code.read_values(&given, &Disk, &mut sources);
    for directory in &directories {
        code.read(directory, &Disk, &mut sources);
    }
    let roots: Vec<(String, bool)> = code
        .roots(&sources)
        .into_iter()
        .filter(|root| !is_fetched(root))
        .map(|root| (root, false))
        .chain(code.packer_dirs().into_iter().map(|root| (root, true)))
        .collect();
    let mut parts = parallel(&roots, threads, |(root, is_packer)| {
        let wanted = super::kinds::is_wanted;
        let loaded = if *is_packer {
            code.evaluate_packer(root, &Disk, &sources, &given, &wanted)
        } else {
            code.evaluate(root, &Disk, &sources, &given, &wanted)
        };
        conclude(&loaded.resources, &loaded.troubles, &sources, plan, root)
    });
    let bytes = sources.iter().map(|(_, source)| source.text.len() as u64).sum();
    let findings = code.check(&sources).iter().map(|trouble| report::trouble(trouble, &sources)).collect();
    parts.push(Part { findings, bytes, ..Part::default() });
    parts
}

/// Reads and parses the files of directories on all threads; what else they need is read with them.
fn parse_ahead(directories: &[String], threads: usize, code: &mut Code, sources: &mut Sources) {
    use onehop_terraform::Files as _;
    let names: Vec<String> = directories
        .iter()
        .flat_map(|directory| {
            let entries = Disk.list(directory).into_iter().filter(|entry| !entry.is_dir);
            let named = entries.filter(|entry| {
                onehop_terraform::is_terraform(&entry.name) || onehop_terraform::is_packer(&entry.name)
            });
            named.map(|entry| join(directory, &entry.name)).collect::<Vec<_>>()
        })
        .collect();
    let texts = parallel(&names, threads, |name| Disk.read(name));
    let files: Vec<_> = names
        .iter()
        .zip(texts)
        .filter_map(|(name, text)| text.map(|text| (name, sources.add(name.as_str(), &text))))
        .collect();
    let shared = &*sources;
    let parsed = parallel(&files, threads, |(name, file)| onehop_terraform::parse(name, *file, shared));
    for ((name, _), file) in files.iter().zip(parsed) {
        code.insert(name, file);
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() || directory == "." { name.to_owned() } else { format!("{directory}/{name}") }
}

/// From resources to findings.
fn conclude(
    resources: &[Resource],
    troubles: &[Trouble],
    sources: &Sources,
    plan: &Plan,
    path: &str,
) -> Part {
    let sites: Vec<Site<'_>> = resources.iter().filter_map(site_of).collect();
    let links = Links::new(&sites, &plan.accounts);
    let mut judgement = judge(&links, resources);
    for resource in resources {
        if let Some(document) = document::policy_of(resource) {
            policy::judge(&mut judgement, resource, &document);
        }
    }
    let mut part = Part { findings: report::findings(&judgement, &sites, sources, path), ..Part::default() };
    if let Some(today) = plan.today {
        for (finding, flaw) in part.findings.iter_mut().zip(&judgement.flaws) {
            let site = flaw.site.and_then(|at| sites.get(at));
            let block = site.and_then(|site| site.block.value()).and_then(|value| value.span);
            let head = site.and_then(|site| site.resource.span);
            exception::apply(finding, &[flaw.span, block, head], sources, today);
        }
    }
    part.findings.extend(troubles.iter().map(|trouble| report::trouble(trouble, sources)));
    for site in &sites {
        user_data(site, sources, path, &mut part.findings);
    }
    for resource in resources {
        count_unknown(&resource.body, &mut part.unknown);
        if let Some(value) =
            resource.body.path(&["spec", "userData"]).filter(|_| resource.language == Language::Kubernetes)
        {
            unsigned_in(value, resource, sources, path, &mut part.findings);
        }
    }
    part.rows = judgement
        .judged
        .into_iter()
        .map(|judged| Row { place: report::place(judged.span, sources, path), judged })
        .collect();
    part
}

/// Requests without a token in what runs at the first start.
fn user_data(site: &Site<'_>, sources: &Sources, path: &str, findings: &mut Vec<Finding>) {
    if let Some(value) = site.user_data {
        unsigned_in(value, site.resource, sources, path, findings);
    }
}

fn unsigned_in(
    value: &Value,
    resource: &Resource,
    sources: &Sources,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    let Some(text) = hop::plain(value) else { return };
    for found in script::unsigned(&text) {
        let span = place_of(found.text, value, sources).or(value.span).or(resource.span);
        findings.push(report::unsigned(Some(resource), span, found.text, path, sources));
    }
}

/// Where a statement stands in the code, if it stands there as it is.
fn place_of(statement: &str, value: &Value, sources: &Sources) -> Option<Span> {
    let line = statement.lines().next()?.trim();
    [value.span, value.origin].into_iter().flatten().find_map(|span| {
        let at = sources.text(span).find(line)?;
        Some(span_at(span.file, span.start as usize + at, line.len()))
    })
}

fn span_at(file: onehop_code::FileId, start: usize, length: usize) -> Span {
    let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: bound(start), end: bound(start + length) }
}

/// Values of what is judged that cannot be known, by reason.
fn count_unknown(value: &Value, counts: &mut BTreeMap<&'static str, u64>) {
    match &value.kind {
        Kind::Unknown(unknown) => *counts.entry(unknown.why.name()).or_default() += 1,
        Kind::List(items) => items.iter().for_each(|item| count_unknown(item, counts)),
        Kind::Map(entries) => entries.iter().for_each(|entry| count_unknown(&entry.value, counts)),
        _ => {}
    }
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
