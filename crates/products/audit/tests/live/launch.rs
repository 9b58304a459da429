//! What starts instances.

use crate::build::*;
use onehop_audit::live::{Action, Evaluation, Kind, Owner};
use onehop_inventory::*;
use onehop_posture::{HopAction, HopLimit, Level, Severity, Verdict};

/// The same template behind every group: version 1 allows IMDSv1, 2 says nothing, 3 requires tokens.
fn good() -> LaunchTemplate {
    template("lt-1", 3, &[Some("optional"), None, Some("required")])
}

#[test]
fn groups_are_what_the_version_is_that_they_really_use() {
    struct Case {
        name: &'static str,
        source: GroupSource,
        want: &'static str,
        level: Level,
        action: Action,
    }
    let single = |version| GroupSource::Template(spec("lt-1", version));
    let mixed = |overrides| GroupSource::Mixed { template: spec("lt-1", None), overrides };
    let change = |template, image: Option<&str>| Override {
        instance_type: Some("m7i.large".into()),
        template,
        image_id: image.map(str::to_owned),
    };
    let nothing = Action::Nothing;
    let case = |name, source, want, level, action| Case { name, source, want, level, action };
    let cases = [
        case("default", single(None), "required", Level::Template, nothing.clone()),
        case("default by name", single(Some("$Default")), "required", Level::Template, nothing.clone()),
        case("latest", single(Some("$Latest")), "required", Level::Template, nothing.clone()),
        case(
            "pinned to 1",
            single(Some("1")),
            "optional-explicit",
            Level::Template,
            Action::Repoint { to: 3 },
        ),
        case(
            "pinned to 2",
            single(Some("2")),
            "optional-inherited",
            Level::BuiltIn,
            Action::Repoint { to: 3 },
        ),
        case(
            "pinned to one that was not read",
            single(Some("9")),
            "unresolved",
            Level::Template,
            Action::Repoint { to: 3 },
        ),
        case("mixed without overrides", mixed(vec![]), "required", Level::Template, nothing.clone()),
        case(
            "overrides with types only",
            mixed(vec![change(None, None), change(None, None)]),
            "required",
            Level::Template,
            nothing.clone(),
        ),
        case(
            "an override with a template of its own",
            mixed(vec![change(None, None), change(Some(spec("lt-2", None)), None)]),
            "optional-explicit",
            Level::Template,
            Action::TemplateVersion { from: 1, moves_default: true },
        ),
        case("nothing at all", GroupSource::Nothing, "unresolved", Level::Template, Action::FindOut),
        case(
            "a template that is not there",
            GroupSource::Template(spec("lt-9", None)),
            "unresolved",
            Level::Template,
            Action::FindOut,
        ),
        case(
            "a configuration that is not there",
            GroupSource::Configuration("gone".into()),
            "unresolved",
            Level::Template,
            Action::FindOut,
        ),
    ];
    for Case { name, source, want, level, action } in cases {
        let templates = vec![good(), template("lt-2", 1, &[Some("optional")])];
        let got = only(Region { templates, groups: vec![group(source)], ..region() }, Kind::AutoScalingGroup);
        assert_eq!((got.verdict.name(), got.level()), (want, level), "{name}: {:?}", got.verdict);
        assert_eq!(got.repair.action, action, "{name}: {}", got.repair.words);
        assert!(!got.verdict.is_finding() || !got.repair.words.is_empty(), "{name}");
    }
}

#[test]
fn a_group_that_pins_an_old_version_says_so() {
    let mut pinned = group(GroupSource::Template(spec("lt-1", Some("1"))));
    pinned.tags =
        tags(&[("aws:cloudformation:stack-name", "shop"), ("aws:cloudformation:logical-id", "Web")]);
    let got =
        only(Region { templates: vec![good()], groups: vec![pinned], ..region() }, Kind::AutoScalingGroup);
    let chain: Vec<String> = got.chain.iter().map(ToString::to_string).collect();
    assert_eq!(
        chain,
        [
            "launch template lt-1 (version 1, pinned; default is 3, latest 3: tokens optional)",
            "image ami-legacy (says nothing about tokens)"
        ]
    );
    assert_eq!(
        got.repair.words,
        "Point it at version 3 of `lt-1` instead of version 1, which requires tokens. \
         Change it in the CloudFormation stack `shop`, resource `Web`, or it comes back."
    );
    assert_eq!(got.repair.target, "web");
}

#[test]
fn the_worst_of_several_ways_decides_and_all_are_told() {
    let overrides = vec![
        Override { instance_type: Some("m7i.large".into()), ..Override::default() },
        Override {
            instance_type: Some("c7g.large".into()),
            template: Some(spec("lt-2", None)),
            image_id: None,
        },
        Override { image_id: Some("ami-v2".into()), ..Override::default() },
    ];
    let source = GroupSource::Mixed { template: spec("lt-1", None), overrides };
    let templates = vec![good(), template("lt-2", 1, &[None])];
    let got = only(Region { templates, groups: vec![group(source)], ..region() }, Kind::AutoScalingGroup);
    assert_eq!(got.verdict, Verdict::OptionalInherited(Level::BuiltIn));
    assert_eq!(got.notes.len(), 3, "{:?}", got.notes);
    assert!(got.notes[1].starts_with("By override c7g.large, launch template lt-2"), "{:?}", got.notes);
}

#[test]
fn an_image_of_an_override_counts() {
    let overrides = vec![Override { image_id: Some("ami-v2".into()), ..Override::default() }];
    let source = GroupSource::Mixed { template: spec("lt-2", None), overrides };
    let templates = vec![template("lt-2", 1, &[None])];
    let got = only(Region { templates, groups: vec![group(source)], ..region() }, Kind::AutoScalingGroup);
    assert_eq!(got.verdict, Verdict::RequiredInherited(Level::Image));
}

#[test]
fn members_of_another_version_are_counted() {
    let member = |id: &str, version| GroupMember {
        id: id.into(),
        template: Some(spec("lt-1", Some(version))),
        ..GroupMember::default()
    };
    let mut fixed = group(GroupSource::Template(spec("lt-1", Some("$Latest"))));
    fixed.members = vec![member("i-1", "1"), member("i-2", "3"), member("i-3", "1")];
    let got =
        only(Region { templates: vec![good()], groups: vec![fixed], ..region() }, Kind::AutoScalingGroup);
    assert_eq!((got.verdict.name(), got.instances), ("required", 3));
    assert_eq!(got.notes, ["2 of 3 members were started from another version than 3."]);
}

#[test]
fn of_several_good_versions_the_default_is_the_one_to_use() {
    let required = Some("required");
    let cases = [
        ("the default", 2, [Some("optional"), required, required, required], 2),
        ("the latest", 1, [Some("optional"), required, required, required], 4),
        ("the highest that there is", 1, [Some("optional"), required, required, None], 3),
    ];
    for (name, default, versions, to) in cases {
        let place = Region {
            templates: vec![template("lt-1", default, &versions)],
            groups: vec![group(GroupSource::Template(spec("lt-1", Some("1"))))],
            ..region()
        };
        assert_eq!(only(place, Kind::AutoScalingGroup).repair.action, Action::Repoint { to }, "{name}");
    }
}

#[test]
fn a_consumer_is_named_once() {
    let overrides = vec![
        Override { template: Some(spec("lt-1", Some("1"))), ..Override::default() },
        Override { template: Some(spec("lt-1", Some("1"))), ..Override::default() },
    ];
    let source = GroupSource::Mixed { template: spec("lt-1", Some("1")), overrides };
    let place = Region { templates: vec![good()], groups: vec![group(source)], ..region() };
    let evaluation = evaluate(place);
    let notes = &by_id(&evaluation, Kind::LaunchTemplate, "lt-1:1").notes;
    assert_eq!(notes, &["Used by the Auto Scaling group `web`."]);
}

#[test]
fn versions_of_templates_count_where_they_are_used() {
    let groups = vec![
        group(GroupSource::Template(spec("lt-1", Some("1")))),
        Group {
            name: "api".into(),
            source: GroupSource::Template(spec("lt-1", Some("1"))),
            ..Group::default()
        },
    ];
    let evaluation = evaluate(Region {
        templates: vec![good(), template("lt-2", 1, &[None, Some("required")])],
        groups,
        ..region()
    });
    let ids: Vec<&str> = evaluation
        .subjects
        .iter()
        .filter(|subject| subject.key.kind == Kind::LaunchTemplate)
        .map(|subject| subject.key.id.as_str())
        .collect();
    assert_eq!(ids, ["lt-1:1", "lt-1:3", "lt-2:1"], "the default, and what is used; not version 2");
    let pinned = by_id(&evaluation, Kind::LaunchTemplate, "lt-1:1");
    assert_eq!(pinned.verdict, Verdict::OptionalExplicit);
    assert_eq!(
        pinned.notes,
        ["Used by the Auto Scaling group `web`.", "Used by the Auto Scaling group `api`."]
    );
    assert_eq!(pinned.repair.action, Action::Repoint { to: 3 });
    assert!(
        by_id(&evaluation, Kind::LaunchTemplate, "lt-1:3").notes.is_empty(),
        "it is used, in another version"
    );
    let unused = by_id(&evaluation, Kind::LaunchTemplate, "lt-2:1");
    assert_eq!(unused.repair.action, Action::DefaultVersion { to: 2 });
    assert_eq!(unused.notes, ["Nothing that was read uses this template."]);
}

#[test]
fn templates_take_what_they_leave_unset_from_above() {
    struct Case {
        name: &'static str,
        default: Option<&'static str>,
        image: Option<&'static str>,
        want: &'static str,
        level: Level,
    }
    let case = |name, default, image, want, level| Case { name, default, image, want, level };
    let cases = [
        case("nobody says anything", None, Some("ami-legacy"), "optional-inherited", Level::BuiltIn),
        case("the image", None, Some("ami-v2"), "required-inherited", Level::Image),
        case(
            "optional beats the image",
            Some("optional"),
            Some("ami-v2"),
            "optional-inherited",
            Level::Account,
        ),
        case("the account", Some("required"), Some("ami-legacy"), "required-inherited", Level::Account),
        case("no preference", Some("no-preference"), Some("ami-v2"), "required-inherited", Level::Image),
        case("the launch names the image", None, None, "unresolved", Level::Image),
        case("an image that is gone", None, Some("ami-gone"), "unresolved", Level::Image),
        case("a parameter", None, Some("resolve:ssm:/golden/web:3"), "required-inherited", Level::Image),
        case("a parameter that leads nowhere", None, Some("resolve:ssm:/lost"), "unresolved", Level::Image),
        case("a value that nobody knows", Some("sometimes"), Some("ami-v2"), "unresolved", Level::Account),
    ];
    for Case { name, default, image: id, want, level } in cases {
        let mut bare = template("lt-1", 1, &[None]);
        bare.versions[0].image_id = id.map(str::to_owned);
        let mut place = Region { templates: vec![bare], ..region() };
        place.defaults =
            Some(AccountDefaults { http_tokens: default.map(Word::new), ..AccountDefaults::default() });
        place.images[1].parameters = vec!["/golden/web".into()];
        let got = only(place, Kind::LaunchTemplate);
        assert_eq!((got.verdict.name(), got.level()), (want, level), "{name}: {:?}", got.verdict);
    }
}

#[test]
fn what_was_not_answered_is_unknown_with_its_call() {
    let cases = [
        ("ec2:GetInstanceMetadataDefaults", Level::Account),
        ("ec2:DescribeImages", Level::Image),
        ("ec2:DescribeLaunchTemplateVersions", Level::Template),
    ];
    for (operation, level) in cases {
        let mut place = Region { templates: vec![template("lt-1", 1, &[None])], ..region() };
        fail(&mut place, operation);
        match operation {
            "ec2:GetInstanceMetadataDefaults" => place.defaults = None,
            "ec2:DescribeImages" => place.images.clear(),
            _ => place.templates[0].versions.clear(),
        }
        let evaluation = evaluate(place);
        let got = by_id(&evaluation, Kind::LaunchTemplate, "lt-1:1");
        let Verdict::Unresolved(why) = &got.verdict else { panic!("{operation}: {:?}", got.verdict) };
        assert_eq!(
            (why.level, &*why.reason),
            (level, &*format!("{operation} failed with UnauthorizedOperation"))
        );
        assert_eq!(evaluation.gaps.len(), 1);
        assert_eq!(
            (&*evaluation.gaps[0].operation, &*evaluation.gaps[0].code),
            (operation, "UnauthorizedOperation")
        );
    }
}

#[test]
fn launch_configurations_are_decided_only_where_both_readings_agree() {
    let cases = [
        ("optional, written", Some("optional"), Some("required"), "ami-v2", "optional-explicit"),
        ("required, written", Some("required"), None, "ami-legacy", "required"),
        ("nobody says anything", None, None, "ami-legacy", "optional-inherited"),
        ("optional everywhere", None, Some("optional"), "ami-v2", "optional-inherited"),
        ("the account may not reach it", None, Some("required"), "ami-legacy", "unresolved"),
        ("the image may not reach it", None, None, "ami-v2", "unresolved"),
    ];
    for (name, tokens, default, image_id, want) in cases {
        let configuration = LaunchConfiguration {
            name: "old".into(),
            metadata: metadata(tokens),
            image_id: Some(image_id.into()),
            ..LaunchConfiguration::default()
        };
        let mut place = region();
        place.defaults =
            Some(AccountDefaults { http_tokens: default.map(Word::new), ..AccountDefaults::default() });
        place.configurations = vec![configuration];
        place.groups = vec![group(GroupSource::Configuration("old".into()))];
        let evaluation = evaluate(place);
        let got = by_id(&evaluation, Kind::LaunchConfiguration, "old");
        assert_eq!(got.verdict.name(), want, "{name}: {:?}", got.verdict);
        let used = by_id(&evaluation, Kind::AutoScalingGroup, "web");
        assert_eq!(used.verdict, got.verdict, "{name}");
        if got.verdict.is_finding() {
            assert_eq!(
                (&got.repair.action, &used.repair.action),
                (&Action::Replace, &Action::Replace),
                "{name}"
            );
        }
    }
}

#[test]
fn node_groups_are_their_template_or_that_which_eks_made() {
    let node_group = |template, groups: &[&str]| NodeGroup {
        cluster: "blue".into(),
        name: "nodes".into(),
        template,
        groups: groups.iter().map(ToString::to_string).collect(),
        ..NodeGroup::default()
    };
    let eks = Group {
        name: "eks-nodes".into(),
        source: GroupSource::Template(spec("lt-eks", Some("1"))),
        ..Group::default()
    };
    let cases = [
        (
            "its own",
            node_group(Some(spec("lt-1", Some("1"))), &[]),
            "optional-explicit",
            Action::Repoint { to: 3 },
        ),
        ("its own, good", node_group(Some(spec("lt-1", Some("3"))), &[]), "required", Action::Nothing),
        ("made by EKS", node_group(None, &["eks-nodes"]), "optional-explicit", Action::Service),
        ("made by EKS, not read", node_group(None, &["gone"]), "unresolved", Action::Service),
    ];
    for (name, node_group, want, action) in cases {
        let place = Region {
            templates: vec![good(), template("lt-eks", 1, &[Some("optional")])],
            groups: vec![eks.clone()],
            node_groups: vec![node_group],
            ..region()
        };
        let got = only(place, Kind::NodeGroup);
        assert_eq!((got.verdict.name(), &got.repair.action), (want, &action), "{name}: {:?}", got.verdict);
    }
}

#[test]
fn pods_on_a_node_group_with_hop_limit_1_are_cut_off() {
    let mut nodes = template("lt-1", 1, &[Some("required")]);
    nodes.versions[0].metadata.http_put_response_hop_limit = Some(1);
    let node_group = NodeGroup {
        cluster: "blue".into(),
        name: "nodes".into(),
        template: Some(spec("lt-1", Some("1"))),
        ..NodeGroup::default()
    };
    let got =
        only(Region { templates: vec![nodes], node_groups: vec![node_group], ..region() }, Kind::NodeGroup);
    let advice = got.hop_advice();
    assert_eq!(got.verdict, Verdict::Required);
    assert_eq!((advice.action, advice.severity), (HopAction::Set(HopLimit::TWO), Some(Severity::Warning)));
}

#[test]
fn fleets_batch_and_spot() {
    let consumer = |kind: &str, templates, tokens, bare| Consumer {
        kind: kind.into(),
        name: "one".into(),
        templates,
        metadata: metadata(tokens),
        bare,
        ..Consumer::default()
    };
    let cases = [
        ("batch, pinned", consumer("batch", vec![spec("lt-1", Some("1"))], None, false), "optional-explicit"),
        ("batch, latest", consumer("batch", vec![spec("lt-1", Some("$Latest"))], None, false), "required"),
        (
            "one of two",
            consumer("ec2-fleet", vec![spec("lt-1", None), spec("lt-1", Some("1"))], None, false),
            "optional-explicit",
        ),
        (
            "its own options win",
            consumer("ec2-fleet", vec![spec("lt-1", Some("1"))], Some("required"), false),
            "required",
        ),
        ("spot has no field for it", consumer("spot-fleet", vec![], None, true), "unresolved"),
    ];
    for (name, consumer, want) in cases {
        let got =
            only(Region { templates: vec![good()], consumers: vec![consumer], ..region() }, Kind::Consumer);
        assert_eq!(got.verdict.name(), want, "{name}: {:?}", got.verdict);
    }
    let mut place = Region { consumers: vec![consumer("spot-fleet", vec![], None, true)], ..region() };
    place.defaults =
        Some(AccountDefaults { http_tokens: Some("required".into()), ..AccountDefaults::default() });
    assert_eq!(only(place, Kind::Consumer).verdict, Verdict::RequiredInherited(Level::Account));
}

#[test]
fn enforcement_makes_launches_fail() {
    let mut place = Region { templates: vec![template("lt-1", 1, &[Some("optional")])], ..region() };
    place.defaults =
        Some(AccountDefaults { http_tokens_enforced: Some("enabled".into()), ..AccountDefaults::default() });
    let got = only(place, Kind::LaunchTemplate);
    assert_eq!(got.verdict, Verdict::OptionalExplicit);
    assert_eq!((got.effective.allows_v1(), got.risk().score), (Some(false), 0));
    assert!(got.effective.explain().ends_with("the account enforces tokens, so such a launch fails."));
}

#[test]
fn a_template_that_a_service_made_is_changed_there() {
    let mut made = template("lt-1", 1, &[Some("optional")]);
    made.operator = Some(Operator { managed: true, principal: Some("eks.amazonaws.com".into()) });
    let got = only(Region { templates: vec![made], ..region() }, Kind::LaunchTemplate);
    assert_eq!(got.repair.action, Action::Service);
    assert_eq!(got.repair.owner, Owner::Service { principal: "eks.amazonaws.com".into() });
}

#[test]
fn an_empty_snapshot_has_nothing() {
    let evaluation = Evaluation::of(&Snapshot::default());
    assert!(evaluation.subjects.is_empty() && evaluation.gaps.is_empty());
}
