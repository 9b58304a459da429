//! What names mean at one place.

use crate::value::{Fields, Val};
use std::sync::Arc;

/// A place: an instance of a module, what `each` and `count` are, names of loops.
#[derive(Clone, Copy)]
pub(crate) struct Env<'e> {
    pub(crate) module: usize,
    pub(crate) key: &'e Key,
    pub(crate) names: Option<&'e Bound<'e>>,
}

/// Names that mean something here alone.
pub(crate) enum Bound<'e> {
    /// One, by a loop.
    One { name: &'e str, value: Val, outer: Option<&'e Bound<'e>> },
    /// All that there are, in a template of its own.
    All(&'e Fields),
}

/// Which one of several instances it is.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// There is one.
    None,
    /// By `count`; a value, because it may not be known.
    Count(Val),
    /// By `for_each`.
    Each(Val, Val),
}

impl Key {
    pub(crate) fn of_name(name: &Arc<str>, value: Val) -> Key {
        Key::Each(Val::text(name.clone()), value)
    }
}

impl<'e> Env<'e> {
    /// The value that a loop gave a name.
    pub(crate) fn bound(&self, name: &str) -> Option<Val> {
        let mut next = self.names;
        loop {
            match next? {
                Bound::One { name: known, value, .. } if *known == name => return Some(value.clone()),
                Bound::One { outer, .. } => next = *outer,
                Bound::All(fields) => return fields.get(name).cloned(),
            }
        }
    }

    /// The same place with other names of loops.
    pub(crate) fn with<'n>(&self, names: &'n Bound<'n>) -> Env<'n>
    where
        'e: 'n,
    {
        Env { module: self.module, key: self.key, names: Some(names) }
    }
}
