//! Turns a flat map of paths into nodes with a rendered listing for every version that changes it.
//!
//! A directory exists because something is in it, and becomes visible with its oldest entry. Cannot fail: a path that
//! is both a value and a directory answers its value and is listed as a directory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use onehop_imds::version::Version;

use super::{Leaf, Node, catalogue};

/// Every leaf of a tree by its full path, and what listings say that differs from the path.
#[derive(Debug, Default)]
pub(super) struct Entries {
    leaves: BTreeMap<String, (Version, Leaf)>,
    /// Path → text in its parent's listing, e.g. `0=my-key`.
    labels: BTreeMap<String, String>,
    /// Directories that answer an empty listing and are not listed themselves.
    hidden: BTreeMap<String, Version>,
}

impl Entries {
    /// Sets a leaf that is visible from `since` on.
    pub(super) fn set(&mut self, path: &str, since: Version, leaf: Leaf) {
        self.leaves.insert(path.to_owned(), (since, leaf));
    }

    /// Sets a leaf of the catalogue, visible from the version that introduced its category.
    pub(super) fn put(&mut self, path: &str, leaf: Leaf) {
        self.set(path, catalogue::since(path), leaf);
    }

    /// Sets a text of the catalogue.
    pub(super) fn text(&mut self, path: &str, text: impl Into<String>) {
        self.put(path, Leaf::text(text));
    }

    /// Shows `path` as `label` in the listing of its parent.
    pub(super) fn label(&mut self, path: &str, label: String) {
        self.labels.insert(path.to_owned(), label);
    }

    /// Lets `path` answer an empty listing without being listed, unless something is put below it.
    pub(super) fn hide(&mut self, path: &str, since: Version) {
        self.hidden.insert(path.to_owned(), since);
    }

    /// Removes `path` and everything below it.
    pub(super) fn remove(&mut self, path: &str) {
        remove_branch(&mut self.leaves, path);
        remove_branch(&mut self.labels, path);
        remove_branch(&mut self.hidden, path);
    }

    /// Removes what stands at `path` itself and leaves what is below it.
    pub(super) fn remove_leaf(&mut self, path: &str) {
        self.leaves.remove(path);
    }

    /// Every path with a leaf, in byte order.
    #[cfg(test)]
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.leaves.keys().map(String::as_str)
    }

    /// Renders the listings.
    pub(super) fn into_nodes(self) -> HashMap<Box<str>, Node> {
        let directories = self.directories();
        let mut nodes: HashMap<Box<str>, Node> = HashMap::new();
        for (path, children) in &directories {
            nodes.insert(
                (*path).into(),
                Node { leaf: None, listings: listings(path, children, &self.labels) },
            );
        }
        for (path, since) in &self.hidden {
            let empty = || Node { leaf: None, listings: vec![(*since, Bytes::new())] };
            nodes.entry(path.as_str().into()).or_insert_with(empty);
        }
        for (path, leaf) in self.leaves {
            nodes.entry(path.into()).or_insert_with(|| Node { leaf: None, listings: Vec::new() }).leaf =
                Some(leaf);
        }
        nodes
    }

    /// Every directory with its children: name, first version, and whether the child is a directory itself.
    fn directories(&self) -> BTreeMap<&str, BTreeMap<&str, Child>> {
        let mut directories: BTreeMap<&str, BTreeMap<&str, Child>> = BTreeMap::new();
        for (path, (since, _)) in &self.leaves {
            let mut below: &str = path;
            let mut is_directory = false;
            loop {
                let (parent, name) = below.rsplit_once('/').unwrap_or(("", below));
                let new = Child { since: *since, is_directory };
                let child = directories.entry(parent).or_default().entry(name).or_insert(new);
                child.since = child.since.min(*since);
                child.is_directory |= is_directory;
                if parent.is_empty() {
                    break;
                }
                below = parent;
                is_directory = true;
            }
        }
        directories
    }
}

/// Removes `path` and everything below it, in time that does not depend on what else is there: a file may remove as
/// many paths as it sets.
fn remove_branch<T>(map: &mut BTreeMap<String, T>, path: &str) {
    map.remove(path);
    // `0` is the character after `/`, so that only paths below lie between.
    let between = format!("{path}/")..format!("{path}0");
    let below: Vec<String> = map.range(between).map(|(key, _)| key.clone()).collect();
    for key in below {
        map.remove(&key);
    }
}

#[derive(Debug, Clone, Copy)]
struct Child {
    since: Version,
    is_directory: bool,
}

/// The listing of one directory for each version in which it changes, oldest first.
fn listings(
    directory: &str,
    children: &BTreeMap<&str, Child>,
    labels: &BTreeMap<String, String>,
) -> Vec<(Version, Bytes)> {
    let mut lines: Vec<(String, Version)> =
        children.iter().map(|(name, child)| (line(directory, name, *child, labels), child.since)).collect();
    lines.sort();
    let cuts: BTreeSet<Version> = lines.iter().map(|(_, since)| *since).collect();
    cuts.into_iter()
        .map(|cut| {
            let visible: Vec<&str> =
                lines.iter().filter(|(_, since)| *since <= cut).map(|(line, _)| line.as_str()).collect();
            (cut, Bytes::from(visible.join("\n")))
        })
        .collect()
}

/// How a child is listed. The version root lists its directories without a slash.
fn line(directory: &str, name: &str, child: Child, labels: &BTreeMap<String, String>) -> String {
    if directory.is_empty() {
        return name.to_owned();
    }
    if let Some(label) = labels.get(&format!("{directory}/{name}")) {
        return label.clone();
    }
    if child.is_directory { format!("{name}/") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Entries, Leaf, Version};

    #[test]
    fn removing_a_path_takes_what_is_below_it_and_nothing_that_is_spelled_alike() {
        let mut entries = Entries::default();
        let paths = ["a", "a!", "a-b", "a.b/c", "a/!", "a/b", "a/b/c", "a/~", "a0", "a0/b", "ab", "b/a"];
        for path in paths {
            entries.set(path, Version::FIRST, Leaf::text("x"));
            entries.label(path, "x".to_owned());
            entries.hide(path, Version::FIRST);
        }
        entries.remove("a");
        let left = ["a!", "a-b", "a.b/c", "a0", "a0/b", "ab", "b/a"];
        assert!(entries.paths().eq(left), "{:?}", entries.paths().collect::<Vec<_>>());
        assert!(entries.labels.keys().eq(left) && entries.hidden.keys().eq(left));
    }
}
