//! What names lead to: parameters, resources, mappings.

use crate::functions::{unknown, used_at};
use crate::parameters::pseudo;
use crate::stack::{Stack, is_stack};
use crate::text::text_of;
use onehop_code::{Kind, Reference, Value, Why};

impl Stack<'_, '_, '_> {
    /// `Ref`; none for `AWS::NoValue`.
    pub(crate) fn reference(&mut self, argument: &Value, at: &Value) -> Option<Value> {
        match argument.as_str() {
            Some("AWS::NoValue") => None,
            Some(name) => Some(self.named(name, at)),
            None => Some(unknown(Why::Construct, "Ref", at.span)),
        }
    }

    /// What a name stands for.
    pub(crate) fn named(&mut self, name: &str, at: &Value) -> Value {
        if let Some(value) = self.parameters.get(name) {
            let value = used_at(value, at);
            self.run.pay(weight(&value));
            return value;
        }
        if self.resources.contains_key(name) {
            return self.points(name, "Ref", at);
        }
        let settings = self.run.settings;
        let value = pseudo(name, settings.region.as_deref(), settings.account.as_deref());
        value.unwrap_or_else(|| Value::unknown(Why::Name, name.to_owned())).or_at(at.span)
    }

    fn points(&self, name: &str, attribute: &str, at: &Value) -> Value {
        let address = format!("{}{name}", self.prefix);
        let reference = Reference { address, attribute: attribute.to_owned() };
        Value { kind: Kind::Reference(reference), span: at.span, origin: None }
    }

    /// `Fn::GetAtt`: `A.B`, or a list of both, of which the second may be evaluated.
    pub(crate) fn attribute(&mut self, argument: &Value, at: &Value) -> Value {
        match &argument.kind {
            Kind::String(text) => self.attribute_of(text, at),
            Kind::List(items) => {
                let parts: Vec<Value> = items.iter().filter_map(|it| self.eval(it)).collect();
                let texts: Option<Vec<_>> = parts.iter().map(text_of).collect();
                match texts {
                    Some(texts) => self.attribute_of(&texts.join("."), at),
                    None => unknown(Why::Construct, "Fn::GetAtt", at.span),
                }
            }
            _ => unknown(Why::Construct, "Fn::GetAtt", at.span),
        }
    }

    /// An attribute as it is written in `Fn::Sub`: `A.B`.
    pub(crate) fn attribute_of(&mut self, text: &str, at: &Value) -> Value {
        let (name, attribute) = text.split_once('.').unwrap_or((text, ""));
        let Some(entry) = self.resources.get(name).copied() else {
            return unknown(Why::Name, name.to_owned(), at.span);
        };
        let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or("");
        match attribute.strip_prefix("Outputs.") {
            Some(output) if is_stack(kind) => self.output(name, output, at),
            _ => self.points(name, attribute, at),
        }
    }

    fn output(&mut self, stack: &str, output: &str, at: &Value) -> Value {
        match self.outputs(stack) {
            None => unknown(Why::Module, stack.to_owned(), at.span),
            Some(outputs) => match outputs.get(output) {
                Some(value) => {
                    self.run.pay(weight(value));
                    used_at(value, at)
                }
                None => unknown(Why::Name, format!("{stack}.Outputs.{output}"), at.span),
            },
        }
    }

    /// `Fn::FindInMap`: a mapping, two names, and a default if the transform for it is on.
    pub(crate) fn find_in_map(&mut self, argument: &Value, at: &Value) -> Value {
        let items = argument.items();
        let (names, rest) = items.split_at(items.len().min(3));
        let mut texts = Vec::with_capacity(3);
        for name in names {
            match self.eval(name) {
                Some(Value { kind: Kind::Unknown(why), .. }) => texts.push(Err(why)),
                Some(value) => match text_of(&value) {
                    Some(text) => texts.push(Ok(text.into_owned())),
                    None => return unknown(Why::Construct, "Fn::FindInMap", at.span),
                },
                None => return unknown(Why::Construct, "Fn::FindInMap", at.span),
            }
        }
        let [Ok(mapping), first, second] = texts.as_slice() else {
            return unknown(Why::Construct, "Fn::FindInMap", at.span);
        };
        let mappings = self.template.get("Mappings");
        self.run.pay(mappings.map_or(0, |it| it.entries().len() / 8));
        let Some(mapping) = mappings.and_then(|it| it.get(mapping)) else {
            return unknown(Why::Name, mapping.clone(), at.span);
        };
        self.run.pay(if first.is_err() { weight(mapping) } else { mapping.entries().len() / 8 });
        match found(mapping, first.as_deref().ok(), second.as_deref().ok()) {
            Found::One(value) => {
                self.run.pay(weight(value));
                used_at(value, at)
            }
            Found::Nothing => {
                let default = rest.first().and_then(|it| it.get("DefaultValue"));
                let default = default.and_then(|it| self.eval(it));
                default.unwrap_or_else(|| unknown(Why::Name, "a name of a mapping", at.span))
            }
            Found::Several => {
                let why = first.as_ref().err().or(second.as_ref().err()).cloned();
                let kind = why.map_or(Kind::Null, Kind::Unknown);
                Value { kind, span: at.span, origin: None }
            }
        }
    }
}

enum Found<'v> {
    One(&'v Value),
    Several,
    Nothing,
}

/// What stands at two names, of which some may be unknown: one value if all that could be meant are the same.
fn found<'v>(mapping: &'v Value, first: Option<&str>, second: Option<&str>) -> Found<'v> {
    let mut one: Option<&'v Value> = None;
    let is_open = first.is_none() || second.is_none();
    for outer in mapping.entries().iter().filter(|it| first.is_none_or(|first| it.key == first)) {
        for inner in outer.value.entries().iter().filter(|it| second.is_none_or(|second| it.key == second)) {
            match one {
                Some(value) if is_open && value.kind != inner.value.kind => return Found::Several,
                _ => one = Some(&inner.value),
            }
        }
    }
    one.map_or(if is_open { Found::Several } else { Found::Nothing }, Found::One)
}

/// What a copy of a value costs.
pub(crate) fn weight(value: &Value) -> usize {
    1 + match &value.kind {
        Kind::String(text) => text.len() / 64,
        Kind::List(items) => items.iter().map(weight).sum(),
        Kind::Map(entries) => entries.iter().map(|it| weight(&it.value)).sum(),
        _ => 0,
    }
}
