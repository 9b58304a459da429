//! `docs/rules/`: a page for each rule, and an index.

use crate::files::{compare, wrapped};
use crate::pack;
use onehop_report::Severity;
use onehop_scan::rules::sigma::Detection;
use onehop_scan::rules::{ENTRIES, Entry, Sample};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const INDEX: &str = "# Rules of `onehop scan`

Made from `crates/products/scan/src/rules`. Ids are stable; a finding has its own severity, the table has the usual one.
`onehop scan rules` lists them, `onehop scan rules ID` explains one. [The Sigma pack](../../sigma/README.md) says as
much of them as Sigma can.

| rule | severity | finds | Sigma rules |
|---|---|---|---|
";

/// The page of a tag.
fn tag_link(tag: &str) -> String {
    if let Some(number) = tag.strip_prefix("CWE-") {
        return format!("[{tag}](https://cwe.mitre.org/data/definitions/{number}.html)");
    }
    if let Some(number) = tag.strip_prefix("CAPEC-") {
        return format!("[{tag}](https://capec.mitre.org/data/definitions/{number}.html)");
    }
    format!("[{tag}](https://attack.mitre.org/techniques/{}/)", tag.replace('.', "/"))
}

fn samples(page: &mut String, samples: &[Sample]) {
    for sample in samples {
        write!(page, "\nHere {}:\n\n```text\n{}\n```\n", sample.about, sample.logs.join("\n")).expect("text");
    }
}

fn page(entry: &Entry) -> String {
    let rule = entry.rule;
    let mut page = format!("# {}: {}\n\n", rule.id, rule.title);
    let tags: Vec<String> = rule.tags.iter().copied().map(tag_link).collect();
    writeln!(page, "Severity: {} as a rule. {}.", rule.severity, tags.join(", ")).expect("text");
    for (heading, text) in
        [("What it finds", rule.what), ("Why it matters", rule.why), ("What to do", rule.instead)]
    {
        write!(page, "\n## {heading}\n\n{}\n", wrapped(text)).expect("text");
    }
    page.push_str("\n## Found\n");
    samples(&mut page, entry.found);
    page.push_str("\n## Not found\n");
    samples(&mut page, entry.benign);
    write!(page, "\n## What it also finds\n\n{}\n", wrapped(rule.false_positives)).expect("text");
    page.push_str("\n## Sigma\n\n");
    if entry.sigma.is_empty() {
        page.push_str("Sigma cannot say this.\n");
    }
    for sigma in entry.sigma {
        let path = pack::path(sigma);
        let half = match sigma.detection {
            Detection::Event { .. } if sigma.level == Severity::Info => ", which is no alert",
            _ => "",
        };
        writeln!(page, "- [`{path}`](../../sigma/rules/{path}): {}{half}", sigma.title).expect("text");
    }
    page.push_str("\n## References\n\n");
    for reference in rule.references {
        writeln!(page, "- <{reference}>").expect("text");
    }
    page
}

#[test]
fn pages_are_what_the_rules_say() {
    let mut files: BTreeMap<String, String> =
        ENTRIES.iter().map(|entry| (format!("{}.md", entry.rule.id), page(entry))).collect();
    let mut index = String::from(INDEX);
    for entry in ENTRIES {
        let rule = entry.rule;
        let (id, count) = (rule.id, entry.sigma.len());
        writeln!(index, "| [`{id}`]({id}.md) | {} | {} | {count} |", rule.severity, rule.title)
            .expect("text");
    }
    files.insert("README.md".to_owned(), index);
    compare("docs/rules", &files);
}
