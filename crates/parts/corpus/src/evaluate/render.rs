//! Scores as a table for people and as JSON for programs.
//!
//! ```text
//!                        onehop                 grep
//! recall            98.1 [97.8–98.4]     12.0 [11.4–12.6]     9810/10000   …
//! ```
//! Several detectors stand side by side, those of one corpus. Nothing fails.

use super::score::{Group, Rate, Score};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How fast a detector read the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Speed {
    /// The bytes read.
    pub bytes: u64,
    /// The time it took.
    pub seconds: f64,
}

impl Speed {
    /// Megabytes (10^6) a second; zero if no time passed.
    #[expect(clippy::cast_precision_loss, reason = "a corpus is far below 2^52 bytes")]
    pub fn megabytes_per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.bytes as f64 / 1e6 / self.seconds } else { 0.0 }
    }
}

/// A detector and its score.
#[derive(Clone, Debug, Serialize)]
pub struct Contender {
    /// What it is called in the table.
    pub name: String,
    /// What it found.
    pub score: Score,
    /// How fast it was, if that was measured.
    pub speed: Option<Speed>,
}

const LABEL_WIDTH: usize = 34;
const COLUMN_WIDTH: usize = 22;
/// Misses that the table lists for each detector; JSON has all that the score kept.
const MISSES_SHOWN: usize = 10;

/// One JSON object for each detector, a line each: `{"type":"evaluation","v":1,"name":…,"score":{…},"speed":…}`.
pub fn render_json(contenders: &[Contender]) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        r#type: &'static str,
        v: u32,
        #[serde(flatten)]
        contender: &'a Contender,
        megabytes_per_second: Option<f64>,
    }
    let mut out = String::new();
    for contender in contenders {
        let megabytes_per_second = contender.speed.map(|speed| speed.megabytes_per_second());
        let line = Line { r#type: "evaluation", v: 1, contender, megabytes_per_second };
        let line = serde_json::to_string(&line).expect("names of text and finite numbers are always JSON");
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// A table: a row for each group, a column for each detector. Recall is in percent with its 95 % interval.
pub fn render_text(contenders: &[Contender]) -> String {
    let mut out = String::new();
    row(&mut out, "", contenders, |contender| Some(contender.name.clone()));
    row(&mut out, "recall", contenders, |contender| Some(percent(&contender.score.recall)));
    row(&mut out, "  packed attempts (deep)", contenders, |contender| {
        let deep = &contender.score.deep;
        (deep.cases > 0).then(|| percent(deep))
    });
    row(&mut out, "false alarms per million", contenders, |contender| {
        let alarms = &contender.score.alarms.per_million;
        Some(format!("{:.0} [{:.0}–{:.0}]", alarms.rate, alarms.low, alarms.high))
    });
    row(&mut out, "MB/s", contenders, |contender| {
        contender.speed.map(|speed| format!("{:.0}", speed.megabytes_per_second()))
    });
    groups(&mut out, contenders);
    for contender in contenders {
        details(&mut out, contender);
    }
    out
}

fn groups(out: &mut String, contenders: &[Contender]) {
    let all = contenders.iter().flat_map(|contender| &contender.score.groups);
    let mut seen = BTreeSet::new();
    let mut axis = "";
    for Group { axis: of, name, rate } in all {
        if !seen.insert((*of, name.as_str())) {
            continue;
        }
        if axis != *of {
            axis = of;
            let _ = writeln!(out, "\n{axis}");
        }
        row(out, &format!("  {name} ({})", rate.cases), contenders, |contender| {
            let groups = &contender.score.groups;
            groups
                .iter()
                .find(|group| group.axis == *of && group.name == *name)
                .map(|group| percent(&group.rate))
        });
    }
}

/// Alarms by group and the first misses of one detector.
fn details(out: &mut String, contender: &Contender) {
    let Contender { name, score, .. } = contender;
    if !score.alarms.groups.is_empty() {
        let _ = writeln!(out, "\nfalse alarms of {name}");
        for Group { axis, name, rate } in &score.alarms.groups {
            let _ = writeln!(out, "  {axis} {name}: {} of {}", rate.hits, rate.cases);
        }
    }
    let missed = score.recall.cases - score.recall.hits;
    if missed > 0 {
        let _ = writeln!(out, "\nfirst of {missed} missed by {name}");
        for miss in score.misses.iter().take(MISSES_SHOWN) {
            let groups: Vec<&str> =
                super::truth::AXES.iter().map(|axis| miss.groups[axis].as_str()).collect();
            let _ = writeln!(out, "  line {}: {}", miss.line, groups.join(", "));
        }
    }
    if score.unknown > 0 {
        let _ = writeln!(out, "\n{name} reported {} numbers that are no line of the corpus", score.unknown);
    }
}

fn percent(rate: &Rate) -> String {
    let of = |share: f64| share * 100.0;
    format!("{:.1} [{:.1}–{:.1}]", of(rate.share), of(rate.interval.low), of(rate.interval.high))
}

fn row(out: &mut String, label: &str, contenders: &[Contender], cell: impl Fn(&Contender) -> Option<String>) {
    let mut line = format!("{label:LABEL_WIDTH$}");
    for contender in contenders {
        let cell = cell(contender).unwrap_or_else(|| "-".to_owned());
        let _ = write!(line, " {cell:>COLUMN_WIDTH$}");
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Scope, Truth};
    use crate::plan::Plan;

    fn contenders() -> Vec<Contender> {
        let plan = Plan { attempts: 30, benign: 70, ..Plan::default() };
        let truth = Truth::of(&plan).expect("the plan has formats");
        let score = |lines: Vec<u64>| truth.score(lines, Scope::All);
        vec![
            Contender {
                name: "everything".to_owned(),
                score: score((1..=100).collect()),
                speed: Some(Speed { bytes: 3_000_000, seconds: 1.5 }),
            },
            Contender { name: "nothing".to_owned(), score: score(Vec::new()), speed: None },
        ]
    }

    #[test]
    fn the_table_has_a_column_for_each_detector() {
        let text = render_text(&contenders());
        let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_default();
        let cells = |start: &str| line(start)[LABEL_WIDTH.min(line(start).len())..].trim().to_owned();
        assert_eq!(
            cells("recall").split_whitespace().collect::<Vec<_>>(),
            ["100.0", "[88.6–100.0]", "0.0", "[0.0–11.4]"]
        );
        assert_eq!(cells("MB/s").split_whitespace().collect::<Vec<_>>(), ["2", "-"]);
        assert!(text.contains("false alarms of everything") && !text.contains("false alarms of nothing"));
        assert!(text.contains("first of 30 missed by nothing"));
    }

    #[test]
    fn json_is_one_object_a_line_with_every_group() {
        let json = render_json(&contenders());
        let lines: Vec<serde_json::Value> =
            json.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["type"], "evaluation");
        assert_eq!(lines[0]["score"]["recall"]["hits"], 30);
        assert_eq!(lines[0]["megabytes_per_second"], 2.0);
        assert_eq!(lines[1]["score"]["misses"].as_array().map(Vec::len), Some(30));
        assert_eq!(lines[1]["speed"], serde_json::Value::Null);
    }
}
