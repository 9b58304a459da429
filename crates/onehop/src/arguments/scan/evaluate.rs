//! `onehop scan evaluate`.

use clap::Args;
use std::path::PathBuf;

/// Examples under the help.
pub(crate) const EXAMPLES: &str = "\
Examples:
  onehop scan evaluate corpus.log corpus.labels.jsonl
      recall by group with its 95 % interval, false alarms for a million lines, and the speed

  onehop scan evaluate --command 'grep -nF 169.254.169.254' corpus.log corpus.labels.jsonl
      another detector beside onehop, in one table

Exit status: 0 onehop found every attempt and nothing else, 1 it did not, 2 usage or failure.";

/// Flags of `onehop scan evaluate`.
#[derive(Args, Debug)]
pub(crate) struct EvaluateArguments {
    /// The lines of a corpus
    #[arg(value_name = "LINES")]
    pub(crate) lines: PathBuf,
    /// Its labels
    #[arg(value_name = "LABELS")]
    pub(crate) labels: PathBuf,
    /// Take off base64, bare hexadecimal and reversed text as well, and count attempts that are packed so
    #[arg(long)]
    pub(crate) deep: bool,
    /// Another detector: a command for the shell that reads lines on standard input and prints the number of each that
    /// it finds at the beginning of a line, as `grep -n` does. May be given again
    #[arg(long = "command", value_name = "COMMAND")]
    pub(crate) commands: Vec<String>,
    /// How to show the result
    #[arg(long, value_enum, default_value_t = EvaluateFormat::Text)]
    pub(crate) format: EvaluateFormat,
}

/// How to show a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EvaluateFormat {
    /// A table for people
    Text,
    /// One JSON object a detector
    Json,
}
