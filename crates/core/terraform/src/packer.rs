//! Old templates of Packer, which are JSON: `builders`, with `{{user "name"}}` for variables.

use crate::Loaded;
use crate::convert::Place;
use crate::json;
use crate::syntax::{Attr, Block, Body, Expr, Node, Part};
use onehop_code::{Entry, FileId, Kind, Language, Presence, Provider, Resource, Sources, Span, Value, Why};
use std::collections::HashMap;

/// Reads an old template that is among the sources. Its builders have the kinds `packer.amazon-ebs` and so on; a text without
/// builders has none.
pub fn read_packer_json(
    path: &str,
    file: FileId,
    sources: &Sources,
    wanted: &dyn Fn(&str) -> bool,
) -> Loaded {
    let mut loaded = Loaded::default();
    let text = sources.of(file).text.as_str();
    let document = match json::parse(text, file) {
        Ok(document) => json::body(document),
        Err(fault) => {
            loaded.troubles.push(fault.trouble(path, file));
            return loaded;
        }
    };
    let variables = Variables::of(&document);
    let Some(Node::List(builders)) = document.attr("builders").map(|attr| &attr.value.node) else {
        return loaded;
    };
    for (at, builder) in builders.iter().enumerate() {
        let span = Place { file, from: 0 }.span(builder.span.start as usize..builder.span.end as usize);
        let body = variables.body(&json::body(builder.clone()), span);
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let Some(kind) = text("type").map(|kind| format!("packer.{kind}")) else { continue };
        if !wanted(&kind) {
            continue;
        }
        let name = text("name").map_or_else(|| at.to_string(), str::to_owned);
        let region = text("region").map(str::to_owned);
        loaded.resources.push(Resource {
            language: Language::Packer,
            address: format!("builders.{name}"),
            kind,
            scope: path.to_owned(),
            body,
            span: Some(span),
            block: Some(span),
            provider: Provider { region, ..Provider::default() },
            presence: Presence::Sure,
            calls: Vec::new(),
        });
    }
    loaded
}

/// Variables with their defaults.
struct Variables<'a>(HashMap<&'a str, &'a Expr>);

impl<'a> Variables<'a> {
    fn of(document: &'a Body) -> Variables<'a> {
        let items = match document.attr("variables").map(|attr| &attr.value.node) {
            Some(Node::Object(items)) => items.as_slice(),
            _ => &[],
        };
        Variables(items.iter().filter_map(|(key, value)| Some((key.text()?, value))).collect())
    }

    fn body(&self, body: &Body, span: Span) -> Value {
        let mut entries: Vec<Entry> = body.attrs.iter().map(|attr| self.entry(attr)).collect();
        for block in &body.blocks {
            let value = self.body(&block.body, block.span);
            match entries.iter_mut().find(|entry| entry.key == *block.kind) {
                Some(Entry { value: Value { kind: Kind::List(items), .. }, .. }) => items.push(value),
                _ => entries.push(first_block(block, value)),
            }
        }
        Value::at(Kind::Map(entries), span)
    }

    fn entry(&self, attr: &Attr) -> Entry {
        Entry { key: attr.name.to_string(), key_span: Some(attr.name_span), value: self.value(&attr.value) }
    }

    fn value(&self, expr: &Expr) -> Value {
        let kind = match &expr.node {
            Node::Bool(value) => Kind::Bool(*value),
            Node::Number(value) => Kind::Number(*value),
            Node::Text(text) => return self.text(text, expr.span),
            Node::List(items) => Kind::List(items.iter().map(|item| self.value(item)).collect()),
            Node::Object(items) => {
                let entry = |(key, value): &(Expr, Expr)| {
                    let key_span = Some(key.span);
                    Some(Entry { key: key.text()?.to_owned(), key_span, value: self.value(value) })
                };
                Kind::Map(items.iter().filter_map(entry).collect())
            }
            Node::Template(parts) => match parts.as_slice() {
                [Part::Text(text)] => return self.text(text, expr.span),
                _ => Value::unknown(Why::Construct, "a template").kind,
            },
            _ => Kind::Null,
        };
        Value::at(kind, expr.span)
    }

    /// A text with the values of its variables.
    fn text(&self, written: &str, span: Span) -> Value {
        let (mut made, mut rest, mut origin) = (String::new(), written, None);
        while let Some((before, behind)) = rest.split_once("{{") {
            made.push_str(before);
            let Some((call, behind)) = behind.split_once("}}") else {
                return Value::at(Kind::String(written.to_owned()), span);
            };
            match self.user(call) {
                Ok(variable) => {
                    made.push_str(variable.text().unwrap_or_default());
                    origin = Some(variable.span);
                }
                Err(unknown) => return Value { span: Some(span), ..unknown },
            }
            rest = behind;
        }
        made.push_str(rest);
        Value { origin, ..Value::at(Kind::String(made), span) }
    }

    /// `user "name"`
    fn user(&self, call: &str) -> Result<&'a Expr, Value> {
        let call = call.trim();
        let name = call.strip_prefix("user").map(|name| name.trim().trim_matches(['`', '"', '\\']));
        let Some(name) = name else { return Err(Value::unknown(Why::Function, call.to_owned())) };
        match self.0.get(name) {
            Some(variable) if variable.text().is_some_and(|text| !text.contains("{{")) => Ok(variable),
            Some(_) => Err(Value::unknown(Why::NoDefault, name.to_owned())),
            None => Err(Value::unknown(Why::Name, name.to_owned())),
        }
    }
}

fn first_block(block: &Block, value: Value) -> Entry {
    let value = Value::at(Kind::List(vec![value]), block.span);
    Entry { key: block.kind.to_string(), key_span: Some(block.head), value }
}
