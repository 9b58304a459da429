//! What the caller gives: directories and files by name. Nothing here opens anything.

use std::collections::BTreeMap;

/// Directories and files, by paths with `/` between their parts: without `.`, with `..` only in front.
pub trait Files {
    /// What stands in a directory; nothing if there is none. `.` is where relative paths begin.
    fn list(&self, dir: &str) -> Vec<Entry>;

    /// What a file says; none if it is not there, cannot be read or is larger than the caller wants to look at.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name without the directory.
    pub name: String,
    /// Whether it is a directory.
    pub is_dir: bool,
}

/// Files in memory, by path: for tests and for texts that were never on a disk.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    /// Files from pairs of path and text.
    pub fn of(files: &[(&str, &str)]) -> MemoryFiles {
        MemoryFiles(files.iter().map(|(path, text)| (normal(path), text.as_bytes().to_vec())).collect())
    }
}

impl Files for MemoryFiles {
    fn list(&self, dir: &str) -> Vec<Entry> {
        let front = if dir == "." || dir.is_empty() { String::new() } else { format!("{dir}/") };
        let mut found: Vec<Entry> = Vec::new();
        for path in self.0.keys() {
            let Some(rest) = path.strip_prefix(&front) else { continue };
            let (name, is_dir) = rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
            if found.last().is_none_or(|last| last.name != name) {
                found.push(Entry { name: name.to_owned(), is_dir });
            }
        }
        found
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).cloned()
    }
}

/// A path without `.`, empty parts and such `..` as can be followed. `.` for nothing at all.
pub(crate) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let front = if path.starts_with('/') { "/" } else { "" };
    let joined = format!("{front}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}

/// A path as seen from a directory.
pub(crate) fn join(dir: &str, path: &str) -> String {
    if path.starts_with('/') { normal(path) } else { normal(&format!("{dir}/{path}")) }
}

/// How one directory is written as seen from another: `.`, `modules/web`, `../web`.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let parts = |path: &str| -> Vec<String> {
        normal(path).split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    if from.starts_with('/') != to.starts_with('/') {
        return to.to_owned();
    }
    let (from, to) = (parts(from), parts(to));
    let same = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", from.len() - same);
    let path: Vec<&str> = up.chain(to[same..].iter().map(String::as_str)).collect();
    if path.is_empty() { ".".to_owned() } else { path.join("/") }
}

/// The directory of a path; `.` if it has none.
pub(crate) fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((dir, _)) => dir,
        None => ".",
    }
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed() {
        for (dir, path, want) in [
            (".", "./modules/web", "modules/web"),
            ("infra/prod", "../../modules/web", "modules/web"),
            (".", "../shared", "../shared"),
            ("../a", "../../b", "../../b"),
            ("/srv/tf", "../m", "/srv/m"),
            ("/srv", "../../../m", "/m"),
            ("a", ".", "a"),
            ("a", "..", "."),
            ("a", "/abs/x", "/abs/x"),
        ] {
            assert_eq!(join(dir, path), want, "{dir} {path}");
        }
    }

    #[test]
    fn one_directory_is_seen_from_another() {
        for (from, to, want) in [
            ("a", "a", "."),
            (".", "m/w", "m/w"),
            ("a/b", "a/c/d", "../c/d"),
            ("a", ".", ".."),
            ("/x/y", "/x/z", "../z"),
        ] {
            assert_eq!(relative(from, to), want, "{from} {to}");
        }
    }

    #[test]
    fn memory_lists_a_directory_once() {
        let files = MemoryFiles::of(&[("a/x.tf", ""), ("a/m/y.tf", ""), ("a/m/z.tf", ""), ("b.tf", "")]);
        let names = |dir: &str| files.list(dir).into_iter().map(|e| (e.name, e.is_dir)).collect::<Vec<_>>();
        assert_eq!(names("a"), [("m".to_owned(), true), ("x.tf".to_owned(), false)]);
        assert_eq!(names("."), [("a".to_owned(), true), ("b.tf".to_owned(), false)]);
    }
}
