use super::{Mode, policy};
use crate::action::Action;
use std::collections::BTreeSet;

fn allowed(mode: Mode) -> BTreeSet<String> {
    let policy = policy(mode, "Audit");
    let statements = policy["Statement"].as_array().expect("statements").iter();
    statements
        .filter(|statement| statement.get("Condition").is_none())
        .flat_map(|statement| statement["Action"].as_array().expect("actions").clone())
        .map(|action| action.as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn a_mode_is_allowed_what_it_calls_and_nothing_else() {
    for mode in Mode::ALL {
        let calls: BTreeSet<_> = Action::ALL
            .iter()
            .filter(|action| mode.calls(**action) && **action != Action::GetCallerIdentity)
            .map(|action| action.permission().to_owned())
            .collect();
        assert_eq!(allowed(mode), calls, "{}", mode.name());
    }
}

#[test]
fn modes_that_read_change_nothing() {
    for mode in [Mode::Scan, Mode::Organization] {
        for permission in allowed(mode) {
            let verb = permission.split(':').nth(1).expect("a name");
            let reads = ["Describe", "Get", "List", "Lookup", "Assume"];
            assert!(reads.iter().any(|read| verb.starts_with(read)), "{permission}");
        }
    }
    assert!(!allowed(Mode::Scan).contains("sts:AssumeRole"));
    assert!(allowed(Mode::Apply).contains("ec2:ModifyInstanceMetadataOptions"));
    assert!(!allowed(Mode::Apply).contains("ec2:ModifyInstanceMetadataDefaults"));
    let enforce =
        ["ec2:DescribeRegions", "ec2:GetInstanceMetadataDefaults", "ec2:ModifyInstanceMetadataDefaults"];
    assert_eq!(allowed(Mode::Enforce), enforce.map(str::to_owned).into());
}

#[test]
fn names_in_iam_are_those_of_iam() {
    let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.permission()).collect();
    assert_eq!(names.len(), Action::ALL.len());
    assert!(names.contains("ecs:ListClusters") && names.contains("eks:ListClusters"));
    assert!(!names.iter().any(|name| name.contains("Ecs")));
}

#[test]
fn roles_are_limited_by_name() {
    let text = policy(Mode::Organization, "Audit").to_string();
    assert!(text.contains("arn:*:iam::*:role/Audit"), "{text}");
}
