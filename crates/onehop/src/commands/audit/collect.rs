//! Snapshots: read from accounts, from a file, written to one.

use crate::arguments::{ReadArguments, SnapshotArguments};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_audit::live::gaps;
use onehop_inventory::{Snapshot, file};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// `onehop audit snapshot`.
pub(crate) fn save(flags: &SnapshotArguments) -> Result<ExitCode, Failure> {
    let snapshot = collect(&flags.read)?;
    let path = &flags.file;
    let cannot = |error: io::Error| Failure::new(format!("cannot write `{}`: {error}", path.display()));
    if path.as_os_str() == "-" {
        write(&snapshot, &mut BufWriter::new(io::stdout().lock())).map_err(cannot)?;
    } else {
        // Whole or not at all: a half of a snapshot looks like an account that shrank.
        let beside = path.with_extension("part");
        let file = File::create(&beside).map_err(cannot)?;
        write(&snapshot, &mut BufWriter::new(file)).map_err(cannot)?;
        std::fs::rename(&beside, path).map_err(cannot)?;
    }
    let failed = gaps(&snapshot);
    for gap in &failed {
        let region = gap.region.as_deref().unwrap_or("no region");
        output::warning(&format!("{} in {region} of {}: {}", gap.operation, gap.account, gap.code));
    }
    Ok(ExitCode::from(if failed.is_empty() || flags.keep_going { 0 } else { 2 }))
}

fn write(snapshot: &Snapshot, out: &mut impl Write) -> io::Result<()> {
    for line in snapshot.lines() {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// A snapshot that was saved.
pub(crate) fn read(path: &Path) -> Result<Snapshot, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::new(format!("cannot read snapshot `{}`: {error}", path.display())))
        .or_hint(|| "write one with `onehop audit snapshot FILE`".to_owned())?;
    let mut reader = file::Reader::new();
    let wrong = |error: file::FileError| Failure::new(format!("{}: {error}", path.display()));
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        reader.line(&line).map_err(wrong)?;
    }
    let loaded = reader.finish().map_err(wrong)?;
    for problem in &loaded.problems {
        output::warning(&format!("{}:{}: {}", path.display(), problem.line, problem.message));
    }
    Ok(loaded.snapshot)
}

/// A snapshot of accounts, read now.
pub(crate) fn collect(_flags: &ReadArguments) -> Result<Snapshot, Failure> {
    Err(Failure::new("accounts cannot be read yet"))
}
