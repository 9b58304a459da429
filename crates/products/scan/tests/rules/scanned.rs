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

/// Logs that are judged otherwise than wanted.
fn misjudged(samples: fn(&Entry) -> &'static [Sample], wanted: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for entry in ENTRIES {
        for sample in samples(entry) {
            let found = found(sample);
            if found.contains(entry.rule.id) != wanted {
                wrong.push(format!("{}: here {}: found {found:?}", entry.rule.id, sample.about));
            }
        }
    }
    wrong
}

#[test]
fn examples_are_found_with_their_rule() {
    assert_eq!(misjudged(|entry| entry.found, true), [""; 0]);
}

#[test]
fn benign_logs_are_not_found_with_the_rule() {
    assert_eq!(misjudged(|entry| entry.benign, false), [""; 0]);
}
