//! Which roles and instances use credentials, and by which version of the metadata service they were delivered:
//! `TRAIL-V1-DELIVERY`.

use crate::facts::Place;
use crate::finding::{Evidence, Finding};
use crate::moment::Moment;
use crate::rule::{Rule, Severity};
use crate::state::{Count, Session, State};

/// Calls with credentials that were delivered in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// How many.
    pub calls: u64,
    /// The first; `None` without calls.
    pub first: Option<Moment>,
    /// The last.
    pub last: Option<Moment>,
}

/// One role on one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The ARN of the session.
    pub session: &'a str,
    /// The account of the role.
    pub account: &'a str,
    /// The ARN of the role, or its name where the record has no more.
    pub role: &'a str,
    /// The instance, if the session is named for one.
    pub instance: Option<&'a str>,
    /// Delivered by IMDSv1.
    pub v1: Use,
    /// Delivered by IMDSv2.
    pub v2: Use,
    /// Delivered in a way that is not known here, or by the instance identity role without a word about it.
    pub other: Use,
}

/// Every role on every instance that is remembered.
pub(crate) fn rows(state: &State) -> impl Iterator<Item = Row<'_>> {
    state.sessions.iter().map(|(session, row)| row_of(session, row))
}

fn row_of<'a>(session: &'a str, row: &'a Session) -> Row<'a> {
    Row {
        session,
        account: &row.account,
        role: &row.role,
        instance: row.instance.as_deref(),
        v1: row.v1.into(),
        v2: row.v2.into(),
        other: row.other.into(),
    }
}

impl From<Count> for Use {
    fn from(count: Count) -> Use {
        let seen = count.calls > 0;
        Use { calls: count.calls, first: seen.then_some(count.first), last: seen.then_some(count.last) }
    }
}

impl Row<'_> {
    /// The finding about it, if credentials were delivered by IMDSv1.
    pub fn finding(&self) -> Option<Finding> {
        let (first, last) = (self.v1.first?, self.v1.last?);
        let whom = self.instance.unwrap_or(self.session);
        let calls = self.v1.calls;
        let mixed = if self.v2.calls > 0 { ", beside IMDSv2" } else { "" };
        let summary = format!(
            "{calls} calls with credentials delivered to {whom} by IMDSv1{mixed}, the last at {last}"
        );
        let evidence = [
            ("role", self.role.to_owned()),
            ("instance", self.instance.unwrap_or_default().to_owned()),
            ("calls-v1", calls.to_string()),
            ("calls-v2", self.v2.calls.to_string()),
            ("first", first.to_string()),
            ("last", last.to_string()),
        ];
        Some(Finding {
            rule: Rule::V1Delivery,
            severity: Severity::Low,
            time: last,
            place: Place::default(),
            event_id: String::new(),
            account: self.account.to_owned(),
            region: String::new(),
            actor: self.session.to_owned(),
            attempt: false,
            summary,
            score: None,
            parts: Vec::new(),
            evidence: evidence
                .into_iter()
                .filter(|(_, v)| !v.is_empty())
                .map(|(name, value)| Evidence { name, value })
                .collect(),
        })
    }
}
