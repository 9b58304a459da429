//! What the roles of instances may do, roughly: everything, changes, reading, nothing.
//!
//! Takes what is allowed and leaves conditions, denials, boundaries and resources aside, but for one: a statement counts
//! for `admin` only if it is for all resources. It is meant to order findings by how bad they are, and errs upwards.

use super::steps::Steps;
use crate::ops::iam::{self, AuthorizationDetails, GetAccountAuthorizationDetails};
use onehop_inventory::Role;
use onehop_posture::RolePower;
use serde_json::Value;
use std::collections::HashMap;

/// Reads the roles that instance profiles hold.
pub(super) async fn read(steps: &mut Steps<'_>) -> Vec<Role> {
    let (mut roles, mut policies) = (Vec::new(), HashMap::new());
    steps
        .pages(GetAccountAuthorizationDetails { page_size: Some(1000), marker: None }, |page| {
            let AuthorizationDetails { roles: more, policies: documents, .. } = page;
            let count = more.len();
            roles.extend(more.into_iter().filter(|role| !role.instance_profiles.is_empty()));
            policies.extend(documents.into_iter().map(|policy| (policy.arn, power(&policy.document))));
            count
        })
        .await;
    roles.into_iter().map(|role| judged(role, &policies)).collect()
}

fn judged(role: iam::Role, policies: &HashMap<String, Power>) -> Role {
    let attached = role.attached.iter().map(|arn| {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        // The answer may leave out policies of AWS that the account has not attached, but never these.
        let known = policies.get(arn).copied().unwrap_or_else(|| by_name(name));
        (known, format!("{name} is attached"))
    });
    let own = role.inline.iter().map(|text| (power(text), "it has a policy of its own".to_owned()));
    let strongest = attached.chain(own).max_by_key(|(power, _)| *power);
    let (power, because) = match strongest {
        None | Some((Power::None, _)) => (RolePower::Powerless, None),
        Some((Power::Unread, because)) => {
            (RolePower::Unknown("a policy could not be read".into()), Some(because))
        }
        Some((Power::Read, because)) => (RolePower::Read, Some(because)),
        Some((Power::Write, because)) => (RolePower::Write, Some(because)),
        Some((Power::Admin, because)) => (RolePower::Admin, Some(because)),
    };
    Role { arn: role.arn, profiles: role.instance_profiles, power: Some(power), because }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    None,
    Read,
    Unread,
    Write,
    Admin,
}

fn by_name(name: &str) -> Power {
    match name {
        "AdministratorAccess" | "PowerUserAccess" | "IAMFullAccess" => Power::Admin,
        _ if name.ends_with("FullAccess") => Power::Write,
        _ if name.contains("ReadOnly") => Power::Read,
        _ => Power::Unread,
    }
}

fn power(document: &str) -> Power {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return Power::Unread };
    many(&document["Statement"])
        .filter(|it| it["Effect"] == "Allow")
        .map(statement)
        .max()
        .unwrap_or(Power::None)
}

fn statement(statement: &Value) -> Power {
    let is_everywhere = many(&statement["Resource"]).any(|it| it == "*");
    if !statement["NotAction"].is_null() {
        return if is_everywhere { Power::Admin } else { Power::Write };
    }
    let of = |action: &Value| action.as_str().map_or(Power::Unread, |text| of_action(text, is_everywhere));
    many(&statement["Action"]).map(of).max().unwrap_or(Power::None)
}

/// Ways to everything, for which one action on all resources is enough.
const LEADS_TO_ALL: [&str; 9] = [
    "iam:addusertogroup",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createaccesskey",
    "iam:createpolicyversion",
    "iam:passrole",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:updateassumerolepolicy",
];

fn of_action(action: &str, is_everywhere: bool) -> Power {
    let action = action.to_ascii_lowercase();
    let is_all =
        matches!(action.as_str(), "*" | "*:*" | "iam:*" | "sts:*") || LEADS_TO_ALL.contains(&action.as_str());
    if is_all && is_everywhere {
        return Power::Admin;
    }
    let verb = action.split_once(':').map_or(action.as_str(), |(_, verb)| verb);
    let reads = ["get", "list", "describe", "head", "lookup", "search", "batchget", "query", "scan", "view"];
    if reads.iter().any(|read| verb.starts_with(read)) { Power::Read } else { Power::Write }
}

fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let (list, one) = match value {
        Value::Array(list) => (list.as_slice(), None),
        Value::Null => (&[] as &[Value], None),
        one => (&[] as &[Value], Some(one)),
    };
    list.iter().chain(one)
}

#[cfg(test)]
mod tests {
    use super::{Power, power};

    #[test]
    fn documents_are_ordered_by_what_they_allow() {
        let cases = [
            (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#, Power::Admin),
            (r#"{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}]}"#, Power::Read),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:Put*"],"Resource":"*"}]}"#,
                Power::Write,
            ),
            (r#"{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#, Power::None),
            (r#"{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}"#, Power::Admin),
            (r#"{"Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}]}"#, Power::Admin),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:a"}]}"#,
                Power::Write,
            ),
            (r#"{"Statement":[]}"#, Power::None),
            ("{}", Power::None),
            ("no JSON", Power::Unread),
        ];
        for (document, want) in cases {
            assert_eq!(power(document), want, "{document}");
        }
    }
}
