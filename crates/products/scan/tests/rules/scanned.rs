//! The logs of every rule through the scanner: what should be found is, what should not be is not.

use onehop_scan::rules::{ENTRIES, Entry, Sample};
use onehop_scan::{Plan, Told, run};
use std::collections::BTreeSet;

/// The rules that a whole run finds in these logs, a file each.
fn found(sample: &Sample) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<_> = (0..sample.logs.len()).map(|at| folder.path().join(format!("{at}.log"))).collect();
    for (path, log) in paths.iter().zip(sample.logs) {
        std::fs::write(path, format!("{log}\n")).expect("a file");
    }
    let plan = Plan::default();
    let sources = onehop_input::expand(&paths, &plan.input).sources;
    assert_eq!(sources.len(), sample.logs.len());
    let mut rules = BTreeSet::new();
    run(&sources, plan, &mut |told| {
        if let Told::Finding(finding) = told {
            rules.insert(finding.rule.to_string());
        }
        true
    });
    rules
}

/// Logs in which the rule is found, or is not, against what is wanted.
fn misjudged(samples: fn(&Entry) -> &'static [Sample], wanted: bool) -> Vec<(&'static str, &'static str)> {
    let mut wrong = Vec::new();
    for entry in ENTRIES {
        for sample in samples(entry) {
            if found(sample).contains(entry.rule.id) != wanted {
                wrong.push((entry.rule.id, sample.about));
            }
        }
    }
    wrong
}

#[test]
fn examples_are_found_with_their_rule() {
    assert_eq!(misjudged(|entry| entry.found, true), [("", ""); 0]);
}

#[test]
fn benign_logs_are_not_found_with_the_rule() {
    assert_eq!(misjudged(|entry| entry.benign, false), [("", ""); 0]);
}
