//! `onehop journal`.

use crate::arguments::{Format, JournalCommand, VerifyArguments};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_journal::{Defect, Report, VerifyError, verify, verify_base};
use std::fmt::Write as _;
use std::process::ExitCode;

/// Runs a command on journals.
pub(crate) fn run(command: &JournalCommand) -> Result<ExitCode, Failure> {
    match command {
        JournalCommand::Verify(arguments) => check(arguments),
    }
}

fn check(arguments: &VerifyArguments) -> Result<ExitCode, Failure> {
    let head = arguments.expect_head.as_deref().map(str::parse).transpose();
    let head =
        head.or_hint(|| "a head is 64 hexadecimal digits, as `onehop journal verify` prints it".to_owned())?;
    let checked = match arguments.files.as_slice() {
        [base] => verify_base(base, head),
        files => verify(files, head),
    };
    match checked {
        Ok(report) => {
            output::line(&sound(&report, arguments.format))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) if matches!(error.what, Defect::Io(_) | Defect::NoFile) => {
            Err(Failure::from(error)
                .hint("name the journal's newest file; files set aside are found beside it"))
        }
        Err(error) => {
            output::line(&unsound(&error, arguments.format))?;
            Ok(ExitCode::from(1))
        }
    }
}

fn sound(report: &Report, format: Format) -> String {
    match format {
        Format::Json => serde_json::json!({
            "type": "journal-verification", "v": 1, "sound": true,
            "records": report.records, "files": report.files, "first_seq": report.first_seq,
            "last_seq": report.last_seq, "gaps": report.gaps, "lost": report.lost,
            "recovered": report.recovered, "head": report.head.to_string(),
        })
        .to_string(),
        Format::Text => {
            let mut text = format!(
                "the chain holds: {} records in {} files, {} to {}\nhead {}",
                report.records, report.files, report.first_seq, report.last_seq, report.head
            );
            if report.lost > 0 || report.recovered > 0 {
                // Writing to a String cannot fail.
                let _ = write!(
                    text,
                    "\nnote: {} decisions were lost in {} gaps, {} torn lines were set aside",
                    report.lost, report.gaps, report.recovered
                );
            }
            text
        }
    }
}

fn unsound(error: &VerifyError, format: Format) -> String {
    match format {
        Format::Json => serde_json::json!({
            "type": "journal-verification", "v": 1, "sound": false,
            "path": error.path.display().to_string(), "line": error.line, "what": error.what.to_string(),
        })
        .to_string(),
        Format::Text => format!("the chain is broken: {error}"),
    }
}
