//! Tags, and which of them say who made something.

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Tags of a resource, in order of their keys. Written as an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Box<[(Box<str>, Box<str>)]>);

/// What relevant keys begin with, in lower case.
const BEGINNINGS: [&str; 14] = [
    "aws:",
    "eks:",
    "kubernetes.io/",
    "k8s.io/",
    "karpenter.",
    "elasticbeanstalk:",
    "alpha.eksctl.io/",
    "parallelcluster:",
    "aws-parallelcluster",
    "pulumi",
    "tf_",
    "tf:",
    "tfe:",
    "onehop:",
];

/// Relevant keys as a whole, in lower case.
const WHOLE: [&str; 8] =
    ["name", "owner", "team", "env", "environment", "managed-by", "managed_by", "managedby"];

impl Tags {
    /// Those of the tags that say who made something, what it is called and who owns it; the others are nobody's business.
    pub fn keep(tags: impl IntoIterator<Item = (String, String)>) -> Tags {
        tags.into_iter().filter(|(key, _)| Tags::is_relevant(key)).collect()
    }

    /// Whether a tag says who made something, what it is called or who owns it.
    pub fn is_relevant(key: &str) -> bool {
        let begins = |beginning: &&str| {
            key.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        };
        if BEGINNINGS.iter().any(begins) || WHOLE.iter().any(|whole| key.eq_ignore_ascii_case(whole)) {
            return true;
        }
        let key = key.to_ascii_lowercase();
        key.contains("terraform") || key.contains("ecsmanaged")
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(other, _)| other.as_ref().cmp(key)).ok()?;
        Some(&self.0[at].1)
    }

    /// All of them, in order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, String)> for Tags {
    /// Of two of one key, the later one holds.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(tags: I) -> Tags {
        let mut all: Vec<(Box<str>, Box<str>)> =
            tags.into_iter().map(|(key, value)| (key.into_boxed_str(), value.into_boxed_str())).collect();
        all.reverse();
        all.sort_by(|one, two| one.0.cmp(&two.0));
        all.dedup_by(|later, earlier| later.0 == earlier.0);
        Tags(all.into_boxed_slice())
    }
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Tags, D::Error> {
        from.deserialize_map(TagsVisitor)
    }
}

struct TagsVisitor;

impl<'de> Visitor<'de> for TagsVisitor {
    type Value = Tags;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tags, A::Error> {
        let mut all = Vec::new();
        while let Some(pair) = map.next_entry::<String, String>()? {
            all.push(pair);
        }
        Ok(all.into_iter().collect())
    }
}
