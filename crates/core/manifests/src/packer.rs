//! Builders of a Packer template in JSON.
//!
//! `{{user `x`}}` is the default of the variable; what the environment or the build says is unknown.

use crate::{resource, text};
use onehop_code::{Entry, Kind, Language, Resource, Unknown, Value, Why};
use std::collections::{HashMap, HashSet};

/// The defaults of variables.
type Variables<'d> = HashMap<&'d str, &'d Value>;

/// Bytes of text that are made in a document.
const TEXTS_MAX: usize = 16 << 20;

pub(crate) fn read(path: &str, document: &Value) -> Vec<Resource> {
    let mut seen = HashSet::new();
    let mut left = TEXTS_MAX;
    let declared = document.get("variables").map(Value::entries).unwrap_or_default();
    let variables: Variables<'_> = declared.iter().map(|it| (it.key.as_str(), &it.value)).collect();
    let builders = document.get("builders").map(Value::items).unwrap_or_default();
    let mut one = |(at, builder): (usize, &Value)| {
        let kind = text(builder, &["type"])?;
        let mut address = text(builder, &["name"]).unwrap_or(kind).to_owned();
        if !seen.insert(address.clone()) {
            address = format!("{address}[{at}]");
        }
        let mut resource =
            resource(Language::Packer, kind, address, path, filled(builder, &variables, &mut left));
        resource.span = builder.get("type").and_then(|it| it.span).or(resource.span);
        resource.provider.region = text(&resource.body, &["region"]).map(str::to_owned);
        Some(resource)
    };
    builders.iter().enumerate().filter_map(&mut one).collect()
}

/// A value with its variables filled in.
fn filled(value: &Value, variables: &Variables<'_>, left: &mut usize) -> Value {
    let kind = match &value.kind {
        Kind::String(text) if text.contains("{{") => return fill(text, value, variables, left),
        Kind::List(items) => Kind::List(items.iter().map(|it| filled(it, variables, left)).collect()),
        Kind::Map(entries) => {
            let mut entry = |it: &Entry| Entry { value: filled(&it.value, variables, left), ..it.clone() };
            Kind::Map(entries.iter().map(&mut entry).collect())
        }
        kind => kind.clone(),
    };
    Value { kind, span: value.span, origin: value.origin }
}

fn fill(text: &str, at: &Value, variables: &Variables<'_>, left: &mut usize) -> Value {
    let (mut out, mut rest, mut origin) = (String::new(), text, None);
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((action, behind)) = behind.split_once("}}") else { break };
        out.push_str(before);
        match said(action, variables) {
            Ok((value, _)) if value.len() > *left => {
                let why = Unknown { why: Why::Bound, about: "the template".into() };
                return Value { kind: Kind::Unknown(why), span: at.span, origin: None };
            }
            Ok((value, place)) => {
                *left -= value.len();
                out.push_str(value);
                origin = origin.or(place);
            }
            Err(why) => return Value { kind: Kind::Unknown(why), span: at.span, origin: None },
        }
        rest = behind;
    }
    out.push_str(rest);
    Value { kind: Kind::String(out), span: at.span, origin }
}

/// What an action says: the default of a variable and its place.
fn said<'d>(
    action: &str,
    variables: &Variables<'d>,
) -> Result<(&'d str, Option<onehop_code::Span>), Unknown> {
    let open = |why: Why, about: &str| Unknown { why, about: about.to_owned().into() };
    let mut words = action.trim_matches(['-', ' ']).splitn(2, ' ');
    let (function, argument) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let name = argument.trim().trim_matches(['`', '"', '\'']);
    match function {
        "user" => {
            let Some(variable) = variables.get(name) else { return Err(open(Why::Name, name)) };
            match variable.as_str() {
                Some(text) if text.contains("{{") => Err(open(Why::NoDefault, name)),
                Some(text) => Ok((text, variable.span)),
                None => Err(open(Why::NoDefault, name)),
            }
        }
        "env" => Err(open(Why::NoDefault, name)),
        "build" | "timestamp" | "isotime" | "uuid" | "clean_resource_name" => {
            Err(open(Why::Computed, function))
        }
        _ if function.starts_with('.') => Err(open(Why::Computed, function)),
        _ => Err(open(Why::Function, function)),
    }
}
