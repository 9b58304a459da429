//! `onehop scan`.

mod evaluate;
mod generate;

pub(crate) use evaluate::{EvaluateArguments, EvaluateFormat};
pub(crate) use generate::GenerateArguments;

use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Examples under the help.
pub(crate) const EXAMPLES: &str = "\
Examples:
  onehop scan /var/log/nginx
      every log below a directory, compressed or not; the format of each is recognised

  zcat access.log.gz | onehop scan --format json -
      one finding a line, for programs

  onehop scan --from nginx --log-format '$remote_addr \"$request\" $status' access.log
      lines of a format of your own

  onehop scan --format html logs/ > report.html
      one page with filter and timeline

  onehop scan --follow --format json /var/log/nginx/access.log
      findings as they happen, across rotation

  onehop scan --follow --state trail.db /var/log/cloudtrail/
      the same for each file that is delivered there

  onehop scan --follow --metrics 127.0.0.1:1341 --webhook https://hooks.example/made-up access.log
      the same with counters for Prometheus, and findings sent on

  onehop scan capture.pcap
      HTTP requests and DNS answers in captured packets

  onehop scan rules IMDS-URL
      what a rule finds, and why

Exit status: 0 nothing found, 1 findings, 2 usage or failure, also if something could not be read.";

/// Flags of `onehop scan`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ScanArguments {
    #[command(subcommand)]
    pub(crate) command: Option<ScanCommand>,

    /// Files, directories, globs, archives, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: ScanSettings,
}

/// What to do instead of a scan.
#[derive(Subcommand, Debug)]
pub(crate) enum ScanCommand {
    /// List the rules, or explain one
    Rules(super::RulesArguments),
    /// Write a labelled corpus: attempts in every disguise among harmless lines
    #[command(after_help = generate::EXAMPLES)]
    Generate(GenerateArguments),
    /// Measure onehop, and other detectors beside it, on a labelled corpus
    #[command(after_help = evaluate::EXAMPLES)]
    Evaluate(EvaluateArguments),
}

/// Keys of `[scan]`, each with a flag and a variable.
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ScanSettings {
    /// The format of every input; `auto` recognises each [default: auto]
    #[arg(long, value_name = "FORMAT", env = "ONEHOP_SCAN_FROM")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,

    /// The format string of a log of your own, as the server has it: nginx `log_format`, Apache `LogFormat`
    #[arg(long, value_name = "STRING", env = "ONEHOP_SCAN_LOG_FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log_format: Option<String>,

    /// Take off base64, bare hexadecimal and reversed text as well; slower [default: false]
    #[arg(
        long,
        env = "ONEHOP_SCAN_DEEP",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deep: Option<bool>,

    /// How to show findings: text, json, sarif, ocsf, ecs, html, csv, junit, markdown, prometheus [default: text]
    #[arg(long, value_name = "FORMAT", env = "ONEHOP_SCAN_FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<String>,

    /// The mildest findings that are shown and counted: info, low, medium, high, critical [default: info]
    #[arg(long, value_name = "SEVERITY", env = "ONEHOP_SCAN_SEVERITY")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<String>,

    /// Exceptions with owner and last day (TOML)
    #[arg(long, value_name = "FILE", env = "ONEHOP_SCAN_SUPPRESSIONS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suppressions: Option<PathBuf>,

    /// Findings that were there before, as --write-baseline writes them; they are counted and not shown
    #[arg(long, value_name = "FILE", env = "ONEHOP_SCAN_BASELINE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write the findings of this run here, to be known to the next
    #[arg(long, value_name = "FILE", env = "ONEHOP_SCAN_WRITE_BASELINE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Run this for each finding that counts, with the finding as JSON on its standard input; split into words, no shell.
    /// Four at a time, ten seconds each; its standard output is dropped
    #[arg(long, value_name = "COMMAND", env = "ONEHOP_SCAN_EXEC")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exec: Option<String>,

    /// POST findings that count to this URL as JSON, several at once; used as given, redirects are refused
    #[arg(long, value_name = "URL", env = "ONEHOP_SCAN_WEBHOOK", hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) webhook: Option<String>,

    /// With --follow: serve counters for Prometheus at http://ADDR:PORT/metrics; port 0 picks one
    #[arg(long, value_name = "ADDR:PORT", env = "ONEHOP_SCAN_METRICS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<SocketAddr>,

    /// Remember sessions of instances here, so that the next run goes on where this one ended. An embedded
    /// database, for one run at a time
    #[arg(long, value_name = "FILE", env = "ONEHOP_SCAN_STATE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<PathBuf>,

    /// Go on reading files as they grow and are rotated, and those that come into a directory or match a pattern later,
    /// until SIGINT or SIGTERM [default: false]
    #[arg(
        long,
        env = "ONEHOP_SCAN_FOLLOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) follow: Option<bool>,

    /// Exit with 0 or 1 even if something could not be read [default: false]
    #[arg(
        long,
        env = "ONEHOP_SCAN_KEEP_GOING",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keep_going: Option<bool>,

    /// Threads; a text is read by one [default: one for each processor]
    #[arg(long, value_name = "NUMBER", env = "ONEHOP_SCAN_THREADS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threads: Option<NonZeroUsize>,
}
