//! Organizations: accounts, units, policies and where these are attached.

use super::json::{TOKEN, page};
use super::unknown;
use crate::answer::{Done, Fault};
use crate::scenario::{Account, OrgPolicy, Scenario};
use crate::world::Scene;
use serde_json::{Value, json};

/// The one root.
pub(super) const ROOT: &str = "r-fake";

pub(super) fn answer(scene: &Scene<'_>, operation: &str) -> Done<Value> {
    let scenario = &scene.world.scenario;
    if operation == "DescribeEffectivePolicy" {
        return effective(scene);
    }
    if !is_management(scene) {
        let words = "You don't have permissions to access this resource.";
        return Err(Fault::bad("AccessDeniedException", words));
    }
    match operation {
        "ListAccounts" => page(scene, &scenario.accounts, "Accounts", TOKEN, |it| account(scenario, it)),
        "ListRoots" => page(scene, &[ROOT], "Roots", TOKEN, |id| json!({"Id": id, "Name": "Root"})),
        "ListPolicies" => policies(scene),
        "DescribePolicy" => {
            let policy = policy(scene)?;
            Ok(json!({"Policy": {"PolicySummary": summary(policy), "Content": policy.content}}))
        }
        "ListTargetsForPolicy" => {
            let targets = targets(policy(scene)?);
            page(scene, &targets, "Targets", TOKEN, |id| json!({"TargetId": id, "Type": kind(id)}))
        }
        "ListParents" => {
            let child = scene.asked.text("ChildId").unwrap_or_default();
            let parent = parent(scenario, child).ok_or_else(|| {
                Fault::bad("ChildNotFoundException", "You specified a child that doesn't exist.")
            })?;
            Ok(json!({"Parents": [{"Id": parent, "Type": kind(parent)}]}))
        }
        _ => Err(unknown(scene)),
    }
}

/// Whether the caller is in the management account, which is the first.
pub(super) fn is_management(scene: &Scene<'_>) -> bool {
    scene.world.scenario.accounts.first().is_some_and(|first| first.id == scene.session.account)
}

fn account(scenario: &Scenario, it: &Account) -> Value {
    let management = scenario.accounts.first().map(|first| first.id.as_str()).unwrap_or_default();
    let status = it.status.as_deref().unwrap_or("ACTIVE");
    let arn = format!("arn:aws:organizations::{management}:account/o-fake/{}", it.id);
    json!({"Id": it.id, "Name": it.name, "Status": status, "Arn": arn})
}

fn kind(id: &str) -> &'static str {
    match id.get(..2) {
        Some("r-") => "ROOT",
        Some("ou") => "ORGANIZATIONAL_UNIT",
        _ => "ACCOUNT",
    }
}

/// What an account or a unit is in.
pub(super) fn parent<'s>(scenario: &'s Scenario, child: &str) -> Option<&'s str> {
    let above = |unit: &'s str| if unit.is_empty() { ROOT } else { unit };
    if let Some(unit) = scenario.units.get(child) {
        return Some(above(unit));
    }
    let account = scenario.accounts.iter().find(|account| account.id == child)?;
    Some(above(account.unit.as_deref().unwrap_or_default()))
}

/// Whether something is an account or in a unit, or below.
pub(super) fn is_in(scenario: &Scenario, account: &str, target: &str) -> bool {
    std::iter::successors(Some(account), |child| parent(scenario, child)).take(8).any(|at| at == target)
}

fn targets(policy: &OrgPolicy) -> Vec<&str> {
    if policy.targets.is_empty() { vec![ROOT] } else { policy.targets.iter().map(String::as_str).collect() }
}

fn summary(policy: &OrgPolicy) -> Value {
    json!({"Id": policy.id, "Name": policy.name, "Type": policy.kind, "AwsManaged": false})
}

fn policies(scene: &Scene<'_>) -> Done<Value> {
    let kind = scene.asked.text("Filter").unwrap_or_default();
    let wanted: Vec<_> = scene.world.scenario.policies.iter().filter(|policy| policy.kind == kind).collect();
    page(scene, &wanted, "Policies", TOKEN, |policy| summary(policy))
}

fn policy<'w>(scene: &Scene<'w>) -> Done<&'w OrgPolicy> {
    let id = scene.asked.text("PolicyId").unwrap_or_default();
    let words = "We can't find a policy with the PolicyId that you specified.";
    let found = scene.world.scenario.policies.iter().find(|policy| policy.id == id);
    found.ok_or_else(|| Fault::bad("PolicyNotFoundException", words))
}

/// The policy of the nearest target, without the operators that say how policies are merged.
fn effective(scene: &Scene<'_>) -> Done<Value> {
    let scenario = &scene.world.scenario;
    let kind = scene.asked.text("PolicyType").unwrap_or_default();
    let account = scene.asked.text("TargetId").unwrap_or(&scene.session.account);
    let binds = |policy: &&OrgPolicy| {
        policy.kind == kind && targets(policy).iter().any(|target| is_in(scenario, account, target))
    };
    let policy = scenario.policies.iter().find(binds).ok_or_else(|| {
        Fault::bad("EffectivePolicyNotFoundException", "the account has no effective policy of this type")
    })?;
    let content = serde_json::from_str(&policy.content)
        .map_or_else(|_| policy.content.clone(), |content: Value| assigned(content).to_string());
    Ok(json!({"EffectivePolicy": {"PolicyContent": content, "TargetId": account, "PolicyType": policy.kind}}))
}

fn assigned(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => match fields.remove("@@assign") {
            Some(value) => value,
            None => fields.into_iter().map(|(key, value)| (key, assigned(value))).collect(),
        },
        value => value,
    }
}
