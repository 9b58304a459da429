//! Evaluation: values with functions in them become values.

use crate::branches::either;
use crate::conditions::Truth;
use crate::loops;
use crate::stack::Stack;
use onehop_code::{Entry, Kind, Span, Unknown, Value, Why};
use std::borrow::Cow;

/// The functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    And,
    Base64,
    Condition,
    Equals,
    FindInMap,
    GetAtt,
    If,
    ImportValue,
    Join,
    Length,
    Not,
    Or,
    Ref,
    Select,
    Split,
    Sub,
    /// One that is answered when the stack is made.
    Asked,
    /// Another one.
    Other,
}

/// The function of a map's only name: `Ref`, `Fn::…`, or a tag.
pub(crate) fn function(key: &str) -> Option<Function> {
    let name = match key.strip_prefix('!').or_else(|| key.strip_prefix("Fn::")) {
        Some(name) => name.strip_prefix("Fn::").unwrap_or(name),
        None if key == "Ref" => key,
        None => return None,
    };
    Some(match name {
        "And" => Function::And,
        "Base64" => Function::Base64,
        "Condition" => Function::Condition,
        "Equals" => Function::Equals,
        "FindInMap" => Function::FindInMap,
        "GetAtt" => Function::GetAtt,
        "If" => Function::If,
        "ImportValue" => Function::ImportValue,
        "Join" => Function::Join,
        "Length" => Function::Length,
        "Not" => Function::Not,
        "Or" => Function::Or,
        "Ref" => Function::Ref,
        "Select" => Function::Select,
        "Split" => Function::Split,
        "Sub" => Function::Sub,
        "GetAZs" | "Cidr" => Function::Asked,
        _ => Function::Other,
    })
}

impl Stack<'_, '_, '_> {
    /// What a value says; none if it says to leave it out.
    pub(crate) fn eval(&mut self, value: &Value) -> Option<Value> {
        if !self.run.enter() {
            return Some(unknown(Why::Bound, "the template", value.span));
        }
        let result = self.eval_within(value);
        self.run.leave();
        result
    }

    fn eval_within(&mut self, value: &Value) -> Option<Value> {
        let kind = match &value.kind {
            Kind::String(text) => return Some(self.plain(text, value)),
            Kind::List(items) => Kind::List(items.iter().filter_map(|it| self.eval(it)).collect()),
            Kind::Map(entries) => match entries.as_slice() {
                [only] => match function(&only.key) {
                    Some(function) => return self.call(function, only, value),
                    None => return Some(self.map(entries, value)),
                },
                _ => return Some(self.map(entries, value)),
            },
            _ => return Some(value.clone()),
        };
        Some(Value { kind, span: value.span, origin: value.origin })
    }

    /// Text without functions. What it names in a store is read when the stack is made.
    fn plain(&mut self, text: &str, value: &Value) -> Value {
        self.run.pay(text.len() / 64);
        if !self.lenient && text.contains("{{resolve:") {
            return unknown(Why::Parameter, text.to_owned(), value.span);
        }
        value.clone()
    }

    fn map(&mut self, entries: &[Entry], value: &Value) -> Value {
        let mut out = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.key == "Fn::Transform" || entry.key.starts_with(loops::PREFIX) {
                match self.expand(entry) {
                    Ok(made) => out.extend(made.iter().filter_map(|it| self.entry(it))),
                    Err((_, why)) => return Value { kind: Kind::Unknown(why), ..value.clone() },
                }
            } else {
                out.extend(self.entry(entry));
            }
        }
        Value { kind: Kind::Map(out), span: value.span, origin: value.origin }
    }

    fn entry(&mut self, entry: &Entry) -> Option<Entry> {
        let around = self.lenient;
        self.lenient |= entry.key == "UserData";
        let value = self.eval(&entry.value);
        self.lenient = around;
        Some(Entry { key: entry.key.clone(), key_span: entry.key_span, value: value? })
    }

    fn call(&mut self, function: Function, entry: &Entry, at: &Value) -> Option<Value> {
        let argument = &entry.value;
        let value = match function {
            Function::If => return self.choose(argument, at),
            Function::Ref => return self.reference(argument, at),
            Function::Base64 => return self.eval(argument),
            Function::GetAtt => self.attribute(argument, at),
            Function::FindInMap => self.find_in_map(argument, at),
            Function::Sub => self.substitute(argument, at),
            Function::Join => self.join(argument, at),
            Function::Split => self.split(argument, at),
            Function::Select => self.select(argument, at),
            Function::Length => self.length(argument, at),
            Function::ImportValue => {
                let name = self.eval(argument);
                let name = name.as_ref().and_then(Value::as_str).unwrap_or("an export").to_owned();
                unknown(Why::Lookup, name, at.span)
            }
            Function::Asked => unknown(Why::Lookup, entry.key.clone(), at.span),
            Function::And | Function::Or | Function::Not | Function::Equals | Function::Condition => {
                self.as_value(at)
            }
            Function::Other => {
                let why = if entry.key.ends_with("Transform") { Why::Construct } else { Why::Function };
                unknown(why, entry.key.clone(), at.span)
            }
        };
        Some(value)
    }

    /// A condition where a value stands.
    fn as_value(&mut self, at: &Value) -> Value {
        let kind = match self.condition_of(at) {
            Truth::Yes => Kind::Bool(true),
            Truth::No => Kind::Bool(false),
            Truth::Unknown(unknown) => Kind::Unknown(unknown),
        };
        Value { kind, span: at.span, origin: None }
    }

    /// `Fn::If`: the branch, which is where a fix goes; both, as far as they agree, if the condition is unknown.
    fn choose(&mut self, argument: &Value, at: &Value) -> Option<Value> {
        let [condition, yes, no] = argument.items() else {
            return Some(unknown(Why::Construct, "Fn::If", at.span));
        };
        match self.condition_of(condition) {
            Truth::Yes => self.eval(yes),
            Truth::No => self.eval(no),
            Truth::Unknown(why) => {
                let (yes, no) = (self.eval(yes), self.eval(no));
                either(yes, no, &why, at.span)
            }
        }
    }
}

/// Something that cannot be known, at a place.
pub(crate) fn unknown(why: Why, about: impl Into<Cow<'static, str>>, span: Option<Span>) -> Value {
    Value { kind: Kind::Unknown(Unknown { why, about: about.into() }), span, origin: None }
}

/// A value that is used at a place and written elsewhere.
pub(crate) fn used_at(value: &Value, at: &Value) -> Value {
    Value { kind: value.kind.clone(), span: at.span, origin: value.origin.or(value.span) }
}
