use super::{Effect, Pattern, Policy, PolicyError, Rule, Who};
use crate::caller::Caller;
use onehop_imds::path::MetadataPath;
use onehop_verdict::Code;
use proptest::prelude::*;

const APP: Caller = Caller::Local { uid: 1000 };
const OTHER: Caller = Caller::Local { uid: 1001 };

fn rule(name: &str, paths: &[&str], callers: &[&str], effect: Effect) -> Rule {
    Rule {
        name: name.into(),
        paths: paths.iter().map(|text| Pattern::parse(text).expect(text)).collect(),
        callers: callers.iter().map(|text| Who::parse(text).expect(text)).collect(),
        effect,
    }
}

fn policy(rules: Vec<Rule>) -> Policy {
    Policy::new(vec![Who::AnyLocal], rules).expect("a policy without contradictions")
}

fn allows(policy: &Policy, caller: Caller, path: &str) -> bool {
    policy.check(&caller, &MetadataPath::parse(path).expect(path)).is_ok()
}

#[test]
fn every_row_of_the_truth_table() {
    let credentials = "/latest/meta-data/iam/security-credentials/role";
    let policy = policy(vec![
        rule("app", &["meta-data/iam/security-credentials/**"], &["uid:1000"], Effect::Allow),
        rule("secret", &["user-data", "meta-data/tags/**"], &["any"], Effect::Deny),
        rule("tags", &["meta-data/tags/instance"], &["uid:1000"], Effect::Allow),
    ]);
    for (caller, path, allowed) in [
        (APP, credentials, true),
        (OTHER, credentials, false),
        (APP, "/latest/meta-data/IAM/security-credentials/role", true),
        (OTHER, "/latest/meta-data/IAM/security-credentials/role", false),
        (OTHER, "/2099-01-01/meta-data/iam/security-credentials/", false),
        (OTHER, "/latest/meta-data/iam/security-credentials-extended/role", false),
        (APP, "/latest/meta-data/identity-credentials/ec2/info", false),
        (APP, "/latest/user-data", false),
        (APP, "/1.0/User-Data/", false),
        (APP, "/latest/meta-data/tags/instance", false),
        (OTHER, "/latest/meta-data/instance-id", true),
        (OTHER, "/", true),
    ] {
        assert_eq!(allows(&policy, caller, path), allowed, "{caller} {path}");
    }
}

#[test]
fn a_denial_carries_its_code_and_rule() {
    let policy = policy(vec![rule("secret", &["user-data"], &["any"], Effect::Deny)]);
    let path = MetadataPath::parse("/latest/user-data").expect("a path");
    let hidden = policy.check(&APP, &path).expect_err("denied");
    assert_eq!((hidden.denied.code(), hidden.rule.as_deref()), (Code::PolicyDeny, Some("secret")));
}

#[test]
fn callers_that_are_not_admitted_have_their_own_codes() {
    let policy = Policy::new(vec![Who::Uid(1000)], Vec::new()).expect("a policy");
    let remote = Caller::Remote("192.0.2.7".parse().expect("an address"));
    for (caller, want) in [
        (APP, None),
        (OTHER, Some(Code::CallerDenied)),
        (remote, Some(Code::CallerRemote)),
        (Caller::Unknown, Some(Code::CallerUnknown)),
    ] {
        assert_eq!(policy.admit(&caller).err().map(|denied| denied.code()), want, "{caller}");
    }
}

#[test]
fn contradictions_and_empty_rules_are_refused() {
    let contradiction = Policy::new(
        Vec::new(),
        vec![
            rule("a", &["user-data", "meta-data/**"], &["any"], Effect::Allow),
            rule("b", &["user-data"], &["uid:1", "any"], Effect::Deny),
        ],
    );
    assert!(matches!(contradiction, Err(PolicyError::Contradiction { .. })), "{contradiction:?}");
    let empty = Policy::new(Vec::new(), vec![rule("a", &[], &["any"], Effect::Allow)]);
    assert_eq!(empty.expect_err("empty"), PolicyError::Empty { rule: "a".into(), what: "paths" });
}

proptest! {
    #[test]
    fn adding_a_deny_never_allows(
        paths in proptest::collection::vec("(meta-data|user-data)(/(iam|tags|x|\\*)){0,2}(/\\*\\*)?", 1..4),
        effects in proptest::collection::vec(any::<bool>(), 1..4),
        deny in "(meta-data|user-data)(/(iam|tags|x|\\*)){0,2}(/\\*\\*)?",
        asked in "/latest/(meta-data|user-data)(/(iam|tags|x|security-credentials)){0,3}",
    ) {
        let rules: Vec<Rule> = paths.iter().zip(&effects).enumerate().map(|(n, (path, allow))| {
            rule(&n.to_string(), &[path], &["any"], if *allow { Effect::Allow } else { Effect::Deny })
        }).collect();
        let mut more = rules.clone();
        more.push(rule("deny", &[&deny], &["any"], Effect::Deny));
        if let (Ok(before), Ok(after)) = (Policy::new(vec![], rules), Policy::new(vec![], more)) {
            prop_assert!(allows(&before, APP, &asked) || !allows(&after, APP, &asked));
        }
    }
}
