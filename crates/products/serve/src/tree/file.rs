//! The tree file: YAML or JSON that is laid over the default tree.
//!
//! ```yaml
//! base: default              # or `empty`: only what this file sets
//! unknown: refuse            # or `keep`: keys under `meta-data` and `dynamic` that the catalogue does not know
//! instance:                  # facts; every place that shows them follows, the identity document too
//!   id: i-0123456789abcdef0
//!   availability-zone: eu-central-1b
//!   tags: { Name: web-1 }
//! meta-data:                 # nested as the paths are; null removes, lists are joined by line feeds
//!   instance-action: shutdown
//!   placement: { partition-number: "2" }
//!   hibernation: null
//! dynamic:
//!   fws: { instance-monitoring: enabled }
//! user-data: |               # text, or `!!binary` and base64
//!   #!/bin/sh
//! extra:                     # paths that the catalogue does not know
//!   meta-data/feature/flag: "on"
//!   meta-data/feature/other: { value: "1", since: 2021-03-23 }
//! ```
//!
//! `docs/tree.md` lists every key, `fixtures/tree/example.yaml` uses each.
//!
//! A scalar is the text as written: `0012` and `yes` are not numbers or truth values. What the file says under
//! `meta-data` and `dynamic` changes that one path; what it says under `instance` changes every path that shows it.
//!
//! [`parse_tree`] is pure and total. It refuses, with line and column: unknown and duplicate keys, values of the wrong
//! shape or form, aliases, a second document, more than [`TREE_FILE_BYTES_MAX`] bytes, [`TREE_DEPTH_MAX`] levels or
//! [`USER_DATA_BYTES_MAX`] bytes of user data. So memory stays in proportion to the file.

mod extra;
mod json;
mod nested;

use bytes::Bytes;
use onehop_imds::version::Version;

use super::build::Entries;
use super::error::{Problem, TreeError};
use super::yaml::{self, Fault, Key, Node, Place, Value};
use super::{Instance, Leaf, PublicKey, nearest, public_keys, shorthand};

/// Largest tree file, in bytes.
pub const TREE_FILE_BYTES_MAX: usize = 1 << 20;

/// Deepest nesting of a tree file, in levels.
pub const TREE_DEPTH_MAX: usize = 32;

/// Most user data, in bytes (EC2 User Guide, "Run commands when you launch an EC2 instance").
pub const USER_DATA_BYTES_MAX: usize = 16 * 1024;

/// The keys at the top of a tree file.
const SECTIONS: [&str; 7] = ["base", "unknown", "instance", "meta-data", "dynamic", "user-data", "extra"];

/// What the entries of a tree file are laid over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Base {
    /// The complete tree of the instance.
    #[default]
    Default,
    /// Only `iam`, if the instance has a role, and user data: for trees recorded elsewhere.
    Empty,
}

/// What happens to keys under `meta-data` and `dynamic` that the catalogue does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unknown {
    /// They are errors: most are misspelled.
    Refuse,
    /// They are shown as they are: for trees recorded on instances with more categories.
    Keep,
}

/// A parsed tree file: the instance it describes and changes to single paths. The default changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overlay {
    base: Base,
    instance: Instance,
    edits: Vec<Edit>,
}

/// One change to the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Edit {
    /// Removes the path and what is below it.
    Remove(String),
    /// Sets a path of the catalogue.
    Put(String, Leaf),
    /// Sets a path outside the catalogue.
    Extra(String, Version, Leaf),
    /// Replaces the login keys.
    PublicKeys(Vec<PublicKey>),
}

impl Overlay {
    /// What the entries are laid over.
    pub fn base(&self) -> Base {
        self.base
    }

    /// The instance that the file describes: the default one with the facts under `instance` and the user data.
    pub fn instance(&self) -> Instance {
        self.instance.clone()
    }

    /// Makes the changes, in the order of the file.
    pub(super) fn apply(&self, entries: &mut Entries) {
        for edit in &self.edits {
            match edit {
                Edit::Remove(path) => entries.remove(path),
                Edit::Put(path, leaf) => {
                    if path.starts_with("meta-data/iam/security-credentials/") {
                        // The file names roles itself, so the directory lists what is there.
                        entries.remove_leaf("meta-data/iam/security-credentials");
                    }
                    entries.put(path, leaf.clone());
                }
                Edit::Extra(path, since, leaf) => entries.set(path, *since, leaf.clone()),
                Edit::PublicKeys(keys) => public_keys::put(entries, keys),
            }
        }
    }
}

/// Parses a tree file. `name` stands in error messages; nothing is read from it.
///
/// # Errors
/// [`TreeError`] with the first thing that is wrong and its place.
///
/// ```
/// let error = onehop_serve::tree::parse_tree(b"meta-data:\n  instnce-id: i-1\n", "tree.yaml").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "tree.yaml:2:3: unknown key `instnce-id` under `meta-data`; did you mean `instance-id`?"
/// );
/// ```
pub fn parse_tree(text: &[u8], name: &str) -> Result<Overlay, TreeError> {
    overlay(text).map_err(|fault| TreeError::in_file(name, fault))
}

fn overlay(text: &[u8]) -> Result<Overlay, Fault> {
    let mut overlay = Overlay::default();
    let Some(root) = yaml::parse(text)? else {
        return Ok(overlay);
    };
    let entries = map("the file", root)?;
    let unknown = unknown(&entries)?;
    for (key, node) in entries {
        match key.text.as_str() {
            "unknown" => {}
            "base" => {
                let choices = [("default", Base::Default), ("empty", Base::Empty)];
                overlay.base = choice(&key, &node, choices, "`default` or `empty`")?;
            }
            "instance" => shorthand::read(node, &mut overlay.instance)?,
            "user-data" => overlay.instance.user_data = user_data(node)?,
            "extra" => extra::read(node, &mut overlay.edits)?,
            "meta-data" | "dynamic" => {
                nested::Reader { unknown, edits: &mut overlay.edits }.read(&key.text, node)?;
            }
            _ => return Err(unknown_key(&key, "the file", &SECTIONS)),
        }
    }
    Ok(overlay)
}

/// Looked up ahead of the sections it governs.
fn unknown(entries: &[(Key, Node)]) -> Result<Unknown, Fault> {
    let choices = [("refuse", Unknown::Refuse), ("keep", Unknown::Keep)];
    match entries.iter().find(|(key, _)| key.text == "unknown") {
        Some((key, node)) => choice(key, node, choices, "`refuse` or `keep`"),
        None => Ok(Unknown::Refuse),
    }
}

/// One of two words.
fn choice<T: Copy>(
    key: &Key,
    node: &Node,
    choices: [(&str, T); 2],
    wanted: &'static str,
) -> Result<T, Fault> {
    let Value::Text(text) = &node.value else {
        return Err(wrong_shape(node.place, &key.text, wanted, &node.value));
    };
    let chosen = choices.iter().find(|(word, _)| word == text);
    chosen.map(|(_, choice)| *choice).ok_or_else(|| wrong_value(node.place, &key.text, text, wanted))
}

fn user_data(node: Node) -> Result<Option<Bytes>, Fault> {
    let body = match node.value {
        Value::Null => return Ok(None),
        Value::Text(text) => text.into_bytes(),
        Value::Binary(bytes) => bytes,
        other => return Err(wrong_shape(node.place, "user-data", "text or `!!binary`", &other)),
    };
    if body.len() > USER_DATA_BYTES_MAX {
        return Err((node.place, Problem::UserData(body.len())));
    }
    Ok(Some(Bytes::from(body)))
}

/// The value of a leaf: text, `!!binary`, or a list of texts, which are joined by line feeds.
fn leaf(key: &str, node: Node) -> Result<Leaf, Fault> {
    match node.value {
        Value::Text(text) => Ok(Leaf::text(text)),
        Value::Binary(bytes) => {
            Ok(Leaf::Fixed { body: Bytes::from(bytes), content_type: super::ContentType::Text })
        }
        Value::List(items) => Ok(Leaf::text(texts(key, items)?.join("\n"))),
        other => Err(wrong_shape(node.place, key, "text or a list of texts", &other)),
    }
}

/// The items of a list, all of which are text.
pub(super) fn texts(key: &str, items: Vec<Node>) -> Result<Vec<String>, Fault> {
    let text = |item: Node| match item.value {
        Value::Text(text) => Ok(text),
        other => Err(wrong_shape(item.place, key, "a list of texts", &other)),
    };
    items.into_iter().map(text).collect()
}

/// The entries of a mapping; nothing is an empty one.
pub(super) fn map(key: &str, node: Node) -> Result<Vec<(Key, Node)>, Fault> {
    match node.value {
        Value::Map(entries) => Ok(entries),
        Value::Null => Ok(Vec::new()),
        other => Err(wrong_shape(node.place, key, "a mapping", &other)),
    }
}

pub(super) fn unknown_key(key: &Key, under: &str, known: &[&str]) -> Fault {
    let nearest = nearest::nearest(&key.text, known).map(str::to_owned);
    (key.place, Problem::UnknownKey { key: nearest::brief(&key.text), under: under.to_owned(), nearest })
}

pub(super) fn wrong_shape(place: Place, key: &str, wanted: &'static str, found: &Value) -> Fault {
    (place, Problem::Shape { key: nearest::brief(key), wanted, found: found.found() })
}

pub(super) fn wrong_value(place: Place, key: &str, value: &str, wanted: &'static str) -> Fault {
    (place, Problem::Value { key: nearest::brief(key), value: nearest::brief(value), wanted })
}

#[cfg(test)]
mod tests;
