//! The five metadata options and their values.

use crate::setting::{Setting, Text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a session token is needed (`HttpTokens`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tokens {
    /// No: IMDSv1 is answered.
    Optional,
    /// Yes: IMDSv2 only.
    Required,
}

/// On or off (`HttpEndpoint`, `HttpProtocolIpv6`, `InstanceMetadataTags`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}

/// How many hops the answer to a token request travels (`HttpPutResponseHopLimit`): 1 to 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct HopLimit(u8);

/// A number that is no hop limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no hop limit; it is a number from 1 to 64")]
pub struct NoHopLimit(i64);

/// One of the five options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `HttpTokens`.
    Tokens,
    /// `HttpEndpoint`.
    Endpoint,
    /// `HttpPutResponseHopLimit`.
    HopLimit,
    /// `HttpProtocolIpv6`.
    Ipv6,
    /// `InstanceMetadataTags`.
    Tags,
}

/// What one level says about the five options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Whether a token is needed.
    pub tokens: Setting<Tokens>,
    /// Whether the service answers at all.
    pub endpoint: Setting<Switch>,
    /// How far the answer to a token request travels.
    pub hop_limit: Setting<HopLimit>,
    /// Whether it also answers at its IPv6 address. Accounts have no default for it.
    pub ipv6: Setting<Switch>,
    /// Whether tags of the instance can be read from it.
    pub tags: Setting<Switch>,
}

impl Options {
    /// All five unknown for the same reason.
    pub fn unknown(reason: impl Into<Text>) -> Options {
        let reason = reason.into();
        Options {
            tokens: Setting::Unknown(reason.clone()),
            endpoint: Setting::Unknown(reason.clone()),
            hop_limit: Setting::Unknown(reason.clone()),
            ipv6: Setting::Unknown(reason.clone()),
            tags: Setting::Unknown(reason),
        }
    }

    /// Whether nothing is said.
    pub fn is_unset(&self) -> bool {
        *self == Options::default()
    }

    /// These, and the others where these are unset: for two places of one level.
    #[must_use]
    pub fn or(self, below: Options) -> Options {
        Options {
            tokens: self.tokens.or(below.tokens),
            endpoint: self.endpoint.or(below.endpoint),
            hop_limit: self.hop_limit.or(below.hop_limit),
            ipv6: self.ipv6.or(below.ipv6),
            tags: self.tags.or(below.tags),
        }
    }
}

impl Tokens {
    /// As EC2 spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Tokens::Optional => "optional",
            Tokens::Required => "required",
        }
    }

    /// From what EC2, Terraform or CloudFormation write; also "no preference" and nothing at all, which are unset. Other
    /// texts are unknown: what is sent with them fails, or is not for us to guess.
    pub fn setting(text: Option<&str>) -> Setting<Tokens> {
        match text {
            None | Some("no-preference") => Setting::Unset,
            Some("optional") => Setting::Set(Tokens::Optional),
            Some("required") => Setting::Set(Tokens::Required),
            Some(other) => no_value(other, Field::Tokens, "optional, required"),
        }
    }
}

impl Switch {
    /// As EC2 spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Switch::Enabled => "enabled",
            Switch::Disabled => "disabled",
        }
    }

    /// The same as [`Tokens::setting`] for an option that is on or off.
    pub fn setting(text: Option<&str>, field: Field) -> Setting<Switch> {
        match text {
            None | Some("no-preference") => Setting::Unset,
            Some("enabled") => Setting::Set(Switch::Enabled),
            Some("disabled") => Setting::Set(Switch::Disabled),
            Some(other) => no_value(other, field, "enabled, disabled"),
        }
    }
}

impl HopLimit {
    /// The built-in default.
    pub const ONE: HopLimit = HopLimit(1);
    /// What an image with `v2.0` brings along, and what a container with its own network needs.
    pub const TWO: HopLimit = HopLimit(2);
    /// What a container behind an overlay network, or inside another container, needs.
    pub const THREE: HopLimit = HopLimit(3);

    /// A hop limit.
    ///
    /// # Errors
    /// [`NoHopLimit`] where the number is not 1 to 64.
    pub fn new(number: i64) -> Result<HopLimit, NoHopLimit> {
        match u8::try_from(number) {
            Ok(limit @ 1..=64) => Ok(HopLimit(limit)),
            _ => Err(NoHopLimit(number)),
        }
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The same as [`Tokens::setting`] for a number; -1 is "no preference".
    pub fn setting(number: Option<i64>) -> Setting<HopLimit> {
        match number {
            None | Some(-1) => Setting::Unset,
            Some(number) => match HopLimit::new(number) {
                Ok(limit) => Setting::Set(limit),
                Err(error) => Setting::unknown(error.to_string()),
            },
        }
    }
}

impl TryFrom<i64> for HopLimit {
    type Error = NoHopLimit;

    fn try_from(number: i64) -> Result<HopLimit, NoHopLimit> {
        HopLimit::new(number)
    }
}

impl From<HopLimit> for i64 {
    fn from(limit: HopLimit) -> i64 {
        i64::from(limit.0)
    }
}

impl Field {
    /// All of them.
    pub const ALL: [Field; 5] = [Field::Tokens, Field::Endpoint, Field::HopLimit, Field::Ipv6, Field::Tags];

    /// As Terraform spells it, e.g. `http_tokens`.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Tokens => "http_tokens",
            Field::Endpoint => "http_endpoint",
            Field::HopLimit => "http_put_response_hop_limit",
            Field::Ipv6 => "http_protocol_ipv6",
            Field::Tags => "instance_metadata_tags",
        }
    }

    /// As EC2 and CloudFormation spell it, e.g. `HttpTokens`.
    pub const fn api_name(self) -> &'static str {
        match self {
            Field::Tokens => "HttpTokens",
            Field::Endpoint => "HttpEndpoint",
            Field::HopLimit => "HttpPutResponseHopLimit",
            Field::Ipv6 => "HttpProtocolIpv6",
            Field::Tags => "InstanceMetadataTags",
        }
    }

    /// Its name for people.
    pub const fn words(self) -> &'static str {
        match self {
            Field::Tokens => "tokens",
            Field::Endpoint => "endpoint",
            Field::HopLimit => "hop limit",
            Field::Ipv6 => "IPv6 endpoint",
            Field::Tags => "tags in metadata",
        }
    }
}

fn no_value<T>(text: &str, field: Field, values: &str) -> Setting<T> {
    let shown: String = text.chars().take(40).collect();
    Setting::unknown(format!("`{shown}` is no value of {}; they are {values}", field.api_name()))
}

impl fmt::Display for Tokens {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.name())
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.name())
    }
}

impl fmt::Display for HopLimit {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, to)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.name())
    }
}
