//! Conditions in three values.
//!
//! ```text
//!          And            Or             Equals
//!        Y  N  ?        Y  N  ?          both known: as texts
//!   Y    Y  N  ?    Y   Y  Y  Y          else: unknown
//!   N    N  N  N    N   Y  N  ?
//!   ?    ?  N  ?    ?   Y  ?  ?          Not ? = ?
//! ```

use crate::functions::{Function, function};
use crate::stack::Stack;
use crate::text::text_of;
use onehop_code::{Kind, Unknown, Value, Why};

/// Whether something holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown(Unknown),
}

impl Truth {
    const fn of(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }
}

impl Stack<'_, '_, '_> {
    /// The condition whose name a value is.
    pub(crate) fn condition_of(&mut self, name: &Value) -> Truth {
        match name.as_str() {
            Some(name) => self.condition(name),
            None => self.truth(name),
        }
    }

    /// The condition of a name. One that leads back to itself is unknown.
    pub(crate) fn condition(&mut self, name: &str) -> Truth {
        match self.conditions.get(name) {
            Some(Some(known)) => return known.clone(),
            Some(None) => return open(Why::Cycle, name),
            None => {}
        }
        let Some(declared) = self.declared.get(name).copied() else {
            return open(Why::Name, name);
        };
        self.conditions.insert(name.to_owned(), None);
        let truth = self.truth(declared);
        self.conditions.insert(name.to_owned(), Some(truth.clone()));
        truth
    }

    fn truth(&mut self, value: &Value) -> Truth {
        if !self.run.enter() {
            return open(Why::Bound, "a condition");
        }
        let truth = self.truth_within(value);
        self.run.leave();
        truth
    }

    fn truth_within(&mut self, value: &Value) -> Truth {
        if let [entry] = value.entries() {
            let items = entry.value.items();
            match function(&entry.key) {
                Some(Function::And) => return self.all(items, &Truth::No),
                Some(Function::Or) => return self.all(items, &Truth::Yes),
                Some(Function::Not) => return self.not(items.first().unwrap_or(&entry.value)),
                Some(Function::Equals) => return self.equals(items),
                Some(Function::Condition) => return self.condition_of(&entry.value),
                None if entry.key == "Condition" => return self.condition_of(&entry.value),
                _ => {}
            }
        }
        match self.eval(value).map(|it| it.kind) {
            Some(Kind::Bool(value)) => Truth::of(value),
            Some(Kind::String(text)) if text.eq_ignore_ascii_case("true") => Truth::Yes,
            Some(Kind::String(text)) if text.eq_ignore_ascii_case("false") => Truth::No,
            Some(Kind::Unknown(unknown)) => Truth::Unknown(unknown),
            _ => open(Why::Construct, "a condition"),
        }
    }

    /// `And` is decided by a `No`, `Or` by a `Yes`; else an unknown one makes it unknown.
    fn all(&mut self, items: &[Value], decides: &Truth) -> Truth {
        let mut unknown = None;
        for item in items {
            match self.truth(item) {
                truth if truth == *decides => return truth,
                Truth::Unknown(why) => unknown = unknown.or(Some(why)),
                _ => {}
            }
        }
        unknown.map_or(if *decides == Truth::No { Truth::Yes } else { Truth::No }, Truth::Unknown)
    }

    fn not(&mut self, item: &Value) -> Truth {
        match self.truth(item) {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            unknown @ Truth::Unknown(_) => unknown,
        }
    }

    fn equals(&mut self, items: &[Value]) -> Truth {
        let [left, right] = items else { return open(Why::Construct, "Fn::Equals") };
        same(self.eval(left).as_ref(), self.eval(right).as_ref())
    }
}

/// Whether two values say the same, as texts: `true` and `"true"` do.
fn same(left: Option<&Value>, right: Option<&Value>) -> Truth {
    let (Some(left), Some(right)) = (left, right) else {
        return Truth::of(left.is_none() && right.is_none());
    };
    for value in [left, right] {
        match &value.kind {
            Kind::Unknown(unknown) => return Truth::Unknown(unknown.clone()),
            Kind::Reference(reference) => return open(Why::Computed, &reference.address),
            _ => {}
        }
    }
    match (text_of(left), text_of(right), &left.kind, &right.kind) {
        (Some(left), Some(right), ..) => Truth::of(left == right),
        (_, _, Kind::List(left), Kind::List(right)) => same_lists(left, right),
        _ => open(Why::Construct, "Fn::Equals"),
    }
}

fn same_lists(left: &[Value], right: &[Value]) -> Truth {
    let mut truth = Truth::of(left.len() == right.len());
    for (left, right) in left.iter().zip(right) {
        match same(Some(left), Some(right)) {
            Truth::No => return Truth::No,
            unknown @ Truth::Unknown(_) if truth == Truth::Yes => truth = unknown,
            _ => {}
        }
    }
    truth
}

fn open(why: Why, about: &str) -> Truth {
    Truth::Unknown(Unknown { why, about: about.to_owned().into() })
}
