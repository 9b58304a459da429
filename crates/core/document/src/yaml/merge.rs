//! Merge keys: what `<<` names is added unless the map says it itself.

use super::copies::{Copies, weight};
use onehop_code::{Entry, Kind, Value};
use std::collections::HashSet;

/// Carries out the merge keys among `entries`, whose places are in `at`. What is merged stands before what is written.
pub(super) fn merge(entries: Vec<Entry>, at: &[usize], copies: &mut Copies) -> Vec<Entry> {
    if at.is_empty() {
        return entries;
    }
    let (mut merged, mut own) = (Vec::new(), Vec::new());
    for (place, entry) in entries.into_iter().enumerate() {
        if at.binary_search(&place).is_ok() { merged.push(entry) } else { own.push(entry) }
    }
    let mut names: HashSet<String> = own.iter().map(|it| it.key.clone()).collect();
    let mut out = Vec::new();
    for entry in merged {
        let sources = match entry.value {
            Value { kind: Kind::List(items), .. } => items,
            value => vec![value],
        };
        for source in sources {
            take(source, entry.key_span, &mut names, &mut out, copies);
        }
    }
    out.append(&mut own);
    out
}

fn take(
    source: Value,
    key_span: Option<onehop_code::Span>,
    names: &mut HashSet<String>,
    out: &mut Vec<Entry>,
    copies: &mut Copies,
) {
    match source {
        Value { kind: Kind::Map(entries), .. } => {
            for entry in entries {
                if !names.contains(&entry.key) && copies.pay(weight(&entry.value)) {
                    names.insert(entry.key.clone());
                    out.push(entry);
                }
            }
        }
        Value { kind: Kind::Null, .. } => {}
        value => out.push(Entry { key: "<<".to_owned(), key_span, value }),
    }
}
