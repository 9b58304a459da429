//! Documents that a template engine makes: what is missing may be filled in.

use onehop_code::{Entry, Kind, Value, Why};

/// The name of entries that a template fills in (see `onehop-document`).
const FILLED: &str = "{{}}";

/// Makes names unknown that a map leaves out, if a template fills something in there.
pub(crate) fn open_names(map: &mut Value, names: &[&str]) {
    let Kind::Map(entries) = &mut map.kind else { return };
    let Some(at) = entries.iter().find(|it| it.key == FILLED).and_then(|it| it.key_span) else { return };
    for name in names {
        if !entries.iter().any(|it| it.key == *name) {
            let value = Value::unknown(Why::Unparsed, "what a template fills in").or_at(Some(at));
            entries.push(Entry { key: (*name).to_owned(), key_span: None, value });
        }
    }
}
