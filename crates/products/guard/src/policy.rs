//! Who may read what.
//!
//! A rule names paths, callers and an effect. Paths are written below the version (`meta-data/iam/**`), so a rule
//! holds for every dated version, and are compared without regard to letter case, so that no spelling escapes.
//!
//! | a deny rule fits | an allow rule fits | the path | result |
//! |---|---|---|---|
//! | yes | | | `POLICY-DENY` |
//! | no | yes | | **allow** |
//! | no | no | role or identity credentials | `POLICY-DENY` |
//! | no | no | anything else | **allow** |
//!
//! Adding a deny rule therefore never allows anything (a property test). Two rules with the same path and caller and
//! opposite effects are refused when the policy is built.

mod pattern;
mod who;

pub use pattern::{Pattern, PatternError};
pub use who::{Who, WhoError};

use crate::caller::Caller;
use onehop_imds::path::MetadataPath;
use onehop_verdict::{Checker, Code, Denied, Permit};
use std::sync::Arc;

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Lets the read through.
    Allow,
    /// Hides the path: the caller sees 404.
    Deny,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name in decisions.
    pub name: Arc<str>,
    /// The paths it is about.
    pub paths: Vec<Pattern>,
    /// The callers it is about.
    pub callers: Vec<Who>,
    /// What it does.
    pub effect: Effect,
}

/// Why a policy was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Two rules contradict each other.
    #[error(
        "rules `{first}` and `{second}` both decide about `{path}` for `{caller}`, one allows and one denies"
    )]
    Contradiction {
        /// The earlier rule.
        first: String,
        /// The later rule.
        second: String,
        /// The pattern that both have.
        path: String,
        /// The caller that both have.
        caller: String,
    },
    /// A rule without paths or callers decides nothing.
    #[error("rule `{rule}` names no {what}, so it decides nothing")]
    Empty {
        /// The rule.
        rule: String,
        /// `paths` or `callers`.
        what: &'static str,
    },
}

/// The rules in force.
#[derive(Clone, Debug)]
pub struct Policy {
    admitted: Vec<Who>,
    rules: Vec<Rule>,
}

/// A read that the policy let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// The target to ask the upstream for.
    pub target: String,
    /// The rule that allowed it, if one did.
    pub rule: Option<Arc<str>>,
}

/// A denial and the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The denial.
    pub denied: Denied,
    /// The deny rule, if it was one.
    pub rule: Option<Arc<str>>,
}

impl Checker for Policy {}

impl Policy {
    /// A policy that admits some callers and applies rules.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn new(admitted: Vec<Who>, rules: Vec<Rule>) -> Result<Self, PolicyError> {
        for rule in &rules {
            let what = match (rule.paths.is_empty(), rule.callers.is_empty()) {
                (true, _) => "paths",
                (_, true) => "callers",
                _ => continue,
            };
            return Err(PolicyError::Empty { rule: rule.name.to_string(), what });
        }
        for (position, second) in rules.iter().enumerate() {
            for first in &rules[..position] {
                contradiction(first, second)?;
            }
        }
        Ok(Policy { admitted, rules })
    }

    /// Whether a caller may ask at all.
    ///
    /// # Errors
    /// `CALLER-UNKNOWN`, `CALLER-REMOTE` or `CALLER-DENIED`.
    pub fn admit(&self, caller: &Caller) -> Result<(), Denied> {
        if self.admitted.iter().any(|who| who.fits(caller)) {
            return Ok(());
        }
        Err(match caller {
            Caller::Unknown => Code::CallerUnknown,
            Caller::Remote(_) => Code::CallerRemote,
            Caller::Local { .. } => Code::CallerDenied,
        }
        .into())
    }

    /// Decides about a read.
    ///
    /// # Errors
    /// [`Hidden`], which carries `POLICY-DENY`.
    pub fn check(&self, caller: &Caller, path: &MetadataPath<'_>) -> Result<Permit<Forward>, Hidden> {
        let fits = |rule: &&Rule| {
            rule.callers.iter().any(|who| who.fits(caller))
                && rule.paths.iter().any(|pattern| pattern.fits(path.below_version()))
        };
        let hidden = |rule| Err(Hidden { denied: Code::PolicyDeny.into(), rule });
        let mut fitting = self.rules.iter().filter(fits).peekable();
        if fitting.peek().is_none() {
            return if path.class().is_credentials() {
                hidden(None)
            } else {
                Ok(self.grant(Forward { target: path.target(), rule: None }))
            };
        }
        let mut allowed = None;
        for rule in fitting {
            match rule.effect {
                Effect::Deny => return hidden(Some(Arc::clone(&rule.name))),
                Effect::Allow => {
                    allowed.get_or_insert_with(|| Arc::clone(&rule.name));
                }
            }
        }
        Ok(self.grant(Forward { target: path.target(), rule: allowed }))
    }
}

fn contradiction(first: &Rule, second: &Rule) -> Result<(), PolicyError> {
    if first.effect == second.effect {
        return Ok(());
    }
    let path = first.paths.iter().find(|path| second.paths.contains(path));
    let caller = first.callers.iter().find(|who| second.callers.contains(who));
    match (path, caller) {
        (Some(path), Some(caller)) => Err(PolicyError::Contradiction {
            first: first.name.to_string(),
            second: second.name.to_string(),
            path: path.to_string(),
            caller: caller.to_string(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
