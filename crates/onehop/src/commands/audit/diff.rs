//! `onehop audit diff`: what changed between two snapshots.

use super::collect::read;
use crate::arguments::{DiffArguments, RulesFormat};
use crate::failure::Failure;
use crate::output;
use onehop_audit::live::{Brief, Change, Direction, Key, diff};
use serde_json::json;
use std::process::ExitCode;

/// Compares, and exits with 1 if anything got worse.
pub(crate) fn run(flags: &DiffArguments) -> Result<ExitCode, Failure> {
    let difference = diff(&read(&flags.before)?, &read(&flags.after)?);
    for (key, change) in &difference.changes {
        output::line(&match flags.format {
            RulesFormat::Json => json!({"type": "change", "v": 1, "key": key, "change": change}).to_string(),
            RulesFormat::Text => line(key, change),
        })?;
    }
    if flags.format == RulesFormat::Text {
        let words = if difference.is_worse() { "; IMDSv1 is allowed where it was not" } else { "" };
        output::line(&format!("{} changes, {} as before{words}", difference.changes.len(), difference.same))?;
    }
    Ok(ExitCode::from(u8::from(difference.is_worse())))
}

fn line(key: &Key, change: &Change) -> String {
    let name = format!("{}/{}/{}/{}", key.account, key.region, key.kind.name(), key.id);
    let says = |brief: &Brief| brief.verdict.name();
    match change {
        Change::Appeared { after, .. } => format!("new     {name}: {}", says(after)),
        Change::Gone { before } => format!("gone    {name}: was {}", says(before)),
        Change::Unread { before, reason } => format!("unread  {name}: was {}; {reason}", says(before)),
        Change::Changed { before, after, direction } => {
            let word = match direction {
                Direction::Worse => "worse",
                Direction::Sideways => "other",
                Direction::Better => "better",
            };
            format!("{word:7} {name}: {} ─▶ {}", says(before), says(after))
        }
    }
}
