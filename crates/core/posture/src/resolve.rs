//! Resolves every option on its own, and then asks the gate.
//!
//! Walks the levels from the top. The first that is set decides; an unknown one ends the walk, because it may or may not
//! have said something, and nothing below can overrule it.

use crate::layers::{ImageSupport, Layers};
use crate::level::Level;
use crate::options::{Field, HopLimit, Options, Switch, Tokens};
use crate::setting::{Setting, Text};
use crate::verdict::Why;
use serde::{Deserialize, Serialize};

/// What one option comes out as.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resolved<T> {
    /// This value, from this level.
    Known {
        /// The value.
        value: T,
        /// The level that decides it.
        level: Level,
    },
    /// It cannot be known: this level may decide it, and what it says is unknown.
    Unknown(Why),
}

/// What happens at the gate of enforcement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// The launch passes, or nothing is enforced.
    Open,
    /// Tokens are enforced and come out as optional: the launch fails.
    Fails,
    /// Tokens are enforced and what they come out as is unknown: the launch fails unless it is required.
    FailsUnlessRequired,
    /// Whether tokens are enforced is unknown, and it would matter. The reason in words.
    Unknown(Text),
}

/// What all five options come out as.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Effective {
    /// Whether a token is needed.
    pub tokens: Resolved<Tokens>,
    /// Whether the service answers.
    pub endpoint: Resolved<Switch>,
    /// How far answers to token requests travel.
    pub hop_limit: Resolved<HopLimit>,
    /// Whether it answers at its IPv6 address.
    pub ipv6: Resolved<Switch>,
    /// Whether tags can be read.
    pub tags: Resolved<Switch>,
    /// Whether the launch is let through.
    pub gate: Gate,
}

/// Resolves every option on its own.
pub fn resolve(layers: &Layers) -> Effective {
    let image = &layers.image;
    let tokens = walk(Field::Tokens, layers, |level| &level.tokens, &image_says(image, Tokens::Required));
    let hop_limit =
        walk(Field::HopLimit, layers, |level| &level.hop_limit, &image_says(image, HopLimit::TWO));
    let gate = gate(tokens.as_ref(), &layers.enforced);
    Effective {
        tokens: or_built_in(tokens, Tokens::Optional),
        endpoint: or_built_in(
            walk(Field::Endpoint, layers, |level| &level.endpoint, &Setting::Unset),
            Switch::Enabled,
        ),
        hop_limit: or_built_in(hop_limit, HopLimit::ONE),
        ipv6: or_built_in(walk(Field::Ipv6, layers, |level| &level.ipv6, &Setting::Unset), Switch::Disabled),
        tags: or_built_in(walk(Field::Tags, layers, |level| &level.tags, &Setting::Unset), Switch::Disabled),
        gate,
    }
}

impl Effective {
    /// What was read from an instance that exists: in effect already, whichever level it came from. What EC2 does not say
    /// is unknown. Enforcement does not touch what runs.
    pub fn observed(options: &Options) -> Effective {
        Effective {
            tokens: seen(Field::Tokens, &options.tokens),
            endpoint: seen(Field::Endpoint, &options.endpoint),
            hop_limit: seen(Field::HopLimit, &options.hop_limit),
            ipv6: seen(Field::Ipv6, &options.ipv6),
            tags: seen(Field::Tags, &options.tags),
            gate: Gate::Open,
        }
    }
}

impl<T: Copy> Resolved<T> {
    /// The value, if it is known.
    pub const fn value(&self) -> Option<T> {
        match self {
            Resolved::Known { value, .. } => Some(*value),
            Resolved::Unknown(_) => None,
        }
    }

    /// The level that decides, or that may.
    pub const fn level(&self) -> Level {
        match self {
            Resolved::Known { level, .. } | Resolved::Unknown(Why { level, .. }) => *level,
        }
    }

    /// Why it is unknown, if it is.
    pub const fn why(&self) -> Option<&Why> {
        match self {
            Resolved::Known { .. } => None,
            Resolved::Unknown(why) => Some(why),
        }
    }
}

/// The first level that says something, none if only the built-in default is left.
fn walk<T: Copy>(
    field: Field,
    layers: &Layers,
    pick: impl Fn(&Options) -> &Setting<T>,
    image: &Setting<T>,
) -> Option<Resolved<T>> {
    // There is no default of accounts for it (ModifyInstanceMetadataDefaults has no such parameter).
    let account = if field == Field::Ipv6 { &Setting::Unset } else { pick(&layers.account) };
    let levels = [
        (Level::Request, pick(&layers.request)),
        (Level::Template, pick(&layers.template)),
        (Level::Account, account),
        (Level::Image, image),
    ];
    levels.into_iter().find_map(|(level, setting)| said(field, level, setting))
}

fn said<T: Copy>(field: Field, level: Level, setting: &Setting<T>) -> Option<Resolved<T>> {
    match setting {
        Setting::Unset => None,
        Setting::Set(value) => Some(Resolved::Known { value: *value, level }),
        Setting::Unknown(reason) => Some(Resolved::Unknown(Why { field, level, reason: reason.clone() })),
    }
}

fn or_built_in<T>(said: Option<Resolved<T>>, value: T) -> Resolved<T> {
    said.unwrap_or(Resolved::Known { value, level: Level::BuiltIn })
}

fn seen<T: Copy>(field: Field, setting: &Setting<T>) -> Resolved<T> {
    said(field, Level::Instance, setting).unwrap_or_else(|| {
        let reason = Text::Borrowed("EC2 did not say it");
        Resolved::Unknown(Why { field, level: Level::Instance, reason })
    })
}

fn image_says<T>(image: &ImageSupport, value: T) -> Setting<T> {
    match image.reason() {
        Some(reason) => Setting::Unknown(reason),
        None if *image == ImageSupport::V2 => Setting::Set(value),
        None => Setting::Unset,
    }
}

fn gate(tokens: Option<&Resolved<Tokens>>, enforced: &Setting<bool>) -> Gate {
    let required = match tokens {
        Some(Resolved::Known { value, .. }) => Some(*value == Tokens::Required),
        Some(Resolved::Unknown(_)) => None,
        None => Some(false),
    };
    match (enforced, required) {
        (_, Some(true)) | (Setting::Unset | Setting::Set(false), _) => Gate::Open,
        (Setting::Set(true), Some(false)) => Gate::Fails,
        (Setting::Set(true), None) => Gate::FailsUnlessRequired,
        (Setting::Unknown(reason), _) => Gate::Unknown(reason.clone()),
    }
}
