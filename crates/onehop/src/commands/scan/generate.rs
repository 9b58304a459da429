//! `onehop scan generate`: a labelled corpus, to files or to standard output.

use crate::arguments::GenerateArguments;
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_corpus::{Plan, generate};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// Bytes that are written at once.
const BLOCK_BYTES: usize = 64 << 10;

/// Writes the corpus.
pub(crate) fn run(arguments: &GenerateArguments) -> Result<ExitCode, Failure> {
    let GenerateArguments { seed, attempts, benign, formats, deep, lines, labels } = arguments;
    if lines == labels {
        return Err(Failure::new(format!("lines and labels cannot both go to `{}`", lines.display()))
            .hint("give one of them another file with --lines or --labels"));
    }
    let mut plan =
        Plan { seed: *seed, attempts: *attempts, benign: *benign, has_deep: *deep, ..Plan::default() };
    if !formats.is_empty() {
        plan.formats.clone_from(formats);
    }
    let written = generate(&plan, &mut *open(lines)?, &mut *open(labels)?);
    match written {
        Ok(written) => {
            output::note(&format!(
                "{} lines, {} of them attempts, {} bytes, seed {seed}",
                written.lines, written.attempts, written.bytes
            ));
            Ok(ExitCode::SUCCESS)
        }
        // Whoever reads the lines has enough of them.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Failure::new(format!("cannot write the corpus: {error}"))),
    }
}

fn open(path: &Path) -> Result<Box<dyn Write>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufWriter::with_capacity(BLOCK_BYTES, io::stdout().lock())));
    }
    let file = File::create(path)
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))
        .or_hint(|| "give another file with --lines and --labels".to_owned())?;
    Ok(Box::new(BufWriter::with_capacity(BLOCK_BYTES, file)))
}
