//! CloudTrail in files that grow: judged while they do, and what is learnt is kept in between.

use onehop_input::{Options, Stop};
use onehop_scan::{Plan, State, Told, follow, rules::RULES};
use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// The two records of the example of a rule: the launch of an instance, and a use of its credentials elsewhere.
fn example() -> [&'static str; 2] {
    let rule = RULES.iter().find(|rule| rule.id == "TRAIL-ELSEWHERE").expect("a rule");
    let mut lines = rule.example.lines();
    [lines.next().expect("a launch"), lines.next().expect("a use")]
}

/// Looks, a millisecond each, after which nothing is waited for any more.
const LOOKS_MAX: usize = 30_000;

fn append(path: &Path, line: &str) {
    let mut file = OpenOptions::new().append(true).open(path).expect("a file");
    writeln!(file, "{line}").expect("written");
}

#[test]
fn what_was_delivered_is_judged_and_kept_while_the_run_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trail.json");
    let [launch, theft] = example();
    fs::write(&path, format!("{launch}\n")).expect("written");
    let mut input = Options::default();
    input.follow_interval = Duration::from_millis(1);
    let plan = Plan { input, patience: Duration::ZERO, keep_every: Duration::ZERO, ..Plan::default() };
    let (stop, kept, mut looks, mut found) = (Stop::new(), Cell::new(0), 0, Vec::new());
    let mut keep = |state: &State| {
        looks += 1;
        if looks > LOOKS_MAX {
            stop.stop();
        }
        let changed = state.changes().count();
        if changed > 0 && kept.replace(kept.get() + changed) == 0 {
            append(&path, theft);
        }
        true
    };
    let mut take = |told| {
        if let Told::Finding(finding) = told {
            let place = match &finding.place {
                onehop_report::Place::Text { region, .. } => Some(region.line),
                _ => None,
            };
            found.push((finding.rule.clone(), place));
            stop.stop();
        }
        true
    };
    let state = follow(std::slice::from_ref(&path), plan, &stop, &mut take, &mut keep);
    assert_eq!(found.first(), Some(&("TRAIL-ELSEWHERE".into(), Some(2))));
    assert!(kept.get() > 0 && state.changes().count() < state.rows().count(), "not all is kept at the end");
}
