//! `onehop audit`: what allows IMDSv1, in code and in accounts.

mod iac;

use super::rules;
use crate::arguments::{AuditArguments, AuditCommand};
use crate::config::ConfigFile;
use crate::failure::Failure;
use std::process::ExitCode;

/// Audits, or does what was asked instead.
pub(crate) fn run(config: &ConfigFile, arguments: &AuditArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        AuditCommand::Iac(flags) => iac::run(config, flags),
        AuditCommand::Rules(flags) => {
            let all: Vec<_> = onehop_audit::rules::rules().collect();
            rules::run(flags, &all)
        }
    }
}
