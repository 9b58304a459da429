//! Policies of an organisation that speak of metadata options.

use super::judgement::Flaw;
use crate::rules;
use onehop_code::{Kind, Resource, Value};

/// The call that repairs an instance.
const REPAIR: &str = "ec2:modifyinstancemetadataoptions";

/// Judges a policy document.
pub(super) fn judge(resource: &Resource, document: &Value) -> Vec<Flaw> {
    let mut found = Vec::new();
    for statement in one_or_many(document.get("Statement")) {
        if blocks_repair(statement) {
            let message = format!(
                "policy `{}` denies ModifyInstanceMetadataOptions to everybody, also to whoever closes IMDSv1",
                resource.address
            );
            found.push(Flaw::of_resource(
                (resource, "policy"),
                &rules::POLICY_BLOCKS_FIX,
                message,
                statement.span,
            ));
        }
    }
    let defaults =
        document.path(&["ec2_attributes", "instance_metadata_defaults", "http_tokens", "@@assign"]);
    if defaults.and_then(Value::as_str) == Some("optional") {
        let message = format!(
            "policy `{}` makes IMDSv1 the default of every account it is attached to",
            resource.address
        );
        found.push(Flaw::of_resource(
            (resource, "policy"),
            &rules::ACCOUNT_OPTIONAL,
            message,
            defaults.and_then(|value| value.span),
        ));
    }
    found
}

fn blocks_repair(statement: &Value) -> bool {
    let is_deny = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
    let is_excepted = statement.get("Condition").is_some_and(|condition| !condition.is_null());
    let covers =
        |action: &Value| action.as_str().is_some_and(|pattern| matches(&pattern.to_ascii_lowercase()));
    is_deny && !is_excepted && one_or_many(statement.get("Action")).any(covers)
}

/// Whether an action pattern covers the repair. Only what ends in one `*` occurs, beside the name itself.
fn matches(pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, "")) => REPAIR.starts_with(before),
        _ => pattern == REPAIR,
    }
}

/// A value that stands for itself, or for many in a list.
fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (one, many) = match value {
        Some(value) => match &value.kind {
            Kind::List(items) => (None, items.as_slice()),
            _ => (Some(value), &[][..]),
        },
        None => (None, &[][..]),
    };
    one.into_iter().chain(many)
}
