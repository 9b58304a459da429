//! Policies of the organization: which are attached where, and what each does to IMDSv1 and to its repair.
//!
//! ```text
//! policies ─▶ texts ─▶ controls; those without any are dropped ─▶ targets ─▶ account, or a unit or the root above it
//! ```
//!
//! A statement counts only if all of it is understood: one that holds in some regions, for some resources or for all but
//! some actions would be told as more than it is. Service control policies do not bind the management account.

use super::steps::Steps;
use crate::action::Action;
use crate::error::CallError;
use crate::ops::organizations::{
    Account, DescribePolicy, ListParents, ListPolicies, ListTargetsForPolicy, PolicySummary,
};
use onehop_inventory::OrgPolicy;
use onehop_posture::policy::{Condition, Control, Deny};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CONTROL: &str = "SERVICE_CONTROL_POLICY";
pub(super) const DECLARATIVE: &str = "DECLARATIVE_POLICY_EC2";
/// Units are at most five deep.
const DEPTH_MAX: usize = 8;

/// The policies of an organization that matter, and where accounts are in it.
#[derive(Debug, Default)]
pub(super) struct Organization {
    policies: Vec<(OrgPolicy, BTreeSet<String>)>,
    parents: BTreeMap<String, String>,
    management: Option<String>,
}

impl Organization {
    /// Reads policies, and what is above each account if that matters.
    pub(super) async fn read(steps: &mut Steps<'_>, accounts: &[Account]) -> Organization {
        let management = accounts.iter().find_map(|account| account.management().map(str::to_owned));
        let mut organization = Organization { management, ..Organization::default() };
        let (mut listed, mut failed) = (Vec::new(), None);
        for kind in [CONTROL, DECLARATIVE] {
            let ask = ListPolicies { kind: kind.to_owned(), next_token: None };
            let keep = |page: crate::ops::organizations::Policies| {
                listed.extend(page.policies.into_iter().map(|policy| (kind, policy)));
            };
            match steps.client.pages(ask, keep).await {
                // A type that the organization does not use has no policies.
                Err(error) if error.code == "PolicyTypeNotEnabledException" => {}
                Err(error) => failed = failed.or(Some(error)),
                Ok(()) => {}
            }
        }
        let is_read = steps.note(Action::ListPolicies, listed.len() as u64, failed);
        if !is_read && listed.is_empty() {
            let needing = [Action::DescribePolicy, Action::ListTargetsForPolicy, Action::ListParents];
            steps.skip_without(Action::ListPolicies, &needing);
            return organization;
        }
        organization.texts(steps, listed).await;
        organization.targets(steps).await;
        organization.places(steps, accounts).await;
        organization
    }

    async fn texts(&mut self, steps: &mut Steps<'_>, listed: Vec<(&str, PolicySummary)>) {
        // What AWS made allows everything.
        let own: Vec<_> = listed.into_iter().filter(|(_, policy)| !policy.aws_managed).collect();
        let asks = own.iter().map(|(_, policy)| DescribePolicy { policy_id: policy.id.clone() }).collect();
        steps
            .each(asks, |ask, text| {
                let about = own.iter().find(|(_, policy)| policy.id == ask.policy_id);
                let controls = controls(&text.content);
                if let Some((kind, policy)) = about.filter(|_| !controls.is_empty()) {
                    let (id, name) = (policy.id.clone(), Some(policy.name.clone()));
                    let policy = OrgPolicy { id, name, kind: (*kind).into(), controls };
                    self.policies.push((policy, BTreeSet::new()));
                }
                1
            })
            .await;
    }

    async fn targets(&mut self, steps: &mut Steps<'_>) {
        let (mut items, mut failed) = (0, None);
        for (policy, targets) in &mut self.policies {
            let ask = ListTargetsForPolicy { policy_id: policy.id.clone(), next_token: None };
            let keep = |page: crate::ops::organizations::Targets| {
                targets.extend(page.targets.into_iter().map(|target| target.target_id));
            };
            if let Err(error) = steps.client.pages(ask, keep).await {
                failed.get_or_insert(error);
            }
            items += targets.len() as u64;
        }
        steps.note(Action::ListTargetsForPolicy, items, failed);
    }

    /// What each account is in, if a policy is attached to a unit; the root is above all.
    async fn places(&mut self, steps: &mut Steps<'_>, accounts: &[Account]) {
        if !self.policies.iter().flat_map(|(_, targets)| targets).any(|target| target.starts_with("ou-")) {
            return steps.skip(&[Action::ListParents], "no policy that matters is attached to a unit");
        }
        let mut failed: Option<CallError> = None;
        let mut wanted: Vec<String> = accounts.iter().map(|account| account.id.clone()).collect();
        while let Some(child) = wanted.pop() {
            if child.starts_with("r-") || self.parents.contains_key(&child) {
                continue;
            }
            let mut found = None;
            let ask = ListParents { child_id: child.clone(), next_token: None };
            let keep = |page: crate::ops::organizations::Parents| {
                found = found.take().or_else(|| page.parents.into_iter().next());
            };
            match steps.client.pages(ask, keep).await {
                Ok(()) => {}
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            if let Some(parent) = found {
                self.parents.insert(child, parent.id.clone());
                wanted.push(parent.id);
            }
        }
        steps.note(Action::ListParents, self.parents.len() as u64, failed);
    }

    /// The policies that bind an account.
    pub(super) fn of(&self, account: &str) -> Vec<OrgPolicy> {
        let above: Vec<&str> =
            std::iter::successors(Some(account), |child| self.parents.get(*child).map(String::as_str))
                .take(DEPTH_MAX)
                .collect();
        let is_management = self.management.as_deref() == Some(account);
        let binds = |(policy, targets): &&(OrgPolicy, BTreeSet<String>)| {
            let is_above = |target: &String| target.starts_with("r-") || above.contains(&target.as_str());
            !(is_management && policy.kind == CONTROL) && targets.iter().any(is_above)
        };
        self.policies.iter().filter(binds).map(|(policy, _)| policy.clone()).collect()
    }
}

/// What the text of a policy does.
pub(super) fn controls(content: &str) -> Vec<Control> {
    let content: Value = serde_json::from_str(content).unwrap_or_default();
    let mut controls: Vec<Control> =
        many(&content["Statement"]).filter_map(denied).flat_map(|deny| deny.controls()).collect();
    let defaults = &content["ec2_attributes"]["instance_metadata_defaults"];
    if defaults.is_object() {
        controls.push(Control::Declarative);
    }
    let enforced = &defaults["http_tokens_enforced"];
    // As it is written; what applies to an account has no operators any more.
    if enforced == "enabled" || enforced["@@assign"] == "enabled" {
        controls.push(Control::Enforced);
    }
    controls.dedup();
    controls
}

/// A statement that denies, if all of it is understood.
fn denied(statement: &Value) -> Option<Deny> {
    if statement["Effect"] != "Deny" || statement["Action"].is_null() {
        return None;
    }
    let is_wide = |resource: &str| {
        resource == "*"
            || (resource.starts_with("arn:") && resource.contains(":ec2:") && resource.ends_with('*'))
    };
    let has_resources = statement["NotResource"].is_null();
    if !has_resources || !many(&statement["Resource"]).filter_map(Value::as_str).all(is_wide) {
        return None;
    }
    let mut conditions = Vec::new();
    for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
        for (key, values) in keys.as_object()? {
            if !is_known(key) {
                return None;
            }
            let values = many(values).filter_map(text).collect();
            conditions.push(Condition { operator: operator.clone(), key: key.clone(), values });
        }
    }
    let actions = many(&statement["Action"]).filter_map(text).collect();
    Some(Deny { actions, conditions })
}

/// Keys of conditions that controls are told by.
fn is_known(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("ec2:metadata")
        || key == "ec2:roledelivery"
        || key.starts_with("aws:principal")
        || key == "aws:userid"
        || key == "aws:viaawsservice"
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A value that stands for itself, or for many.
fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let (one, all) = match value {
        Value::Array(all) => (None, all.as_slice()),
        Value::Null => (None, &[][..]),
        one => (Some(one), &[][..]),
    };
    one.into_iter().chain(all)
}

#[cfg(test)]
mod tests {
    use super::controls;
    use onehop_posture::policy::Control;
    use proptest::prelude::*;

    #[test]
    fn statements_are_told_by_what_they_deny() {
        let deny = |rest: &str| format!(r#"{{"Statement":[{{"Effect":"Deny","Resource":"*",{rest}}}]}}"#);
        let modify = r#""Action":"ec2:ModifyInstanceMetadataOptions""#;
        let unless = r#""Condition":{"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/fix"}}"#;
        let cases = [
            (deny(modify), vec![Control::DenyModify { exempts: false }], "to everybody"),
            (deny(&format!("{modify},{unless}")), vec![Control::DenyModify { exempts: true }], "but one"),
            (
                deny(r#""Action":["ec2:RunInstances"],"Condition":{"StringNotEquals":{"ec2:MetadataHttpTokens":"required"}}"#),
                vec![Control::DenyLaunch],
                "the key of launches",
            ),
            (
                deny(r#""Action":"*","Condition":{"NumericLessThan":{"ec2:RoleDelivery":"2.0"}}"#),
                vec![Control::DenyDelivery],
                "the key of deliveries",
            ),
            (
                deny(r#""Action":"ec2:*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}"#),
                vec![],
                "in some regions only",
            ),
            (deny(r#""NotAction":"iam:*""#), vec![], "all but some"),
            (
                format!(r#"{{"Statement":{{"Effect":"Deny","Resource":"arn:aws:s3:::*",{modify}}}}}"#),
                vec![],
                "for resources of another kind",
            ),
            (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned(), vec![], "allows"),
            (
                r#"{"ec2_attributes":{"instance_metadata_defaults":{"http_tokens_enforced":{"@@assign":"enabled"}}}}"#
                    .to_owned(),
                vec![Control::Declarative, Control::Enforced],
                "declared",
            ),
            ("no JSON".to_owned(), vec![], "nothing"),
        ];
        for (text, want, why) in cases {
            assert_eq!(controls(&text), want, "{why}: {text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,200}") {
            let _ = controls(&text);
        }
    }
}
