//! The counts: found and missed by group, false alarms by kind and by format.

use super::truth::{AXES, Kept, Line, Truth};
use super::wilson::{Interval, Z_95, wilson};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Most misses that a [`Score`] lists; all are counted.
pub const MISSES_MAX: usize = 200;

/// Which attempts count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All.
    All,
    /// Those of which something is left to see. Packed ones count neither as found nor as missed.
    Visible,
}

/// How many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// How many were reported.
    pub hits: u64,
    /// Of how many.
    pub cases: u64,
    /// Their share, from 0 to 1; 0 of no cases.
    pub share: f64,
    /// Where the true share lies with a confidence of 95 %.
    pub interval: Interval,
}

impl Rate {
    /// The rate with its share and interval.
    #[expect(clippy::cast_precision_loss, reason = "counts of lines are far below 2^52")]
    pub fn of(hits: u64, cases: u64) -> Self {
        let share = if cases == 0 { 0.0 } else { hits as f64 / cases as f64 };
        Rate { hits, cases, share, interval: wilson(hits, cases, Z_95) }
    }

    fn per_million(&self) -> PerMillion {
        PerMillion { rate: self.share * 1e6, low: self.interval.low * 1e6, high: self.interval.high * 1e6 }
    }
}

/// A rate for a million lines, with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PerMillion {
    /// The rate seen.
    pub rate: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The recall of one group, or the alarms of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// What it is grouped by: `spelling`, …
    pub axis: &'static str,
    /// The name of the group.
    pub name: String,
    /// How many of it were reported.
    pub rate: Rate,
}

/// Harmless lines that were reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alarms {
    /// Of all harmless lines.
    pub rate: Rate,
    /// The same for a million lines.
    pub per_million: PerMillion,
    /// By kind and by format, those with alarms only.
    pub groups: Vec<Group>,
    /// The first of them, by number, [`MISSES_MAX`] at most.
    pub lines: Vec<u64>,
}

/// An attempt that was not reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// The number of the line.
    pub line: u64,
    /// Its groups: `spelling` is `octal`, …
    pub groups: BTreeMap<&'static str, String>,
}

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Which attempts counted.
    pub scope: Scope,
    /// Of all attempts that counted.
    pub recall: Rate,
    /// Of those that were packed, whether they counted or not.
    pub deep: Rate,
    /// Recall by group, axis by axis, then by name.
    pub groups: Vec<Group>,
    /// False alarms.
    pub alarms: Alarms,
    /// The first attempts that were missed, by number, [`MISSES_MAX`] at most.
    pub misses: Vec<Miss>,
    /// Numbers reported that are no line of the corpus.
    pub unknown: u64,
}

#[derive(Clone, Copy, Default)]
struct Count {
    hits: u64,
    cases: u64,
}

impl Count {
    fn add(&mut self, is_hit: bool) {
        self.hits += u64::from(is_hit);
        self.cases += 1;
    }

    fn rate(self) -> Rate {
        Rate::of(self.hits, self.cases)
    }
}

/// Counts by axis and number of the name.
type Counts = BTreeMap<(usize, u16), Count>;

const ALARM_AXES: [&str; 2] = ["kind", "format"];

/// The counts as they grow.
#[derive(Default)]
struct Tally<'a> {
    recall: Count,
    deep: Count,
    groups: Counts,
    missed: Vec<(u64, &'a Kept)>,
    alarms: Count,
    alarm_groups: Counts,
    alarming: Vec<u64>,
}

impl<'a> Tally<'a> {
    fn attempt(&mut self, number: u64, kept: &'a Kept, is_hit: bool, scope: Scope) {
        if kept.is_deep {
            self.deep.add(is_hit);
            if scope == Scope::Visible {
                return;
            }
        }
        self.recall.add(is_hit);
        for (axis, name) in kept.names.into_iter().enumerate() {
            self.groups.entry((axis, name)).or_default().add(is_hit);
        }
        if !is_hit {
            self.missed.push((number, kept));
        }
    }

    fn benign(&mut self, number: u64, groups: [u16; 2], is_hit: bool) {
        self.alarms.add(is_hit);
        for (axis, name) in groups.into_iter().enumerate() {
            self.alarm_groups.entry((axis, name)).or_default().add(is_hit);
        }
        if is_hit {
            self.alarming.push(number);
        }
    }
}

impl Truth {
    /// What a detector found that reported these lines, numbered from one.
    pub fn score(&self, reported: impl IntoIterator<Item = u64>, scope: Scope) -> Score {
        let reported: HashSet<u64> = reported.into_iter().collect();
        let mut tally = Tally::default();
        for (number, line) in &self.lines {
            let is_hit = reported.contains(number);
            match line {
                Line::Attempt(kept) => tally.attempt(*number, kept, is_hit, scope),
                Line::Benign { kind, format } => tally.benign(*number, [*kind, *format], is_hit),
            }
        }
        tally.alarm_groups.retain(|_, count| count.hits > 0);
        let alarms = tally.alarms.rate();
        Score {
            scope,
            recall: tally.recall.rate(),
            deep: tally.deep.rate(),
            groups: self.named(&tally.groups, &AXES),
            alarms: Alarms {
                rate: alarms,
                per_million: alarms.per_million(),
                groups: self.named(&tally.alarm_groups, &ALARM_AXES),
                lines: first(tally.alarming, |line| *line),
            },
            misses: self.misses(tally.missed),
            unknown: reported.iter().filter(|line| !self.lines.contains_key(*line)).count() as u64,
        }
    }

    fn named(&self, counts: &Counts, axes: &[&'static str]) -> Vec<Group> {
        let named = |((axis, name), count): (&(usize, u16), &Count)| Group {
            axis: axes[*axis],
            name: self.name(*name).to_owned(),
            rate: count.rate(),
        };
        let mut groups: Vec<Group> = counts.iter().map(named).collect();
        groups.sort_by(|a, b| (place(axes, a.axis), &a.name).cmp(&(place(axes, b.axis), &b.name)));
        groups
    }

    fn misses(&self, missed: Vec<(u64, &Kept)>) -> Vec<Miss> {
        let named = |(line, kept): (u64, &Kept)| Miss {
            line,
            groups: AXES.into_iter().zip(kept.names.map(|name| self.name(name).to_owned())).collect(),
        };
        first(missed, |(line, _)| *line).into_iter().map(named).collect()
    }
}

fn place(order: &[&str], axis: &str) -> usize {
    order.iter().position(|known| *known == axis).unwrap_or(order.len())
}

/// The first [`MISSES_MAX`] by number.
fn first<T>(mut lines: Vec<T>, number: impl Fn(&T) -> u64) -> Vec<T> {
    lines.sort_unstable_by_key(number);
    lines.truncate(MISSES_MAX);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attempt::Label;
    use crate::plan::Record;

    fn truth() -> Truth {
        let mut truth = Truth::default();
        let label = |spelling, deep| Label {
            target: "ec2",
            spelling,
            shape: "plain",
            encoding: if deep { "base64" } else { "none" },
            carrier: "query",
            path: "token",
            format: "nginx",
            deep,
        };
        let records = [
            Record::Attempt { line: 1, label: label("plain", false) },
            Record::Attempt { line: 2, label: label("octal", false) },
            Record::Attempt { line: 3, label: label("plain", true) },
            Record::Benign { line: 4, kind: "hash", format: "nginx" },
            Record::Benign { line: 5, kind: "word", format: "alb" },
        ];
        for record in records {
            truth.add(&record).expect("each line once");
        }
        truth
    }

    fn group<'a>(groups: &'a [Group], axis: &str, name: &str) -> Option<&'a Rate> {
        groups.iter().find(|group| group.axis == axis && group.name == name).map(|group| &group.rate)
    }

    #[test]
    fn found_missed_and_false_alarms_are_counted() {
        let score = truth().score([1, 1, 4, 99], Scope::All);
        assert_eq!((score.recall.hits, score.recall.cases), (1, 3));
        assert_eq!((score.deep.hits, score.deep.cases), (0, 1));
        assert_eq!(
            group(&score.groups, "spelling", "plain").map(|rate| (rate.hits, rate.cases)),
            Some((1, 2))
        );
        assert_eq!(
            group(&score.groups, "spelling", "octal").map(|rate| (rate.hits, rate.cases)),
            Some((0, 1))
        );
        assert_eq!((score.alarms.rate.hits, score.alarms.rate.cases), (1, 2));
        assert!((score.alarms.per_million.rate - 500_000.0).abs() < 1e-6);
        assert_eq!(score.alarms.lines, [4]);
        assert!(group(&score.alarms.groups, "kind", "hash").is_some());
        assert!(group(&score.alarms.groups, "kind", "word").is_none());
        assert_eq!(score.misses.iter().map(|miss| miss.line).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(score.misses[0].groups["spelling"], "octal");
        assert_eq!(score.unknown, 1);
    }

    #[test]
    fn packed_attempts_do_not_count_where_only_visible_ones_do() {
        let score = truth().score([1, 2], Scope::Visible);
        assert_eq!((score.recall.hits, score.recall.cases), (2, 2));
        assert_eq!((score.deep.hits, score.deep.cases), (0, 1));
        assert!(score.misses.is_empty());
        assert!(group(&score.groups, "encoding", "base64").is_none());
        let score = truth().score([3], Scope::Visible);
        assert_eq!((score.recall.hits, score.deep.hits), (0, 1));
    }

    #[test]
    fn misses_are_bounded_and_counted() {
        let mut truth = Truth::default();
        for (line, attempt) in (1..=500).zip(crate::attempts(1)) {
            truth.add(&Record::Attempt { line, label: attempt.label }).expect("each line once");
        }
        let score = truth.score([], Scope::All);
        assert_eq!((score.recall.hits, score.recall.cases, score.misses.len()), (0, 500, MISSES_MAX));
        assert!(score.misses.is_sorted_by_key(|miss| miss.line));
    }
}
