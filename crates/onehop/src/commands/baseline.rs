//! Findings that were there before, read and written.
//!
//! The file is written beside its name and then renamed, so that a run that is killed leaves the old one.

use crate::failure::{Failure, OrHint as _};
use onehop_report::{Baseline, Recorder};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
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
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = Path::new(&name);
    let mut out = BufWriter::new(File::create(beside).map_err(|error| failed(&error))?);
    recorder.write(&mut out).map_err(|error| failed(&error))?;
    out.flush().and_then(|()| fs::rename(beside, path)).map_err(|error| failed(&error))
}
