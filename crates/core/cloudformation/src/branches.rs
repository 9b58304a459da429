//! Two branches of a condition that cannot be known: what they agree on is known.

use onehop_code::{Entry, Kind, Span, Unknown, Value};
use std::collections::HashMap;

/// What holds whichever of two values is there. Nothing written and nothing are the same; maps are joined name by name,
/// lists item by item if they are of one length.
pub(crate) fn either(
    left: Option<Value>,
    right: Option<Value>,
    why: &Unknown,
    at: Option<Span>,
) -> Option<Value> {
    match (left, right) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            if one.is_null() {
                Some(one)
            } else {
                Some(open(&one, why, at))
            }
        }
        (Some(left), Some(right)) => Some(both(left, right, why, at)),
    }
}

fn both(left: Value, right: Value, why: &Unknown, at: Option<Span>) -> Value {
    let (span, origin) = (left.span, left.origin);
    let kind = match (left.kind, right.kind) {
        (Kind::Map(left), Kind::Map(right)) => Kind::Map(maps(left, right, why, at)),
        (Kind::List(left), Kind::List(right)) if left.len() == right.len() => {
            let pairs = left.into_iter().zip(right);
            Kind::List(pairs.map(|(left, right)| both(left, right, why, at)).collect())
        }
        (left, right) if is_same(&left, &right) => left,
        _ => return Value { kind: Kind::Unknown(why.clone()), span: at.or(span), origin: None },
    };
    Value { kind, span, origin }
}

fn maps(left: Vec<Entry>, mut right: Vec<Entry>, why: &Unknown, at: Option<Span>) -> Vec<Entry> {
    let mut out = Vec::with_capacity(left.len());
    let mut others: HashMap<String, Value> = HashMap::with_capacity(right.len());
    for entry in &mut right {
        let value = std::mem::replace(&mut entry.value, Value::bare(Kind::Null));
        others.insert(entry.key.clone(), value);
    }
    for entry in left {
        let other = others.remove(&entry.key);
        let value = either(Some(entry.value), other, why, at);
        out.extend(value.map(|value| Entry { key: entry.key, key_span: entry.key_span, value }));
    }
    for entry in right {
        let value = others.remove(&entry.key).and_then(|it| either(None, Some(it), why, at));
        out.extend(value.map(|value| Entry { key: entry.key, key_span: entry.key_span, value }));
    }
    out
}

/// A value that may be left out. A map stays a map, so that its names keep their places.
fn open(value: &Value, why: &Unknown, at: Option<Span>) -> Value {
    Value { kind: Kind::Unknown(why.clone()), span: value.span.or(at), origin: value.origin }
}

/// Whether two values that are no collections say the same.
fn is_same(left: &Kind, right: &Kind) -> bool {
    match (left, right) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => false,
        (left, right) => left == right,
    }
}
