//! The account status report: what defaults the accounts of a root, a unit or an account have.
//!
//! A report is `running` for as many looks as a changed instance is `pending`, and its summary can be had when it is
//! complete. One at a time. Names of attributes are made up: what AWS writes there is not documented.

use super::organizations::{ROOT, is_in, is_management};
use super::{ec2_answer, unknown};
use crate::answer::{Answer, Done, Fault, Xml};
use crate::world::{Scene, locked};
use std::collections::BTreeMap;

const STARTED: &str = "2026-01-01T00:00:00.000Z";
const PAGE_MAX: usize = 1000;

/// A report that was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    id: String,
    bucket: String,
    prefix: Option<String>,
    target: String,
    /// How often it will still be seen as `running`.
    running: u32,
}

impl Report {
    fn status(&self) -> &'static str {
        if self.running > 0 { "running" } else { "complete" }
    }

    fn write(&self, xml: &mut Xml) {
        xml.leaf("reportId", &self.id).leaf("s3Bucket", &self.bucket);
        xml.some("s3Prefix", self.prefix.as_deref())
            .leaf("targetId", &self.target)
            .leaf("startTime", STARTED);
        if self.running == 0 {
            xml.leaf("endTime", STARTED);
        }
    }
}

fn allowed(scene: &Scene<'_>) -> Done<()> {
    if is_management(scene) {
        return Ok(());
    }
    let words = "only the management account and delegated administrators may ask for reports";
    Err(Fault::new(403, "UnauthorizedOperation", words))
}

pub(super) fn start(scene: &Scene<'_>) -> Done<Answer> {
    allowed(scene)?;
    let (bucket, target) = (scene.asked.need("S3Bucket")?, scene.asked.need("TargetId")?);
    let scenario = &scene.world.scenario;
    let is_there = target == ROOT
        || scenario.units.contains_key(target)
        || scenario.accounts.iter().any(|account| account.id == target);
    if !is_there {
        return Err(Fault::bad("InvalidParameterValue", format!("the target `{target}` is not there")));
    }
    let mut reports = locked(&scene.world.reports);
    if reports.iter().any(|report| report.running > 0) {
        return Err(Fault::bad("IncorrectState", "a report is being made already"));
    }
    let report = Report {
        id: format!("p-{:017x}", reports.len() + 1),
        bucket: bucket.to_owned(),
        prefix: scene.asked.get("S3Prefix").map(str::to_owned),
        target: target.to_owned(),
        running: scenario.pending_polls,
    };
    reports.push(report.clone());
    Ok(ec2_answer(scene, |xml| {
        xml.leaf("reportId", &report.id);
    }))
}

pub(super) fn describe(scene: &Scene<'_>) -> Done<Answer> {
    allowed(scene)?;
    let ids = scene.asked.list("ReportId");
    let mut reports = locked(&scene.world.reports);
    let found: Vec<Report> =
        reports.iter().filter(|it| ids.is_empty() || ids.contains(&it.id.as_str())).cloned().collect();
    reports.iter_mut().for_each(|report| report.running = report.running.saturating_sub(1));
    let (part, next) =
        scene.part(&found, scene.asked.get("NextToken"), scene.asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("reportSet", "item", part, |xml, it| {
            it.write(xml);
            xml.leaf("status", it.status());
        });
        xml.some("nextToken", next.as_deref());
    }))
}

pub(super) fn summary(scene: &Scene<'_>) -> Done<Answer> {
    allowed(scene)?;
    let id = scene.asked.need("ReportId")?;
    let report = locked(&scene.world.reports).iter().find(|it| it.id == id).cloned();
    let report = report.ok_or_else(|| Fault::bad("InvalidParameterValue", "there is no such report"))?;
    if report.running > 0 {
        return Err(Fault::bad("IncorrectState", "the report is not complete"));
    }
    let scenario = &scene.world.scenario;
    let scope: Vec<&str> = scenario
        .accounts
        .iter()
        .map(|account| account.id.as_str())
        .filter(|id| report.target == ROOT || is_in(scenario, id, &report.target))
        .collect();
    let values = values(scene, &scope);
    if values.is_empty() {
        return Err(unknown(scene));
    }
    Ok(ec2_answer(scene, |xml| {
        report.write(xml);
        xml.number("numberOfAccounts", scope.len()).number("numberOfFailedAccounts", 0);
        xml.list("attributeSummarySet", "item", &values, |xml, (name, of)| attribute(xml, name, of));
    }))
}

/// The values of an attribute: account, region, value.
type Values = Vec<(String, String, String)>;

fn values(scene: &Scene<'_>, scope: &[&str]) -> BTreeMap<&'static str, Values> {
    let mut values: BTreeMap<&'static str, Values> = BTreeMap::new();
    for id in scope {
        let Some(account) = scene.world.accounts.get(*id) else { continue };
        for region in account.regions() {
            let Some(place) = account.place(region) else { continue };
            let defaults = &place.defaults;
            let limit = defaults.http_put_response_hop_limit.map(|limit| limit.to_string());
            let told = [
                ("imds_http_tokens", defaults.http_tokens.clone()),
                ("imds_http_endpoint", defaults.http_endpoint.clone()),
                ("imds_http_put_response_hop_limit", limit),
            ];
            for (name, value) in told {
                let value = value.unwrap_or_else(|| "no-preference".to_owned());
                values.entry(name).or_default().push(((*id).to_owned(), region.to_owned(), value));
            }
        }
    }
    values
}

fn attribute(xml: &mut Xml, name: &str, of: &Values) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, _, value) in of {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(_, count)| **count).map(|(value, _)| *value).unwrap_or_default();
    // An account matches if it does everywhere.
    let mut accounts: BTreeMap<&str, bool> = BTreeMap::new();
    let mut regions: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (account, region, value) in of {
        let is_match = value == most;
        *accounts.entry(account).or_insert(true) &= is_match;
        regions.entry(region).or_default()[usize::from(!is_match)] += 1;
    }
    let matched = accounts.values().filter(|is_match| **is_match).count();
    xml.leaf("attributeName", name).leaf("mostFrequentValue", most);
    xml.number("numberOfMatchedAccounts", matched);
    xml.number("numberOfUnmatchedAccounts", accounts.len() - matched);
    xml.list("regionalSummarySet", "item", regions, |xml, (region, [matched, unmatched])| {
        xml.leaf("regionName", region).number("numberOfMatchedAccounts", matched);
        xml.number("numberOfUnmatchedAccounts", unmatched);
    });
}
