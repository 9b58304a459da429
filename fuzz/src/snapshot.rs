//! Snapshots of accounts: any lines are read, what was read is written and read again as it was, and judging is total.

use crate::Reached;
use onehop_audit::live::{Evaluation, diff, findings};
use onehop_inventory::Snapshot;
use onehop_inventory::file::Reader;

/// Reads one snapshot.
pub fn run(data: &[u8]) -> Reached {
    let Some((snapshot, problems)) = read(&String::from_utf8_lossy(data)) else { return Reached::Refused };
    let written: Vec<String> = snapshot.lines().collect();
    let (again, lost) = read(&written.join("\n")).expect("what was written is read");
    assert_eq!(lost, 0, "what was written has no problem");
    assert_eq!(again.lines().collect::<Vec<_>>(), written, "a snapshot is written as it was read");
    let evaluation = Evaluation::of(&snapshot);
    for subject in &evaluation.subjects {
        assert!(subject.risk().score <= 100);
        let found = findings(subject);
        assert!(!subject.verdict.is_finding() || !found.is_empty(), "a verdict that is a finding is told");
    }
    assert!(!diff(&snapshot, &snapshot).is_worse(), "nothing is worse than itself");
    Reached::accepted_if(problems == 0 && !evaluation.subjects.is_empty())
}

fn read(text: &str) -> Option<(Snapshot, u64)> {
    let mut reader = Reader::new();
    for line in text.lines() {
        reader.line(line).ok()?;
    }
    let loaded = reader.finish().ok()?;
    let problems = loaded.problems.len() as u64 + loaded.untold;
    Some((loaded.snapshot, problems))
}
