//! `onehop audit`.

use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Examples under the help of `onehop audit`.
pub(crate) const EXAMPLES: &str = "\
Examples:
  onehop audit iac infrastructure/
      every file of code below a directory: what allows IMDSv1, and what decides it

  onehop audit rules TOKENS-UNSET
      what a rule finds, and why

Exit status: 0 nothing found, 1 findings, 2 usage or failure, also if something could not be read.";

/// Examples under the help of `onehop audit iac`.
pub(crate) const IAC_EXAMPLES: &str = "\
Examples:
  onehop audit iac .
      Terraform, CloudFormation, CDK output, Pulumi, Karpenter, eksctl, Packer, ParallelCluster, Ansible, policies, scripts

  terraform show -json plan.bin > plan.json; onehop audit iac plan.json
      a plan: the values with which the code is applied

  aws ec2 get-instance-metadata-defaults > defaults.json; onehop audit iac --account-defaults defaults.json .
      definite answers for what the code leaves unset

  onehop audit iac --diff . | git apply
      require tokens where the code allows or leaves out, with everything else as it is written

  onehop audit iac --format sarif . > audit.sarif
      for code scanning of a forge

  onehop audit iac --all --format json . | jq 'select(.type == \"verdict\")'
      what every resource comes out as, good or bad

An exception in the code, on the line above what it excepts:
  # onehop:except TOKENS-OPTIONAL owner=platform@example.com until=2027-03-31 the vendor's agent speaks version 1 only

Exit status: 0 nothing found, 1 findings, 2 usage or failure, also if something could not be read.";

/// Flags of `onehop audit`.
#[derive(Args, Debug)]
pub(crate) struct AuditArguments {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

/// What to audit.
#[derive(Subcommand, Debug)]
pub(crate) enum AuditCommand {
    /// Infrastructure code: what it would start, with the value that really applies
    #[command(after_help = IAC_EXAMPLES)]
    Iac(Box<IacArguments>),
    /// List the rules, or explain one
    Rules(super::RulesArguments),
}

/// Flags of `onehop audit iac`.
#[derive(Args, Debug)]
pub(crate) struct IacArguments {
    /// Files and directories of code
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: AuditSettings,

    /// Write the changes that require tokens into the files
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,

    /// Print the changes that require tokens as a patch instead of the report
    #[arg(long)]
    pub(crate) diff: bool,

    /// Write what is found now as a baseline, and count nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
}

/// Keys of `[audit]`, each with a flag and a variable.
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct AuditSettings {
    /// How to show findings: text, json, sarif, ocsf, ecs, html, csv, junit, markdown, prometheus [default: text]
    #[arg(long, value_name = "FORMAT", env = "ONEHOP_AUDIT_FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<String>,

    /// The mildest findings that are shown and counted: info, low, medium, high, critical [default: info]
    #[arg(long, value_name = "SEVERITY", env = "ONEHOP_AUDIT_SEVERITY")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<String>,

    /// Exceptions with owner and last day (TOML)
    #[arg(long, value_name = "FILE", env = "ONEHOP_AUDIT_SUPPRESSIONS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suppressions: Option<PathBuf>,

    /// Findings that were there before: they are counted apart
    #[arg(long, value_name = "FILE", env = "ONEHOP_AUDIT_BASELINE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) baseline: Option<PathBuf>,

    /// Defaults of the account (JSON): by region, or what `aws ec2 get-instance-metadata-defaults` prints
    #[arg(long, value_name = "FILE", env = "ONEHOP_AUDIT_ACCOUNT_DEFAULTS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_defaults: Option<PathBuf>,

    /// The region that code is applied in, where it does not say
    #[arg(long, value_name = "REGION", env = "ONEHOP_AUDIT_REGION")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,

    /// Values of Terraform variables (.tfvars); can be given again, the last one holds
    #[arg(long, value_name = "FILE")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) var_file: Vec<String>,

    /// A value of a Terraform variable; can be given again
    #[arg(long, value_name = "NAME=VALUE")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) var: Vec<String>,

    /// Values of CloudFormation parameters (JSON, as `aws cloudformation deploy` reads it)
    #[arg(long, value_name = "FILE", env = "ONEHOP_AUDIT_PARAMETERS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameters: Option<PathBuf>,

    /// Also tell what every resource comes out as, good or bad (text and json) [default: false]
    #[arg(
        long,
        env = "ONEHOP_AUDIT_ALL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) all: Option<bool>,

    /// Exit with 0 or 1 even if something could not be read [default: false]
    #[arg(
        long,
        env = "ONEHOP_AUDIT_KEEP_GOING",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keep_going: Option<bool>,

    /// Threads [default: one for each processor]
    #[arg(long, value_name = "NUMBER", env = "ONEHOP_AUDIT_THREADS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threads: Option<NonZeroUsize>,
}
