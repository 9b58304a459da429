//! What the options mean for IMDSv1.
//!
//! | endpoint | tokens | verdict |
//! |---|---|---|
//! | disabled | anything | disabled |
//! | enabled or unknown | required | required: whichever the endpoint is, IMDSv1 is not answered |
//! | enabled or unknown | optional, written for this launch | optional, explicit: what is written stays wrong until the endpoint is known to be off |
//! | enabled | optional, from around | optional, inherited |
//! | unknown | optional, from around | unresolved |
//! | enabled or unknown | unknown | unresolved |

use crate::level::Level;
use crate::options::{Field, Switch, Tokens};
use crate::resolve::{Effective, Gate, Resolved};
use crate::setting::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why an option cannot be known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Why {
    /// The option.
    pub field: Field,
    /// The level that may decide it.
    pub level: Level,
    /// Why what that level says is unknown, as the rest of a sentence that begins with "because".
    pub reason: Text,
}

/// What the options mean for IMDSv1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[must_use]
pub enum Verdict {
    /// Tokens are required, and that is written for this launch.
    Required,
    /// The service is switched off.
    Disabled,
    /// IMDSv1 is answered, and that is written for this launch.
    OptionalExplicit,
    /// IMDSv1 is answered, because this level says so.
    OptionalInherited(Level),
    /// Tokens are required, because this level says so.
    RequiredInherited(Level),
    /// It cannot be known.
    Unresolved(Why),
}

/// How grave a finding is, on the scale of code checkers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Left to others, who may or may not have decided well.
    Warning,
    /// Written, and wrong.
    Error,
}

impl Effective {
    /// What the options mean for IMDSv1.
    pub fn verdict(&self) -> Verdict {
        if self.endpoint.value() == Some(Switch::Disabled) {
            return Verdict::Disabled;
        }
        match (&self.tokens, &self.endpoint) {
            (Resolved::Known { value: Tokens::Required, level }, _) if level.is_explicit() => {
                Verdict::Required
            }
            (Resolved::Known { value: Tokens::Required, level }, _) => Verdict::RequiredInherited(*level),
            (Resolved::Known { value: Tokens::Optional, level }, _) if level.is_explicit() => {
                Verdict::OptionalExplicit
            }
            (Resolved::Known { .. }, Resolved::Unknown(why)) | (Resolved::Unknown(why), _) => {
                Verdict::Unresolved(why.clone())
            }
            (Resolved::Known { level, .. }, _) => Verdict::OptionalInherited(*level),
        }
    }

    /// Whether IMDSv1 is answered once it runs; none if that is unknown. Where tokens are enforced, what does not require
    /// them never runs.
    pub fn allows_v1(&self) -> Option<bool> {
        if matches!(self.gate, Gate::Fails | Gate::FailsUnlessRequired) {
            return Some(false);
        }
        match (self.endpoint.value(), self.tokens.value()) {
            (Some(Switch::Disabled), _) | (_, Some(Tokens::Required)) => Some(false),
            (Some(Switch::Enabled), Some(Tokens::Optional)) => match self.gate {
                Gate::Unknown(_) => None,
                _ => Some(true),
            },
            _ => None,
        }
    }
}

impl Verdict {
    /// How bad it is: the worse, the greater.
    pub const fn rank(&self) -> u8 {
        match self {
            Verdict::Disabled => 0,
            Verdict::Required => 1,
            Verdict::RequiredInherited(_) => 2,
            Verdict::Unresolved(_) => 3,
            Verdict::OptionalInherited(_) => 4,
            Verdict::OptionalExplicit => 5,
        }
    }

    /// A stable name for programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Verdict::Required => "required",
            Verdict::Disabled => "disabled",
            Verdict::OptionalExplicit => "optional-explicit",
            Verdict::OptionalInherited(_) => "optional-inherited",
            Verdict::RequiredInherited(_) => "required-inherited",
            Verdict::Unresolved(_) => "unresolved",
        }
    }

    /// Whether somebody should look at it.
    pub const fn is_finding(&self) -> bool {
        self.severity().is_some()
    }

    /// How grave it is; none where it is no finding. What is written and wrong is an error; what is left to others is a
    /// warning, also where those decided badly: theirs is the place to repair, and has its own finding.
    pub const fn severity(&self) -> Option<Severity> {
        match self {
            Verdict::Required | Verdict::Disabled | Verdict::RequiredInherited(_) => None,
            Verdict::OptionalInherited(_) | Verdict::Unresolved(_) => Some(Severity::Warning),
            Verdict::OptionalExplicit => Some(Severity::Error),
        }
    }

    /// The level that it is inherited from, or that may decide it.
    pub const fn level(&self) -> Option<Level> {
        match self {
            Verdict::OptionalInherited(level) | Verdict::RequiredInherited(level) => Some(*level),
            Verdict::Unresolved(why) => Some(why.level),
            Verdict::Required | Verdict::Disabled | Verdict::OptionalExplicit => None,
        }
    }
}

impl Severity {
    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.name())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Required => to.write_str("tokens are required"),
            Verdict::Disabled => to.write_str("the metadata service is off"),
            Verdict::OptionalExplicit => to.write_str("IMDSv1 is allowed explicitly"),
            Verdict::OptionalInherited(level) => write!(to, "IMDSv1 is allowed by {}", level.words()),
            Verdict::RequiredInherited(level) => write!(to, "tokens are required by {}", level.words()),
            Verdict::Unresolved(why) => write!(to, "{why}"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Why { field, level, reason } = self;
        write!(to, "{} depends on {}, which is not known because {reason}", field.api_name(), level.words())
    }
}
