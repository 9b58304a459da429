//! `onehop journal`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Flags of `onehop journal`.
#[derive(Args, Debug)]
pub(crate) struct JournalArguments {
    #[command(subcommand)]
    pub(crate) command: JournalCommand,
}

/// What to do with a journal.
#[derive(Subcommand, Debug)]
pub(crate) enum JournalCommand {
    /// Check the chain of hashes: a changed, removed, added or moved record is found
    #[command(after_help = "\
Examples:
  onehop journal verify guard.jsonl
      checks guard.jsonl and the files set aside beside it (guard.jsonl.1 …)

  onehop journal verify --expect-head 6f1c… guard.jsonl
      also finds records cut off at the end, by a head that was kept elsewhere

Exit status: 0 the chain holds, 1 it does not, 2 a file cannot be read.")]
    Verify(VerifyArguments),
}

/// Flags of `onehop journal verify`.
#[derive(Args, Debug)]
pub(crate) struct VerifyArguments {
    /// The journal; with several files, the oldest first
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// A hash that a record must have, such as the head that was kept elsewhere
    #[arg(long, value_name = "HASH")]
    pub(crate) expect_head: Option<String>,

    /// How to show the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How to show a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
