//! Folders of files that are made from the code, and running text in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Widest line of running text.
const WIDTH: usize = 118;

/// A folder at the root of the workspace.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(name)
}

/// Compares the files of a folder with what they should be, or writes them.
pub(crate) fn compare(name: &str, want: &BTreeMap<String, String>) {
    let root = folder(name);
    if std::env::var_os("ONEHOP_WRITE_DOCS").is_some() {
        write(&root, want);
    }
    let there = read(&root, &root);
    let differ: Vec<&String> = want
        .keys()
        .chain(there.keys().filter(|path| !want.contains_key(*path)))
        .filter(|path| there.get(*path) != want.get(*path))
        .collect();
    assert!(
        differ.is_empty(),
        "{name}/ is not what the rules say in {differ:?}; run `ONEHOP_WRITE_DOCS=1 cargo test -p {}`",
        env!("CARGO_PKG_NAME")
    );
}

fn write(root: &Path, want: &BTreeMap<String, String>) {
    for stale in read(root, root).keys().filter(|path| !want.contains_key(*path)) {
        fs::remove_file(root.join(stale)).expect("the folder can be written");
    }
    for (path, text) in want {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(&path, text).expect("the folder can be written");
    }
}

/// Every file below, by its path with `/` between.
fn read(root: &Path, folder: &Path) -> BTreeMap<String, String> {
    let mut there = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else { return there };
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            there.extend(read(root, &path));
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            there.insert(name, fs::read_to_string(&path).unwrap_or_default());
        }
    }
    there
}

/// Compares one file with what it should be, or writes it.
pub(crate) fn compare_file(name: &str, want: &str) {
    let path = folder(name);
    if std::env::var_os("ONEHOP_WRITE_DOCS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(&path, want).expect("the file can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        there,
        want,
        "{name} is not what the rules say; run `ONEHOP_WRITE_DOCS=1 cargo test -p {}`",
        env!("CARGO_PKG_NAME")
    );
}

/// A text over several lines.
pub(crate) fn wrapped(text: &str) -> String {
    let (mut out, mut width) = (String::new(), 0);
    for word in text.split(' ') {
        if width > 0 && width + 1 + word.len() > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += word.len();
    }
    out
}
