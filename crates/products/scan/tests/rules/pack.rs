//! The Sigma pack: `sigma/rules/` and `sigma/README.md`.

use crate::files::{compare, compare_file};
use crate::pattern;
use crate::yaml::Yaml;
use onehop_report::{Rule, Severity};
use onehop_scan::rules::sigma::{Detection, Selection, Sigma, Source, Together, Values};
use onehop_scan::rules::{ENTRIES, Entry};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use uuid::Uuid;

/// When the pack was first published. A rule that comes later gets a date of its own.
const DATE: &str = "2026-11-22";

/// What an ATT&CK technique is for, in version 17.
const TACTICS: &[(&str, &[&str])] = &[
    ("T1552.005", &["credential-access"]),
    ("T1190", &["initial-access"]),
    ("T1078.004", &["defense-evasion", "persistence", "privilege-escalation", "initial-access"]),
    ("T1071.004", &["command-and-control"]),
    ("T1595", &["reconnaissance"]),
    ("T1578.002", &["defense-evasion"]),
    ("T1578.005", &["defense-evasion"]),
    ("T1562", &["defense-evasion"]),
];

fn packed() -> impl Iterator<Item = (&'static Entry, &'static Sigma)> {
    ENTRIES.iter().flat_map(|entry| entry.sigma.iter().map(move |sigma| (*entry, sigma)))
}

/// The folder of a rule. What is half of a correlation stands with it: by itself it is no alert.
fn folder(sigma: &Sigma) -> &'static str {
    match sigma.detection {
        Detection::Together(_) => "correlation",
        Detection::Event { .. } if is_half(sigma) => "correlation",
        Detection::Event { source, .. } => match source {
            Source::Webserver => "web",
            Source::Proxy => "proxy",
            Source::Dns => "dns",
            Source::ZeekDns | Source::ZeekHttp => "zeek",
            Source::CloudTrail => "cloudtrail",
        },
    }
}

fn is_half(sigma: &Sigma) -> bool {
    packed().any(|(_, other)| {
        matches!(other.detection, Detection::Together(Together { rules, .. }) if rules.contains(&sigma.name))
    })
}

pub(crate) fn path(sigma: &Sigma) -> String {
    format!("{}/{}.yml", folder(sigma), sigma.name)
}

/// Made from the id of the rule and the name, so that it stays whatever else changes.
fn id(rule: &Rule, sigma: &Sigma) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("onehop/{}/{}", rule.id, sigma.name).as_bytes())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "informational",
        other => other.as_str(),
    }
}

fn tags(rule: &Rule) -> Vec<String> {
    let mut tags = Vec::new();
    for technique in rule.techniques() {
        let (_, tactics) = TACTICS.iter().find(|(id, _)| *id == technique).expect("a technique of the table");
        let tactics = tactics.iter().map(|tactic| format!("attack.{tactic}"));
        for tag in tactics.chain([format!("attack.{}", technique.to_ascii_lowercase())]) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    tags
}

fn render(rule: &Rule, sigma: &Sigma) -> String {
    let mut yaml = Yaml::default();
    yaml.line(
        0,
        &format!("# Onehop rule {0}: docs/rules/{0}.md. Made from crates/products/scan/src/rules.", rule.id),
    );
    yaml.text(0, "title", sigma.title);
    yaml.line(0, &format!("id: {}", id(rule, sigma)));
    yaml.line(0, &format!("name: {}", sigma.name));
    yaml.line(0, "status: experimental");
    yaml.folded("description", sigma.description);
    yaml.line(0, "license: Apache-2.0");
    yaml.list(0, "references", rule.references);
    yaml.line(0, "author: Onehop");
    yaml.line(0, &format!("date: {DATE}"));
    yaml.list(0, "tags", &tags(rule));
    match sigma.detection {
        Detection::Event { source, selections, condition } => {
            yaml.line(0, "logsource:");
            for (key, value) in source.keys() {
                yaml.line(1, &format!("{key}: {value}"));
            }
            yaml.line(0, "detection:");
            for selection in selections {
                render_selection(&mut yaml, selection);
            }
            yaml.line(1, &format!("condition: {condition}"));
        }
        Detection::Together(together) => render_together(&mut yaml, &together),
    }
    yaml.list(0, "fields", sigma.fields);
    let of_rule = [rule.false_positives.trim_end_matches('.')];
    yaml.list(
        0,
        "falsepositives",
        if sigma.false_positives.is_empty() { &of_rule } else { sigma.false_positives },
    );
    yaml.line(0, &format!("level: {}", level(sigma.level)));
    yaml.end()
}

fn render_selection(yaml: &mut Yaml, selection: &Selection) {
    match *selection {
        Selection::Every(name, terms) => {
            yaml.line(1, &format!("{name}:"));
            for (field, values) in terms {
                render_values(yaml, 2, field, values);
            }
        }
        Selection::Anywhere(name, fields, values) => {
            yaml.line(1, &format!("{name}:"));
            let modifier = if matches!(values, Values::Forms(_)) { "re" } else { "contains" };
            // One field needs no list of maps.
            let dash = if fields.len() == 1 { "" } else { "- " };
            for field in fields {
                render_values(yaml, 2, &format!("{dash}{field}|{modifier}"), &values);
            }
        }
    }
}

fn render_values(yaml: &mut Yaml, depth: usize, key: &str, values: &Values) {
    let texts: Vec<String> = match *values {
        Values::Texts(lists) => lists.concat().iter().map(|text| (*text).to_owned()).collect(),
        Values::Forms(lists) => lists.concat().iter().map(|form| pattern::of(form)).collect(),
        Values::Pattern(pattern) => vec![pattern.to_owned()],
        Values::Number(number) => return yaml.put(depth, key, &number.to_string()),
        Values::Absent => return yaml.put(depth, key, "null"),
    };
    match &texts[..] {
        [one] => yaml.text(depth, key, one),
        many => yaml.list(depth, key, many),
    };
}

fn render_together(yaml: &mut Yaml, together: &Together) {
    let kind = if together.distinct.is_some() { "value_count" } else { "temporal" };
    yaml.line(0, "correlation:").line(1, &format!("type: {kind}"));
    yaml.list(1, "rules", together.rules).list(1, "group-by", together.group_by);
    yaml.line(1, &format!("timespan: {}", together.within));
    if let Some((field, count)) = together.distinct {
        yaml.line(1, "condition:").line(2, &format!("field: {field}")).line(2, &format!("gte: {count}"));
    }
}

/// The table of the README.
fn table() -> String {
    let mut table = String::from("| file | level | Onehop rule |\n|---|---|---|\n");
    let mut rows: Vec<(String, &Entry, &Sigma)> =
        packed().map(|(entry, sigma)| (path(sigma), entry, sigma)).collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    for (path, entry, sigma) in rows {
        let id = entry.rule.id;
        writeln!(
            table,
            "| [`{path}`](rules/{path}) | {} | [`{id}`](../docs/rules/{id}.md) |",
            level(sigma.level)
        )
        .expect("text");
    }
    table
}

#[test]
fn the_pack_is_what_the_rules_say() {
    let files = packed().map(|(entry, sigma)| (path(sigma), render(entry.rule, sigma))).collect();
    compare("sigma/rules", &files);
}

#[test]
fn the_readme_has_every_rule() {
    compare_file("sigma/README.md", &include_str!("pack.md").replace("{table}\n", &table()));
}

#[test]
fn ids_are_stable_and_unique() {
    let ids: BTreeMap<Uuid, &str> =
        packed().map(|(entry, sigma)| (id(entry.rule, sigma), sigma.name)).collect();
    assert_eq!(ids.len(), packed().count());
    let (entry, sigma) = packed().next().expect("a rule");
    assert_eq!(sigma.name, "web_onehop_imds_url");
    assert_eq!(id(entry.rule, sigma).to_string(), "37b018f2-51e9-52d0-85b1-a0223d05880c");
}

#[test]
fn patterns_are_short_enough_for_elasticsearch() {
    let mut longest = 0;
    for (_, sigma) in packed() {
        let Detection::Event { selections, .. } = sigma.detection else { continue };
        for selection in selections {
            if let Selection::Anywhere(_, _, Values::Forms(lists)) = selection {
                for form in lists.concat() {
                    let length = pattern::of(form).chars().count();
                    assert!(length <= pattern::PATTERN_MAX_CHARS, "{}: {form}: {length}", sigma.name);
                    longest = longest.max(length);
                }
            }
        }
    }
    assert!(longest > 500, "the longest pattern was looked at");
}
