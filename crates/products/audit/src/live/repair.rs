//! Where and how to repair something, so that it stays repaired.

use super::owner::Owner;
use super::scope::Scope;
use super::subject::{Action, Key, Kind, Repair};
use super::ways::Way;
use onehop_inventory::LaunchTemplate;
use onehop_posture::Verdict;

impl Scope<'_> {
    pub(super) fn repair_template(
        &self,
        template: &LaunchTemplate,
        number: u64,
        verdict: &Verdict,
        by: &[String],
    ) -> Repair {
        let owner = Owner::of(&template.tags, template.operator.as_ref());
        let key = self.key(Kind::LaunchTemplate, &*template.id);
        if !verdict.is_finding() {
            return plain_repair(&key, verdict, Action::Nothing, owner);
        }
        if matches!(owner, Owner::Service { .. }) {
            return plain_repair(&key, verdict, Action::Service, owner);
        }
        let is_default = number == template.default_version;
        let (action, words) = match self.better(template) {
            Some(to) if is_default => (
                Action::DefaultVersion { to },
                format!("Version {to} requires tokens: make it the default version."),
            ),
            Some(to) => {
                (Action::Repoint { to }, format!("Version {to} requires tokens: point {} at it.", list(by)))
            }
            None => {
                let then = if is_default {
                    "make that the default version".to_owned()
                } else {
                    format!("point {} at it", list(by))
                };
                (
                    Action::TemplateVersion { from: number, moves_default: is_default },
                    format!("Make a version of it with `HttpTokens` set to `required`, and {then}."),
                )
            }
        };
        let words = join(&words, &owner.words());
        Repair { action, target: template.id.clone(), owner, code: None, words }
    }

    /// What consumers of templates do: point at a better version, or have the template repaired.
    pub(super) fn repair_consumer(&self, key: &Key, way: &Way<'_>, owner: Owner) -> Repair {
        let verdict = way.effective.verdict();
        if !verdict.is_finding() {
            return plain_repair(key, &verdict, Action::Nothing, owner);
        }
        let found = way.used.as_ref().and_then(|used| used.template.map(|template| (used, template)));
        let Some((used, template)) = found else {
            let is_configuration = way.chain.iter().any(|link| link.what == "launch configuration");
            let action = if is_configuration { Action::Replace } else { Action::FindOut };
            return plain_repair(key, &verdict, action, owner);
        };
        match self.better(template) {
            Some(to) if used.follows_default => {
                let template_owner = Owner::of(&template.tags, template.operator.as_ref());
                let words = format!(
                    "Version {to} of `{}` requires tokens: make it the default version. {}",
                    template.id,
                    template_owner.words()
                );
                Repair {
                    action: Action::DefaultVersion { to },
                    target: template.id.clone(),
                    owner: template_owner,
                    code: None,
                    words: words.trim().to_owned(),
                }
            }
            Some(to) => {
                let pinned =
                    used.pinned.map_or_else(String::new, |number| format!(" instead of version {number}"));
                let words =
                    format!("Point it at version {to} of `{}`{pinned}, which requires tokens.", template.id);
                let words = join(&words, &owner.words());
                Repair { action: Action::Repoint { to }, target: key.id.clone(), owner, code: None, words }
            }
            None => {
                let number = used.version.map_or(template.default_version, |version| version.version);
                let mut repair = self.repair_template(template, number, &verdict, &[format!("`{}`", key.id)]);
                if used.pinned.is_some() {
                    repair.words = format!(
                        "{} It pins version {number}, so a better one alone changes nothing.",
                        repair.words
                    );
                }
                repair
            }
        }
    }
}

/// A repair of the subject itself; nothing to do where it is no finding.
pub(super) fn plain_repair(key: &Key, verdict: &Verdict, action: Action, owner: Owner) -> Repair {
    let action = match verdict {
        Verdict::Unresolved(_) if action == Action::Instance => Action::FindOut,
        verdict if verdict.is_finding() => action,
        _ => Action::Nothing,
    };
    let words = match &action {
        Action::Nothing => String::new(),
        Action::FindOut => "Find out what could not be read.".to_owned(),
        Action::Image => "Set `ImdsSupport` of the image to `v2.0`; it cannot be taken back.".to_owned(),
        Action::Replace => {
            "It cannot be changed: make a launch template that requires tokens, and use that.".to_owned()
        }
        _ => "Set `HttpTokens` to `required`, and leave the other options as they are.".to_owned(),
    };
    let target = key.id.clone();
    let words = join(&words, &if action == Action::Nothing { String::new() } else { owner.words() });
    Repair { action, target, owner, code: None, words }
}

pub(super) fn join(one: &str, other: &str) -> String {
    [one, other].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "what uses it".to_owned() } else { names.join(", ") }
}
