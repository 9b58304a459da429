//! The IAM policy that a mode needs, made from the table of operations.
//!
//! | mode | may |
//! |---|---|
//! | `scan` | read the account |
//! | `organization` | read the account and the organization, assume the roles in its accounts |
//! | `apply` | read the account, change instances, templates, groups and images |
//! | `report` | have the organization report on the defaults of its accounts |
//! | `enforce` | read and change the defaults of the account |

use crate::action::{Action, Purpose};
use serde_json::{Value, json};

/// What Onehop is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Reads one account.
    Scan,
    /// Reads all accounts of an organization.
    Organization,
    /// Migrates an account.
    Apply,
    /// Has the organization report on its accounts, without a role in each.
    Report,
    /// Sets the defaults of an account.
    Enforce,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 5] = [Mode::Scan, Mode::Organization, Mode::Apply, Mode::Report, Mode::Enforce];

    /// A stable name, e.g. `organization`.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Scan => "scan",
            Mode::Organization => "organization",
            Mode::Apply => "apply",
            Mode::Report => "report",
            Mode::Enforce => "enforce",
        }
    }

    /// Whether it calls an operation.
    pub const fn calls(self, action: Action) -> bool {
        match (self, action.purpose()) {
            (Mode::Scan | Mode::Organization | Mode::Apply, Purpose::Scan)
            | (Mode::Organization, Purpose::Organization)
            | (Mode::Apply, Purpose::Apply)
            | (Mode::Report, Purpose::Report)
            | (Mode::Enforce, Purpose::Enforce) => true,
            (Mode::Report, _) => matches!(action, Action::GetCallerIdentity),
            (Mode::Enforce, _) => matches!(
                action,
                Action::GetCallerIdentity | Action::DescribeRegions | Action::GetInstanceMetadataDefaults
            ),
            _ => false,
        }
    }
}

/// The policy of a mode: the permissions of the operations that it calls, and no others.
///
/// `role_name` limits which roles may be assumed; `*` stands for any.
///
/// `apply` has one statement more: Auto Scaling checks whether its caller could start an instance from the template
/// that a group is pointed at, which takes `ec2:RunInstances` and, for its role, `iam:PassRole`. They are limited to
/// launches from a template and to roles for EC2.
pub fn policy(mode: Mode, role_name: &str) -> Value {
    let permissions = |wanted: &[Purpose]| {
        let mut names: Vec<_> = Action::ALL
            .iter()
            .filter(|action| mode.calls(**action) && wanted.contains(&action.purpose()))
            // Everybody may ask who they are, and the one resource of roles has its own statement.
            .filter(|action| !matches!(action, Action::GetCallerIdentity | Action::AssumeRole))
            .map(|action| action.permission())
            .collect();
        names.sort_unstable();
        names
    };
    let allow = |id: &str, actions: Vec<&str>, resource: &str| {
        (!actions.is_empty())
            .then(|| json!({"Sid": id, "Effect": "Allow", "Action": actions, "Resource": resource}))
    };
    let mut statements: Vec<Value> = [
        allow("Read", permissions(&[Purpose::Scan]), "*"),
        allow("ReadOrganization", permissions(&[Purpose::Organization]), "*"),
        allow("Report", permissions(&[Purpose::Report]), "*"),
        allow("Change", permissions(&[Purpose::Apply, Purpose::Enforce]), "*"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if mode.calls(Action::AssumeRole) {
        let roles = format!("arn:*:iam::*:role/{role_name}");
        statements.extend(allow("EnterAccounts", vec![Action::AssumeRole.permission()], &roles));
    }
    if mode == Mode::Apply {
        statements
            .push(json!({"Sid": "PointGroupsAtTemplates", "Effect": "Allow", "Action": "ec2:RunInstances",
            "Resource": "*", "Condition": {"Bool": {"ec2:IsLaunchTemplateResource": "true"}}}));
        statements.push(json!({"Sid": "PassRolesOfTemplates", "Effect": "Allow", "Action": "iam:PassRole",
            "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[cfg(test)]
mod tests;
