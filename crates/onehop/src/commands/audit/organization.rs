//! `onehop audit aws --declarative-report`: the account status report of an organization, which AWS makes itself.
//!
//! ```text
//! --start-report s3://BUCKET/PREFIX ─▶ asked for; its rows come to the bucket within hours
//! --declarative-report              ─▶ the newest complete one ─▶ attributes of the metadata service, by region
//! ```
//!
//! It needs no role in the accounts. What it says of an attribute is the value that most accounts have and how many
//! differ, not which: the rows in the bucket name them. AWS does not document the names of attributes, so those are shown
//! that speak of the metadata service, and all if none does.

use super::collect::{block_on, client};
use crate::arguments::{AwsArguments, ReadArguments};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_aws::ops::organizations::ListRoots;
use onehop_aws::ops::reports::{
    Attribute, DescribeDeclarativePoliciesReports, GetDeclarativePoliciesReportSummary, Report,
    ReportSummary, StartDeclarativePoliciesReport,
};
use onehop_aws::{CallError, Client};
use serde_json::json;
use std::process::ExitCode;

/// Starts a report, or shows the newest.
pub(crate) fn run(flags: &AwsArguments) -> Result<ExitCode, Failure> {
    let is_json = match flags.format.as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(other) => {
            let words = format!("the report of an organization cannot be shown as `{other}`");
            return Err(Failure::new(words).hint("it is shown as text or json"));
        }
    };
    match &flags.start_report {
        Some(place) => {
            let id = block_on(start(&flags.read, place, flags.report_target.as_deref()))?;
            output::line(&if is_json {
                json!({"type": "report-started", "v": 1, "id": id, "place": place}).to_string()
            } else {
                format!(
                    "report {id} was started; it is complete within hours, and then shown by --declarative-report"
                )
            })?;
        }
        None => show(&block_on(newest(&flags.read))?, is_json)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(flags: &ReadArguments, place: &str, target: Option<&str>) -> Result<String, Failure> {
    let path = place.strip_prefix("s3://").unwrap_or(place);
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    let (client, _) = client(flags).await?;
    let target_id = match target {
        Some(target) => target.to_owned(),
        None => root(&client).await?,
    };
    let ask = StartDeclarativePoliciesReport {
        bucket: bucket.to_owned(),
        prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
        target_id,
    };
    client.call(&ask).await.map_err(|error| failed("start a report", &error)).or_hint(|| {
        "the management account and its delegates may, one report at a time, with a bucket in the same region whose \
         policy lets it in"
            .to_owned()
    })
}

async fn root(client: &Client) -> Result<String, Failure> {
    let roots = client.all(ListRoots::default(), |page| page.roots).await;
    let roots = roots.map_err(|error| failed("find the root of the organization", &error))?;
    let first = roots.into_iter().next().map(|root| root.id);
    first.ok_or_else(|| Failure::new("the organization has no root").hint("give --report-target"))
}

async fn newest(flags: &ReadArguments) -> Result<ReportSummary, Failure> {
    let (client, _) = client(flags).await?;
    let reports = client.all(DescribeDeclarativePoliciesReports::default(), |page| page.reports).await;
    let reports = reports.map_err(|error| failed("list the reports of the organization", &error))?;
    let id = complete(&reports)?;
    let summary = client.call(&GetDeclarativePoliciesReportSummary { id }).await;
    summary.map_err(|error| failed("read the report", &error))
}

/// The newest one that is complete.
fn complete(reports: &[Report]) -> Result<String, Failure> {
    let done = reports.iter().filter(|report| report.status == "complete");
    if let Some(newest) = done.max_by(|one, other| one.start_time.cmp(&other.start_time)) {
        return Ok(newest.id.clone());
    }
    Err(match reports.iter().find(|report| report.status == "running") {
        Some(running) => Failure::new(format!("report {} is not complete yet", running.id))
            .hint("it takes up to some hours; ask again later"),
        None => Failure::new("the organization has no report")
            .hint("start one with --start-report s3://BUCKET, in a region in which the bucket is"),
    })
}

fn failed(what: &str, error: &CallError) -> Failure {
    Failure::new(format!("cannot {what}: {error}"))
}

fn show(summary: &ReportSummary, is_json: bool) -> Result<(), Failure> {
    let about: Vec<&Attribute> = summary.attributes.iter().filter(|it| is_metadata(&it.name)).collect();
    let shown = if about.is_empty() {
        output::warning("no attribute of the report speaks of the metadata service; all are shown");
        summary.attributes.iter().collect()
    } else {
        about
    };
    if summary.failed_accounts > 0 {
        output::warning(&format!("{} accounts could not be looked at", summary.failed_accounts));
    }
    for it in shown {
        output::line(&if is_json { row(summary, it) } else { words(it) })?;
    }
    if !is_json {
        output::line(&format!(
            "report {} of {}: {} accounts, {} not looked at",
            summary.id, summary.target_id, summary.accounts, summary.failed_accounts
        ))?;
    }
    Ok(())
}

fn is_metadata(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("metadata") || name.contains("imds")
}

fn row(summary: &ReportSummary, it: &Attribute) -> String {
    let regions: Vec<_> = it
        .regions
        .iter()
        .map(|(region, matched, unmatched)| {
            json!({"region": region, "accounts_with_it": matched, "accounts_without": unmatched})
        })
        .collect();
    json!({
        "type": "attribute", "v": 1, "report": summary.id, "target": summary.target_id,
        "ended": summary.end_time, "accounts": summary.accounts, "accounts_failed": summary.failed_accounts,
        "name": it.name, "most_frequent": it.most_frequent, "accounts_with_it": it.matched,
        "accounts_without": it.unmatched, "regions": regions,
    })
    .to_string()
}

fn words(it: &Attribute) -> String {
    let mixed: Vec<String> = it
        .regions
        .iter()
        .filter(|(_, _, unmatched)| *unmatched > 0)
        .map(|(region, _, unmatched)| format!("{unmatched} in {region}"))
        .collect();
    let differ = if mixed.is_empty() { String::new() } else { format!(": {}", mixed.join(", ")) };
    format!("{} = {}: {} accounts, {} differ{differ}", it.name, it.most_frequent, it.matched, it.unmatched)
}
