//! `--cloudtrail`: how role credentials were delivered, read from logs and joined with the instances of a snapshot.
//!
//! ```text
//! paths ─▶ sources ─on threads─▶ records ─▶ facts ─▶ Trail ─▶ calls by instance and delivery ─▶ regions of the snapshot
//!    ╰────────────╰─ what cannot be read ─▶ header of the snapshot ─▶ warnings, exit status 2
//! ```

use onehop_input::{Chunk, Options, Sink, SourceName, Totals, expand, read_all};
use onehop_inventory::{RoleDelivery, Snapshot, TrailLogs};
use onehop_trail::{Delivered, Facts, Settings, Tally, Trail, TrailReader};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Losses that are told one by one; more are counted.
const LOSSES_MAX: usize = 64;

/// Reads logs and puts what they say about deliveries to the instances. Nothing where no logs are given.
pub(super) fn join(snapshot: &mut Snapshot, paths: &[PathBuf]) {
    if paths.is_empty() {
        return;
    }
    let (trail, logs) = read(paths);
    snapshot.join_deliveries(logs, trail.deliveries().iter().flat_map(rows));
}

/// Both ways of an instance, without those that no call was made with.
fn rows(delivered: &Delivered) -> impl Iterator<Item = RoleDelivery> {
    [("1.0", delivered.v1), ("2.0", delivered.v2)].into_iter().filter(|(_, calls)| calls.calls > 0).map(
        |(version, calls)| RoleDelivery {
            instance_id: delivered.instance.clone(),
            version: version.into(),
            records: calls.calls,
            last_seen: calls.last.map(|last| last.to_string()),
        },
    )
}

/// What is read on several threads comes together here.
struct Gathered {
    trail: Trail,
    tally: Tally,
    losses: Losses,
}

#[derive(Default)]
struct Losses {
    told: Vec<String>,
    untold: u64,
}

impl Losses {
    fn add(&mut self, loss: String) {
        if self.told.len() < LOSSES_MAX {
            self.told.push(loss);
        } else {
            self.untold += 1;
        }
    }

    /// In the order of their words, as sources end in any order.
    fn into_words(mut self) -> Vec<String> {
        self.told.sort_unstable();
        if self.untold > 0 {
            self.told.push(format!("{} more losses in the logs of CloudTrail", self.untold));
        }
        self.told
    }
}

/// The records of one source on their way to the others.
struct Logs<'g> {
    gathered: &'g Mutex<Gathered>,
    name: String,
    reader: TrailReader,
    facts: Vec<Facts>,
}

impl Sink for Logs<'_> {
    fn begin(&mut self, source: &SourceName) {
        source.as_str().clone_into(&mut self.name);
        self.reader = TrailReader::default();
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        let facts = &mut self.facts;
        self.reader.feed(chunk.offset, chunk.bytes, &mut |fact| facts.push(fact));
        if !self.facts.is_empty() {
            let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
            for facts in self.facts.drain(..) {
                gathered.trail.push(facts, &mut |_| {});
            }
        }
    }

    fn end(&mut self, totals: &Totals) {
        self.reader.end();
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        let (tally, name) = (self.reader.tally, &self.name);
        gathered.tally.add(&tally);
        for loss in &totals.lost {
            gathered.losses.add(loss.to_string());
        }
        gathered.losses.untold += totals.losses.saturating_sub(totals.lost.len() as u64);
        if tally.unreadable + tally.incomplete > 0 {
            let (unreadable, broken) = (tally.unreadable, tally.incomplete);
            gathered.losses.add(format!(
                "`{name}`: of {} records of CloudTrail {unreadable} cannot be read and {broken} break off",
                tally.records
            ));
        }
    }
}

fn read(paths: &[PathBuf]) -> (Trail, TrailLogs) {
    let options = Options::default();
    let expanded = expand(paths, &options);
    let mut losses = Losses::default();
    expanded.problems.iter().for_each(|problem| losses.add(problem.to_string()));
    let gathered =
        Mutex::new(Gathered { trail: Trail::new(Settings::default()), tally: Tally::default(), losses });
    let sink = |_: &_| Logs {
        gathered: &gathered,
        name: String::new(),
        reader: TrailReader::default(),
        facts: Vec::new(),
    };
    read_all(&expanded.sources, &options, sink, |_, _, result| {
        if let Err(error) = result {
            gathered.lock().unwrap_or_else(PoisonError::into_inner).losses.add(error.to_string());
        }
    });
    let Gathered { mut trail, tally, mut losses } =
        gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    trail.finish(&mut |_| {});
    if tally.records == 0 && losses.told.is_empty() {
        let paths: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        losses.add(format!("no record of CloudTrail in {}", paths.join(", ")));
    }
    let logs = TrailLogs { records: tally.records, lost: losses.into_words(), ..TrailLogs::default() };
    (trail, logs)
}
