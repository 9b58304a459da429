//! `onehop audit iac`.
//!
//! ```text
//! paths ─▶ onehop_audit::iac::run ─▶ findings ─▶ report │ --diff: a patch │ --fix: files │ --write-baseline
//! ```

use super::report::{self, Ended};
use crate::arguments::{AuditSettings, IacArguments};
use crate::commands::baseline;
use crate::commands::findings;
use crate::config::{ConfigFile, keys_of};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_audit::iac::{self, Accounts, Outcome, Plan, Row};
use onehop_audit::patch;
use onehop_report::{Facts, Finding, Format, Recorder};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use time::OffsetDateTime;

/// Audits code.
pub(crate) fn run(config: &ConfigFile, arguments: &IacArguments) -> Result<ExitCode, Failure> {
    let keys = keys_of::<AuditSettings>(&[]);
    let settings = config.overlay("audit", &keys, &arguments.settings)?;
    let plan = plan(&settings)?;
    let is_shown = std::io::stderr().is_terminal();
    let outcome = iac::run(&arguments.paths, &plan, &|done, total| {
        if is_shown && (done.is_multiple_of(64) || done == total) {
            output::progress(&format!("{done} of {total} units"), done == total);
        }
    });
    if arguments.diff || arguments.fix {
        return change(&outcome, arguments.fix, settings.keep_going == Some(true));
    }
    if let Some(path) = &arguments.write_baseline {
        return write_baseline(&outcome.findings, path);
    }
    report(outcome, &settings)
}

fn plan(settings: &AuditSettings) -> Result<Plan, Failure> {
    let accounts = match &settings.account_defaults {
        None => Accounts::default(),
        Some(path) => Accounts::parse(&read(path, "account defaults")?)
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
            .or_hint(|| {
                "it is {\"eu-west-1\": {\"HttpTokens\": \"required\"}}, `*` for all regions".to_owned()
            })?,
    };
    let parameters = match &settings.parameters {
        None => Vec::new(),
        Some(path) => iac::parameters(&path.display().to_string(), &read(path, "parameters")?)
            .ok_or_else(|| Failure::new(format!("`{}` holds no parameters", path.display())))?,
    };
    let vars = settings.var.iter().map(|var| pair(var)).collect::<Result<_, _>>()?;
    for file in &settings.var_file {
        read(Path::new(file), "variables")?;
    }
    Ok(Plan {
        accounts,
        var_files: settings.var_file.clone(),
        vars,
        parameters,
        region: settings.region.clone(),
        threads: settings.threads,
        today: Some(OffsetDateTime::now_utc().date()),
    })
}

fn read(path: &Path, what: &str) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {what} `{}`: {error}", path.display())))
}

fn pair(text: &str) -> Result<(String, String), Failure> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| Failure::new(format!("`{text}` is no variable with a value")))
        .or_hint(|| "write --var name=value".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Prints a patch, or writes it into the files.
fn change(outcome: &Outcome, writes: bool, keeps_going: bool) -> Result<ExitCode, Failure> {
    let mut changed = 0_usize;
    for (path, edits) in patch::collect(&outcome.findings) {
        let before = read(Path::new(&path), "code")?;
        let Some(after) = patch::apply(&before, &edits) else {
            return Err(Failure::new(format!("`{path}` is not what it was when it was read"))
                .hint("nothing was written to it; run the audit again"));
        };
        if writes {
            fs::write(&path, after)
                .map_err(|error| Failure::new(format!("cannot write `{path}`: {error}")))?;
            output::note(&format!("{path}: {} changed", edits.len()));
        } else {
            output::line(patch::difference(&path, &before, &after).trim_end_matches('\n'))?;
        }
        changed += edits.len();
    }
    let left =
        outcome.findings.iter().filter(|finding| finding.suppressed.is_none() && !has_edit(finding)).count();
    output::note(&format!("{changed} changes; {left} findings need a hand: see the report"));
    lost(outcome);
    Ok(ExitCode::from(if outcome.lost.is_empty() || keeps_going { 0 } else { 2 }))
}

fn has_edit(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| !fix.edits.is_empty())
}

fn lost(outcome: &Outcome) {
    for (path, reason) in &outcome.lost {
        output::warning(&format!("`{}` was not looked at: {reason}", path.display()));
    }
}

fn write_baseline(found: &[Finding], path: &Path) -> Result<ExitCode, Failure> {
    let mut recorder = Recorder::default();
    found.iter().filter(|finding| finding.suppressed.is_none()).for_each(|finding| recorder.add(finding));
    baseline::write(path, &recorder)?;
    output::note(&format!("{} findings written to `{}`", found.len(), path.display()));
    Ok(ExitCode::SUCCESS)
}

fn report(outcome: Outcome, settings: &AuditSettings) -> Result<ExitCode, Failure> {
    let format: Format = settings.format.as_deref().map_or(Ok(Format::Text), str::parse)?;
    let shows = settings.all == Some(true);
    if shows && format == Format::Json {
        for row in &outcome.rows {
            output::line(&row_json(row))?;
        }
    } else if shows && format == Format::Text {
        output::line(&table(&outcome.rows))?;
    }
    let gate = findings::gate(
        settings.severity.as_deref(),
        settings.suppressions.as_deref(),
        settings.baseline.as_deref(),
    )?;
    let rules: Vec<_> = onehop_audit::rules::rules().cloned().collect();
    let losses: Vec<String> = outcome
        .lost
        .iter()
        .map(|(path, reason)| format!("`{}` was not looked at: {reason}", path.display()))
        .collect();
    for loss in &losses {
        output::warning(loss);
    }
    let verdicts: BTreeMap<&str, u64> = outcome.verdicts();
    let facts = Facts::new()
        .with("files", outcome.files)
        .with("bytes", outcome.bytes)
        .with("resources", outcome.rows.len())
        .with("verdicts", json!(verdicts))
        .with(onehop_report::facts::POSTURE, json!(outcome.posture()))
        .with("unknown", json!(outcome.unknown));
    let ended = Ended { facts, losses, keeps_going: settings.keep_going == Some(true) };
    report::report("audit", &rules, format, gate, outcome.findings, ended)
}

fn row_json(row: &Row) -> String {
    let judged = &row.judged;
    json!({
        "type": "verdict",
        "v": 1,
        "path": row.place.path(),
        "line": row.place.region().map(|region| region.line),
        "resource": judged.subject.address,
        "kind": judged.subject.kind,
        "language": judged.subject.language,
        "verdict": judged.verdict.name(),
        "decided_by": judged.verdict.level().map(onehop_audit::Level::name),
        "detail": judged.because,
    })
    .to_string()
}

/// What every resource comes out as, for people.
fn table(rows: &[Row]) -> String {
    let cell = |row: &Row| {
        let judged = &row.judged;
        [judged.verdict.name().to_owned(), judged.subject.address.clone(), row.place.to_string()]
    };
    let cells: Vec<[String; 3]> = rows.iter().map(cell).collect();
    let width = |at: usize| cells.iter().map(|row| row[at].chars().count()).max().unwrap_or(0).min(60);
    let (first, second) = (width(0), width(1));
    let lines =
        cells.iter().map(|[verdict, address, place]| format!("{verdict:first$}  {address:second$}  {place}"));
    lines.collect::<Vec<_>>().join("\n")
}
