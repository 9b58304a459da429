//! Hop limits, risk and policies: tables.

use onehop_posture::policy::{Act, Condition, Control, Deny, Outcome, matches_action};
use onehop_posture::{
    ContainerEvidence, Containers, Effective, HopAction, HopLimit, Options, Reach, Risk, RolePower, Setting,
    Severity, Sign, Switch, Tokens, Usage, hop,
};
use proptest::prelude::*;

fn instance(tokens: Tokens, limit: i64) -> Effective {
    Effective::observed(&Options {
        tokens: Setting::Set(tokens),
        endpoint: Setting::Set(Switch::Enabled),
        hop_limit: HopLimit::setting(Some(limit)),
        ..Options::default()
    })
}

fn found(containers: &[Containers]) -> ContainerEvidence {
    let sign = |containers: &Containers| Sign { containers: *containers, seen_in: "the user data".into() };
    ContainerEvidence::Found(containers.iter().map(sign).collect())
}

#[test]
fn hop_limits_are_judged_by_what_runs_there() {
    use Containers::{Bridge, EcsBlocked, EksVpcCni, HostNetwork, Overlay, PodIdentity};
    use HopAction::{FindOut, Keep, Set};
    use Tokens::{Optional, Required};
    let blind = || ContainerEvidence::NotLooked("user data was not read".into());
    let (two, three) = (HopLimit::TWO, HopLimit::THREE);
    let cases = [
        ("plain host", Required, 1, found(&[]), Keep, None, "1 is enough"),
        ("2 is no fault", Required, 2, found(&[]), Keep, None, "no fault by itself"),
        ("3 is no fault either", Required, 3, found(&[]), Keep, None, "no fault by itself"),
        ("far away", Required, 64, found(&[]), Set(two), Some(Severity::Note), "far beyond"),
        ("pods cut off", Required, 1, found(&[EksVpcCni]), Set(two), Some(Severity::Warning), "cut off"),
        (
            "overlay cut off at 2",
            Required,
            2,
            found(&[Overlay]),
            Set(three),
            Some(Severity::Warning),
            "cut off",
        ),
        (
            "the farthest decides",
            Required,
            2,
            found(&[Bridge, Overlay]),
            Set(three),
            Some(Severity::Warning),
            "overlay",
        ),
        (
            "works until the switch",
            Optional,
            1,
            found(&[Bridge]),
            Set(two),
            Some(Severity::Note),
            "fall back to IMDSv1",
        ),
        ("enough", Required, 2, found(&[Bridge]), Keep, None, "needs 2"),
        (
            "own identity",
            Required,
            2,
            found(&[PodIdentity]),
            Set(HopLimit::ONE),
            Some(Severity::Note),
            "does not need",
        ),
        ("agent keeps them away", Required, 1, found(&[EcsBlocked]), Keep, None, "needs 1"),
        ("host network", Required, 1, found(&[HostNetwork]), Keep, None, "whatever the limit is"),
        ("host network at 2", Required, 2, found(&[HostNetwork]), Keep, None, "whatever the limit is"),
        ("1 is no protection", Optional, 1, found(&[]), Keep, None, "keeps nobody out"),
        ("not looked, required", Required, 1, blind(), Keep, None, "user data was not read"),
        ("not looked, optional", Optional, 1, blind(), FindOut, Some(Severity::Note), "Find out before"),
    ];
    for (name, tokens, limit, evidence, action, severity, words) in cases {
        let got = hop::advise(&instance(tokens, limit), &evidence);
        assert_eq!((got.action, got.severity), (action, severity), "{name}: {}", got.words);
        assert!(got.words.contains(words), "{name}: {}", got.words);
    }
}

#[test]
fn a_limit_that_is_not_known_and_a_service_that_is_off() {
    let mut options = Options { tokens: Setting::Set(Tokens::Required), ..Options::default() };
    let got = hop::advise(&Effective::observed(&options), &found(&[Containers::Bridge]));
    assert_eq!((got.action, got.severity), (HopAction::Set(HopLimit::TWO), Some(Severity::Warning)));
    let got = hop::advise(&Effective::observed(&options), &found(&[]));
    assert_eq!((got.action, got.severity), (HopAction::FindOut, None));
    options.endpoint = Setting::Set(Switch::Disabled);
    let got = hop::advise(&Effective::observed(&options), &found(&[Containers::Bridge]));
    assert_eq!((got.action, got.severity), (HopAction::Keep, None));
}

#[test]
fn risk_shows_its_parts() {
    let open = instance(Tokens::Optional, 1);
    let seen = Usage::Seen { count: Some(7), by: "MetadataNoToken over 14 days".into() };
    let risk = Risk::of(&open, &Reach::World, &RolePower::Admin, &seen);
    assert_eq!((risk.score, risk.range, risk.is_complete()), (100, (100, 100), true));
    assert_eq!(
        risk.explain(),
        "100 = IMDSv1 is answered (100 %) × anybody can send it requests (100 %) × its role may do everything (100 %) \
         × IMDSv1 was used 7 times (MetadataNoToken over 14 days) (100 %)"
    );
    let zero = Usage::Zero { by: "MetadataNoToken over 14 days".into() };
    let quiet = Risk::of(&open, &Reach::Private, &RolePower::NoRole, &zero);
    assert_eq!(quiet.score, 2, "1.8 rounded up");
    let unknown = Usage::NoData("the instance was stopped".into());
    let vague = Risk::of(&open, &Reach::World, &RolePower::Unknown("IAM was denied".into()), &unknown);
    assert_eq!((vague.score, vague.range, vague.is_complete()), (56, (6, 100), false));
    assert!(vague.explain().contains("not known because IAM was denied"), "{}", vague.explain());
    assert!(vague.explain().ends_with("between 6 and 100 once all is known"), "{}", vague.explain());
    let closed = Risk::of(&instance(Tokens::Required, 1), &Reach::World, &RolePower::Admin, &seen);
    assert_eq!((closed.score, closed.range), (0, (0, 0)));
}

#[test]
fn controls_do_what_the_table_says() {
    let refused = |control: Control, act| control.outcome(act) == Outcome::Refused;
    assert!(refused(Control::Enforced, Act::LaunchOptional));
    assert!(refused(Control::Enforced, Act::TurnV1On), "enforcement blocks a rollback");
    assert!(!refused(Control::Enforced, Act::RequireTokens));
    assert!(refused(Control::Declarative, Act::ChangeDefaults));
    assert!(
        !refused(Control::Declarative, Act::LaunchOptional),
        "a launch's own value wins over any default"
    );
    assert!(refused(Control::DenyModify { exempts: false }, Act::RequireTokens), "it refuses the repair");
    assert!(matches!(Control::DenyModify { exempts: true }.outcome(Act::RequireTokens), Outcome::Depends(_)));
    assert!(matches!(Control::DenyLaunch.outcome(Act::LaunchUnset), Outcome::Depends(_)));
    assert!(refused(Control::DenyDelivery, Act::UseV1Credentials));
    for control in [Control::Enforced, Control::Declarative, Control::DenyLaunch, Control::DenyDelivery] {
        assert_eq!(control.outcome(Act::LaunchRequired), Outcome::Works, "{control:?}");
        assert!(!control.words().is_empty());
    }
}

#[test]
fn statements_are_recognised() {
    let deny = |actions: &[&str], conditions: &[(&str, &str, &str)]| Deny {
        actions: actions.iter().map(ToString::to_string).collect(),
        conditions: conditions
            .iter()
            .map(|(operator, key, value)| Condition {
                operator: (*operator).to_owned(),
                key: (*key).to_owned(),
                values: vec![(*value).to_owned()],
            })
            .collect(),
    };
    let tokens =
        |operator, value| deny(&["ec2:RunInstances"], &[(operator, "ec2:MetadataHttpTokens", value)]);
    let arn = ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/repair");
    let cases = [
        (tokens("StringNotEquals", "required"), vec![Control::DenyLaunch]),
        (tokens("StringNotEqualsIfExists", "required"), vec![Control::DenyLaunch]),
        (tokens("StringEquals", "optional"), vec![Control::DenyLaunch]),
        (tokens("StringEquals", "required"), vec![]),
        (deny(&["ec2:ModifyInstanceMetadataOptions"], &[]), vec![Control::DenyModify { exempts: false }]),
        (
            deny(&["ec2:ModifyInstanceMetadata*"], &[arn]),
            vec![Control::DenyModify { exempts: true }, Control::DenyDefaults { exempts: true }],
        ),
        (
            deny(
                &["ec2:ModifyInstanceMetadataOptions"],
                &[("StringEquals", "ec2:Attribute/HttpTokens", "optional")],
            ),
            vec![],
        ),
        (deny(&["*"], &[("NumericLessThan", "ec2:RoleDelivery", "2.0")]), vec![Control::DenyDelivery]),
        (deny(&["*"], &[("NumericLessThan", "ec2:RoleDelivery", "1.0")]), vec![]),
        (deny(&["s3:*"], &[]), vec![]),
    ];
    for (statement, want) in cases {
        assert_eq!(statement.controls(), want, "{statement:?}");
    }
}

#[test]
fn wildcards_of_actions() {
    let cases = [
        ("*", "ec2:RunInstances", true),
        ("ec2:*", "ec2:RunInstances", true),
        ("EC2:runinstances", "ec2:RunInstances", true),
        ("ec2:Run*s", "ec2:RunInstances", true),
        ("ec2:Run?nstances", "ec2:RunInstances", true),
        ("ec2:Run", "ec2:RunInstances", false),
        ("s3:*", "ec2:RunInstances", false),
        ("", "ec2:RunInstances", false),
        ("*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
    ];
    for (pattern, action, want) in cases {
        assert_eq!(matches_action(pattern, action), want, "{pattern} {action}");
    }
}

proptest! {
    #[test]
    fn advice_never_calls_a_limit_bad_without_a_sign(limit in 1i64..=3, required in any::<bool>()) {
        let tokens = if required { Tokens::Required } else { Tokens::Optional };
        prop_assert_eq!(hop::advise(&instance(tokens, limit), &found(&[])).severity, None);
    }

    #[test]
    fn what_is_advised_is_enough(
        limit in 1i64..=64,
        kinds in proptest::collection::vec(proptest::sample::select(Containers::ALL.to_vec()), 0..4),
    ) {
        let evidence = found(&kinds);
        let got = hop::advise(&instance(Tokens::Required, limit), &evidence);
        let after = match got.action { HopAction::Set(to) => i64::from(to), _ => limit };
        let needed = kinds.iter().map(|kind| i64::from(kind.hops())).max().unwrap_or(1);
        prop_assert!(after >= needed, "{}", got.words);
        prop_assert_eq!(hop::advise(&instance(Tokens::Required, after), &evidence).action, HopAction::Keep);
    }

    #[test]
    fn the_range_of_a_risk_holds_its_score(v1 in 0usize..3, reach in 0usize..5, role in 0usize..6, usage in 0usize..3) {
        let effective = match v1 {
            0 => instance(Tokens::Optional, 1),
            1 => instance(Tokens::Required, 1),
            _ => Effective::observed(&Options::default()),
        };
        let reach = [Reach::World, Reach::LoadBalancer, Reach::PublicClosed, Reach::Private, Reach::Unknown("x".into())][reach].clone();
        let role = [RolePower::Admin, RolePower::Write, RolePower::Read, RolePower::Powerless, RolePower::NoRole, RolePower::Unknown("x".into())][role].clone();
        let usage = [Usage::Seen { count: None, by: "x".into() }, Usage::Zero { by: "x".into() }, Usage::NoData("x".into())][usage].clone();
        let risk = Risk::of(&effective, &reach, &role, &usage);
        prop_assert!(risk.range.0 <= risk.score && risk.score <= risk.range.1 && risk.range.1 <= 100);
        prop_assert_eq!(risk.score == 0, effective.allows_v1() == Some(false));
    }
}
