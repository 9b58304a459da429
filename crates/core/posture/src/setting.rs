//! What one level says about one option: nothing, a value, or something that cannot be known.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Words of our own or of the input.
pub type Text = Cow<'static, str>;

/// What one level says about one option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting<T> {
    /// Nothing: the next level decides. Also what an account calls "no preference".
    #[default]
    Unset,
    /// This value.
    Set(T),
    /// It cannot be known whether it says something, and what. The reason in words, as the rest of a sentence that
    /// begins with "because": no capital, no full stop.
    Unknown(Text),
}

impl<T> Setting<T> {
    /// Unknown, for this reason.
    pub fn unknown(reason: impl Into<Text>) -> Setting<T> {
        Setting::Unknown(reason.into())
    }

    /// A value, or unset.
    pub fn from_option(value: Option<T>) -> Setting<T> {
        value.map_or(Setting::Unset, Setting::Set)
    }

    /// The value, if it is set.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Setting::Set(value) => Some(value),
            Setting::Unset | Setting::Unknown(_) => None,
        }
    }

    /// Why it is unknown, if it is.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Setting::Unknown(reason) => Some(reason),
            Setting::Unset | Setting::Set(_) => None,
        }
    }

    /// Whether it says nothing.
    pub const fn is_unset(&self) -> bool {
        matches!(self, Setting::Unset)
    }

    /// Another value in its place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Setting::Unset => Setting::Unset,
            Setting::Set(value) => Setting::Set(change(value)),
            Setting::Unknown(reason) => Setting::Unknown(reason),
        }
    }

    /// This one, or the other where this one is unset: two levels of the same rank as one.
    #[must_use]
    pub fn or(self, below: Setting<T>) -> Setting<T> {
        if self.is_unset() { below } else { self }
    }
}
