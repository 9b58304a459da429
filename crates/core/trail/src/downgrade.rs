//! Whether a call weakens metadata options, judged by value: `TRAIL-TOKENS-OPTIONAL` and its kin.
//!
//! | call | request | answer |
//! |---|---|---|
//! | `ModifyInstanceMetadataOptions` | what is asked for; what is not named stays | all options in effect |
//! | `ModifyInstanceMetadataDefaults` | what is asked for | nothing |
//! | `RunInstances` | options of the launch, often none | options in effect, per instance |
//! | `CreateLaunchTemplate`, `…Version` | options of the version | for versions, with what they inherit |
//! | `ModifyLaunchTemplate` | the version that becomes the default | likewise |
//! | `CreateLaunchConfiguration`, `CreateFleet` … | options | nothing |
//!
//! The value in effect decides; where the answer has none, the value asked for does. What was in effect before is
//! remembered per instance and per account and Region: where it is known, only a change for the worse is grave.
//! A call that failed is an attempt, one step milder, and changes nothing that is remembered. A call made with
//! credentials of an instance is one step graver: instances have no business there.
//!
//! Total. `httpTokens: optional` that nobody asked for is reported for launches alone; elsewhere it is no change.

mod template;

use crate::details::{Endpoint, Enforcement, Of, Options, Tokens};
use crate::facts::{Call, Facts};
use crate::finding::{Finding, listed};
use crate::rule::{Rule, Severity};
use crate::state::State;

/// The most hops that EC2 recommends: one for the host, one for containers on it.
const HOPS_ORDINARY: i64 = 2;

/// What a watched call does to metadata options.
pub(crate) fn judge(state: &mut State, facts: &Facts) -> Vec<Finding> {
    match facts.call {
        Some(Call::ModifyOptions) => modify_options(state, facts),
        Some(Call::ModifyDefaults) => modify_defaults(state, facts),
        Some(Call::Launch) => launch(state, facts).into_iter().collect(),
        Some(Call::Template) => template::made(state, facts).into_iter().collect(),
        Some(Call::TemplateDefault) => template::moved(state, facts).into_iter().collect(),
        Some(Call::LaunchConfiguration | Call::Fleet) => template::unversioned(facts).into_iter().collect(),
        Some(Call::Network | Call::Command) | None => Vec::new(),
    }
}

/// What a call changes, and what was there before.
struct Change<'a> {
    facts: &'a Facts,
    /// Whom it concerns, for the summary.
    whom: String,
    asked: Options,
    before: Options,
}

impl Change<'_> {
    fn finding(&self, rule: Rule, severity: Severity, what: &str) -> Finding {
        let verb = if self.facts.error.is_some() { "was asked to be" } else { "was" };
        let summary = format!("{} of {} {verb} {what}", subject(rule), self.whom);
        Finding::of(rule, weighed(self.facts, severity), self.facts, summary)
            .with("subject", &self.whom)
            .with("asked", shown(&self.asked))
            .with("before", shown(&self.before))
    }

    /// Tokens no longer required.
    fn tokens(&self) -> Option<Finding> {
        let (severity, value) = match (self.asked.tokens?, self.before.tokens) {
            (Tokens::Required, _) => return None,
            (asked, Some(before)) if asked == before => (Severity::Low, asked),
            (Tokens::Optional, _) => (Severity::High, Tokens::Optional),
            (Tokens::NoPreference, _) => (Severity::Medium, Tokens::NoPreference),
        };
        Some(self.finding(Rule::TokensOptional, severity, &format!("set to `{}`", tokens(value))))
    }

    fn enforcement(&self) -> Option<Finding> {
        let (severity, value) = match (self.asked.enforced?, self.before.enforced) {
            (Enforcement::Enabled, _) => return None,
            (asked, Some(before)) if asked == before => (Severity::Low, asked),
            (asked, _) => (Severity::High, asked),
        };
        Some(self.finding(Rule::EnforcementOff, severity, &format!("set to `{}`", enforcement(value))))
    }

    fn hops(&self) -> Option<Finding> {
        let asked = self.asked.hops?;
        if asked <= self.before.hops.unwrap_or(1) {
            return None;
        }
        let severity = if asked > HOPS_ORDINARY { Severity::Medium } else { Severity::Low };
        let from = self.before.hops.map(|hops| format!(" from {hops}")).unwrap_or_default();
        Some(self.finding(Rule::HopLimit, severity, &format!("raised{from} to {asked}")))
    }

    fn endpoint(&self) -> Option<Finding> {
        let severity = match (self.asked.endpoint?, self.before.endpoint) {
            (Endpoint::Enabled, Some(Endpoint::Disabled)) => Severity::Medium,
            // Beside a value for tokens it has to be sent; alone it is meant.
            (Endpoint::Enabled, None) if self.asked.tokens.is_none() => Severity::Low,
            _ => return None,
        };
        Some(self.finding(Rule::EndpointEnabled, severity, "set to `enabled`"))
    }
}

fn subject(rule: Rule) -> &'static str {
    match rule {
        Rule::TokensOptional => "`HttpTokens`",
        Rule::EnforcementOff => "`HttpTokensEnforced`",
        Rule::HopLimit => "`HttpPutResponseHopLimit`",
        _ => "`HttpEndpoint`",
    }
}

fn modify_options(state: &mut State, facts: &Facts) -> Vec<Finding> {
    let instance = facts.details.instances.first().map_or("an unnamed instance", String::as_str);
    let before = state.instances.get(instance).map(|known| known.options).unwrap_or_default();
    let change = Change { facts, whom: instance.to_owned(), asked: facts.details.asked(), before };
    if facts.error.is_none() {
        let after =
            facts.details.effect(Some(instance)).over(&facts.details.effect(None)).over(&change.asked);
        state.instances.touch(instance, facts.time).options = after.over(&before);
    }
    [change.tokens(), change.hops(), change.endpoint()].into_iter().flatten().collect()
}

fn modify_defaults(state: &mut State, facts: &Facts) -> Vec<Finding> {
    let key = format!("{} {}", facts.account, facts.region);
    let before = state.defaults.get(&key).map(|known| known.options).unwrap_or_default();
    let whom = format!("account {} in {}", facts.account, facts.region);
    let change = Change { facts, whom, asked: facts.details.asked(), before };
    if facts.error.is_none() {
        state.defaults.touch(&key, facts.time).options = change.asked.over(&before);
    }
    [change.tokens(), change.enforcement(), change.hops(), change.endpoint()].into_iter().flatten().collect()
}

fn launch(state: &mut State, facts: &Facts) -> Option<Finding> {
    let asked = facts.details.asked();
    let asked_optional = asked.tokens == Some(Tokens::Optional);
    if facts.error.is_some() {
        let what = "a launch of instances that answer IMDSv1 was tried".to_owned();
        return asked_optional.then(|| by_value(Rule::LaunchOptional, Severity::Medium, facts, what, &asked));
    }
    for of in &facts.details.effective {
        if let Some(id) = &of.instance {
            state.instances.touch(id, facts.time).options = of.what;
        }
    }
    let open: Vec<&str> = facts.details.effective.iter().filter(is_open).map(instance).collect();
    if open.is_empty() && !(asked_optional && facts.details.effective.is_empty()) {
        return None;
    }
    let severity = if asked_optional { Severity::Medium } else { Severity::Low };
    let why = if asked_optional { "as the launch asked" } else { "which the launch did not ask for" };
    let what = format!("{} launched with `HttpTokens` `optional`, {why}", count(&facts.details.instances));
    Some(by_value(Rule::LaunchOptional, severity, facts, what, &asked).with("instances", listed(open)))
}

/// Answers, and to requests without a token.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what `filter` passes")]
fn is_open(of: &&Of<Options>) -> bool {
    of.what.tokens == Some(Tokens::Optional) && of.what.endpoint != Some(Endpoint::Disabled)
}

fn instance(of: &Of<Options>) -> &str {
    of.instance.as_deref().unwrap_or("an unnamed instance")
}

fn count(instances: &[String]) -> String {
    match instances {
        [one] => format!("{one} was"),
        many => format!("{} instances were", many.len()),
    }
}

/// A finding about one value, without a before.
fn by_value(rule: Rule, severity: Severity, facts: &Facts, summary: String, asked: &Options) -> Finding {
    Finding::of(rule, weighed(facts, severity), facts, summary).with("asked", shown(asked))
}

/// Milder for a call that failed, graver for one by an instance.
fn weighed(facts: &Facts, severity: Severity) -> Severity {
    let severity = if facts.error.is_some() { severity.milder() } else { severity };
    if facts.with_instance_credentials() { severity.graver() } else { severity }
}

fn shown(options: &Options) -> String {
    let parts = [
        options.tokens.map(|value| format!("httpTokens={}", tokens(value))),
        options.hops.map(|value| format!("httpPutResponseHopLimit={value}")),
        options.endpoint.map(|value| format!("httpEndpoint={}", endpoint(value))),
        options.enforced.map(|value| format!("httpTokensEnforced={}", enforcement(value))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

const fn tokens(value: Tokens) -> &'static str {
    match value {
        Tokens::Required => "required",
        Tokens::Optional => "optional",
        Tokens::NoPreference => "no-preference",
    }
}

const fn endpoint(value: Endpoint) -> &'static str {
    match value {
        Endpoint::Enabled => "enabled",
        Endpoint::Disabled => "disabled",
        Endpoint::NoPreference => "no-preference",
    }
}

const fn enforcement(value: Enforcement) -> &'static str {
    match value {
        Enforcement::Enabled => "enabled",
        Enforcement::Disabled => "disabled",
        Enforcement::NoPreference => "no-preference",
    }
}
