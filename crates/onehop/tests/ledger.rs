//! LEDGER.md and THREAT-MODEL.md name tests and files: each of them is there.
//!
//! In the last column of a table, a word in backticks that is written like a function is the name of a test, of Rust or
//! of Python, and one with a slash is a path from the root or below `crates`. Paths without backticks count too.

#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the last column of a document's tables names.
#[derive(Debug, Default, PartialEq)]
struct Named {
    tests: BTreeSet<String>,
    paths: BTreeSet<String>,
}

fn named(document: &str) -> Named {
    let mut named = Named::default();
    for row in document.lines().filter(|line| line.starts_with('|')) {
        let cell = row.trim_end().trim_end_matches('|').rsplit(" | ").next().unwrap_or_default();
        for (at, part) in cell.split('`').enumerate() {
            let is_code = at % 2 == 1;
            let words = if is_code { vec![part] } else { part.split_whitespace().collect() };
            for word in words {
                let word = word.trim_matches([',', '.', ';', ':', '(', ')']);
                if is_path(word) {
                    named.paths.insert(word.to_owned());
                } else if is_code && is_test(word) {
                    named.tests.insert(last(word).to_owned());
                }
            }
        }
    }
    named
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Small letters, digits and at least two underscores: a sentence.
fn is_test(word: &str) -> bool {
    let name = last(word);
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_name) && name.matches('_').count() >= 2
}

/// `docs/clients.md`, `crates/a/b.rs`, `products/guard/tests`; no path of a URL and no `either/or`.
fn is_path(word: &str) -> bool {
    let first = word.split('/').next().unwrap_or_default();
    let starts = ["bench", "core", "crates", "docs", "fuzz", "lab", "parts", "products"];
    word.contains('/') && starts.contains(&first)
}

/// Names of the tests in the files below a folder.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("an entry").path();
        let is_ours = path.file_name().is_some_and(|name| name != "node_modules" && name != "target");
        if path.is_dir() && is_ours {
            tests_below(&path, found);
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_file() && matches!(extension, Some("rs" | "py")) {
            let text = std::fs::read_to_string(&path).expect("source is text");
            found.extend(tests_in(&text));
        }
    }
}

fn tests_in(source: &str) -> Vec<String> {
    let name = |line: &str, keyword: &str| {
        let rest =
            line.trim_start().strip_prefix("async ").unwrap_or(line.trim_start()).strip_prefix(keyword)?;
        rest.split_once('(').map(|(name, _)| name.to_owned())
    };
    let mut found = Vec::new();
    let mut is_test = false;
    for line in source.lines() {
        if let Some(test) = name(line, "fn ") {
            found.extend(is_test.then_some(test));
            is_test = false;
        } else if let Some(test) = name(line, "def test_") {
            found.push(format!("test_{test}"));
        }
        is_test |= line.contains("#[test]") || line.contains("::test]") || line.contains("::test(");
    }
    found
}

#[test]
fn every_test_and_file_that_is_named_is_there() {
    let mut there = BTreeSet::new();
    for folder in ["crates", "lab", "fuzz", "bench"] {
        tests_below(&root().join(folder), &mut there);
    }
    assert!(there.len() > 300, "only {} tests were found", there.len());
    for (document, at_least) in [("LEDGER.md", 50), ("THREAT-MODEL.md", 40)] {
        let text = std::fs::read_to_string(root().join(document)).expect("the document is there");
        let named = named(&text);
        assert!(named.tests.len() >= at_least, "{document} names only {} tests", named.tests.len());
        let missing: Vec<_> = named.tests.difference(&there).collect();
        assert!(missing.is_empty(), "{document} names tests that are not there: {missing:?}");
        for path in &named.paths {
            let is_there = [root(), root().join("crates")].iter().any(|base| base.join(path).exists());
            assert!(is_there, "{document} names `{path}`, which is not there");
        }
    }
}

#[test]
fn names_are_read_from_the_last_column_only() {
    let document = "\
`not_in_a_table`
| known | `not_this_one` | by |
|---|---|---|
| a | b | words; `a_test_of_ours`, `gate::tests::another_one_too`, `HeaderMap`, `sock_diag` |
| a | b | `parts/server` and docs/clients.md, either/or `http://a/b` |
";
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let want = Named {
        tests: words(&["a_test_of_ours", "another_one_too"]),
        paths: words(&["parts/server", "docs/clients.md"]),
    };
    assert_eq!(named(document), want);
}

#[test]
fn a_function_that_is_no_test_does_not_count() {
    let source = "\
fn not_a_test() {}
#[test]
fn a_test() {}
fn after_a_test() {}
    #[tokio::test]
    async fn an_async_test() {}
    #[test]
    #[ignore = \"slow\"]
    fn with_an_argument(bits in any::<u32>()) {}
def test_of_python(self):
def of_python(self):
";
    assert_eq!(tests_in(source), ["a_test", "an_async_test", "with_an_argument", "test_of_python"]);
}
