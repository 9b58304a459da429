//! `onehop audit aws`: accounts, live or from a snapshot.
//!
//! ```text
//! calls │ --snapshot FILE ─▶ Snapshot ─▶ subjects, region by region ─▶ findings ─▶ report
//!                                            ╰─ --code: where each was made
//! ```

use super::collect;
use super::report::{self, Ended};
use crate::arguments::AwsArguments;
use crate::commands::findings;
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_audit::iac;
use onehop_audit::live::{CodeIndex, Subject, evaluate, findings as findings_of, gaps};
use onehop_inventory::Snapshot;
use onehop_report::{Facts, Format};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Audits accounts, or prints what permissions that needs.
pub(crate) fn run(flags: &AwsArguments) -> Result<ExitCode, Failure> {
    if let Some(mode) = &flags.print_policy {
        return print_policy(mode, flags.read.role.as_deref());
    }
    let snapshot = match &flags.snapshot {
        Some(path) => collect::read(path)?,
        None => collect::collect(&flags.read)?,
    };
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
    posture: BTreeMap<String, BTreeMap<&'static str, u64>>,
}

impl Seen {
    fn add(&mut self, subject: &Subject) {
        let verdict = subject.verdict.name();
        self.subjects += 1;
        *self.verdicts.entry(verdict).or_default() += 1;
        let place = format!("{}/{}", subject.key.account, subject.key.region);
        *self.posture.entry(place).or_default().entry(verdict).or_default() += 1;
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
    let (mut found, mut seen, mut failed) = (Vec::new(), Seen::default(), None);
    evaluate(snapshot, &mut |mut subject| {
        code.join(&mut subject);
        seen.add(&subject);
        if flags.all && matches!(format, Format::Text | Format::Json) {
            failed = output::line(&row(&subject, format)).err().or(failed.take());
        }
        found.extend(findings_of(&subject));
    });
    if let Some(error) = failed {
        return Err(error).or_hint(|| "standard output cannot be written to".to_owned());
    }
    let losses: Vec<String> = gaps(snapshot)
        .iter()
        .map(|gap| {
            let region = gap.region.as_deref().unwrap_or("no region");
            format!("{} in {region} of {}: {} {}", gap.operation, gap.account, gap.code, gap.message)
        })
        .collect();
    for loss in &losses {
        output::warning(loss);
    }
    let facts = Facts::new()
        .with("accounts", snapshot.accounts.len())
        .with("regions", snapshot.accounts.iter().map(|account| account.regions.len()).sum::<usize>())
        .with("resources", seen.subjects)
        .with("verdicts", json!(seen.verdicts))
        .with(onehop_report::facts::POSTURE, json!(seen.posture));
    let rules: Vec<_> = onehop_audit::rules::rules().cloned().collect();
    let ended = Ended { facts, losses, keeps_going: flags.keep_going };
    report::report("audit", &rules, format, gate, found, ended)
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
