//! What one run of `onehop scan` tells the next about sessions of instances.
//!
//! ```text
//! open ─▶ lock ─▶ rows ─▶ State ─▶ the run ─▶ State ─▶ rows that changed ─▶ one transaction
//! ```
//! A run that follows writes again and again. The file stays locked between, so that no other run builds on what this one
//! is about to change. A run that is killed leaves what was written last. The file holds addresses and names of roles, no credentials, and only its owner may read it.

use crate::failure::Failure;
use crate::output;
use onehop_scan::{STATE_VERSION, State};
use onehop_store::{Change, Contents, Store, StoreError};
use std::cell::Cell;
use std::path::{Path, PathBuf};

const CONTENTS: Contents = Contents { what: "the state of `onehop scan`", version: STATE_VERSION };
const ANEW: &str = "delete the file to begin anew";

/// The file of `--state`, locked.
pub(crate) struct StateFile {
    path: PathBuf,
    store: Store,
    has_warned: Cell<bool>,
}

impl StateFile {
    /// Opens the file, and reads the state of earlier runs.
    pub(crate) fn open(path: &Path) -> Result<(StateFile, State), Failure> {
        let store = Store::open(path, CONTENTS).map_err(|error| failed("read", path, &error))?;
        let mut state = State::default();
        let read = store
            .each(|table, key, value| -> Result<(), anyhow::Error> { Ok(state.take(table, key, value)?) });
        read.map_err(|error| match error.downcast() {
            Ok(error) => failed("read", path, &error),
            Err(error) => Failure::new(format!("state `{}`: {error:#}", path.display())).hint(ANEW),
        })?;
        Ok((StateFile { path: path.to_owned(), store, has_warned: Cell::new(false) }, state))
    }

    /// Writes what the next run should know.
    pub(crate) fn write(&self, state: &State) -> Result<(), Failure> {
        let changes = state.changes().map(|row| Change { table: row.table, key: row.key, value: row.value });
        self.store.write(changes).map_err(|error| failed("write", &self.path, &error))?;
        Ok(())
    }

    /// The same between, where a failure is worth a warning: the end of the run tries again. Whether it was written.
    pub(crate) fn has_written(&self, state: &State) -> bool {
        let written = self.write(state);
        if let Err(failure) = &written
            && !self.has_warned.replace(true)
        {
            output::warning(&format!("what was learnt is not kept so far: {failure}"));
        }
        written.is_ok()
    }
}

fn failed(verb: &str, path: &Path, error: &StoreError) -> Failure {
    let path = path.display();
    match error {
        StoreError::InUse => Failure::new(format!("state `{path}`: {error}"))
            .hint("wait until that run ends, or give each run a file of its own"),
        StoreError::NoFile => Failure::new(format!("state `{path}`: {error}"))
            .hint("give it a file of its own, e.g. `state.db`"),
        error if error.is_about_contents() => Failure::new(format!("state `{path}`: {error}")).hint(ANEW),
        error => Failure::new(format!("cannot {verb} state `{path}`: {error}")),
    }
}
