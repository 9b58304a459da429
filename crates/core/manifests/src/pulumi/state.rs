//! What `pulumi preview --json` and `pulumi stack export` print.

use super::short_kind;
use crate::{resource, text};
use onehop_code::{Entry, Kind, Language, Resource, Value, Why};
use std::collections::HashMap;

/// Text that stands for what is known only once a resource exists.
const COMPUTED: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/// The name by which a map says that it is something else, such as a secret.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";

/// What it says for a secret.
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";

pub(crate) fn read(path: &str, document: &Value) -> Vec<Resource> {
    let items = |path: &[&str]| document.path(path).map(Value::items).unwrap_or_default();
    let planned = items(&["steps"]).iter().filter(|it| is_made(it)).filter_map(|it| it.get("newState"));
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<Resource> = Vec::new();
    for state in planned.chain(items(&["deployment", "resources"])) {
        let Some(resource) = one(path, state) else { continue };
        if let Some(place) = places.get(&resource.address) {
            out[*place] = resource;
        } else {
            places.insert(resource.address.clone(), out.len());
            out.push(resource);
        }
    }
    out
}

/// Whether a step leaves its resource there.
fn is_made(step: &Value) -> bool {
    !matches!(
        text(step, &["op"]),
        Some(
            "delete"
                | "delete-replaced"
                | "discard"
                | "discard-replaced"
                | "read-discard"
                | "remove-pending-replace"
        )
    )
}

fn one(path: &str, state: &Value) -> Option<Resource> {
    let (urn, kind) = (text(state, &["urn"])?, text(state, &["type"])?);
    let is_read = matches!(state.get("external").map(|it| &it.kind), Some(Kind::Bool(true)));
    let is_gone = matches!(state.get("delete").map(|it| &it.kind), Some(Kind::Bool(true)));
    if is_read || is_gone || kind.starts_with("pulumi:") {
        return None;
    }
    let body = state.get("inputs").map_or_else(|| Value::bare(Kind::Map(Vec::new())), known);
    let mut resource = resource(Language::Pulumi, &short_kind(kind), urn.to_owned(), path, body);
    resource.span = state.get("urn").and_then(|it| it.span);
    resource.block = state.span;
    resource.provider.region = text(&resource.body, &["region"]).map(str::to_owned);
    Some(resource)
}

/// A value without what stands for something else.
fn known(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::String(text) if text == COMPUTED => {
            return Value::unknown(Why::Computed, "a value").or_at(value.span);
        }
        Kind::List(items) => Kind::List(items.iter().map(known).collect()),
        Kind::Map(entries) => match text(value, &[SIGNATURE]) {
            Some(SECRET) => return Value::unknown(Why::Parameter, "a secret").or_at(value.span),
            Some(_) => return Value::unknown(Why::Computed, "a value").or_at(value.span),
            None => {
                Kind::Map(entries.iter().map(|it| Entry { value: known(&it.value), ..it.clone() }).collect())
            }
        },
        kind => kind.clone(),
    };
    Value { kind, span: value.span, origin: value.origin }
}
