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
    /// Accounts: what runs and what can start, by calls that only read
    #[cfg(feature = "audit-accounts")]
    #[command(after_help = AWS_EXAMPLES)]
    Aws(Box<AwsArguments>),
    /// Save what an audit of accounts reads, to report from it later and to compare
    #[cfg(feature = "audit-accounts")]
    Snapshot(Box<SnapshotArguments>),
    /// Say what changed between two snapshots; exit 1 if anything got worse
    #[cfg(feature = "audit-accounts")]
    Diff(DiffArguments),
    /// Pretend to be AWS on a loopback port, with accounts from a file
    #[cfg(feature = "audit-accounts")]
    #[command(after_help = FAKE_EXAMPLES)]
    FakeAws(FakeAwsArguments),
    /// List the rules, or explain one
    Rules(super::RulesArguments),
}

/// Examples under the help of `onehop audit aws`.
#[cfg(feature = "audit-accounts")]
pub(crate) const AWS_EXAMPLES: &str = "\
Examples:
  onehop audit aws --all-regions
      the account of the credentials in use: everything that runs or can start, with what decides and where to repair it

  onehop audit aws --organization --role OrganizationAccountAccessRole --all-regions --format html > audit.html
      every account of an organization, as one page

  onehop audit aws --all-regions --cloudtrail AWSLogs/
      with what logs of CloudTrail say: which instances still use role credentials that IMDSv1 delivered, and when last

  onehop audit aws --snapshot monday.jsonl
      the report from a file, without a call

  onehop audit aws --start-report s3://audit-reports; onehop audit aws --declarative-report
      what most accounts of an organization default to, and how many differ, without a role in them; the report takes hours

  onehop audit aws --print-policy scan
      the permissions that are needed, and no others

Exit status: 0 nothing found, 1 findings, 2 usage or failure, also if a call was denied or a log not read and --keep-going is not given.";

/// Examples under the help of `onehop audit fake-aws`.
#[cfg(feature = "audit-accounts")]
pub(crate) const FAKE_EXAMPLES: &str = "\
Examples:
  onehop audit fake-aws --scenario accounts.yaml
      prints where it listens; then, elsewhere:

  AWS_ACCESS_KEY_ID=AKIAMADEUP0000000000 AWS_SECRET_ACCESS_KEY=made-up onehop audit aws --endpoint-url http://127.0.0.1:4566";

/// Which accounts to read, and how.
#[cfg(feature = "audit-accounts")]
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ReadArguments {
    /// A region to read; can be given again [default: that of the configuration]
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub(crate) regions: Vec<String>,

    /// Read every region that is enabled
    #[arg(long, conflicts_with = "regions")]
    pub(crate) all_regions: bool,

    /// Read this account, through --role; can be given again
    #[arg(long = "account", value_name = "ID", value_delimiter = ',', requires = "role")]
    pub(crate) accounts: Vec<String>,

    /// Read every active account of the organization, through --role
    #[arg(long, requires = "role", conflicts_with = "accounts")]
    pub(crate) organization: bool,

    /// The name of the role to assume in other accounts
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,

    /// The external id that the trust of the role asks for
    #[arg(long, value_name = "ID", requires = "role")]
    pub(crate) external_id: Option<String>,

    /// Days of the metric `MetadataNoToken` to look at
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=455))]
    pub(crate) days: u32,

    /// Logs of CloudTrail, files and directories: how role credentials of each instance were delivered; can be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) cloudtrail: Vec<PathBuf>,

    /// The profile of the shared configuration to take credentials from
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE")]
    pub(crate) profile: Option<String>,

    /// Call this instead of AWS
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL")]
    pub(crate) endpoint_url: Option<String>,
}

/// Flags of `onehop audit aws`.
#[cfg(feature = "audit-accounts")]
#[derive(Args, Debug)]
pub(crate) struct AwsArguments {
    #[command(flatten)]
    pub(crate) read: ReadArguments,

    /// Report from a file that `audit snapshot` wrote, without a call
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,

    /// Code, plans and states that made what runs: findings then say where to repair it; can be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) code: Vec<PathBuf>,

    /// Print the IAM policy that a mode needs, and call nothing: scan, organization, apply, report, enforce
    #[arg(long, value_name = "MODE", num_args = 0..=1, default_missing_value = "scan")]
    pub(crate) print_policy: Option<String>,

    /// Show the newest account status report of the organization, which needs no role in its accounts (text and json)
    #[arg(long, conflicts_with_all = ["snapshot", "organization", "accounts"])]
    pub(crate) declarative_report: bool,

    /// Have AWS make an account status report of the organization; its rows go to this bucket
    #[arg(long, value_name = "s3://BUCKET/PREFIX", conflicts_with_all = ["snapshot", "declarative_report"])]
    pub(crate) start_report: Option<String>,

    /// What the report is about: a unit, an account, a root [default: the root of the organization]
    #[arg(long, value_name = "ID", requires = "start_report")]
    pub(crate) report_target: Option<String>,

    /// How to show findings: text, json, sarif, ocsf, ecs, html, csv, junit, markdown, prometheus [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,

    /// The mildest findings that are shown and counted: info, low, medium, high, critical [default: info]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) severity: Option<String>,

    /// Exceptions with owner and last day (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) suppressions: Option<PathBuf>,

    /// Findings that were there before: they are counted apart
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Also tell what everything comes out as, good or bad (text and json)
    #[arg(long)]
    pub(crate) all: bool,

    /// Exit with 0 or 1 even if a call was denied or failed, or a log could not be read
    #[arg(long)]
    pub(crate) keep_going: bool,
}

/// Flags of `onehop audit snapshot`.
#[cfg(feature = "audit-accounts")]
#[derive(Args, Debug)]
pub(crate) struct SnapshotArguments {
    /// The file to write (JSON, a line an item), or `-` for standard output
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) read: ReadArguments,

    /// Exit with 0 even if a call was denied or failed, or a log could not be read
    #[arg(long)]
    pub(crate) keep_going: bool,
}

/// Flags of `onehop audit diff`.
#[cfg(feature = "audit-accounts")]
#[derive(Args, Debug)]
pub(crate) struct DiffArguments {
    /// The earlier snapshot
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,
    /// The later one
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,
    /// How to show changes
    #[arg(long, value_enum, default_value_t = super::RulesFormat::Text)]
    pub(crate) format: super::RulesFormat,
}

/// Flags of `onehop audit fake-aws`.
#[cfg(feature = "audit-accounts")]
#[derive(Args, Debug)]
pub(crate) struct FakeAwsArguments {
    /// Accounts, regions and what is in them (YAML or JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: PathBuf,
    /// Address to listen on; loopback only
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,
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
