//! `onehop scan generate`.

use clap::Args;
use onehop_corpus::format::{FORMATS, Format};
use std::path::PathBuf;

/// Examples under the help.
pub(crate) const EXAMPLES: &str = "\
Examples:
  onehop scan generate
      20,000 attempts among 100,000 harmless lines, in corpus.log and corpus.labels.jsonl

  onehop scan generate --attempts 0 --benign 1000000 --lines - --labels /dev/null | onehop scan -
      what is found where nothing is

  onehop scan generate --formats nginx,alb --deep --seed 7
      lines of two formats, some attempts in base64 and the like; another seed gives another corpus";

/// Flags of `onehop scan generate`.
#[derive(Args, Debug)]
pub(crate) struct GenerateArguments {
    /// The same number gives the same corpus
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many attempts
    #[arg(long, value_name = "LINES", default_value_t = 20_000)]
    pub(crate) attempts: u64,
    /// How many harmless lines
    #[arg(long, value_name = "LINES", default_value_t = 100_000)]
    pub(crate) benign: u64,
    /// The formats of the lines; one alone begins as such a file does [default: all in one file]
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = format)]
    pub(crate) formats: Vec<&'static Format>,
    /// Pack some attempts so that nothing is left to see: base64, hexadecimal digits, reversed. `scan --deep` finds them
    #[arg(long)]
    pub(crate) deep: bool,
    /// Where to write the lines; `-` for standard output
    #[arg(long, value_name = "FILE", default_value = "corpus.log")]
    pub(crate) lines: PathBuf,
    /// Where to write the labels, one JSON object a line; `-` for standard output
    #[arg(long, value_name = "FILE", default_value = "corpus.labels.jsonl")]
    pub(crate) labels: PathBuf,
}

/// A format by its name.
fn format(name: &str) -> Result<&'static Format, String> {
    Format::named(name).ok_or_else(|| {
        let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        format!("there is no such format; they are {}", known.join(", "))
    })
}
