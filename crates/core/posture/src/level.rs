//! The levels that can decide an option.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A level that can decide an option; the first in this order that says something does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// An instance that exists: what was read from it is in effect, whichever level it came from.
    Instance,
    /// The launch request, or what code says that makes one.
    Request,
    /// The launch template or launch configuration that the launch names.
    Template,
    /// The defaults of the account in this region.
    Account,
    /// The image: `ImdsSupport`. It speaks of tokens and of the hop limit only.
    Image,
    /// What EC2 does when nobody says anything.
    BuiltIn,
}

impl Level {
    /// All of them, in order.
    pub const ALL: [Level; 6] =
        [Level::Instance, Level::Request, Level::Template, Level::Account, Level::Image, Level::BuiltIn];

    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Instance => "instance",
            Level::Request => "request",
            Level::Template => "template",
            Level::Account => "account",
            Level::Image => "image",
            Level::BuiltIn => "built-in",
        }
    }

    /// Its name for people, e.g. `the launch template`.
    pub const fn words(self) -> &'static str {
        match self {
            Level::Instance => "the instance itself",
            Level::Request => "the launch request",
            Level::Template => "the launch template",
            Level::Account => "the account default of the region",
            Level::Image => "the image",
            Level::BuiltIn => "the built-in default of EC2",
        }
    }

    /// Whether somebody wrote the value for this very launch, as opposed to what comes from around it.
    pub const fn is_explicit(self) -> bool {
        matches!(self, Level::Instance | Level::Request | Level::Template)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.name())
    }
}
