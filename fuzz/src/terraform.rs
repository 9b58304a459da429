//! Terraform code: any bytes are read as a root module, with what they say about others.
//!
//! The input is files behind one another, each begun by a line `==NAME`; what comes before the first is `main.tf`.

use crate::Reached;
use onehop_code::{Kind, Resource, Sources, Span, Value};
use onehop_terraform::{Given, MemoryFiles, load, read_plan, read_state};
use std::collections::BTreeMap;

/// Files of one input.
const FILES_MAX: usize = 6;

/// Reads one root module, and the same bytes as a plan and as a state.
pub fn run(data: &[u8]) -> Reached {
    let files = MemoryFiles(files(data));
    let mut sources = Sources::default();
    let loaded = load("", &files, &Given::default(), &|_| true, &mut sources);
    let mut again = Sources::default();
    let second = load("", &files, &Given::default(), &|_| true, &mut again);
    assert_eq!(loaded.resources, second.resources, "the same code says the same twice");
    check(&loaded.resources, &sources);
    let mut addresses: Vec<(&str, &str)> =
        loaded.resources.iter().map(|it| (it.scope.as_str(), it.address.as_str())).collect();
    addresses.sort_unstable();
    let all = addresses.len();
    addresses.dedup();
    assert!(all == addresses.len() || !loaded.troubles.is_empty(), "an address is of one resource");
    if let Ok(text) = std::str::from_utf8(data) {
        let mut sources = Sources::default();
        let file = sources.add("plan.json", data);
        check(&read_plan("plan.json", text, Some(file), &|_| true).resources, &sources);
        check(&read_state("plan.json", text, Some(file), &|_| true).resources, &sources);
    }
    Reached::accepted_if(loaded.troubles.is_empty() && !loaded.resources.is_empty())
}

fn files(data: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([("main.tf".to_owned(), Vec::new())]);
    let mut name = "main.tf".to_owned();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"==").and_then(|rest| std::str::from_utf8(rest).ok()) {
            Some(next) if files.len() < FILES_MAX => next.trim().clone_into(&mut name),
            _ => files.entry(name.clone()).or_default().extend_from_slice(line),
        }
    }
    files
}

/// Every place lies in its text.
pub(crate) fn check(resources: &[Resource], sources: &Sources) {
    for resource in resources {
        for span in
            [resource.span, resource.block].into_iter().flatten().chain(resource.calls.iter().copied())
        {
            lies_in(span, sources);
        }
        check_value(&resource.body, sources, 0);
    }
}

fn check_value(value: &Value, sources: &Sources, depth: usize) {
    assert!(depth < 1_000, "values are bounded in depth");
    for span in [value.span, value.origin].into_iter().flatten() {
        lies_in(span, sources);
    }
    match &value.kind {
        Kind::List(items) => items.iter().for_each(|item| check_value(item, sources, depth + 1)),
        Kind::Map(entries) => entries.iter().for_each(|entry| {
            entry.key_span.iter().for_each(|span| lies_in(*span, sources));
            check_value(&entry.value, sources, depth + 1);
        }),
        _ => {}
    }
}

/// A place is in its text, on bounds of characters, and its lines are there.
fn lies_in(span: Span, sources: &Sources) {
    let text = &sources.of(span.file).text;
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(text.get(start..end).is_some(), "{span:?} is not in a text of {} bytes", text.len());
    let (from, to) = sources.positions(span);
    assert!(from <= to && from.line >= 1 && from.column >= 1, "{from:?} {to:?}");
}
