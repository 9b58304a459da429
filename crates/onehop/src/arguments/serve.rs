//! `onehop serve`.

use super::Control;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  onehop serve
      IMDSv2 only on 127.0.0.1:1340, with a made-up instance and made-up credentials

  onehop serve --tokens optional --tree instance.yaml --listen '[::1]:1340'
      IMDSv1 too, values from a file, over IPv6

  AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1340 aws sts get-caller-identity
      points the AWS CLI and SDKs at it";

/// Whether a read needs a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TokensArgument {
    /// IMDSv2 only
    Required,
    /// IMDSv1 and IMDSv2
    Optional,
}

/// Whether the service answers at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EndpointArgument {
    /// It answers
    Enabled,
    /// Every request gets 403
    Disabled,
}

/// The bodies of 400 and 403.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ErrorBodiesArgument {
    /// The page that 404 has, with their title
    Page,
    /// Empty
    Empty,
}

/// Flags of `onehop serve`, and keys of `[serve]`.
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ServeArguments {
    /// Address to listen on; may be given several times [default: 127.0.0.1:1340]
    #[arg(long, value_name = "ADDR:PORT", env = "ONEHOP_SERVE_LISTEN", value_delimiter = ',')]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) listen: Vec<SocketAddr>,

    /// Address of the control port (metrics, health, certificate), or `off` [default: 127.0.0.1:1341]
    #[arg(long, value_name = "ADDR:PORT|off", env = "ONEHOP_SERVE_CONTROL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) control: Option<Control>,

    /// Whether a read needs a token [default: required]
    #[arg(long, value_enum, env = "ONEHOP_SERVE_TOKENS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tokens: Option<TokensArgument>,

    /// Whether the service answers at all [default: enabled]
    #[arg(long, value_enum, env = "ONEHOP_SERVE_ENDPOINT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<EndpointArgument>,

    /// Hops that the answer to a token request may travel, 1 to 64 [default: 1]
    #[arg(long, value_name = "HOPS", env = "ONEHOP_SERVE_HOP_LIMIT", value_parser = clap::value_parser!(u8).range(1..=64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hop_limit: Option<u8>,

    /// YAML or JSON file whose values lie over the default tree (docs/tree.md); SIGHUP reads it again
    #[arg(long, value_name = "FILE", env = "ONEHOP_SERVE_TREE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tree: Option<PathBuf>,

    /// `generated` (made up, marked), `none` (no role attached) or `profile:NAME` [default: generated]
    #[arg(long, value_name = "SOURCE", env = "ONEHOP_SERVE_CREDENTIALS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credentials: Option<String>,

    /// Name of the role [default: onehop-demo-role]
    #[arg(long, value_name = "NAME", env = "ONEHOP_SERVE_ROLE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,

    /// Life of a generated set in seconds, at least 2; its successor is there 5 minutes before it ends [default: 21600]
    #[arg(long, value_name = "SECONDS", env = "ONEHOP_SERVE_CREDENTIALS_LIFE", value_parser = super::number())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credentials_life: Option<u64>,

    /// File with the key that signs tokens, made if absent; without it tokens end with the process
    #[arg(long, value_name = "FILE", env = "ONEHOP_SERVE_KEY_FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,

    /// Let a connection carry more than one request; the real service closes after each
    #[arg(long, env = "ONEHOP_SERVE_KEEP_ALIVE", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keep_alive: Option<bool>,

    /// What 400 and 403 carry [default: page]
    #[arg(long, value_enum, env = "ONEHOP_SERVE_ERROR_BODIES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_bodies: Option<ErrorBodiesArgument>,

    /// Connections that may be open at once [default: 16384]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_SERVE_MAX_CONNECTIONS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_connections: Option<NonZeroUsize>,

    /// Worker threads [default: one per core]
    #[arg(long, value_name = "COUNT", env = "ONEHOP_SERVE_WORKERS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workers: Option<NonZeroUsize>,
}
