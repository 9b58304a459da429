//! The grammar of the command line.

#[cfg(feature = "audit")]
mod audit;
#[cfg(feature = "check")]
mod check;
#[cfg(feature = "guard")]
mod guard;
mod journal;
#[cfg(any(feature = "audit", feature = "scan"))]
mod rules;
#[cfg(feature = "scan")]
mod scan;
#[cfg(feature = "serve")]
mod serve;

#[cfg(feature = "audit")]
pub(crate) use audit::{AuditArguments, AuditCommand, AuditSettings, IacArguments};
#[cfg(feature = "audit-accounts")]
pub(crate) use audit::{AwsArguments, DiffArguments, FakeAwsArguments, ReadArguments, SnapshotArguments};
#[cfg(feature = "check")]
pub(crate) use check::{CheckArguments, CheckFormat, CheckSettings};
#[cfg(feature = "guard")]
pub(crate) use guard::{EffectArgument, GuardArguments, RemoteArgument, RuleArguments};
pub(crate) use journal::{Format, JournalArguments, JournalCommand, VerifyArguments};
#[cfg(any(feature = "audit", feature = "scan"))]
pub(crate) use rules::{RulesArguments, RulesFormat};
#[cfg(feature = "scan")]
pub(crate) use scan::{
    EvaluateArguments, EvaluateFormat, GenerateArguments, ScanArguments, ScanCommand, ScanSettings,
};
#[cfg(feature = "serve")]
pub(crate) use serve::{EndpointArgument, ErrorBodiesArgument, ServeArguments, TokensArgument};

use clap::{Parser, Subcommand};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Keeps instance credentials one hop away from whoever should not have them.
#[derive(Parser, Debug)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Configuration file (TOML); every key has a flag of the same name
    #[arg(long, global = true, value_name = "FILE", env = "ONEHOP_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run a metadata service, IMDSv1 and IMDSv2, without a cloud
    #[cfg(feature = "serve")]
    #[command(after_help = serve::EXAMPLES)]
    Serve(Box<ServeArguments>),
    /// Stand between processes and the metadata service: IMDSv2 only, by rules, on record
    #[cfg(feature = "guard")]
    #[command(after_help = guard::EXAMPLES)]
    Guard(Box<GuardArguments>),
    /// Say whether a URL that a stranger chose may be fetched, and what it really names
    #[cfg(feature = "check")]
    #[command(after_help = check::EXAMPLES)]
    Check(CheckArguments),
    /// Find attempts at a metadata service in logs of any kind, in any disguise, and misuse of its credentials
    #[cfg(feature = "scan")]
    #[command(after_help = scan::EXAMPLES)]
    Scan(Box<ScanArguments>),
    /// Find what still allows IMDSv1, in infrastructure code and accounts, with the value that really applies
    #[cfg(feature = "audit")]
    #[command(after_help = audit::EXAMPLES)]
    Audit(Box<AuditArguments>),
    /// Verify the journal of decisions
    Journal(JournalArguments),
}

/// The address of the control port, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Control {
    /// No control port.
    Off,
    /// Listens here.
    At(SocketAddr),
}

impl FromStr for Control {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Control::Off),
            address => address.parse().map(Control::At).map_err(|_| {
                format!("`{text}` is neither `off` nor an address with a port, such as 127.0.0.1:1339")
            }),
        }
    }
}

impl TryFrom<String> for Control {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Control> for String {
    fn from(control: Control) -> String {
        match control {
            Control::Off => "off".to_owned(),
            Control::At(address) => address.to_string(),
        }
    }
}

/// A number that the configuration file can hold too.
#[cfg(any(feature = "serve", feature = "guard"))]
pub(crate) fn number() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(..=i64::MAX.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn the_grammar_is_consistent() {
        Arguments::command().debug_assert();
    }
}
