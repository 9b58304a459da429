//! Code with the verdicts that are right for it, through the whole auditor: `fixtures/audit`, and the samples of the rules.
//!
//! A case fails if a resource is missing or too many, comes out as something else, is told on another line, or if a rule
//! is found that should not be, or the other way round.

use onehop_audit::iac::{Accounts, Outcome, Plan, parameters, run};
use onehop_audit::rules::{ENTRIES, Sample};
use onehop_report::{Finding, Place};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use time::Date;
use time::macros::format_description;

/// Cases that there are at least, so that an empty directory is no success.
const CASES_MIN: usize = 350;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    want: Vec<Want>,
    rules: BTreeSet<String>,
    #[serde(default)]
    also: Vec<Also>,
    account_defaults: Option<String>,
    today: Option<String>,
    #[serde(default)]
    vars: BTreeMap<String, String>,
    #[serde(default)]
    var_files: Vec<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

/// A resource with its verdict.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Want {
    resource: String,
    verdict: String,
    file: Option<String>,
    line: Option<u64>,
}

/// A finding that is about no verdict.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    rule: String,
    file: Option<String>,
    line: u64,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/audit")
}

fn tree<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> TempDir {
    let root = tempfile::tempdir().expect("a directory can be made");
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    root
}

fn plan(case: &Case, root: &Path) -> Plan {
    let given = serde_json::to_string(&case.parameters).expect("texts are JSON");
    let today = case.today.as_deref().map(|day| {
        Date::parse(day, format_description!("[year]-[month]-[day]")).expect("a case has a right date")
    });
    Plan {
        accounts: case
            .account_defaults
            .as_deref()
            .map_or_else(Accounts::default, |text| Accounts::parse(text).expect("a case has right defaults")),
        var_files: case.var_files.iter().map(|name| root.join(name).display().to_string()).collect(),
        vars: case.vars.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        parameters: if case.parameters.is_empty() {
            Vec::new()
        } else {
            parameters("parameters.json", &given).expect("a case has right parameters")
        },
        today,
        ..Plan::default()
    }
}

/// A place below the root: file and line.
fn place(place: &Place, root: &Path) -> (String, u64) {
    let path = Path::new(place.path().unwrap_or_default());
    let path = path.strip_prefix(root).unwrap_or(path);
    (path.display().to_string(), place.region().map_or(0, |region| region.line))
}

fn counts(outcome: &Outcome) -> impl Iterator<Item = &Finding> {
    outcome.findings.iter().filter(|finding| finding.suppressed.is_none())
}

/// What is wrong with a case, in words; empty if nothing is.
fn faults(case: &Case, outcome: &Outcome, root: &Path) -> Vec<String> {
    let mut faults = verdict_faults(case, outcome, root);
    let rules: BTreeSet<String> = counts(outcome).map(|finding| finding.rule.to_string()).collect();
    if rules != case.rules {
        let told: Vec<String> = counts(outcome)
            .map(|finding| {
                format!("{} {:?} {}", finding.rule, place(&finding.place, root), finding.message.as_str())
            })
            .collect();
        faults.push(format!("rules {rules:?}, wanted {:?}\n    {}", case.rules, told.join("\n    ")));
    }
    for also in &case.also {
        let file = also.file.as_ref().or(case.files.keys().next());
        let is_there = counts(outcome).any(|finding| {
            let (path, line) = place(&finding.place, root);
            finding.rule == also.rule && line == also.line && Some(&path) == file
        });
        if !is_there {
            let told: Vec<_> = counts(outcome)
                .filter(|finding| finding.rule == also.rule)
                .map(|finding| place(&finding.place, root))
                .collect();
            faults.push(format!("{} is told at {told:?}, wanted {file:?} line {}", also.rule, also.line));
        }
    }
    faults
}

fn verdict_faults(case: &Case, outcome: &Outcome, root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let got: BTreeSet<(&str, &str)> = outcome
        .rows
        .iter()
        .map(|row| (row.judged.subject.address.as_str(), row.judged.verdict.name()))
        .collect();
    let want: BTreeSet<(&str, &str)> =
        case.want.iter().map(|want| (want.resource.as_str(), want.verdict.as_str())).collect();
    if got != want || outcome.rows.len() != case.want.len() {
        let because: Vec<&str> = outcome.rows.iter().map(|row| row.judged.because.as_str()).collect();
        faults.push(format!("verdicts {got:?}, wanted {want:?}\n    {}", because.join("\n    ")));
    }
    for want in &case.want {
        let told: Vec<(String, u64)> = counts(outcome)
            .filter(|finding| {
                finding.subject.as_deref() == Some(&want.resource) && finding.facts.find("verdict").is_some()
            })
            .map(|finding| place(&finding.place, root))
            .collect();
        let file = want.file.as_ref().or(case.files.keys().next()).cloned().unwrap_or_default();
        let wanted: Vec<(String, u64)> = want.line.map(|line| (file, line)).into_iter().collect();
        if told != wanted {
            faults.push(format!("`{}` is told at {told:?}, wanted {wanted:?}", want.resource));
        }
    }
    faults
}

#[test]
fn every_case_comes_out_right() {
    let mut names: Vec<PathBuf> = fs::read_dir(fixtures())
        .expect("the fixtures are there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    names.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for name in names {
        let text = fs::read_to_string(&name).expect("a fixture can be read");
        let fixture: Fixture =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
        let group = name.file_stem().expect("it has a name").to_string_lossy().into_owned();
        for case in fixture.case {
            count += 1;
            let root = tree(case.files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            let outcome = run(&[root.path().to_path_buf()], &plan(&case, root.path()), &|_, _| {});
            let faults = faults(&case, &outcome, root.path());
            if !faults.is_empty() {
                wrong.push(format!("{group}/{} ({})\n  {}", case.name, case.why, faults.join("\n  ")));
            }
        }
    }
    assert!(count >= CASES_MIN, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases are wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

fn found(sample: &Sample) -> BTreeSet<String> {
    let root = tree(sample.files.iter().copied());
    let outcome = run(&[root.path().to_path_buf()], &Plan::default(), &|_, _| {});
    counts(&outcome).map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn samples_of_rules_are_what_their_pages_say() {
    for entry in ENTRIES {
        let id = entry.rule.id;
        assert!(!entry.found.is_empty() && !entry.clean.is_empty(), "{id} has samples of both kinds");
        for sample in entry.found {
            assert!(found(sample).contains(id), "{id} is found in: {} ({:?})", sample.about, found(sample));
        }
        for sample in entry.clean {
            assert!(!found(sample).contains(id), "{id} is not found in: {}", sample.about);
        }
    }
}
