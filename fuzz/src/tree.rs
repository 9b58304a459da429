//! Tree files: any bytes are either refused with a place, or make a tree whose every listed entry resolves.
//!
//! The input is the file. Time and memory are bounded by the fuzzer's own limits, see `fuzz/run`.

use crate::Reached;
use onehop_imds::path::MetadataPath;
use onehop_imds::version::Version;
use onehop_serve::tree::{Found, Leaf, Tree, TreeError, parse_tree};

/// More entries than any file within the size of an input can make.
const ENTRIES_MAX: usize = 100_000;
/// Longest message about a file, in characters.
const MESSAGE_MAX: usize = 1_000;

/// Parses one file, builds its tree and crawls it.
pub fn run(data: &[u8]) -> Reached {
    let overlay = match parse_tree(data, "tree.yaml") {
        Ok(overlay) => overlay,
        Err(error) => {
            check_error(data, &error);
            return Reached::Refused;
        }
    };
    let tree = Tree::new(&overlay.instance(), &overlay);
    let versions: Vec<Version> = Version::all().collect();
    let one = versions[data.len() % versions.len()];
    for version in [Version::FIRST, one, Version::LATEST] {
        crawl(&tree, version);
    }
    let document = tree.identity_document();
    assert!(document.is_none_or(|document| std::str::from_utf8(&document).is_ok()));
    Reached::Accepted
}

/// A message is one line that a terminal can show, and names a place in the file.
fn check_error(data: &[u8], error: &TreeError) {
    let lines = data.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    assert!((1..=lines + 1).contains(&error.line), "line {} of {lines}", error.line);
    assert!((1..=data.len() + 1).contains(&error.column), "column {}", error.column);
    let message = error.to_string();
    assert!(!message.chars().any(char::is_control), "{message:?}");
    assert!(message.chars().count() <= MESSAGE_MAX, "{message}");
}

/// Asks for everything that a listing names, from the top.
fn crawl(tree: &Tree, version: Version) {
    let mut directories = vec![String::new()];
    let mut entries = 0;
    while let Some(directory) = directories.pop() {
        let Found::Directory(listing) = tree.lookup(version, &directory) else {
            assert!(directory.is_empty(), "`{directory}` is listed as a directory");
            continue;
        };
        let listing = std::str::from_utf8(&listing).expect("a listing is text");
        assert!(listing.split('\n').is_sorted_by(|a, b| a < b), "`{directory}` lists {listing:?}");
        for line in listing.split('\n') {
            entries += 1;
            assert!(entries <= ENTRIES_MAX);
            let (child, below) = child(&directory, line);
            check_path(version, &child);
            if entry(tree, version, &child, below) {
                directories.push(child);
            }
        }
    }
}

/// The path that a line of a listing leads to, and whether it must be a directory; the top does not say.
fn child(directory: &str, line: &str) -> (String, Option<bool>) {
    if directory.is_empty() {
        return (line.to_owned(), None);
    }
    let (name, is_directory) = match line.strip_suffix('/') {
        Some(name) => (name, true),
        None if directory == "meta-data/public-keys" => (line.split('=').next().unwrap_or_default(), true),
        None => (line, false),
    };
    (format!("{directory}/{name}"), Some(is_directory))
}

/// Looks one entry up; says whether it has entries of its own.
fn entry(tree: &Tree, version: Version, path: &str, is_directory: Option<bool>) -> bool {
    match (tree.lookup(version, path), is_directory) {
        (Found::Directory(_), None | Some(true)) => true,
        // The role's name is a computed answer at a directory.
        (Found::Leaf(_), None | Some(false)) | (Found::Leaf(Leaf::Live(_)), Some(true)) => false,
        (found, _) => panic!("{version}: `{path}` is listed, and answers {found:?}"),
    }
}

/// A client that asks for the listed name as it stands reaches that entry.
fn check_path(version: Version, path: &str) {
    let target = format!("/{version}/{path}");
    let uri: http::Uri = target.parse().unwrap_or_else(|error| panic!("`{target}`: {error}"));
    assert_eq!(uri.query(), None, "`{target}`");
    let parsed = MetadataPath::parse(uri.path()).unwrap_or_else(|error| panic!("`{target}`: {error}"));
    assert_eq!((parsed.version(), parsed.below_version()), (Some(version), path));
}
