//! What a rule found in a record.

use crate::elsewhere::Part;
use crate::facts::{Facts, Place};
use crate::moment::Moment;
use crate::rule::{Rule, Severity};

/// What a rule found in a record. Texts hold what strangers wrote, cut to a bound: clean them before showing them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How grave it is here.
    pub severity: Severity,
    /// When it happened.
    pub time: Moment,
    /// The record that shows it; for findings about many records, the last one that was read.
    pub place: Place,
    /// `eventID` of that record.
    pub event_id: String,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// Who made the call: an ARN, or the name of a service.
    pub actor: String,
    /// Whether the call failed.
    pub attempt: bool,
    /// What was seen, in one sentence.
    pub summary: String,
    /// The sum of `parts`, for rules that weigh.
    pub score: Option<u32>,
    /// What was weighed.
    pub parts: Vec<Part>,
    /// What it rests on, by stable names.
    pub evidence: Vec<Evidence>,
}

/// One thing that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// A stable name, e.g. `instance`.
    pub name: &'static str,
    /// The value as the record has it, or a list with `, ` between.
    pub value: String,
}

impl Finding {
    pub(crate) fn of(rule: Rule, severity: Severity, facts: &Facts, summary: String) -> Finding {
        let origin = match &facts.origin {
            crate::facts::Origin::Address(address) => address.to_string(),
            crate::facts::Origin::Service(text) | crate::facts::Origin::Unknown(text) => text.clone(),
        };
        let finding = Finding {
            rule,
            severity,
            time: facts.time,
            place: facts.place,
            event_id: facts.id.clone(),
            account: facts.account.clone(),
            region: facts.region.clone(),
            actor: facts.principal.arn.clone(),
            attempt: facts.error.is_some(),
            summary,
            score: None,
            parts: Vec::new(),
            evidence: Vec::new(),
        };
        finding
            .with("event", &facts.event)
            .with("source-address", origin)
            .with("user-agent", &facts.user_agent)
            .with("access-key", facts.key.as_deref().unwrap_or_default())
            .with("error", facts.error.as_deref().unwrap_or_default())
    }

    /// Adds evidence, unless it is empty.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Finding {
        let value = value.into();
        if !value.is_empty() {
            self.evidence.push(Evidence { name, value });
        }
        self
    }

    /// The evidence of a name.
    pub fn evidence(&self, name: &str) -> Option<&str> {
        self.evidence.iter().find(|evidence| evidence.name == name).map(|evidence| evidence.value.as_str())
    }
}

/// The first few of a list, with how many there are beyond.
pub(crate) fn listed<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    const SHOWN: usize = 8;
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let shown = items.get(..SHOWN).unwrap_or(&items).join(", ");
    match items.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}
