//! Launch templates, launch configurations and fleets: what is written down for launches to come.

use super::{by_value, tokens};
use crate::details::{Template, Tokens};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::rule::{Rule, Severity};
use crate::state::State;

/// A template, or a version of one, was made.
pub(super) fn made(state: &mut State, facts: &Facts) -> Option<Finding> {
    let asked = facts.details.asked();
    let effect = facts.details.effect(None).over(&asked);
    if facts.error.is_none()
        && let Some(version) = facts.details.template.version
    {
        for key in keys(facts) {
            state.templates.touch(&key, facts.time).says(version, effect.tokens);
        }
    }
    if effect.tokens != Some(Tokens::Optional) {
        return None;
    }
    let inherited = asked.tokens != Some(Tokens::Optional);
    let severity = if inherited { Severity::Low } else { Severity::Medium };
    let why = if inherited { ", inherited from another version" } else { "" };
    let what = format!("{} allows IMDSv1{why}", named(&facts.details.template));
    Some(by_value(Rule::TemplateOptional, severity, facts, what, &asked))
}

/// Another version became the default.
pub(super) fn moved(state: &State, facts: &Facts) -> Option<Finding> {
    let version = facts.details.template.version?;
    let known = keys(facts).find_map(|key| state.templates.get(&key)?.version(version));
    let (severity, says) = match known {
        Some(Tokens::Required) => return None,
        Some(Tokens::Optional) => (Severity::Medium, "allows IMDSv1"),
        Some(Tokens::NoPreference) => (Severity::Low, "leaves tokens to the account and the image"),
        None => (Severity::Info, "was made in no record that was read"),
    };
    let what = format!("the default of {}, which {says}", named(&facts.details.template));
    Some(
        by_value(Rule::TemplateDefault, severity, facts, what, &facts.details.asked())
            .with("version", version.to_string()),
    )
}

/// A launch configuration was made, or a fleet was requested with options of its own.
pub(super) fn unversioned(facts: &Facts) -> Option<Finding> {
    let asked = facts.details.asked();
    let open = facts.details.requested.iter().any(|of| of.what.tokens == Some(Tokens::Optional));
    let what = format!("{} was called with `HttpTokens` `{}`", facts.event, tokens(Tokens::Optional));
    open.then(|| by_value(Rule::TemplateOptional, Severity::Medium, facts, what, &asked))
}

fn keys(facts: &Facts) -> impl Iterator<Item = String> {
    let Template { id, name, .. } = &facts.details.template;
    [id, name].into_iter().flatten().map(|key| format!("{} {} {key}", facts.account, facts.region))
}

fn named(template: &Template) -> String {
    let name = template.name.as_ref().or(template.id.as_ref()).map_or("unnamed", String::as_str);
    match template.version {
        Some(version) => format!("launch template `{name}`, version {version}"),
        None => format!("launch template `{name}`"),
    }
}
