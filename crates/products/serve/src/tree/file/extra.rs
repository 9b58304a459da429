//! The section `extra`: full paths that the catalogue does not know, each with a value and, if wanted, the version
//! that introduced it.
//!
//! A path may not be known already, nor run through a value, nor be a directory of the catalogue: then one path would
//! have two meanings.

use std::collections::BTreeMap;

use onehop_imds::version::Version;

use super::{Edit, leaf, map, unknown_key, wrong_shape, wrong_value};
use crate::tree::catalogue::{self, Kind};
use crate::tree::error::Problem;
use crate::tree::nearest::brief;
use crate::tree::values;
use crate::tree::yaml::{Fault, Key, Node, Place, Value};

/// Longest path, in bytes. Each directory on the way keeps its path, so this bounds memory.
const PATH_BYTES_MAX: usize = 256;

/// Most segments of a path.
const PATH_SEGMENTS_MAX: usize = 16;

const PATH_WANTED: &str =
    concat!("a path of at most 256 bytes and 16 segments of ", values::segment_wanted!());

/// Reads the section.
pub(super) fn read(node: Node, edits: &mut Vec<Edit>) -> Result<(), Fault> {
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for (key, node) in map("extra", node)? {
        check_path(&key)?;
        let (since, leaf) = value(&key.text, node)?;
        edits.push(Edit::Extra(key.text.clone(), since, leaf));
        seen.insert(key.text, key.place);
    }
    for (path, place) in &seen {
        if let Some(through) = ancestors(path).find(|ancestor| seen.contains_key(*ancestor)) {
            return Err((*place, through_value(path, through)));
        }
    }
    Ok(())
}

/// Whether `path` is one that a request can spell in one way.
pub(super) fn is_path(path: &str) -> bool {
    let short = path.len() <= PATH_BYTES_MAX && path.split('/').count() <= PATH_SEGMENTS_MAX;
    short && path.split('/').all(values::is_segment)
}

/// What is wrong with a path that is none.
pub(super) fn wrong_path(path: &str) -> Problem {
    Problem::Value { key: "path".to_owned(), value: brief(path), wanted: PATH_WANTED }
}

fn check_path(key: &Key) -> Result<(), Fault> {
    let path = key.text.as_str();
    if !is_path(path) {
        return Err((key.place, wrong_path(path)));
    }
    if catalogue::kind(path) != Kind::Unknown {
        let section = path.split('/').next().unwrap_or_default().to_owned();
        return Err((key.place, Problem::KnownPath { path: path.to_owned(), section }));
    }
    // The token path is no part of the tree.
    if path == "api" || path.starts_with("api/") {
        return Err((key.place, through_value(path, "api")));
    }
    match ancestors(path).find(|ancestor| catalogue::kind(ancestor) == Kind::Leaf) {
        Some(leaf) => Err((key.place, through_value(path, leaf))),
        None => Ok(()),
    }
}

/// `a/b/c` → `a`, `a/b`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash])
}

fn through_value(path: &str, through: &str) -> Problem {
    Problem::ThroughValue { path: path.to_owned(), through: through.to_owned() }
}

/// Text, or a mapping with `value` and `since`.
fn value(path: &str, node: Node) -> Result<(Version, super::Leaf), Fault> {
    let place = node.place;
    let Value::Map(entries) = node.value else {
        return Ok((Version::FIRST, leaf(path, node)?));
    };
    let mut since = Version::FIRST;
    let mut body = None;
    for (key, node) in entries {
        match key.text.as_str() {
            "value" => body = Some(leaf("value", node)?),
            "since" => since = version(&node)?,
            _ => return Err(unknown_key(&key, path, &["value", "since"])),
        }
    }
    let missing = || wrong_shape(place, path, "a `value`", &Value::Null);
    Ok((since, body.ok_or_else(missing)?))
}

fn version(node: &Node) -> Result<Version, Fault> {
    const WANTED: &str = "a version such as `2021-03-23`";
    let Value::Text(text) = &node.value else {
        return Err(wrong_shape(node.place, "since", WANTED, &node.value));
    };
    match Version::parse(text) {
        Some(version) => Ok(version),
        None if values::is_date(text) => Ok(Version::introduced(text)),
        None => Err(wrong_value(node.place, "since", text, WANTED)),
    }
}
