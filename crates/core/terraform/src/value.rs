//! Values while code is evaluated: shared, so that passing one on costs nothing, and lazy where they are whole resources.

use onehop_code::{Entry, Kind, Reference, Span, Unknown, Value, Why};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A value and where what it says is written.
#[derive(Clone, Debug)]
pub(crate) struct Val {
    pub(crate) data: Data,
    pub(crate) from: Option<Span>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    /// Lists, tuples and sets; a set is sorted and has nothing twice.
    List(Rc<Vec<Val>>),
    /// Maps and objects, which are iterated by name.
    Map(Rc<Fields>),
    /// What a resource has once it exists.
    Reference(Rc<Reference>),
    Unknown(Rc<Reason>),
    /// A resource as a whole.
    Instance(InstanceId),
    /// The instances of a resource of which the number is not known.
    Unsure(InstanceId, Rc<Reason>),
    /// The outputs of a call of a module.
    Module(usize),
}

/// Named values.
pub(crate) type Fields = BTreeMap<Arc<str>, Val>;

/// One instance of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct InstanceId {
    /// In which instance of a module.
    pub(crate) module: usize,
    /// Which resource of it.
    pub(crate) resource: usize,
    /// Which instance of that.
    pub(crate) at: usize,
}

/// Why a value is not known.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    pub(crate) why: Why,
    pub(crate) about: Cow<'static, str>,
    /// Whether Terraform itself would fail here, which is what `try` and `can` ask for.
    pub(crate) error: bool,
}

/// A value, or the one that takes its place because it cannot be made.
pub(crate) type Outcome<T = Val> = Result<T, Val>;

impl Val {
    pub(crate) const fn new(data: Data) -> Val {
        Val { data, from: None }
    }

    pub(crate) const fn null() -> Val {
        Val::new(Data::Null)
    }

    pub(crate) const fn bool(value: bool) -> Val {
        Val::new(Data::Bool(value))
    }

    pub(crate) const fn number(value: f64) -> Val {
        Val::new(Data::Number(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are bounded far below what a double holds")]
    pub(crate) const fn count(value: usize) -> Val {
        Val::number(value as f64)
    }

    pub(crate) fn text(text: impl Into<Arc<str>>) -> Val {
        Val::new(Data::Text(text.into()))
    }

    pub(crate) fn list(items: Vec<Val>) -> Val {
        Val::new(Data::List(Rc::new(items)))
    }

    pub(crate) fn map(fields: Fields) -> Val {
        Val::new(Data::Map(Rc::new(fields)))
    }

    /// Not to be known.
    pub(crate) fn unknown(why: Why, about: impl Into<Cow<'static, str>>) -> Val {
        Val::new(Data::Unknown(Rc::new(Reason { why, about: about.into(), error: false })))
    }

    /// What Terraform itself would not take.
    pub(crate) fn error(why: Why, about: impl Into<Cow<'static, str>>) -> Val {
        Val::new(Data::Unknown(Rc::new(Reason { why, about: about.into(), error: true })))
    }

    pub(crate) fn bound(about: &'static str) -> Val {
        Val::unknown(Why::Bound, about)
    }

    pub(crate) fn or_from(mut self, span: Span) -> Val {
        if self.from.is_none() {
            self.from = Some(span);
        }
        self
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    pub(crate) fn is_error(&self) -> bool {
        matches!(&self.data, Data::Unknown(reason) if reason.error)
    }

    /// Whether it is known itself; parts of it may not be.
    pub(crate) const fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_) | Data::Reference(_) | Data::Unsure(..))
    }

    /// The unknown value that takes the place of what would be made of this one, which is not known.
    pub(crate) fn as_unknown(&self) -> Val {
        match &self.data {
            Data::Unknown(_) => Val { data: self.data.clone(), from: None },
            Data::Unsure(_, reason) => Val::new(Data::Unknown(reason.clone())),
            Data::Reference(reference) => {
                Val::unknown(Why::Computed, format!("{}.{}", reference.address, reference.attribute))
            }
            Data::Instance(_) => Val::unknown(Why::Computed, "a resource as a whole"),
            Data::Module(_) => Val::unknown(Why::Construct, "a module as a whole"),
            _ => Val::unknown(Why::Construct, "a value of another type"),
        }
    }

    /// Itself if it is known, and what takes its place if not.
    pub(crate) fn known(&self) -> Outcome<&Val> {
        if self.is_known() { Ok(self) } else { Err(self.as_unknown()) }
    }

    /// What takes the place of a value of the wrong type.
    fn not_a(&self, kind: &'static str) -> Val {
        if self.is_known() {
            Val::error(Why::Construct, format!("what is no {kind}"))
        } else {
            self.as_unknown()
        }
    }

    /// As true or false, converted if it is written as text.
    pub(crate) fn to_bool(&self) -> Outcome<bool> {
        match &self.data {
            Data::Bool(value) => Ok(*value),
            Data::Text(text) if &**text == "true" => Ok(true),
            Data::Text(text) if &**text == "false" => Ok(false),
            _ => Err(self.not_a("truth value")),
        }
    }

    /// As a number, converted if it is written as text.
    pub(crate) fn to_number(&self) -> Outcome<f64> {
        match &self.data {
            Data::Number(value) => Ok(*value),
            Data::Text(text) => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(self.not_a("number")),
            },
            _ => Err(self.not_a("number")),
        }
    }

    /// As a place in a list.
    pub(crate) fn to_index(&self) -> Outcome<i64> {
        let number = self.to_number()?;
        if number.fract() != 0.0 || number.abs() > 9e15 {
            return Err(self.not_a("whole number"));
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole and small, see above")]
        Ok(number as i64)
    }

    /// As text, converted if it is a number or a truth value.
    pub(crate) fn to_text(&self) -> Outcome<Arc<str>> {
        match &self.data {
            Data::Text(text) => Ok(text.clone()),
            Data::Bool(value) => Ok(if *value { "true".into() } else { "false".into() }),
            Data::Number(value) => Ok(number_text(*value).into()),
            _ => Err(self.not_a("text")),
        }
    }

    pub(crate) fn to_list(&self) -> Outcome<Rc<Vec<Val>>> {
        match &self.data {
            Data::List(items) => Ok(items.clone()),
            _ => Err(self.not_a("list")),
        }
    }

    pub(crate) fn to_map(&self) -> Outcome<Rc<Fields>> {
        match &self.data {
            Data::Map(fields) => Ok(fields.clone()),
            _ => Err(self.not_a("map")),
        }
    }

    /// As a value of the common model. A whole resource is what is computed of it. `budget` bounds what is copied.
    pub(crate) fn export(&self, budget: &mut usize) -> Value {
        let kind = match &self.data {
            _ if *budget == 0 => unknown_kind(Why::Bound, "a larger value".into()),
            Data::Null => Kind::Null,
            Data::Bool(value) => Kind::Bool(*value),
            Data::Number(value) => Kind::Number(*value),
            Data::Text(text) => Kind::String(text.to_string()),
            Data::List(items) => Kind::List(items.iter().map(|item| item.export_part(budget)).collect()),
            Data::Map(fields) => {
                let entry = |(key, value): (&Arc<str>, &Val)| Entry {
                    key: key.to_string(),
                    key_span: None,
                    value: value.export_part(budget),
                };
                Kind::Map(fields.iter().map(entry).collect())
            }
            Data::Reference(reference) => Kind::Reference((**reference).clone()),
            Data::Unknown(reason) => unknown_kind(reason.why, reason.about.clone()),
            Data::Instance(_) | Data::Unsure(..) | Data::Module(_) => match self.as_unknown().data {
                Data::Unknown(reason) => unknown_kind(reason.why, reason.about.clone()),
                _ => Kind::Null,
            },
        };
        Value { span: self.from, ..Value::bare(kind) }
    }

    fn export_part(&self, budget: &mut usize) -> Value {
        *budget = budget.saturating_sub(1);
        self.export(budget)
    }
}

fn unknown_kind(why: Why, about: Cow<'static, str>) -> Kind {
    Kind::Unknown(Unknown { why, about })
}

/// A number as it is written in text: without a fraction if it has none.
pub(crate) fn number_text(value: f64) -> String {
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        for (value, want) in [(1.0, "1"), (-2.0, "-2"), (0.5, "0.5"), (1e15, "1000000000000000")] {
            assert_eq!(number_text(value), want);
        }
    }

    #[test]
    fn texts_are_converted_and_others_refused() {
        assert!(Val::text("true").to_bool().is_ok_and(|value| value));
        assert!(Val::text("yes").to_bool().is_err_and(|value| value.is_error()));
        assert!(Val::unknown(Why::NoDefault, "x").to_bool().is_err_and(|value| !value.is_error()));
        assert!(Val::text("inf").to_number().is_err());
        assert!(Val::number(1.5).to_index().is_err());
    }
}
