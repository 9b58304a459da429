//! `onehop audit aws`: accounts, live or from a snapshot.
//!
//! ```text
//! calls │ --snapshot FILE ─▶ Snapshot ─▶ subjects, region by region ─▶ findings ─▶ report
//!        --cloudtrail PATH ─╯                ╰─ --code: where each was made
//! ```

use super::organization;
use super::report::{self, Ended};
use super::{cloudtrail, collect};
use crate::arguments::AwsArguments;
use crate::commands::findings;
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_audit::iac;
use onehop_audit::live::{
    CodeIndex, Subject, evaluate, evaluate_with, findings as findings_of, gaps, policy_findings,
};
use onehop_inventory::Snapshot;
use onehop_report::{Facts, Finding, Format};
use serde_json::json;
use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;

/// Threads that look at instances: one beside the one that writes is enough for it, two are for machines that are busy.
const THREADS_MAX: NonZeroUsize = NonZeroUsize::new(2).expect("two is not zero");

/// Audits accounts, or prints what permissions that needs.
pub(crate) fn run(flags: &AwsArguments) -> Result<ExitCode, Failure> {
    if let Some(mode) = &flags.print_policy {
        return print_policy(mode, flags.read.role.as_deref());
    }
    if flags.declarative_report || flags.start_report.is_some() {
        return organization::run(flags);
    }
    let snapshot = match &flags.snapshot {
        Some(path) => {
            let mut snapshot = collect::read(path)?;
            cloudtrail::join(&mut snapshot, &flags.read.cloudtrail);
            snapshot
        }
        None => collect::collect(&flags.read)?,
    };
    // The process ends here, and the system takes back in one go what would be freed piece by piece for long.
    let snapshot = ManuallyDrop::new(snapshot);
    report(&snapshot, flags)
}

fn print_policy(mode: &str, role: Option<&str>) -> Result<ExitCode, Failure> {
    let known = onehop_aws::Mode::ALL;
    let chosen = known.into_iter().find(|known| known.name() == mode).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|known| known.name()).collect();
        Failure::new(format!("`{mode}` is no mode")).hint(format!("they are {}", names.join(", ")))
    })?;
    let policy = onehop_aws::policy(chosen, role.unwrap_or("OrganizationAccountAccessRole"));
    output::line(&serde_json::to_string_pretty(&policy)?)?;
    Ok(ExitCode::SUCCESS)
}

/// What is counted while subjects go by.
#[derive(Default)]
struct Seen {
    subjects: u64,
    verdicts: BTreeMap<&'static str, u64>,
    /// Each place comes once, as subjects come region by region.
    posture: Vec<(String, BTreeMap<&'static str, u64>)>,
    place: Option<(Arc<str>, Arc<str>)>,
}

impl Seen {
    fn add(&mut self, account: &Arc<str>, region: &Arc<str>, verdict: &'static str) {
        self.subjects += 1;
        *self.verdicts.entry(verdict).or_default() += 1;
        if self.place.as_ref().is_none_or(|(one, other)| (one, other) != (account, region)) {
            self.place = Some((Arc::clone(account), Arc::clone(region)));
            self.posture.push((format!("{account}/{region}"), BTreeMap::new()));
        }
        if let Some((_, counts)) = self.posture.last_mut() {
            *counts.entry(verdict).or_default() += 1;
        }
    }

    /// By place, then by verdict.
    fn posture(&self) -> BTreeMap<&str, &BTreeMap<&'static str, u64>> {
        self.posture.iter().map(|(place, counts)| (place.as_str(), counts)).collect()
    }
}

fn report(snapshot: &Snapshot, flags: &AwsArguments) -> Result<ExitCode, Failure> {
    let format: Format = flags.format.as_deref().map_or(Ok(Format::Text), str::parse)?;
    let code = match flags.code.as_slice() {
        [] => CodeIndex::default(),
        paths => CodeIndex::of(&iac::resources(paths, &iac::Plan::default())),
    };
    let gate =
        findings::gate(flags.severity.as_deref(), flags.suppressions.as_deref(), flags.baseline.as_deref())?;
    if flags.all && matches!(format, Format::Text | Format::Json) {
        tell_all(snapshot, &code, format)?;
    }
    let of_calls = gaps(snapshot).into_iter().map(|gap| {
        let region = gap.region.as_deref().unwrap_or("no region");
        format!("{} in {region} of {}: {} {}", gap.operation, gap.account, gap.code, gap.message)
    });
    let trail = snapshot.header.trail.as_ref();
    let of_logs = trail.into_iter().flat_map(|logs| logs.lost.iter().cloned());
    let losses: Vec<String> = of_calls.chain(of_logs).collect();
    for loss in &losses {
        output::warning(loss);
    }
    let rules: Vec<_> = onehop_audit::rules::rules().cloned().collect();
    report::report_each("audit", &rules, format, gate, |give| {
        policy_findings(snapshot).into_iter().for_each(&mut *give);
        let seen = found(snapshot, &code, give);
        let mut facts = Facts::new()
            .with("accounts", snapshot.accounts.len())
            .with("regions", snapshot.accounts.iter().map(|account| account.regions.len()).sum::<usize>())
            .with("resources", seen.subjects)
            .with("verdicts", json!(seen.verdicts))
            .with(onehop_report::facts::POSTURE, json!(seen.posture()));
        if let Some(logs) = trail {
            facts.set(
                "cloudtrail",
                json!({"records": logs.records, "instances": logs.joined, "other_instances": logs.strangers}),
            );
        }
        Ended { facts, losses, keeps_going: flags.keep_going }
    })
}

/// Gives every finding, in the order of accounts and regions. They are found on other threads while they are written here.
fn found(snapshot: &Snapshot, code: &CodeIndex, give: &mut dyn FnMut(Finding)) -> Seen {
    let mut seen = Seen::default();
    let judge = |mut subject: Subject| {
        code.join(&mut subject);
        let found = findings_of(&subject);
        (subject.key.account, subject.key.region, subject.verdict.name(), found)
    };
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN).min(THREADS_MAX);
    evaluate_with(snapshot, threads, &judge, &mut |(account, region, verdict, found)| {
        seen.add(&account, &region, verdict);
        found.into_iter().for_each(&mut *give);
    });
    seen
}

/// A line for everything, good or bad.
fn tell_all(snapshot: &Snapshot, code: &CodeIndex, format: Format) -> Result<(), Failure> {
    let mut failed = None;
    evaluate(snapshot, &mut |mut subject| {
        code.join(&mut subject);
        if failed.is_none() {
            failed = output::line(&row(&subject, format)).err();
        }
    });
    match failed {
        Some(error) => Err(error).or_hint(|| "standard output cannot be written to".to_owned()),
        None => Ok(()),
    }
}

/// What one subject comes out as.
fn row(subject: &Subject, format: Format) -> String {
    let key = &subject.key;
    let risk = subject.risk();
    if format == Format::Json {
        return json!({
            "type": "verdict",
            "v": 1,
            "account": key.account,
            "region": key.region,
            "kind": key.kind.name(),
            "id": key.id,
            "verdict": subject.verdict.name(),
            "decided_by": subject.verdict.level().map(onehop_audit::Level::name),
            "risk": risk.score,
            "detail": subject.effective.explain(),
        })
        .to_string();
    }
    format!(
        "{:18}  risk {:3}  {}/{}/{}/{}",
        subject.verdict.name(),
        risk.score,
        key.account,
        key.region,
        key.kind.name(),
        key.id
    )
}
