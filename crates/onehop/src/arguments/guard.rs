//! `onehop guard`.

use super::Control;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  onehop guard --credentials-for user:app
      in front of an embedded service; only the user `app` sees the role's credentials

  onehop guard --upstream ec2 --journal /var/log/onehop/guard.jsonl --config /etc/onehop/onehop.toml
      in front of the instance's own service, by the rules of a file, on record

  AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338 aws sts get-caller-identity
      points the AWS CLI and SDKs at it";

/// Flags of `onehop guard`, and keys of `[guard]`.
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct GuardArguments {
    /// Address to listen on; may be given several times [default: 127.0.0.1:1338]
    #[arg(long, value_name = "ADDR:PORT", env = "ONEHOP_GUARD_LISTEN", value_delimiter = ',')]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) listen: Vec<SocketAddr>,

    /// Address of the control port (metrics, health), or `off` [default: 127.0.0.1:1339]
    #[arg(long, value_name = "ADDR:PORT|off", env = "ONEHOP_GUARD_CONTROL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) control: Option<Control>,

    /// `embedded`, `ec2`, `ec2-ipv6`, or `http://ADDR:PORT` [default: embedded]
    #[arg(long, value_name = "UPSTREAM", env = "ONEHOP_GUARD_UPSTREAM")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upstream: Option<String>,

    /// Who may read credentials: `any`, `uid:N`, `user:NAME`, `remote:ADDR/LEN`; without it nobody
    #[arg(long, value_name = "WHO", env = "ONEHOP_GUARD_CREDENTIALS_FOR", value_delimiter = ',')]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) credentials_for: Vec<String>,

    /// Who may ask at all, in the same forms [default: any]
    #[arg(long, value_name = "WHO", env = "ONEHOP_GUARD_CALLERS", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) callers: Option<Vec<String>>,

    /// Whether callers from other hosts and namespaces are admitted, where --callers names none of them [default: deny]
    #[arg(long, env = "ONEHOP_GUARD_REMOTE_CALLERS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remote_callers: Option<RemoteArgument>,

    /// A name that callers may use as `Host`, beside addresses and `localhost`
    #[arg(long = "host", value_name = "NAME", env = "ONEHOP_GUARD_HOST", value_delimiter = ',')]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) host: Vec<String>,

    /// File for decisions (hash-chained JSON Lines); without it they are only counted
    #[arg(long, value_name = "FILE", env = "ONEHOP_GUARD_JOURNAL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) journal: Option<PathBuf>,

    /// A journal file of this many bytes is set aside [default: 67108864]
    #[arg(long, value_name = "BYTES", env = "ONEHOP_GUARD_JOURNAL_ROTATE_BYTES", value_parser = super::number())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) journal_rotate_bytes: Option<u64>,

    /// Journal files set aside that are kept [default: 8]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_GUARD_JOURNAL_KEEP")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) journal_keep: Option<NonZeroU32>,

    /// File with the key that signs the guard's tokens, made if absent; without it tokens end with the process
    #[arg(long, value_name = "FILE", env = "ONEHOP_GUARD_KEY_FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,

    /// Hops that the answer to a token request may travel, 1 to 64 [default: 1]
    #[arg(long, value_name = "HOPS", env = "ONEHOP_GUARD_HOP_LIMIT", value_parser = clap::value_parser!(u8).range(1..=64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hop_limit: Option<u8>,

    /// How long an upstream answer is kept, in milliseconds; 0 keeps none [default: 1000]
    #[arg(long, value_name = "MS", env = "ONEHOP_GUARD_CACHE_MS", value_parser = super::number())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache_ms: Option<u64>,

    /// Time for one upstream exchange, in milliseconds [default: 2000]
    #[arg(long, value_name = "MS", env = "ONEHOP_GUARD_UPSTREAM_TIMEOUT_MS", value_parser = super::number())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upstream_timeout_ms: Option<u64>,

    /// Requests a second that one caller may make; twice as many at once [default: 500]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_GUARD_RATE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rate: Option<NonZeroU32>,

    /// Connections that one caller may have open [default: 256]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_GUARD_CALLER_CONNECTIONS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) caller_connections: Option<NonZeroUsize>,

    /// Connections that may be open at once [default: 16384]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_GUARD_MAX_CONNECTIONS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_connections: Option<NonZeroUsize>,

    /// Worker threads [default: one per core]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_GUARD_WORKERS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workers: Option<NonZeroUsize>,

    /// When ready, say on stderr how to point clients here, with commands to try
    #[arg(long, env = "ONEHOP_GUARD_PRINT_EXAMPLES", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) print_examples: Option<bool>,

    /// Rules, in the file only: `[[guard.rule]]`
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rule: Vec<RuleArguments>,
}

/// Whether callers from other hosts and namespaces are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RemoteArgument {
    /// Local callers only
    Deny,
    /// Remote callers too, each with tokens bound to its address
    Allow,
}

/// One `[[guard.rule]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RuleArguments {
    /// Its name in decisions.
    pub(crate) name: String,
    /// Paths below the version, such as `meta-data/iam/**`.
    pub(crate) paths: Vec<String>,
    /// Callers, such as `uid:1000`.
    pub(crate) callers: Vec<String>,
    /// `allow` or `deny`.
    pub(crate) effect: EffectArgument,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EffectArgument {
    /// Lets the read through.
    Allow,
    /// Hides the path.
    Deny,
}
