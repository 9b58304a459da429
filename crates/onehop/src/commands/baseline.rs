//! Findings that were there before, read and written.
//!
//! A run that is killed while it writes leaves the old file: see [`super::replace`].

use crate::failure::{Failure, OrHint as _};
use onehop_report::{Baseline, BaselineError, Recorder};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Reads a baseline.
pub(crate) fn read(path: &Path) -> Result<Baseline, Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::new(format!("baseline `{}`: {error}", path.display()));
    let file = File::open(path).map_err(|error| failed(&error));
    file.and_then(|file| Baseline::read(BufReader::new(file)).map_err(|error| failed(&error)))
        .or_hint(|| "write one with --write-baseline FILE".to_owned())
}

/// Writes what was found.
pub(crate) fn write(path: &Path, recorder: &Recorder) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot write baseline `{}`: {error}", path.display()))
    };
    super::replace::replace(path, |out| recorder.write(out)).map_err(|error: BaselineError| failed(&error))
}
