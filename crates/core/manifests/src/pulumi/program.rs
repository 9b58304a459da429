//! Programs in Pulumi YAML.
//!
//! `${name.property}` leads to a resource, a variable or a configuration value; what a function is asked when the
//! program runs is unknown.

use super::short_kind;
use crate::{resource, text};
use onehop_code::{Entry, Kind, Language, Reference, Resource, Unknown, Value, Why};

/// Variables that lead to each other.
const HOPS_MAX: usize = 8;

/// No text is longer.
const TEXT_MAX: usize = 1 << 20;

/// Values that are made for a program.
const STEPS_MAX: usize = 1_000_000;

pub(crate) fn read(path: &str, document: &Value) -> Vec<Resource> {
    let mut program = Program { document, steps: STEPS_MAX };
    let region = program.config("aws:region").and_then(|it| it.as_str().map(str::to_owned));
    let mut out = Vec::new();
    for entry in document.get("resources").map(Value::entries).unwrap_or_default() {
        let Some(kind) = text(&entry.value, &["type"]) else { continue };
        if entry.value.get("get").is_some() {
            continue;
        }
        let empty = Value::bare(Kind::Map(Vec::new()));
        let body = program.filled(entry.value.get("properties").unwrap_or(&empty), HOPS_MAX);
        let mut resource = resource(Language::Pulumi, &short_kind(kind), entry.key.clone(), path, body);
        resource.span = entry.key_span;
        resource.block = entry.value.span;
        resource.provider.region.clone_from(&region);
        if let Some(provider) = text(&entry.value, &["options", "provider"]) {
            let name = provider.trim_start_matches("${").trim_end_matches('}');
            name.clone_into(&mut resource.provider.alias);
        }
        out.push(resource);
    }
    out
}

struct Program<'d> {
    document: &'d Value,
    steps: usize,
}

impl<'d> Program<'d> {
    fn filled(&mut self, value: &Value, hops: usize) -> Value {
        self.steps = self.steps.saturating_sub(1);
        let placed = |kind| Value { kind, span: value.span, origin: value.origin };
        if self.steps == 0 {
            return placed(unknown(Why::Bound, "the program"));
        }
        match &value.kind {
            Kind::String(text) if text.contains("${") => self.fill_text(text, value, hops),
            Kind::List(items) => placed(Kind::List(items.iter().map(|it| self.filled(it, hops)).collect())),
            Kind::Map(entries) => match entries.as_slice() {
                [it] if it.key.to_ascii_lowercase().starts_with("fn::") => placed(self.function(it, hops)),
                _ => {
                    let mut out = Vec::with_capacity(entries.len());
                    for it in entries {
                        out.push(Entry { value: self.filled(&it.value, hops), ..it.clone() });
                    }
                    placed(Kind::Map(out))
                }
            },
            _ => value.clone(),
        }
    }

    fn function(&mut self, call: &Entry, hops: usize) -> Kind {
        let name = call.key.to_ascii_lowercase();
        match (name.as_str(), call.value.items()) {
            ("fn::join", [delimiter, items]) => {
                let (delimiter, items) = (self.filled(delimiter, hops), self.filled(items, hops));
                let texts: Option<Vec<&str>> = items.items().iter().map(Value::as_str).collect();
                match (delimiter.as_str(), texts) {
                    (Some(delimiter), Some(texts)) => Kind::String(texts.join(delimiter)),
                    _ => unknown(Why::Computed, "fn::join"),
                }
            }
            ("fn::secret", _) => unknown(Why::Parameter, "a secret"),
            ("fn::tobase64", _) => self.filled(&call.value, hops).kind,
            ("fn::invoke", _) => {
                unknown(Why::Lookup, text(&call.value, &["function"]).unwrap_or("fn::invoke"))
            }
            _ if name.matches(':').count() > 2 => unknown(Why::Lookup, &call.key),
            _ => unknown(Why::Function, &call.key),
        }
    }

    fn fill_text(&mut self, text: &str, at: &Value, hops: usize) -> Value {
        let placed = |kind, origin| Value { kind, span: at.span, origin };
        if let Some(name) = only_name(text) {
            let value = self.named(name, hops);
            let origin = value.origin.or(value.span);
            return placed(value.kind, origin);
        }
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, behind)) = rest.split_once("${") {
            if let Some(escaped) = before.strip_suffix('$') {
                out.push_str(escaped);
                out.push_str("${");
                rest = behind;
                continue;
            }
            let Some((name, behind)) = behind.split_once('}') else { break };
            out.push_str(before);
            match self.named(name, hops).kind {
                Kind::String(text) if out.len() + text.len() <= TEXT_MAX => out.push_str(&text),
                Kind::String(_) => return placed(unknown(Why::Bound, "a text"), None),
                Kind::Number(value) => out.push_str(&value.to_string()),
                Kind::Bool(value) => out.push_str(if value { "true" } else { "false" }),
                Kind::Unknown(why) => return placed(Kind::Unknown(why), None),
                Kind::Reference(it) => return placed(unknown(Why::Computed, &it.address), None),
                _ => return placed(unknown(Why::Construct, name), None),
            }
            rest = behind;
        }
        out.push_str(rest);
        self.steps = self.steps.saturating_sub(out.len() / 64);
        placed(Kind::String(out), None)
    }

    /// What a name stands for: a resource, a variable, a configuration value.
    fn named(&mut self, name: &str, hops: usize) -> Value {
        let name = name.trim();
        let (head, rest) = name.split_once('.').unwrap_or((name, ""));
        if hops == 0 {
            return Value::unknown(Why::Cycle, name.to_owned());
        }
        let all = self.document.entries().iter().map(|it| it.value.entries().len()).sum::<usize>();
        self.steps = self.steps.saturating_sub(all / 8);
        if self.document.path(&["resources", head]).is_some() {
            let attribute = if rest.is_empty() { "id" } else { rest }.to_owned();
            return Value::bare(Kind::Reference(Reference { address: head.to_owned(), attribute }));
        }
        let found = self.document.path(&["variables", head]).or_else(|| self.config(head));
        match found {
            Some(value) => {
                self.steps = self.steps.saturating_sub(weight(value));
                let value = self.filled(value, hops - 1);
                let steps: Vec<&str> = rest.split('.').filter(|it| !it.is_empty()).collect();
                match value.path(&steps) {
                    Some(inner) => inner.clone(),
                    None if value.why_unknown().is_some() => value,
                    None => Value::unknown(Why::Name, name.to_owned()),
                }
            }
            None if self.is_declared(head) => Value::unknown(Why::NoDefault, head.to_owned()),
            None if head == "pulumi" => Value::unknown(Why::Computed, name.to_owned()),
            None => Value::unknown(Why::Name, name.to_owned()),
        }
    }

    /// The value or default of a configuration name.
    fn config(&self, name: &str) -> Option<&'d Value> {
        let declared = ["config", "configuration"].iter().find_map(|it| self.document.path(&[it, name]))?;
        match &declared.kind {
            Kind::Map(_) => declared.get("value").or_else(|| declared.get("default")),
            Kind::Null => None,
            _ => Some(declared),
        }
    }

    fn is_declared(&self, name: &str) -> bool {
        ["config", "configuration"].iter().any(|it| self.document.path(&[it, name]).is_some())
    }
}

/// What a copy of a value costs.
fn weight(value: &Value) -> usize {
    match &value.kind {
        Kind::String(text) => 1 + text.len() / 64,
        Kind::List(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Kind::Map(entries) => 1 + entries.iter().map(|it| weight(&it.value)).sum::<usize>(),
        _ => 1,
    }
}

fn only_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    if name.contains(['{', '}']) { None } else { Some(name) }
}

fn unknown(why: Why, about: &str) -> Kind {
    Kind::Unknown(Unknown { why, about: about.to_owned().into() })
}
