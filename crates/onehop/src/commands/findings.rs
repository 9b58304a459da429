//! What commands that report findings have in common: what counts, and whether it is in colours.

use crate::commands::baseline;
use crate::failure::{Failure, OrHint as _};
use onehop_report::{Gate, Severity, Suppressions};
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use time::OffsetDateTime;

/// What counts.
pub(crate) fn gate(
    severity: Option<&str>,
    suppressions: Option<&Path>,
    baseline: Option<&Path>,
) -> Result<Gate, Failure> {
    let mut gate = Gate::default();
    if let Some(text) = severity {
        let minimum: Severity = text.parse()?;
        (gate.minimum, gate.fail_at) = (minimum, minimum);
    }
    if let Some(path) = suppressions {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read exceptions `{}`: {error}", path.display())))
            .or_hint(|| "each is a table `[[suppress]]` with `rule`, `owner` and `until`".to_owned())?;
        gate.suppressions = Suppressions::parse(&text, OffsetDateTime::now_utc().date())
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    }
    if let Some(path) = baseline {
        gate.baseline = baseline::read(path)?;
    }
    Ok(gate)
}

/// Whether standard output shows colours.
pub(crate) fn has_color() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
