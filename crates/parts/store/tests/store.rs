//! A store keeps what it was told, is locked, private, and refuses what it did not write.

use onehop_store::{Change, Contents, Store, StoreError};
use proptest::prelude::*;
use rustix::fs::{CWD, Mode, mkfifoat};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

const CONTENTS: Contents = Contents { what: "made-up rows", version: 3 };

type Rows = Vec<(String, String, Vec<u8>)>;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("made-up.db");
    (folder, path)
}

fn change<'a>(table: &'a str, key: &'a str, value: &str) -> Change<'a> {
    Change { table, key, value: Some(value.as_bytes().to_vec()) }
}

fn left<'a>(table: &'a str, key: &'a str) -> Change<'a> {
    Change { table, key, value: None }
}

fn rows(store: &Store) -> Result<Rows, StoreError> {
    let mut rows = Rows::new();
    store.each(|table, key, value| {
        rows.push((table.to_owned(), key.to_owned(), value.to_vec()));
        Ok::<(), StoreError>(())
    })?;
    Ok(rows)
}

fn read(path: &Path) -> Result<Rows, StoreError> {
    rows(&Store::open(path, CONTENTS)?)
}

fn row(table: &str, key: &str, value: &str) -> (String, String, Vec<u8>) {
    (table.to_owned(), key.to_owned(), value.as_bytes().to_vec())
}

#[test]
fn rows_are_kept_changed_and_taken_out() {
    let (_folder, path) = folder();
    let store = Store::open(&path, CONTENTS).expect("made");
    assert_eq!(rows(&store).expect("no rows"), []);
    let first = [change("b", "1", "one"), change("b", "2", "two"), change("a", "1", "another one")];
    assert_eq!(store.write(first).expect("written"), 3);
    drop(store);
    let all = [row("a", "1", "another one"), row("b", "1", "one"), row("b", "2", "two")];
    assert_eq!(read(&path).expect("rows"), all);
    let store = Store::open(&path, CONTENTS).expect("opened");
    // A table may come again.
    let second = [change("b", "2", "zwei"), left("a", "1"), left("b", "1"), left("b", "never was")];
    assert_eq!(store.write(second).expect("written"), 4);
    drop(store);
    assert_eq!(read(&path).expect("rows"), [row("b", "2", "zwei")]);
}

#[test]
fn a_store_that_was_never_written_is_empty() {
    let (_folder, path) = folder();
    let store = Store::open(&path, CONTENTS).expect("made");
    assert_eq!(store.write([]).expect("nothing to write"), 0);
    drop(store);
    assert_eq!(read(&path).expect("no rows"), []);
    fs::write(&path, "").expect("emptied");
    assert_eq!(read(&path).expect("an empty file has no rows"), []);
}

#[test]
fn one_has_it_at_a_time() {
    let (_folder, path) = folder();
    let first = Store::open(&path, CONTENTS).expect("made");
    let refused = Store::open(&path, CONTENTS).expect_err("it is locked");
    assert!(matches!(refused, StoreError::InUse) && !refused.is_about_contents());
    first.write([change("a", "1", "one")]).expect("the first is not disturbed");
    drop(first);
    assert_eq!(read(&path).expect("it is free again"), [row("a", "1", "one")]);
}

#[test]
fn the_file_is_for_its_owner() {
    let (_folder, path) = folder();
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    drop(Store::open(&path, CONTENTS).expect("made"));
    assert_eq!(mode(&path), 0o600);
    fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("opened to others");
    drop(Store::open(&path, CONTENTS).expect("opened"));
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    for text in ["{}", "made up", "{\"version\":1,\"sessions\":{\"rows\":{},\"forgotten\":0}}", "redb", "\0"]
    {
        for text in [text.to_owned(), text.repeat(4096)] {
            fs::write(&path, &text).expect("written");
            fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("a mode");
            let refused = Store::open(&path, CONTENTS).expect_err("it is none");
            assert!(matches!(refused, StoreError::NoStore), "{refused:?}");
            assert!(refused.is_about_contents());
            assert_eq!(fs::read_to_string(&path).expect("still there"), text);
            assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
        }
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let (folder, path) = folder();
    assert!(matches!(Store::open(folder.path(), CONTENTS), Err(StoreError::Io(_))));
    let absent = folder.path().join("absent").join("made-up.db");
    assert!(matches!(Store::open(&absent, CONTENTS), Err(StoreError::Io(_))));
    mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).expect("a pipe");
    let refused = Store::open(&path, CONTENTS).expect_err("a pipe");
    assert!(matches!(refused, StoreError::NoFile) && !refused.is_about_contents());
}

#[test]
fn other_versions_and_other_contents_are_refused() {
    let (_folder, path) = folder();
    Store::open(&path, CONTENTS).expect("made").write([change("a", "1", "one")]).expect("written");
    let newer = Contents { version: 4, ..CONTENTS };
    let refused = Store::open(&path, newer).expect_err("another version");
    assert_eq!(refused.to_string(), "it has version 3, this program reads version 4");
    assert!(matches!(refused, StoreError::Version { found: 3, wanted: 4 }) && refused.is_about_contents());
    let refused = Store::open(&path, Contents { what: "other rows", ..CONTENTS }).expect_err("other rows");
    assert_eq!(refused.to_string(), "it holds made-up rows, not other rows");
    assert!(refused.is_about_contents());
    assert_eq!(read(&path).expect("it is as it was"), [row("a", "1", "one")]);
}

/// Databases that others made with the same library.
#[test]
fn strangers_tables_are_refused() {
    use redb::{Database, MultimapTableDefinition, TableDefinition};
    type Bytes = &'static [u8];
    let meta: TableDefinition<'_, Bytes, Bytes> = TableDefinition::new("meta");
    let made = |fill: &dyn Fn(&redb::WriteTransaction)| {
        let (folder, path) = folder();
        let database = Database::create(&path).expect("made");
        let transaction = database.begin_write().expect("begun");
        fill(&transaction);
        transaction.commit().expect("written");
        drop(database);
        (folder, read(&path))
    };
    let ours = |transaction: &redb::WriteTransaction, version: &[u8]| {
        let mut meta = transaction.open_table(meta).expect("a table");
        meta.insert(&b"contents"[..], CONTENTS.what.as_bytes()).expect("a row");
        meta.insert(&b"version"[..], version).expect("a row");
    };
    let (_folder, without) = made(&|transaction| {
        transaction.open_table(TableDefinition::<&str, u64>::new("a")).expect("a table");
    });
    assert!(matches!(without, Err(StoreError::NoStore)), "{without:?}");
    let (_folder, empty) = made(&|transaction| {
        transaction.open_table(meta).expect("a table");
    });
    assert!(matches!(empty, Err(StoreError::NoStore)), "{empty:?}");
    let (_folder, number) = made(&|transaction| ours(transaction, b"\xFF3"));
    assert!(matches!(number, Err(StoreError::Damaged { .. })), "{number:?}");
    let (_folder, types) = made(&|transaction| {
        ours(transaction, b"3");
        transaction.open_table(TableDefinition::<&str, u64>::new("a")).expect("a table");
    });
    assert!(matches!(types, Err(StoreError::Damaged { .. })), "{types:?}");
    let (_folder, meta_of_numbers) = made(&|transaction| {
        transaction.open_table(TableDefinition::<u64, u64>::new("meta")).expect("a table");
    });
    assert!(matches!(meta_of_numbers, Err(StoreError::Damaged { .. })), "{meta_of_numbers:?}");
    let (_folder, key) = made(&|transaction| {
        ours(transaction, b"3");
        let table = TableDefinition::<Bytes, Bytes>::new("a");
        transaction.open_table(table).expect("a table").insert(&b"\xFF"[..], &b""[..]).expect("a row");
    });
    assert!(matches!(key, Err(StoreError::Damaged { .. })), "{key:?}");
    let (_folder, many) = made(&|transaction| {
        ours(transaction, b"3");
        transaction.open_multimap_table(MultimapTableDefinition::<Bytes, Bytes>::new("a")).expect("a table");
    });
    assert_eq!(many.expect("no table of ours"), []);
}

/// A copy of the file is what a process leaves that is killed at that moment.
#[test]
fn a_process_that_is_killed_leaves_the_rows_of_before() {
    let (folder, path) = folder();
    let killed = folder.path().join("killed.db");
    let store = Store::open(&path, CONTENTS).expect("made");
    store.write([change("a", "1", "one")]).expect("written");
    let before = [row("a", "1", "one")];
    fs::copy(&path, &killed).expect("copied");
    assert_eq!(read(&killed).expect("killed while it is open"), before);
    // More than is kept in memory, so that pages reach the file before the end of the transaction.
    let names: Vec<String> = (0..300).map(|n| n.to_string()).collect();
    let value = "made up ".repeat(16 << 10);
    let changes = names.iter().map(|name| {
        if name == "299" {
            fs::copy(&path, &killed).expect("copied");
        }
        change("a", name, &value)
    });
    let length = fs::metadata(&path).expect("a file").len();
    store.write(changes).expect("written");
    assert!(fs::metadata(&killed).expect("a copy").len() > length, "the transaction had begun to write");
    assert_eq!(read(&killed).expect("killed while it writes"), before);
    drop(store);
    assert_eq!(read(&path).expect("rows").len(), 300);
}

/// A store in bytes, and its rows.
static WRITTEN: LazyLock<(Vec<u8>, Rows)> = LazyLock::new(|| {
    let (_folder, path) = folder();
    let names: Vec<String> = (0..200).map(|n| format!("key {n}")).collect();
    for table in ["a", "b", "c"] {
        let store = Store::open(&path, CONTENTS).expect("opened");
        store.write(names.iter().map(|name| change(table, name, name))).expect("written");
    }
    (fs::read(&path).expect("bytes"), read(&path).expect("rows"))
});

/// It is refused, or nothing that counts was changed.
fn check_damaged(path: &Path, bytes: &[u8], rows: &Rows) -> Result<(), TestCaseError> {
    fs::write(path, bytes).expect("written");
    match read(path) {
        Ok(found) => prop_assert_eq!(&found, rows),
        Err(error) => prop_assert!(error.is_about_contents(), "{:?}", error),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn damage_is_an_error_and_no_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 64),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 4),
        any in prop::collection::vec(any::<u8>(), 512),
    ) {
        let (_folder, path) = folder();
        let (bytes, rows) = &*WRITTEN;
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or_default() + 1;
        for (at, bit) in flips {
            let mut bytes = bytes.clone();
            bytes[at.index(used)] ^= 1 << bit;
            check_damaged(&path, &bytes, rows)?;
        }
        for cut in cuts {
            // What is cut to nothing has no rows, rightly.
            check_damaged(&path, &bytes[..=cut.index(bytes.len() - 1)], rows)?;
            let mut other = bytes.clone();
            let at = cut.index(used);
            let end = (at + any.len()).min(other.len());
            other[at..end].copy_from_slice(&any[..end - at]);
            check_damaged(&path, &other, rows)?;
        }
    }
}
