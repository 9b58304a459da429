//! What names mean at one place.

use crate::value::Val;
use std::sync::Arc;

/// A place: an instance of a module, what `each` and `count` are, names of loops.
#[derive(Clone, Copy)]
pub(crate) struct Env<'e> {
    pub(crate) module: usize,
    pub(crate) key: &'e Key,
    pub(crate) names: Option<&'e Bound<'e>>,
}

/// A name that a loop binds.
pub(crate) struct Bound<'e> {
    pub(crate) name: &'e str,
    pub(crate) value: Val,
    pub(crate) outer: Option<&'e Bound<'e>>,
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
        while let Some(bound) = next {
            if bound.name == name {
                return Some(bound.value.clone());
            }
            next = bound.outer;
        }
        None
    }

    /// The same place with other names of loops.
    pub(crate) fn with<'n>(&self, names: &'n Bound<'n>) -> Env<'n>
    where
        'e: 'n,
    {
        Env { module: self.module, key: self.key, names: Some(names) }
    }
}
