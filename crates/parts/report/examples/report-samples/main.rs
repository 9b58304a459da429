//! Writes a report of made-up findings in every format: `report-samples FOLDER [COUNT]`. Used by `lab/report`.

mod made_up;

use onehop_report::{Format, Gate, Reporter, Severity, Style, Suppressions};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use time::macros::date;

fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().ok_or_else(|| io::Error::other("usage: report-samples FOLDER [COUNT]"))?;
    let count = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    std::fs::create_dir_all(&folder)?;
    for format in Format::ALL {
        write(format, &Path::new(&folder).join(format!("report.{format}")), count)?;
    }
    Ok(())
}

fn write(format: Format, path: &Path, count: u64) -> io::Result<()> {
    let exceptions = "[[suppress]]\nrule = \"IMDS-TOKENS-OPTIONAL\"\npath = \"infra/**\"\nowner = \"platform@example.com\"\n\
         until = 2026-12-31\nreason = \"the vendor's agent speaks version 1\"\n";
    let suppressions = Suppressions::parse(exceptions, date!(2026 - 11 - 22)).map_err(io::Error::other)?;
    let gate = Gate { suppressions, minimum: Severity::Info, ..Gate::default() };
    let out = BufWriter::new(File::create(path)?);
    let mut reporter = Reporter::new(format.renderer(out, Style::default()), gate, &made_up::RUN)?;
    for finding in made_up::all().into_iter().chain(made_up::many(count)) {
        reporter.finding(finding)?;
    }
    reporter.finish(made_up::end())?;
    Ok(())
}
