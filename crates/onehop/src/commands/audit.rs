//! `onehop audit`: what allows IMDSv1, in code and in accounts.

#[cfg(feature = "audit-accounts")]
mod accounts;
#[cfg(feature = "audit-accounts")]
mod cloudtrail;
#[cfg(feature = "audit-accounts")]
mod collect;
#[cfg(feature = "audit-accounts")]
mod diff;
#[cfg(feature = "audit-accounts")]
mod fake_aws;
mod iac;
#[cfg(feature = "audit-accounts")]
mod organization;
mod report;

use super::rules;
use crate::arguments::{AuditArguments, AuditCommand};
use crate::config::ConfigFile;
use crate::failure::Failure;
use std::process::ExitCode;

/// Audits, or does what was asked instead.
pub(crate) fn run(config: &ConfigFile, arguments: &AuditArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        AuditCommand::Iac(flags) => iac::run(config, flags),
        #[cfg(feature = "audit-accounts")]
        AuditCommand::Aws(flags) => accounts::run(flags),
        #[cfg(feature = "audit-accounts")]
        AuditCommand::Snapshot(flags) => collect::save(flags),
        #[cfg(feature = "audit-accounts")]
        AuditCommand::Diff(flags) => diff::run(flags),
        #[cfg(feature = "audit-accounts")]
        AuditCommand::FakeAws(flags) => fake_aws::run(flags),
        AuditCommand::Rules(flags) => {
            let all: Vec<_> = onehop_audit::rules::rules().collect();
            rules::run(flags, &all)
        }
    }
}
