//! Functions on texts and lists: `Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Select`, `Fn::Length`.
//!
//! A text with a part that cannot be known is unknown, for the reason of its first such part. Where texts are scripts
//! (`UserData`), such parts stay as `${…}`.

use crate::functions::unknown;
use crate::stack::Stack;
use onehop_code::{Kind, Unknown, Value, Why};
use std::borrow::Cow;

/// No text is longer: user data has 16 KiB, templates 1 MiB.
const TEXT_MAX: usize = 4 << 20;

/// A value that is no collection as the text that the service sees.
pub(crate) fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match &value.kind {
        Kind::String(text) => Some(Cow::Borrowed(text)),
        Kind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        Kind::Number(value) => Some(Cow::Owned(value.to_string())),
        _ => None,
    }
}

/// A text that is put together.
struct Builder {
    text: String,
    why: Option<Unknown>,
    lenient: bool,
}

impl Builder {
    const fn new(lenient: bool) -> Builder {
        Builder { text: String::new(), why: None, lenient }
    }

    fn push(&mut self, value: &Value, spelling: Option<&str>) {
        if let Some(text) = text_of(value) {
            self.push_text(&text);
            return;
        }
        let why = match &value.kind {
            Kind::Unknown(unknown) => unknown.clone(),
            Kind::Reference(it) => Unknown { why: Why::Computed, about: it.address.clone().into() },
            _ => Unknown { why: Why::Construct, about: "a list in a text".into() },
        };
        let spelling = spelling.map_or_else(|| format!("${{{}}}", why.about), |it| format!("${{{it}}}"));
        self.push_text(&spelling);
        if !self.lenient {
            self.why.get_or_insert(why);
        }
    }

    fn push_text(&mut self, text: &str) {
        if self.text.len() + text.len() > TEXT_MAX {
            self.why = Some(Unknown { why: Why::Bound, about: "a text".into() });
        } else {
            self.text.push_str(text);
        }
    }

    fn finish(self, at: &Value) -> Value {
        let kind = self.why.map_or(Kind::String(self.text), Kind::Unknown);
        Value { kind, span: at.span, origin: None }
    }
}

impl Stack<'_, '_, '_> {
    /// `Fn::Sub`: a text, or a list of it and a map of names.
    pub(crate) fn substitute(&mut self, argument: &Value, at: &Value) -> Value {
        let (text, names) = match argument.items() {
            [text, names] => (text, Some(names)),
            [text] => (text, None),
            _ => (argument, None),
        };
        let Some(text) = text.as_str() else { return unknown(Why::Construct, "Fn::Sub", at.span) };
        if let Some(name) = only_name(text) {
            return self.substituted(name, names, at);
        }
        let mut out = Builder::new(self.lenient);
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            out.push_text(before);
            let Some((name, behind)) = behind.split_once('}') else {
                out.push_text("${");
                rest = behind;
                break;
            };
            rest = behind;
            if let Some(literal) = name.strip_prefix('!') {
                out.push_text(&format!("${{{literal}}}"));
                continue;
            }
            let value = self.substituted(name.trim(), names, at);
            out.push(&value, Some(name));
        }
        out.push_text(rest);
        self.run.pay(out.text.len() / 64);
        out.finish(at)
    }

    fn substituted(&mut self, name: &str, names: Option<&Value>, at: &Value) -> Value {
        if let Some(value) = names.and_then(|it| it.get(name)) {
            let value = self.eval(value).unwrap_or_else(|| Value::bare(Kind::String(String::new())));
            return Value { span: at.span, origin: value.origin.or(value.span), ..value };
        }
        if name.contains('.') { self.attribute_of(name, at) } else { self.named(name, at) }
    }

    pub(crate) fn join(&mut self, argument: &Value, at: &Value) -> Value {
        let [delimiter, items] = argument.items() else {
            return unknown(Why::Construct, "Fn::Join", at.span);
        };
        let Some(delimiter) = self.eval(delimiter).as_ref().and_then(text_of).map(Cow::into_owned) else {
            return unknown(Why::Construct, "Fn::Join", at.span);
        };
        let items = match self.eval(items) {
            Some(Value { kind: Kind::List(items), .. }) => items,
            Some(value) => vec![value],
            None => Vec::new(),
        };
        let mut out = Builder::new(self.lenient);
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                out.push_text(&delimiter);
            }
            out.push(item, None);
        }
        self.run.pay(out.text.len() / 64);
        out.finish(at)
    }

    pub(crate) fn split(&mut self, argument: &Value, at: &Value) -> Value {
        let [delimiter, text] = argument.items() else {
            return unknown(Why::Construct, "Fn::Split", at.span);
        };
        let (Some(delimiter), Some(text)) = (self.eval(delimiter), self.eval(text)) else {
            return unknown(Why::Construct, "Fn::Split", at.span);
        };
        let (delimiter, text) = match (text_of(&delimiter), text_of(&text)) {
            (Some(delimiter), Some(text)) if !delimiter.is_empty() => (delimiter, text),
            _ => return Value { kind: reason(&text, "Fn::Split"), span: at.span, origin: None },
        };
        if !self.run.pay(text.len()) {
            return unknown(Why::Bound, "Fn::Split", at.span);
        }
        let item = |it: &str| Value { kind: Kind::String(it.to_owned()), span: at.span, origin: None };
        let items = text.split(delimiter.as_ref()).map(item).collect();
        Value { kind: Kind::List(items), span: at.span, origin: None }
    }

    pub(crate) fn select(&mut self, argument: &Value, at: &Value) -> Value {
        let [place, list] = argument.items() else { return unknown(Why::Construct, "Fn::Select", at.span) };
        let place = self.eval(place);
        let Some(list) = self.eval(list) else { return unknown(Why::Construct, "Fn::Select", at.span) };
        let Kind::List(mut items) = list.kind else {
            return Value { kind: reason(&list, "Fn::Select"), span: at.span, origin: None };
        };
        match place.as_ref().and_then(text_of).and_then(|it| it.parse::<usize>().ok()) {
            Some(place) if place < items.len() => items.swap_remove(place),
            Some(_) => unknown(Why::Name, "an item of Fn::Select", at.span),
            None => {
                let kind = place.map_or(Kind::Null, |it| reason(&it, "Fn::Select"));
                Value { kind, span: at.span, origin: None }
            }
        }
    }

    pub(crate) fn length(&mut self, argument: &Value, at: &Value) -> Value {
        let value = self.eval(argument).unwrap_or_else(|| Value::bare(Kind::Null));
        let kind = match &value.kind {
            Kind::List(items) => u32::try_from(items.len()).map_or(Kind::Null, |it| Kind::Number(it.into())),
            _ => reason(&value, "Fn::Length"),
        };
        Value { kind, span: at.span, origin: None }
    }
}

/// The name, if a text is nothing but `${Name}`.
fn only_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    if name.starts_with('!') || name.contains(['{', '}']) { None } else { Some(name.trim()) }
}

/// Why a function cannot be carried out on a value.
fn reason(value: &Value, function: &'static str) -> Kind {
    Kind::Unknown(match &value.kind {
        Kind::Unknown(unknown) => unknown.clone(),
        Kind::Reference(it) => Unknown { why: Why::Computed, about: it.address.clone().into() },
        _ => Unknown { why: Why::Construct, about: function.into() },
    })
}
