//! Flags that explain rules.

use clap::Args;

/// Flags of `onehop scan rules` and `onehop audit rules`.
#[derive(Args, Debug)]
pub(crate) struct RulesArguments {
    /// The rule to explain; without it all are listed
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// How to show them
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    pub(crate) format: RulesFormat,
}

/// How to show rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RulesFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
