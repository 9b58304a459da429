//! A word of an API's vocabulary, kept as it was spelled. Known words take no memory of their own.

use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A word of an API's vocabulary, e.g. `optional`, `running`. Also one that nobody knew when this was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Word(Cow<'static, str>);

/// Words that are seen on every instance.
const KNOWN: [&str; 22] = [
    "optional",
    "required",
    "enabled",
    "disabled",
    "no-preference",
    "pending",
    "applied",
    "running",
    "stopped",
    "stopping",
    "shutting-down",
    "terminated",
    "available",
    "InService",
    "account",
    "declarative-policy",
    "v2.0",
    "windows",
    "spot",
    "active",
    "ACTIVE",
    "instant",
];

impl Word {
    /// A word.
    pub fn new(text: &str) -> Word {
        let known = KNOWN.into_iter().find(|known| *known == text);
        Word(known.map_or_else(|| Cow::Owned(text.to_owned()), Cow::Borrowed))
    }

    /// Its spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Word {
        Word::new(text)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Word, D::Error> {
        let text = <Cow<'de, str>>::deserialize(from)?;
        Ok(Word::new(&text))
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Word {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(&self.0)
    }
}
