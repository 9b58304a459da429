//! `Fn::ForEach`: a body that is written once and made for every item of a list.

use crate::lookup::weight;
use crate::stack::Stack;
use crate::text::text_of;
use onehop_code::{Entry, Kind, Unknown, Value, Why};

/// What the names of loops begin with.
pub(crate) const PREFIX: &str = "Fn::ForEach::";

impl Stack<'_, '_, '_> {
    /// The entries that a loop makes. If its list cannot be known: those of its body once, and why.
    pub(crate) fn expand(&mut self, entry: &Entry) -> Result<Vec<Entry>, (Vec<Entry>, Unknown)> {
        let construct = || Unknown { why: Why::Construct, about: entry.key.clone().into() };
        let [name, list, body] = entry.value.items() else { return Err((Vec::new(), construct())) };
        let Some(name) = name.as_str() else { return Err((Vec::new(), construct())) };
        let items = match self.eval(list) {
            Some(Value { kind: Kind::List(items), .. }) => items,
            Some(Value { kind: Kind::Unknown(why), .. }) => {
                self.parameters.insert(name.to_owned(), Value::bare(Kind::Unknown(why.clone())));
                return Err((body.entries().to_vec(), why));
            }
            _ => return Err((body.entries().to_vec(), construct())),
        };
        let (cost, mut out) = (weight(body), Vec::new());
        for item in &items {
            let Some(text) = text_of(item) else { return Err((body.entries().to_vec(), construct())) };
            if !self.run.pay(cost.saturating_mul(4)) {
                return Err((Vec::new(), Unknown { why: Why::Bound, about: entry.key.clone().into() }));
            }
            out.extend(body.entries().iter().map(|it| put(it, name, &text)));
        }
        Ok(out)
    }
}

fn put(entry: &Entry, name: &str, item: &str) -> Entry {
    let key = put_text(&entry.key, name, item);
    Entry { key, key_span: entry.key_span, value: put_value(&entry.value, name, item) }
}

fn put_value(value: &Value, name: &str, item: &str) -> Value {
    let kind = match &value.kind {
        Kind::String(text) => Kind::String(put_text(text, name, item)),
        Kind::List(items) => Kind::List(items.iter().map(|it| put_value(it, name, item)).collect()),
        Kind::Map(entries) => match entries.as_slice() {
            [it] if matches!(it.key.as_str(), "Ref" | "!Ref") && it.value.as_str() == Some(name) => {
                Kind::String(item.to_owned())
            }
            _ => Kind::Map(entries.iter().map(|it| put(it, name, item)).collect()),
        },
        kind => kind.clone(),
    };
    Value { kind, span: value.span, origin: value.origin }
}

/// `${Name}` is the item, `&{Name}` its letters and digits.
fn put_text(text: &str, name: &str, item: &str) -> String {
    if !text.contains(name) {
        return text.to_owned();
    }
    let plain: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
    text.replace(&format!("${{{name}}}"), item).replace(&format!("&{{{name}}}"), &plain)
}
