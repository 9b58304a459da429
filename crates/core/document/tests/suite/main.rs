//! Texts against values, places and troubles.

mod any_text;
mod json;
mod places;
mod templates;
mod yaml;

use onehop_code::{Kind, Sources, Value};
use onehop_document::{Documents, Options, read};

/// Reads a text with the defaults.
fn read_text(text: &str) -> (Sources, Documents) {
    read_with(text, &Options::default())
}

fn read_with(text: &str, options: &Options) -> (Sources, Documents) {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text.as_bytes());
    let documents = read(file, sources.of(file), options);
    (sources, documents)
}

/// All documents in one line each; unknown things as `?reason`.
fn show(documents: &Documents) -> String {
    documents.documents.iter().map(show_value).collect::<Vec<_>>().join(" --- ")
}

fn show_value(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(value) => value.to_string(),
        Kind::String(text) => format!("{text:?}"),
        Kind::List(items) => format!("[{}]", items.iter().map(show_value).collect::<Vec<_>>().join(" ")),
        Kind::Map(entries) => {
            let one = |it: &onehop_code::Entry| format!("{}={}", it.key, show_value(&it.value));
            format!("{{{}}}", entries.iter().map(one).collect::<Vec<_>>().join(" "))
        }
        Kind::Reference(reference) => format!("->{}", reference.address),
        Kind::Unknown(unknown) => format!("?{}", unknown.why.name()),
    }
}

/// Kinds of troubles with the text that follows their places.
fn troubles(sources: &Sources, documents: &Documents) -> Vec<(&'static str, u32, u32)> {
    let place = |it: &onehop_code::Trouble| {
        let at = it.span.map(|span| sources.positions(span).0);
        (it.kind.name(), at.map_or(0, |at| at.line), at.map_or(0, |at| at.column))
    };
    documents.troubles.iter().map(place).collect()
}

struct Case {
    name: &'static str,
    input: &'static str,
    want: &'static str,
    why: &'static str,
}

fn check(cases: &[Case]) {
    for Case { name, input, want, why } in cases {
        let (_, documents) = read_text(input);
        assert_eq!(show(&documents), *want, "{name}: {why}");
        assert!(documents.troubles.is_empty(), "{name}: {:?}", documents.troubles);
    }
}
