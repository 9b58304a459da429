//! The record of calls in one place: every operation is on it, also when it was not made.

use super::plan::{Event, Plan, Progress};
use crate::action::Action;
use crate::client::{Client, Operation, Paged};
use crate::error::CallError;
use onehop_inventory::Call;
use std::sync::Arc;
use time::OffsetDateTime;

/// A region of an account, or the account seen from there, with all that reading it takes.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) client: Client,
    pub(super) plan: Arc<Plan>,
    pub(super) account: Arc<str>,
    pub(super) now: OffsetDateTime,
    pub(super) progress: Arc<dyn Progress>,
}

impl Site {
    /// A record without calls.
    pub(super) fn steps(&self) -> Steps<'_> {
        Steps {
            client: &self.client,
            account: &self.account,
            progress: self.progress.as_ref(),
            calls: Vec::new(),
        }
    }

    /// The same account in another region.
    pub(super) fn in_region(&self, name: &str) -> Site {
        Site { client: self.client.in_region(name), ..self.clone() }
    }
}

/// Makes calls and keeps the record.
pub(super) struct Steps<'s> {
    pub(super) client: &'s Client,
    pub(super) account: &'s str,
    progress: &'s dyn Progress,
    pub(super) calls: Vec<Call>,
}

impl Steps<'_> {
    /// Reads all pages. Whether that worked.
    pub(super) async fn pages<O: Paged>(
        &mut self,
        operation: O,
        mut each: impl FnMut(O::Output) -> usize,
    ) -> bool {
        let mut items = 0;
        let (account, progress, region) = (self.account, self.progress, self.client.region());
        let told = |page| {
            items += each(page) as u64;
            let operation = O::ACTION.permission();
            progress.tell(Event::Read { account, region, operation, items });
        };
        let outcome = self.client.pages(operation, told).await;
        self.note(O::ACTION, items, outcome.err())
    }

    /// Calls once and keeps the answer.
    pub(super) async fn one<O: Operation>(&mut self, operation: &O) -> Option<O::Output> {
        match self.client.call(operation).await {
            Ok(answer) => {
                self.note(O::ACTION, 1, None);
                Some(answer)
            }
            Err(error) => {
                self.note(O::ACTION, 0, Some(error));
                None
            }
        }
    }

    /// Calls for each of a list. One line on the record: done, or the first failure; the others go on unless it would
    /// fail for all.
    pub(super) async fn each<O: Operation>(
        &mut self,
        operations: Vec<O>,
        mut each: impl FnMut(&O, O::Output) -> usize,
    ) {
        let (mut items, mut failed) = (0, None);
        for operation in operations {
            match self.client.call(&operation).await {
                Ok(answer) => items += each(&operation, answer) as u64,
                Err(error) => {
                    let is_for_all = error.problem != crate::error::Problem::Refused;
                    failed.get_or_insert(error);
                    if is_for_all {
                        break;
                    }
                }
            }
        }
        self.note(O::ACTION, items, failed);
    }

    /// Puts an outcome on record. Whether it is a success.
    pub(super) fn note(&mut self, action: Action, items: u64, failed: Option<CallError>) -> bool {
        let Some(error) = failed else {
            self.calls.push(Call::done(action.permission(), items));
            return true;
        };
        self.progress.tell(Event::Failed { account: self.account, error: &error });
        self.calls.push(failure(&error, items));
        false
    }

    /// Puts on record that calls were not made.
    pub(super) fn skip(&mut self, actions: &[Action], why: &str) {
        self.calls.extend(actions.iter().map(|action| Call::skipped(action.permission(), why)));
    }

    /// Puts on record that calls were not made, as the one that they need failed.
    pub(super) fn skip_without(&mut self, needed: Action, actions: &[Action]) {
        self.skip(actions, &format!("{needed} failed"));
    }
}

/// A failed call for the record. Where the service gave no code, the kind of failure stands for it.
pub(super) fn failure(error: &CallError, items: u64) -> Call {
    let code = if error.code.is_empty() { error.problem.name() } else { error.code.as_str() };
    Call::failed(error.action.permission(), code, &error.message, items)
}
