//! Anchors and aliases, within a budget.

use onehop_code::{Kind, Value, Why};
use std::collections::HashMap;

/// The values behind anchors.
#[derive(Default)]
pub(super) struct Copies {
    anchors: HashMap<usize, (Value, usize)>,
    left: usize,
    /// Whether the budget was not enough.
    pub(super) spent: bool,
}

impl Copies {
    pub(super) fn new(left: usize) -> Copies {
        Copies { left, ..Copies::default() }
    }

    /// Remembers the value of an anchor.
    pub(super) fn keep(&mut self, anchor: usize, value: &Value) {
        let weight = weight(value);
        let value = if self.pay(weight) { value.clone() } else { beyond() };
        self.anchors.insert(anchor, (value, weight));
    }

    /// The value of an anchor. One that is still open leads back to itself.
    pub(super) fn copy(&mut self, anchor: usize) -> Value {
        let Some((_, weight)) = self.anchors.get(&anchor) else {
            return Value::unknown(Why::Cycle, "an alias");
        };
        if !self.pay(*weight) {
            return beyond();
        }
        self.anchors.get(&anchor).map_or_else(beyond, |(value, _)| value.clone())
    }

    /// Takes from the budget; false if it is not enough.
    pub(super) fn pay(&mut self, weight: usize) -> bool {
        match self.left.checked_sub(weight) {
            Some(left) => self.left = left,
            None => self.spent = true,
        }
        !self.spent
    }
}

fn beyond() -> Value {
    Value::unknown(Why::Bound, "what aliases stand for")
}

/// How much a copy of a value costs.
pub(super) fn weight(value: &Value) -> usize {
    1 + match &value.kind {
        Kind::String(text) => text.len() / 64,
        Kind::List(items) => items.iter().map(weight).sum(),
        Kind::Map(entries) => entries.iter().map(|it| it.key.len() / 64 + weight(&it.value)).sum(),
        _ => 0,
    }
}
