//! `docs/audit-rules/`: a page for each rule, and an index.

#[path = "../../scan/tests/rules/files.rs"]
#[expect(dead_code, reason = "the other tests compare single files as well")]
mod files;

use files::{compare, wrapped};
use onehop_audit::rules::{ENTRIES, Entry, Sample};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const INDEX: &str = "# Rules of `onehop audit`

Made from `crates/products/audit/src/rules`. Ids are stable; a finding has its own severity, the table has the usual one.
`onehop audit rules` lists them, `onehop audit rules ID` explains one. Every sample of a page is run through the auditor.

| rule | severity | finds |
|---|---|---|
";

fn samples(page: &mut String, samples: &[Sample]) {
    for sample in samples {
        write!(page, "\nHere {}:\n", sample.about).expect("text");
        for (name, text) in sample.files {
            let is_terraform = std::path::Path::new(name).extension().is_some_and(|end| end == "tf");
            let language = if is_terraform { "hcl" } else { "text" };
            write!(page, "\n`{name}`:\n\n```{language}\n{}\n```\n", text.trim_end()).expect("text");
        }
    }
}

fn page(entry: &Entry) -> String {
    let rule = entry.rule;
    let mut page = format!("# {}: {}\n\nSeverity: {} as a rule.\n", rule.id, rule.title, rule.severity);
    for (heading, text) in
        [("What it finds", rule.what), ("Why it matters", rule.why), ("What to write instead", rule.instead)]
    {
        write!(page, "\n## {heading}\n\n{}\n", wrapped(text)).expect("text");
    }
    page.push_str("\n## Found\n");
    samples(&mut page, entry.found);
    page.push_str("\n## Not found\n");
    samples(&mut page, entry.clean);
    write!(page, "\n## What it also finds\n\n{}\n", wrapped(rule.false_positives)).expect("text");
    if !rule.references.is_empty() {
        page.push_str("\n## References\n\n");
    }
    for reference in rule.references {
        writeln!(page, "- <{reference}>").expect("text");
    }
    page
}

#[test]
fn pages_are_what_the_rules_say() {
    let mut pages: BTreeMap<String, String> =
        ENTRIES.iter().map(|entry| (format!("{}.md", entry.rule.id), page(entry))).collect();
    let mut index = String::from(INDEX);
    for entry in ENTRIES {
        let rule = entry.rule;
        writeln!(index, "| [`{}`]({}.md) | {} | {} |", rule.id, rule.id, rule.severity, rule.title)
            .expect("text");
    }
    pages.insert("README.md".to_owned(), index);
    compare("docs/audit-rules", &pages);
}
