//! What is known about a finding beside its place: named values, cleaned when they are set.
//!
//! Names are stable; those that other formats have a field for are constants here.

use crate::excerpt::Excerpt;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// The format of the log, e.g. `nginx`, `cloudtrail`.
pub const SOURCE: &str = "source";
/// The field of the line, e.g. `query`, `referer`.
pub const FIELD: &str = "field";
/// The address that asked.
pub const CLIENT: &str = "client";
/// The host that was asked for, as the log has it.
pub const HOST: &str = "host";
/// The method of the request.
pub const METHOD: &str = "method";
/// The status of the answer, a number.
pub const STATUS: &str = "status";
/// The size of the answer in bytes, a number.
pub const SIZE: &str = "size";
/// The user agent.
pub const USER_AGENT: &str = "user_agent";
/// What the path asks for: `credentials`, `token`, `user-data`, `identity`, `listing`, `root`, `other`.
pub const PATH_CLASS: &str = "path_class";
/// The version of the protocol, `v1` or `v2`.
pub const IMDS_VERSION: &str = "imds_version";
/// What came of it: `answered-credential-size`, `answered`, `refused`, `unknown`.
pub const OUTCOME: &str = "outcome";
/// How sure the rule is: `low`, `medium`, `high`.
pub const CONFIDENCE: &str = "confidence";
/// Who answers for the place.
pub const OWNER: &str = "owner";
/// What a log of this format cannot show.
pub const BLIND: &str = "blind";

/// Which level decides a metadata option, e.g. `account`.
pub const DECIDED_BY: &str = "decided_by";
/// Of a run: what everything in each place comes out as, `{"place": {"verdict": count}}`.
pub const POSTURE: &str = "posture";

/// Values inside one another beyond this are left out.
const DEPTH_MAX: usize = 4;
/// Room for what most findings have.
const SOME: usize = 12;
/// Values of one list or object beyond this are left out.
const WIDTH_MAX: usize = 64;
/// Places of [`POSTURE`] beyond this are left out.
const PLACES_MAX: usize = 16_384;

/// Named values in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Vec<(Cow<'static, str>, Kept)>);

/// A value as it is kept.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    /// The tool's own words.
    Own(&'static str),
    Value(Value),
}

impl Kept {
    pub(crate) fn value(&self) -> Cow<'_, Value> {
        match self {
            Kept::Own(text) => Cow::Owned(Value::from(*text)),
            Kept::Value(value) => Cow::Borrowed(value),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Kept::Own(text) => Some(text),
            Kept::Value(value) => value.as_str(),
        }
    }
}

/// It does not count whose words they are.
impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Facts {
    /// None.
    pub const fn new() -> Facts {
        Facts(Vec::new())
    }

    /// Sets a value; texts become [`Excerpt`]s, so that no credential stays in them.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        let name = name.into();
        let width = if name == POSTURE { PLACES_MAX } else { WIDTH_MAX };
        self.put(name, Kept::Value(clean(value.into(), DEPTH_MAX, width)));
    }

    /// Sets a text, as [`Facts::set`] does.
    pub fn set_text(&mut self, name: &'static str, text: &str) {
        self.put(Cow::Borrowed(name), Kept::Value(Value::String(Excerpt::from(text).into())));
    }

    /// Sets a value in the tool's own words, which need no cleaning.
    pub fn set_own(&mut self, name: &'static str, value: &'static str) {
        self.put(Cow::Borrowed(name), Kept::Own(value));
    }

    fn put(&mut self, name: Cow<'static, str>, value: Kept) {
        if self.0.is_empty() {
            self.0.reserve(SOME);
        }
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The same with a value set.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Facts {
        self.set(name, value);
        self
    }

    /// A value by its name.
    pub fn find(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.look_up(name).map(Kept::value)
    }

    /// A text by its name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.look_up(name)?.text()
    }

    fn look_up(&self, name: &str) -> Option<&Kept> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Cow<'_, Value>)> {
        self.kept().map(|(name, value)| (name, value.value()))
    }

    /// The same as they are kept.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (&str, &Kept)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.kept() {
            match value {
                Kept::Own(text) => map.serialize_entry(name, text)?,
                Kept::Value(value) => map.serialize_entry(name, value)?,
            }
        }
        map.end()
    }
}

/// A value as people read it: texts without quotes, the rest as JSON.
pub(crate) fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn clean(value: Value, depth: usize, width: usize) -> Value {
    match value {
        Value::String(text) => Value::String(Excerpt::from(text).into()),
        Value::Array(_) | Value::Object(_) if depth == 0 => Value::Null,
        Value::Array(items) => {
            items.into_iter().take(width).map(|item| clean(item, depth - 1, WIDTH_MAX)).collect()
        }
        Value::Object(items) => items
            .into_iter()
            .take(width)
            .map(|(name, item)| (String::from(Excerpt::from(name)), clean(item, depth - 1, WIDTH_MAX)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, POSTURE, WIDTH_MAX};
    use serde_json::json;

    #[test]
    fn values_are_cleaned_at_every_depth() {
        let facts = Facts::new()
            .with("a", json!({"b": ["password=hunter2\u{1b}"], "c": {"d": {"e": {"f": {"g": 1}}}}}));
        assert_eq!(
            facts.find("a").as_deref(),
            Some(&json!({"b": ["password=****"], "c": {"d": {"e": {"f": null}}}})),
            "deeper than four is left out"
        );
    }

    #[test]
    fn no_place_of_a_posture_is_left_out() {
        let places: serde_json::Map<_, _> =
            (0..500).map(|at| (format!("{at}"), json!({"required": 1}))).collect();
        let facts = Facts::new().with(POSTURE, places.clone()).with("other", places);
        let count = |name| facts.find(name)?.as_object().map(serde_json::Map::len);
        assert_eq!((count(POSTURE), count("other")), (Some(500), Some(WIDTH_MAX)));
    }

    #[test]
    fn setting_again_replaces() {
        let facts = Facts::new().with("status", 200).with("host", "a").with("status", 401);
        assert_eq!(serde_json::to_string(&facts).expect("facts are JSON"), r#"{"status":401,"host":"a"}"#);
    }
}
