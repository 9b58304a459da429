//! What policies around an account do to launches, to changes and to credentials.
//!
//! | control | launch, optional | launch, unset and optional | turn IMDSv1 on | require tokens | account default | credentials by IMDSv1 |
//! |---|---|---|---|---|---|---|
//! | enforcement | fails | fails | fails | works | works | work |
//! | declarative policy | works | gets its values | works | works | fails | work |
//! | deny launches without tokens | fails | depends | works | works | works | work |
//! | deny changes of options | works | works | fails | **fails** | works | work |
//! | deny changes of account defaults | works | works | works | works | fails | work |
//! | deny by role delivery | works | works | works | works | works | refused |
//!
//! The fourth row is why a rollout stops at its first step where the widespread sample policy is attached: it refuses the
//! repair as well, unless the role that repairs is exempt.

use crate::setting::Text;
use serde::{Deserialize, Serialize};

/// A control around an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Control {
    /// `HttpTokensEnforced` of account and region.
    Enforced,
    /// A declarative policy of the organization sets the account defaults.
    Declarative,
    /// A statement denies `ec2:RunInstances` unless `ec2:MetadataHttpTokens` is `required`.
    DenyLaunch,
    /// A statement denies `ec2:ModifyInstanceMetadataOptions`.
    DenyModify {
        /// Whether it spares some principals.
        exempts: bool,
    },
    /// A statement denies `ec2:ModifyInstanceMetadataDefaults`.
    DenyDefaults {
        /// Whether it spares some principals.
        exempts: bool,
    },
    /// A statement denies all actions where `ec2:RoleDelivery` is less than 2.0.
    DenyDelivery,
}

/// Something that a control may stand in the way of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// A launch that says `optional`.
    LaunchOptional,
    /// A launch that leaves tokens unset, and would come out as optional.
    LaunchUnset,
    /// A launch that says `required`.
    LaunchRequired,
    /// Making tokens optional on an instance that requires them: also a rollback.
    TurnV1On,
    /// Making tokens required on an instance.
    RequireTokens,
    /// Changing the defaults of the account.
    ChangeDefaults,
    /// Using credentials that were delivered by IMDSv1.
    UseV1Credentials,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It works.
    Works,
    /// It is refused.
    Refused,
    /// It works for some and not for others, or it is not documented. In words.
    Depends(Text),
}

impl Control {
    /// What comes of an act under this control alone.
    pub fn outcome(&self, act: Act) -> Outcome {
        match (self, act) {
            (Control::Enforced, Act::LaunchOptional | Act::LaunchUnset | Act::TurnV1On)
            | (Control::DenyLaunch, Act::LaunchOptional)
            | (Control::Declarative, Act::ChangeDefaults)
            | (Control::DenyDelivery, Act::UseV1Credentials) => Outcome::Refused,
            (Control::Declarative, Act::LaunchUnset) => {
                Outcome::Depends(Text::Borrowed("the launch gets the values of the policy"))
            }
            (Control::DenyLaunch, Act::LaunchUnset) => Outcome::Depends(Text::Borrowed(
                "a negated condition also holds where the key is absent, so launches that write nothing may be refused",
            )),
            (Control::DenyModify { exempts }, Act::TurnV1On | Act::RequireTokens)
            | (Control::DenyDefaults { exempts }, Act::ChangeDefaults) => refused_but(*exempts),
            _ => Outcome::Works,
        }
    }

    /// What it does and what it leaves, in sentences.
    pub const fn words(&self) -> &'static str {
        match self {
            Control::Enforced => {
                "Launches that do not come out as required fail, and IMDSv1 cannot be turned on again, so a change \
                 cannot be taken back. Instances that answer IMDSv1 already go on."
            }
            Control::Declarative => {
                "The organization sets the defaults of the account; changes in the account fail. Launches that write a \
                 value of their own are not touched, nor are instances that exist."
            }
            Control::DenyLaunch => {
                "Launches that write `optional` are refused. Instances that exist, and changes to them, are not touched."
            }
            Control::DenyModify { exempts: true } => {
                "Nobody but the exempt principals changes the options of an instance: the role that repairs has to be \
                 among them."
            }
            Control::DenyModify { exempts: false } => {
                "Nobody changes the options of an instance, in either direction: tokens cannot be required on what runs. \
                 Exempt the role that repairs first."
            }
            Control::DenyDefaults { .. } => {
                "The defaults of the account stay as they are, good or bad. Set them before it is attached."
            }
            Control::DenyDelivery => {
                "Credentials that were delivered by IMDSv1 are refused everywhere; programs that still read them that \
                 way stop working. The service itself still answers."
            }
        }
    }
}

fn refused_but(exempts: bool) -> Outcome {
    if exempts {
        Outcome::Depends(Text::Borrowed("only principals that the statement exempts may"))
    } else {
        Outcome::Refused
    }
}

/// A statement of a policy that denies, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Deny {
    /// Its `Action`, with wildcards.
    pub actions: Vec<String>,
    /// Its conditions: operator, key and values.
    pub conditions: Vec<Condition>,
}

/// One condition of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The operator, e.g. `StringNotEquals`.
    pub operator: String,
    /// The key, e.g. `ec2:MetadataHttpTokens`.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
}

impl Deny {
    /// The controls that the statement is. A statement may be several; most are none.
    pub fn controls(&self) -> Vec<Control> {
        let mut controls = Vec::new();
        if self.covers("ec2:RunInstances") && self.demands_tokens() {
            controls.push(Control::DenyLaunch);
        }
        if self.covers("ec2:ModifyInstanceMetadataOptions") && !self.about_values() {
            controls.push(Control::DenyModify { exempts: self.exempts() });
        }
        if self.covers("ec2:ModifyInstanceMetadataDefaults") && !self.about_values() {
            controls.push(Control::DenyDefaults { exempts: self.exempts() });
        }
        if self.actions.iter().any(|action| action == "*") && self.demands_delivery() {
            controls.push(Control::DenyDelivery);
        }
        controls
    }

    fn covers(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| matches_action(pattern, action))
    }

    /// Conditions on the principal leave some of them out.
    fn exempts(&self) -> bool {
        self.conditions.iter().any(|condition| {
            let key = condition.key.to_ascii_lowercase();
            key.starts_with("aws:principal") || key == "aws:userid" || key == "aws:viaawsservice"
        })
    }

    /// Whether it asks for values, so that it is no plain refusal of the action.
    fn about_values(&self) -> bool {
        self.conditions.iter().any(|condition| condition.key.to_ascii_lowercase().starts_with("ec2:"))
    }

    fn demands_tokens(&self) -> bool {
        self.conditions.iter().any(|condition| {
            let wanted = match negated(&condition.operator) {
                Some(true) => "required",
                Some(false) => "optional",
                None => return false,
            };
            condition.key.eq_ignore_ascii_case("ec2:MetadataHttpTokens")
                && condition.values.iter().any(|value| value == wanted)
        })
    }

    fn demands_delivery(&self) -> bool {
        self.conditions.iter().any(|condition| {
            condition.operator.to_ascii_lowercase().starts_with("numericlessthan")
                && condition.key.eq_ignore_ascii_case("ec2:RoleDelivery")
                && condition.values.iter().any(|value| value.parse::<f64>().is_ok_and(|least| least > 1.0))
        })
    }
}

/// Whether a comparison of texts is negated; none if it is no such comparison.
fn negated(operator: &str) -> Option<bool> {
    let operator = operator.to_ascii_lowercase();
    let operator = operator.strip_suffix("ifexists").unwrap_or(&operator);
    match operator {
        "stringnotequals" | "stringnotequalsignorecase" | "stringnotlike" => Some(true),
        "stringequals" | "stringequalsignorecase" | "stringlike" => Some(false),
        _ => None,
    }
}

/// Wildcards of IAM: `*` any number of characters, `?` one; letters of either case. Takes time in proportion to the
/// product of the lengths at worst.
pub fn matches_action(pattern: &str, action: &str) -> bool {
    let pattern: Vec<u8> = pattern.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    let action: Vec<u8> = action.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < action.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == action[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                at = back + 1;
                read = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}
