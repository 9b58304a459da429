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
    /// Names the management account: `arn:aws:organizations::MANAGEMENT:account/o-…/ID`.
    pub arn: String,
}

impl Account {
    /// The management account of its organization.
    pub fn management(&self) -> Option<&str> {
        self.arn.split(':').nth(4).filter(|id| !id.is_empty())
    }
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

/// `ListPolicies`: those of one type.
#[derive(Clone, Debug, Default)]
pub struct ListPolicies {
    /// E.g. `SERVICE_CONTROL_POLICY`.
    pub kind: String,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListPolicies {
    type Output = Policies;
    const ACTION: Action = Action::ListPolicies;

    fn request(&self) -> Request {
        Request::json(&object!({"Filter": self.kind, "NextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<Policies, Unreadable> {
        json(body)
    }
}

impl Paged for ListPolicies {
    fn next(output: &Policies) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Policies {
    /// The policies.
    pub policies: Vec<PolicySummary>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `ListTargetsForPolicy`: what a policy is attached to.
#[derive(Clone, Debug, Default)]
pub struct ListTargetsForPolicy {
    /// `p-…`.
    pub policy_id: String,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListTargetsForPolicy {
    type Output = Targets;
    const ACTION: Action = Action::ListTargetsForPolicy;

    fn request(&self) -> Request {
        Request::json(&object!({"PolicyId": self.policy_id, "NextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<Targets, Unreadable> {
        json(body)
    }
}

impl Paged for ListTargetsForPolicy {
    fn next(output: &Targets) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Targets {
    /// The targets.
    pub targets: Vec<Target>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `ListParents`: what an account or a unit is in.
#[derive(Clone, Debug, Default)]
pub struct ListParents {
    /// The account or the unit.
    pub child_id: String,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListParents {
    type Output = Parents;
    const ACTION: Action = Action::ListParents;

    fn request(&self) -> Request {
        Request::json(&object!({"ChildId": self.child_id, "NextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<Parents, Unreadable> {
        json(body)
    }
}

impl Paged for ListParents {
    fn next(output: &Parents) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of parents; there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Parents {
    /// The parents.
    pub parents: Vec<Parent>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `ListRoots`: the one root of an organization.
#[derive(Clone, Debug, Default)]
pub struct ListRoots {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListRoots {
    type Output = Roots;
    const ACTION: Action = Action::ListRoots;

    fn request(&self) -> Request {
        Request::json(&object!({"NextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<Roots, Unreadable> {
        json(body)
    }
}

impl Paged for ListRoots {
    fn next(output: &Roots) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of roots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Roots {
    /// The roots.
    pub roots: Vec<Root>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A policy without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PolicySummary {
    /// `p-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is one that AWS made.
    pub aws_managed: bool,
}

/// Something that a policy is attached to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Target {
    /// An account, a unit (`ou-…`) or the root (`r-…`).
    pub target_id: String,
}

/// What an account or a unit is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Parent {
    /// A unit (`ou-…`) or the root (`r-…`).
    pub id: String,
}

/// The root of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Root {
    /// `r-…`.
    pub id: String,
}

/// `DescribePolicy`: the text of a policy.
#[derive(Clone, Debug, Default)]
pub struct DescribePolicy {
    /// `p-…`.
    pub policy_id: String,
}

impl Operation for DescribePolicy {
    type Output = PolicyText;
    const ACTION: Action = Action::DescribePolicy;

    fn request(&self) -> Request {
        Request::json(&object!({"PolicyId": self.policy_id}))
    }

    fn parse(body: &[u8]) -> Result<PolicyText, Unreadable> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "Policy")]
            policy: PolicyText,
        }
        json::<Answer>(body).map(|answer| answer.policy)
    }
}

/// The text of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PolicyText {
    /// JSON.
    pub content: String,
}
