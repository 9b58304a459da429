//! Documents of YAML and JSON: as values with places, as CloudFormation templates, as manifests of other tools.

use crate::Reached;
use crate::terraform::check;
use onehop_cloudformation::{NoFiles, Settings};
use onehop_code::{Kind, Sources, Value};
use onehop_document::Options;

/// Reads one document.
pub fn run(data: &[u8]) -> Reached {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", data);
    let read = onehop_document::read(file, sources.of(file), &Options::default());
    let again = onehop_document::read(file, sources.of(file), &Options::default());
    assert_eq!(read.documents, again.documents, "a text says the same twice");
    let mut found = 0;
    for value in &read.documents {
        if onehop_cloudformation::recognise(value).is_some() {
            let outcome = onehop_cloudformation::read("a.yaml", value, &Settings::default(), &mut NoFiles);
            check(&outcome.resources, &sources);
            found += outcome.resources.len();
        }
        if let Some(format) = onehop_manifests::recognise("a.yaml", value) {
            let resources = onehop_manifests::read("a.yaml", format, value);
            check(&resources, &sources);
            found += resources.len();
        }
    }
    let text = &sources.of(file).text;
    if text.trim_start().starts_with(['{', '[']) && read.troubles.is_empty() {
        agrees_with_serde(text, &read.documents);
    }
    Reached::accepted_if(found > 0 && read.troubles.is_empty())
}

/// What a parser of JSON accepts has the same shape here.
fn agrees_with_serde(text: &str, documents: &[Value]) {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let [value] = documents else { panic!("JSON is one document, not {}", documents.len()) };
    assert!(is_same(value, &json), "{value:?} is not {json}");
}

fn is_same(value: &Value, json: &serde_json::Value) -> bool {
    match (&value.kind, json) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool(one), serde_json::Value::Bool(other)) => one == other,
        (Kind::String(one), serde_json::Value::String(other)) => one == other,
        (Kind::Number(one), serde_json::Value::Number(other)) => {
            other.as_f64().is_none_or(|other| (one - other).abs() <= other.abs() * 1e-12)
        }
        (Kind::List(items), serde_json::Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(one, other)| is_same(one, other))
        }
        (Kind::Map(_), serde_json::Value::Object(others)) => {
            others.iter().all(|(key, other)| value.get(key).is_some_and(|one| is_same(one, other)))
        }
        _ => false,
    }
}
