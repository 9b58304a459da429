//! The file, its lock, and what is done with rows.

use crate::StoreError;
use redb::backends::FileBackend;
use redb::{
    Builder, Database, ReadTransaction, ReadableDatabase as _, ReadableTable as _, TableDefinition,
    TableHandle as _,
};
use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Pages that are kept in memory, in bytes: rows are read once, front to back.
const CACHE_BYTES: usize = 16 << 20;
/// Read and written by the owner, as nobody else should know whom a log is about.
const MODE: u32 = 0o600;

/// Where the words and the version stand. Keys are bytes and not texts: bytes that are no text are found by us.
const META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("meta");
const CONTENTS: &[u8] = b"contents";
const VERSION: &[u8] = b"version";

/// What a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// In words, e.g. `sessions of instances`.
    pub what: &'static str,
    /// The version of its rows; no other is read.
    pub version: u32,
}

/// A row as it should be from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// Its table, any name but `meta`.
    pub table: &'a str,
    /// Its key.
    pub key: &'a str,
    /// Its value; without one the row leaves.
    pub value: Option<Vec<u8>>,
}

/// An open store, locked until it is dropped.
#[derive(Debug)]
pub struct Store {
    database: Database,
    contents: Contents,
}

impl Store {
    /// Opens a store, made if there is none, and checks all of it.
    ///
    /// # Errors
    /// It is open elsewhere, holds something else, is damaged, or cannot be read and written.
    pub fn open(path: &Path, contents: Contents) -> Result<Store, StoreError> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(MODE).open(path)?;
        if !file.metadata()?.is_file() {
            return Err(StoreError::NoFile);
        }
        let same = file.try_clone()?;
        let database = Builder::new()
            .set_cache_size(CACHE_BYTES)
            .set_check_integrity_on_open(true)
            .create_with_backend(FileBackend::new(file)?)?;
        let store = Store { database, contents };
        store.check()?;
        keep_private(&same)?;
        Ok(store)
    }

    /// Shows all rows, those of one table behind one another.
    ///
    /// # Errors
    /// The first error of `take`, or a row that cannot be read.
    pub fn each<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(&str, &str, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let transaction = self.database.begin_read().map_err(StoreError::from)?;
        for table in names(&transaction)? {
            if table != META.name() {
                of_table(&transaction, &table, |key, value| take(&table, key, value))?;
            }
        }
        Ok(())
    }

    /// Makes all changes or none, and returns how many once they are on disk. Changes of one table should come behind one
    /// another.
    ///
    /// # Errors
    /// The file cannot be written; rows are then what they were.
    pub fn write<'a>(&self, changes: impl IntoIterator<Item = Change<'a>>) -> Result<u64, StoreError> {
        let mut changes = changes.into_iter().peekable();
        let mut count = 0;
        if changes.peek().is_none() {
            return Ok(count);
        }
        let transaction = self.database.begin_write()?;
        {
            let mut meta = transaction.open_table(META)?;
            meta.insert(CONTENTS, self.contents.what.as_bytes())?;
            meta.insert(VERSION, self.contents.version.to_string().as_bytes())?;
        }
        while let Some(table) = changes.peek().map(|change| change.table) {
            let mut rows = transaction.open_table(definition(table))?;
            while let Some(change) = changes.next_if(|change| change.table == table) {
                match change.value {
                    Some(value) => rows.insert(change.key.as_bytes(), value.as_slice())?,
                    None => rows.remove(change.key.as_bytes())?,
                };
                count += 1;
            }
        }
        transaction.commit()?;
        Ok(count)
    }

    /// A store without any table is one that was never written.
    fn check(&self) -> Result<(), StoreError> {
        let transaction = self.database.begin_read()?;
        let tables = names(&transaction)?;
        if tables.is_empty() {
            return Ok(());
        }
        if !tables.iter().any(|table| table == META.name()) {
            return Err(StoreError::NoStore);
        }
        let meta = transaction.open_table(META)?;
        let text = |key: &[u8]| -> Result<String, StoreError> {
            let value = meta.get(key)?.ok_or(StoreError::NoStore)?;
            Ok(String::from_utf8_lossy(value.value()).into_owned())
        };
        let Contents { what: wanted, version } = self.contents;
        let found = text(CONTENTS)?;
        if found != wanted {
            return Err(StoreError::Other { found, wanted });
        }
        let found = text(VERSION)?.parse().map_err(|_| StoreError::damaged("its version is no number"))?;
        if found != version {
            return Err(StoreError::Version { found, wanted: version });
        }
        Ok(())
    }
}

fn definition(table: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(table)
}

fn names(transaction: &ReadTransaction) -> Result<Vec<String>, StoreError> {
    Ok(transaction.list_tables()?.map(|table| table.name().to_owned()).collect())
}

fn of_table<E: From<StoreError>>(
    transaction: &ReadTransaction,
    table: &str,
    mut take: impl FnMut(&str, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let rows = transaction.open_table(definition(table)).map_err(StoreError::from)?;
    for row in rows.iter().map_err(StoreError::from)? {
        let (key, value) = row.map_err(StoreError::from)?;
        let key = std::str::from_utf8(key.value()).map_err(|_| {
            StoreError::damaged(format!("a key of table `{}` is no text", table.escape_debug()))
        })?;
        take(key, value.value())?;
    }
    Ok(())
}

/// A store that was there before may be open to others.
fn keep_private(file: &File) -> Result<(), StoreError> {
    if file.metadata()?.permissions().mode() & 0o777 != MODE {
        file.set_permissions(Permissions::from_mode(MODE))?;
    }
    Ok(())
}
