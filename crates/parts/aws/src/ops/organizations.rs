//! Organizations: accounts and policies.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `ListAccounts`: the accounts of the organization. Only its management account and delegates may ask.
#[derive(Clone, Debug, Default)]
pub struct ListAccounts {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListAccounts {
    type Output = Accounts;
    const ACTION: Action = Action::ListAccounts;

    fn request(&self) -> Request {
        Request::json(&object!({"NextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<Accounts, Unreadable> {
        json(body)
    }
}

impl Paged for ListAccounts {
    fn next(output: &Accounts) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Accounts {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `ACTIVE`, `SUSPENDED`, …
    pub status: String,
}

/// `DescribeEffectivePolicy`: what applies to an account after inheritance.
#[derive(Clone, Debug, Default)]
pub struct DescribeEffectivePolicy {
    /// E.g. `DECLARATIVE_POLICY_EC2`.
    pub kind: String,
    /// The account; the own one if `None`.
    pub target_id: Option<String>,
}

impl Operation for DescribeEffectivePolicy {
    type Output = EffectivePolicy;
    const ACTION: Action = Action::DescribeEffectivePolicy;

    fn request(&self) -> Request {
        Request::json(&object!({"PolicyType": self.kind, "TargetId": self.target_id}))
    }

    fn parse(body: &[u8]) -> Result<EffectivePolicy, Unreadable> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "EffectivePolicy")]
            policy: EffectivePolicy,
        }
        json::<Answer>(body).map(|answer| answer.policy)
    }
}

/// The policy that applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EffectivePolicy {
    /// JSON.
    pub policy_content: String,
    /// The account.
    pub target_id: String,
    /// Its type.
    pub policy_type: String,
}
