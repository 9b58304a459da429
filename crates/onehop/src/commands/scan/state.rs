//! What one run of `onehop scan` tells the next about sessions of instances.
//!
//! The file is written beside its name and then renamed, so that a run that is killed leaves the old one. It holds
//! addresses and names of roles, no credentials, and only its owner may read it.

use crate::failure::{Failure, OrHint as _};
use onehop_scan::State;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Reads the state of an earlier run; none if there was no such run.
pub(crate) fn read(path: Option<&Path>) -> Result<Option<State>, Failure> {
    let Some(path) = path else { return Ok(None) };
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("cannot read state `{}`: {error}", path.display()))),
        Ok(text) => State::parse(&text)
            .map(Some)
            .map_err(|error| Failure::new(format!("state `{}`: {error}", path.display())))
            .or_hint(|| "delete the file to begin anew".to_owned()),
    }
}

/// Writes what the next run should know.
pub(crate) fn write(path: Option<&Path>, state: &State) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot write state `{}`: {error}", path.display()))
    };
    let text = state.render().map_err(|error| failed(&error))?;
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = Path::new(&name);
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(beside).and_then(
            |mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                fs::rename(beside, path)
            },
        );
    written.map_err(|error| failed(&error))
}
