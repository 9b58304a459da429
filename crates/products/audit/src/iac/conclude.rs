//! From resources of one scope to what is told of them: findings, verdicts, counts.

use super::document;
use super::hop;
use super::judge::judge;
use super::kinds::site_of;
use super::link::Links;
use super::policy;
use super::report;
use super::run::{Plan, Row};
use super::script;
use super::site::Site;
use crate::exception;
use onehop_code::{FileId, Kind, Language, Resource, Sources, Span, Trouble, Value};
use onehop_report::Finding;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What one unit gave.
#[derive(Default)]
pub(super) struct Part {
    /// In the order of the code.
    pub findings: Vec<Finding>,
    /// Everything that was judged.
    pub rows: Vec<Row>,
    /// What could not be looked at, with the reason.
    pub lost: Vec<(PathBuf, String)>,
    /// Bytes that were read.
    pub bytes: u64,
    /// Values that could not be known, by reason.
    pub unknown: BTreeMap<&'static str, u64>,
}

/// From resources to findings.
pub(super) fn conclude(
    resources: &[Resource],
    troubles: &[Trouble],
    sources: &Sources,
    plan: &Plan,
    path: &str,
) -> Part {
    let sites: Vec<Site<'_>> = resources.iter().filter_map(site_of).collect();
    let links = Links::new(&sites, resources, &plan.accounts);
    let mut judgement = judge(&links, resources);
    for resource in resources {
        if let Some(document) = document::policy_of(resource) {
            judgement.flaws.extend(policy::judge(resource, &document));
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

pub(super) fn span_at(file: FileId, start: usize, length: usize) -> Span {
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
