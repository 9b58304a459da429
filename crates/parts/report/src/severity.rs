//! How grave a finding is.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// How grave a finding is. Ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nobody has to act.
    #[default]
    Info,
    /// A weakness behind another wall.
    Low,
    /// An attempt, or a weakness that needs something else to be of use.
    Medium,
    /// An attempt that probably worked, or a door that is open.
    High,
    /// Credentials are probably in somebody else's hands.
    Critical,
}

impl Severity {
    /// All of them, the mildest first.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The stable text, e.g. `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The same on the scale of code checkers.
    pub const fn level(self) -> Level {
        match self {
            Severity::Info | Severity::Low => Level::Note,
            Severity::Medium => Level::Warning,
            Severity::High | Severity::Critical => Level::Error,
        }
    }

    /// Its place in [`Severity::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.as_str() == text)
            .ok_or_else(|| UnknownSeverity(text.to_owned()))
    }
}

/// Text that names no severity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no severity; they are info, low, medium, high, critical")]
pub struct UnknownSeverity(String);

/// The scale of code checkers (SARIF 2.1.0 §3.27.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Info and low.
    Note,
    /// Medium.
    Warning,
    /// High and critical.
    Error,
}
