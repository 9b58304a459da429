//! Whole corpora.

use onehop_corpus::evaluate::{Scope, Truth};
use onehop_corpus::{
    Attempt, Plan, attempts, benign, carrier, encoding, format, generate, path, shape, spelling, target,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The lines and the labels of a plan.
fn written(plan: &Plan) -> (String, String) {
    let (mut lines, mut labels) = (Vec::new(), Vec::new());
    generate(plan, &mut lines, &mut labels).expect("writing to memory does not fail");
    (String::from_utf8(lines).expect("lines are UTF-8"), String::from_utf8(labels).expect("labels are JSON"))
}

fn small(seed: u64) -> Plan {
    Plan { seed, attempts: 400, benign: 1600, ..Plan::default() }
}

#[test]
fn a_plan_gives_the_same_bytes_and_another_seed_others() {
    let one = written(&small(3));
    assert_eq!(one, written(&small(3)));
    let other = written(&small(4));
    assert_ne!(one.0, other.0);
    assert_ne!(one.1, other.1);
}

#[test]
fn lines_are_distinct() {
    let (lines, _) = written(&Plan { attempts: 20_000, benign: 40_000, ..Plan::default() });
    let mut seen = HashSet::new();
    for line in lines.lines() {
        assert!(seen.insert(line), "{line}");
    }
    assert_eq!(seen.len(), 60_000);
}

#[test]
fn lines_of_every_format_alone_are_distinct() {
    for format in format::FORMATS {
        let (lines, _) =
            written(&Plan { attempts: 1_000, benign: 2_000, formats: vec![format], ..Plan::default() });
        let distinct: HashSet<&str> = lines.lines().collect();
        assert_eq!(distinct.len(), 3_000 + format.preamble.len(), "{}", format.name);
    }
}

#[test]
fn every_row_of_every_table_is_reached() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Attempt { label, .. } in attempts(1).take(60_000) {
        let groups = [
            ("target", label.target),
            ("spelling", label.spelling),
            ("shape", label.shape),
            ("encoding", label.encoding),
            ("carrier", label.carrier),
            ("path", label.path),
            ("format", label.format),
        ];
        for (axis, name) in groups {
            seen.entry(axis).or_default().insert(name);
        }
    }
    let mut shapes: BTreeSet<&str> = shape::SHAPES.iter().map(|row| row.name).collect();
    shapes.extend(["none", "gopher"]);
    assert_eq!(seen["target"], target::targets().iter().map(|row| row.provider.name).collect());
    assert_eq!(seen["spelling"], spelling::SPELLINGS.iter().map(|row| row.name).collect());
    assert_eq!(seen["shape"], shapes);
    assert_eq!(seen["encoding"], encoding::ENCODINGS.iter().map(|row| row.name).collect());
    assert_eq!(seen["carrier"], carrier::CARRIERS.iter().map(|row| row.name).collect());
    assert_eq!(seen["path"], path::PATHS.iter().copied().collect());
    assert_eq!(seen["format"], format::FORMATS.iter().map(|row| row.name).collect());
}

#[test]
fn every_format_shows_every_carrier_it_lists() {
    let mut seen = BTreeSet::new();
    for Attempt { label, .. } in attempts(2).take(60_000) {
        seen.insert((label.format, label.carrier));
    }
    for format in format::FORMATS {
        for carrier in format.shows {
            assert!(seen.contains(&(format.name, *carrier)), "{} {carrier}", format.name);
        }
    }
}

#[test]
fn names_are_distinct_within_a_table() {
    let tables: [Vec<&str>; 6] = [
        spelling::SPELLINGS.iter().map(|row| row.name).collect(),
        shape::SHAPES.iter().map(|row| row.name).collect(),
        encoding::ENCODINGS.iter().map(|row| row.name).collect(),
        carrier::CARRIERS.iter().map(|row| row.name).collect(),
        format::FORMATS.iter().map(|row| row.name).collect(),
        benign::KINDS.iter().map(|row| row.name).collect(),
    ];
    for names in tables {
        let distinct: BTreeSet<&&str> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
    }
}

#[test]
fn labels_count_right() {
    let plan = small(5);
    let (lines, labels) = written(&plan);
    let labels: Vec<serde_json::Value> =
        labels.lines().map(|label| serde_json::from_str(label).expect("labels are JSON")).collect();
    assert_eq!(lines.lines().count(), 2_000);
    assert_eq!(labels.len(), 2_001);
    assert_eq!(
        labels[0],
        serde_json::json!({"type": "corpus", "v": 1, "seed": 5, "lines": 2000, "attempts": 400})
    );
    for (number, label) in labels.iter().enumerate().skip(1) {
        assert_eq!(label["line"], number);
    }
    let of = |kind: &str| labels.iter().filter(|label| label["type"] == kind).count();
    assert_eq!((of("attempt"), of("benign")), (400, 1_600));
    let kinds: BTreeSet<&str> = labels.iter().filter_map(|label| label["kind"].as_str()).collect();
    assert_eq!(kinds, benign::KINDS.iter().map(|kind| kind.name).collect());
}

/// The cheapest of attempts must be where its label says: the plain address, not encoded, as a text search finds it.
#[test]
fn plain_attempts_stand_in_the_line_as_they_are() {
    let mut checked = 0;
    for Attempt { label, line } in attempts(8).take(40_000) {
        if label.spelling == "plain" && label.encoding == "none" && label.target == "ecs" {
            assert!(line.contains("169.254.170.2"), "{label:?} {line}");
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn a_file_of_one_format_begins_as_such_files_do() {
    let iis = format::Format::named("iis").expect("a row of the table");
    let (lines, labels) = written(&Plan { attempts: 5, benign: 5, formats: vec![iis], ..Plan::default() });
    assert!(lines.starts_with("#Software: "));
    assert_eq!(lines.lines().filter(|line| line.starts_with('#')).count(), iis.preamble.len());
    assert_eq!(labels.lines().filter(|label| label.contains("preamble")).count(), iis.preamble.len());
    let attempts = labels.lines().filter(|label| label.contains("\"attempt\"")).count();
    assert_eq!(attempts, 5);
}

#[test]
fn packed_attempts_are_there_only_if_asked_for() {
    let plan = |has_deep| Plan { attempts: 3_000, benign: 0, has_deep, ..Plan::default() };
    let deep = |plan: &Plan| written(plan).1.lines().filter(|label| label.contains("\"deep\":true")).count();
    assert!(deep(&plan(true)) > 50);
    assert_eq!(deep(&plan(false)), 0);
}

#[test]
fn a_plan_without_formats_is_refused() {
    let plan = Plan { formats: Vec::new(), ..Plan::default() };
    let error = generate(&plan, &mut Vec::new(), &mut Vec::new()).expect_err("there is nothing to write");
    assert_eq!(error.to_string(), "a corpus needs at least one format");
}

#[test]
fn truth_read_from_labels_is_the_truth_of_the_plan() {
    let plan = small(6);
    let mut read = Truth::default();
    for label in written(&plan).1.lines() {
        read.read_line(label.as_bytes()).expect("our own labels");
    }
    let made = Truth::of(&plan).expect("the plan has formats");
    let reported: Vec<u64> = (1..=2_000).step_by(3).collect();
    assert_eq!(read.score(reported.clone(), Scope::All), made.score(reported, Scope::All));
}

/// A search for the address finds some attempts and no harmless line: recall and alarms mean what they say.
#[test]
fn a_text_search_is_scored() {
    let plan = Plan { attempts: 2_000, benign: 8_000, ..Plan::default() };
    let (lines, _) = written(&plan);
    let reported =
        lines.lines().zip(1..).filter(|(line, _)| line.contains("169.254.169.254")).map(|(_, number)| number);
    let score = Truth::of(&plan).expect("the plan has formats").score(reported, Scope::Visible);
    assert!(score.recall.hits > 100 && score.recall.share < 0.6, "{:?}", score.recall);
    assert_eq!(score.alarms.rate.hits, 0);
    let group =
        |name: &str| score.groups.iter().find(|group| group.name == name).expect("a group of the corpus");
    assert_eq!(group("octal").rate.hits, 0);
}
