//! `{{ … }}` in values: variables that the same file sets, and what tasks before have registered.

use onehop_code::{Entry, Kind, Reference, Unknown, Value, Why};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Variables that lead to each other.
const HOPS_MAX: usize = 8;

/// Expressions that are filled in in a file; 64 bytes of text count as one.
const STEPS_MAX: usize = 1_000_000;

/// No text is longer.
const TEXT_MAX: usize = 1 << 20;

/// What names stand for at a task.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'v> {
    /// The variables of the file, play, block, task: inner ones hide outer ones.
    layers: Vec<Rc<HashMap<&'v str, &'v Value>>>,
    /// Registered results: the address of their tasks.
    registered: Rc<HashMap<&'v str, String>>,
    /// What was filled in so far in the file, see [`STEPS_MAX`].
    steps: Rc<Cell<usize>>,
}

impl<'v> Scope<'v> {
    /// Goes into a play, block or task with variables, which hide those around.
    pub(super) fn enter(&mut self, vars: Option<&'v Value>) {
        self.layers.push(Rc::default());
        self.set(vars);
    }

    /// Sets variables from here on.
    pub(super) fn set(&mut self, vars: Option<&'v Value>) {
        if self.layers.is_empty() {
            self.layers.push(Rc::default());
        }
        let Some(layer) = self.layers.last_mut() else { return };
        let layer = Rc::make_mut(layer);
        for entry in vars.map(Value::entries).unwrap_or_default() {
            layer.insert(&entry.key, &entry.value);
        }
    }

    fn variable(&self, name: &str) -> Option<&'v Value> {
        self.layers.iter().rev().find_map(|it| it.get(name).copied())
    }

    pub(super) fn register(&mut self, name: &'v str, address: &str) {
        Rc::make_mut(&mut self.registered).insert(name, address.to_owned());
    }

    /// A value with everything filled in.
    pub(super) fn filled(&self, value: &Value) -> Value {
        self.fill(value, HOPS_MAX)
    }

    fn fill(&self, value: &Value, hops: usize) -> Value {
        let kind = match &value.kind {
            Kind::String(text) if text.contains("{{") || text.contains("{%") => {
                return self.fill_text(text, value, hops);
            }
            Kind::List(items) => Kind::List(items.iter().map(|it| self.fill(it, hops)).collect()),
            Kind::Map(entries) => match entries.as_slice() {
                [it] if it.key == "!vault" => unknown(Why::Parameter, "a value in a vault"),
                [it] if it.key == "!unsafe" => it.value.kind.clone(),
                _ => {
                    let entry = |it: &Entry| Entry { value: self.fill(&it.value, hops), ..it.clone() };
                    Kind::Map(entries.iter().map(entry).collect())
                }
            },
            kind => kind.clone(),
        };
        Value { kind, span: value.span, origin: value.origin }
    }

    fn fill_text(&self, text: &str, at: &Value, hops: usize) -> Value {
        let placed = |kind| Value { kind, span: at.span, origin: None };
        if text.contains("{%") {
            return placed(unknown(Why::Construct, "a template"));
        }
        if let Some(only) = only_expression(text) {
            let value = self.expression(only, hops);
            let origin = value.origin.or(value.span);
            return Value { kind: value.kind, span: at.span, origin };
        }
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, behind)) = rest.split_once("{{") {
            let Some((expression, behind)) = behind.split_once("}}") else { break };
            out.push_str(before);
            match self.expression(expression, hops).kind {
                Kind::String(text) if out.len() + text.len() <= TEXT_MAX => out.push_str(&text),
                Kind::String(_) => return placed(unknown(Why::Bound, "a text")),
                Kind::Number(value) => out.push_str(&value.to_string()),
                Kind::Bool(value) => out.push_str(if value { "True" } else { "False" }),
                Kind::Unknown(why) => return placed(Kind::Unknown(why)),
                Kind::Reference(it) => return placed(unknown(Why::Computed, &it.address)),
                _ => return placed(unknown(Why::Construct, expression.trim())),
            }
            rest = behind;
        }
        out.push_str(rest);
        self.pay(out.len() / 64);
        placed(Kind::String(out))
    }

    /// Takes from what may be filled in; false if nothing is left.
    fn pay(&self, steps: usize) -> bool {
        self.steps.set(self.steps.get().saturating_add(steps));
        self.steps.get() <= STEPS_MAX
    }

    /// A name, perhaps with attributes and filters that keep its value.
    fn expression(&self, expression: &str, hops: usize) -> Value {
        let mut parts = expression.split('|').map(str::trim);
        let name = parts.next().unwrap_or("");
        if !self.pay(1) {
            return Value::unknown(Why::Bound, "the file");
        }
        if hops == 0 {
            return Value::unknown(Why::Cycle, name.to_owned());
        }
        if let Some(literal) = literal(name) {
            return literal;
        }
        let filters: Vec<&str> = parts.collect();
        let value = self.filtered(expression, name, &filters, hops);
        match value.why_unknown().map(|it| it.why) {
            Some(Why::NoDefault | Why::Name) => default_of(&filters).unwrap_or(value),
            _ => value,
        }
    }

    fn filtered(&self, expression: &str, name: &str, filters: &[&str], hops: usize) -> Value {
        if ["lookup(", "query(", "q("].iter().any(|it| name.starts_with(it)) {
            return Value::unknown(Why::Lookup, shortened(name));
        }
        let plain = |it: &&str| KEEPING.contains(it) || it.starts_with("default(") || it.starts_with("d(");
        if !is_path(name) || !filters.iter().all(plain) {
            return Value::unknown(Why::Construct, shortened(expression.trim()));
        }
        let mut steps = name.split('.');
        let head = steps.next().unwrap_or("");
        if let Some(address) = self.registered.get(head) {
            let attribute = steps.collect::<Vec<_>>().join(".");
            return Value::bare(Kind::Reference(Reference { address: address.clone(), attribute }));
        }
        let Some(value) = self.variable(head) else { return Value::unknown(Why::NoDefault, name.to_owned()) };
        let steps: Vec<&str> = steps.collect();
        match value.path(&steps) {
            Some(value) if is_simple(value) => {
                self.pay(value.as_str().map_or(64, |it| it.len() / 64));
                self.fill(value, hops - 1)
            }
            Some(_) => Value::unknown(Why::Construct, shortened(name)),
            None => Value::unknown(Why::Name, name.to_owned()),
        }
    }
}

/// Filters that keep what a value says.
const KEEPING: [&str; 6] = ["bool", "int", "string", "trim", "mandatory", "omit"];

/// What holds if nobody sets a variable; `omit` leaves the argument out.
fn default_of(filters: &[&str]) -> Option<Value> {
    let filter =
        filters.iter().find_map(|it| it.strip_prefix("default(").or_else(|| it.strip_prefix("d(")))?;
    let argument = filter.strip_suffix(')')?.split(',').next()?.trim();
    if argument == "omit" { Some(Value::bare(Kind::Null)) } else { literal(argument) }
}

/// Whether a variable is simple enough to be filled in without growing without end.
fn is_simple(value: &Value) -> bool {
    match &value.kind {
        Kind::Map(entries) => entries.len() <= 64 && entries.iter().all(|it| is_leaf(&it.value)),
        Kind::List(items) => items.len() <= 64 && items.iter().all(is_leaf),
        _ => true,
    }
}

fn is_leaf(value: &Value) -> bool {
    match &value.kind {
        Kind::Map(_) | Kind::List(_) => false,
        Kind::String(text) => !text.contains("{{"),
        _ => true,
    }
}

/// The expression, if a text is nothing but one.
fn only_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    if inner.contains("{{") { None } else { Some(inner.trim_matches(['-', ' '])) }
}

fn literal(text: &str) -> Option<Value> {
    let quoted = ['\'', '"'].iter().find_map(|it| text.strip_prefix(*it)?.strip_suffix(*it));
    let kind = match (quoted, text) {
        (Some(inner), _) if !inner.contains(['\'', '"', '\\']) => Kind::String(inner.to_owned()),
        (None, "true" | "True") => Kind::Bool(true),
        (None, "false" | "False") => Kind::Bool(false),
        _ => return text.parse::<u32>().ok().map(|it| Value::bare(Kind::Number(it.into()))),
    };
    Some(Value::bare(kind))
}

fn is_path(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.'))
}

fn unknown(why: Why, about: &str) -> Kind {
    Kind::Unknown(Unknown { why, about: about.to_owned().into() })
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
