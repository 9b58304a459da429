//! `onehop check`.

use super::Format;
use clap::{ArgAction, Args};
use std::ffi::OsString;
use std::path::PathBuf;

/// Examples under the help.
pub(crate) const EXAMPLES: &str = "\
Examples:
  onehop check https://example.com/logo.png
      says whether a service may fetch what a stranger chose

  onehop check --format json - < urls.txt
      one URL a line, raw bytes; one answer a line, in the same order

  onehop check --explain 'http://0251.0376.43518/latest/'
      shows how the bytes become a host and an address

Exit status: 0 all allowed, 1 at least one denied, 2 usage or failure.";

/// Flags of `onehop check`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CheckArguments {
    /// A URL, or `-` for one URL a line on standard input
    #[arg(required = true, value_name = "URL")]
    pub(crate) urls: Vec<OsString>,

    /// Refuse every URL on which clients may disagree (the default)
    #[arg(long, overrides_with = "compat", action = ArgAction::SetTrue)]
    pub(crate) strict: bool,

    /// Read such URLs as browsers do, and say what was folded
    #[arg(long, overrides_with = "strict", action = ArgAction::SetTrue)]
    pub(crate) compat: bool,

    /// Resolve names, and judge every answer
    #[arg(long)]
    pub(crate) resolve: bool,

    /// Rules on schemes, ports, hosts and networks (TOML, docs/url-policy.md)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Longest URL that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = onehop_url::URL_MAX_BYTES)]
    pub(crate) max_bytes: usize,

    /// How to show the verdicts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// Show in words and one drawing how the bytes became a host and an address
    #[arg(long, conflicts_with = "format")]
    pub(crate) explain: bool,
}
