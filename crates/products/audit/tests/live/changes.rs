//! Two snapshots, findings of a report, and a whole account at once.

use crate::build::*;
use onehop_audit::live;
use onehop_audit::live::{
    Change, Direction, Evaluation, Kind, Tally, diff, evaluate_with, findings, policy_findings,
};
use onehop_inventory::*;
use onehop_posture::policy::Control;
use onehop_report::Severity;
use std::num::NonZeroUsize;

fn with(instances: Vec<Instance>) -> Snapshot {
    snapshot(Region { instances, ..region() })
}

#[test]
fn changes_have_a_direction() {
    let cases = [
        ("nothing", "optional", "optional", None),
        ("repaired", "optional", "required", Some(Direction::Better)),
        ("broken", "required", "optional", Some(Direction::Worse)),
        ("not known any more", "required", "maybe", Some(Direction::Worse)),
        ("known", "maybe", "required", Some(Direction::Better)),
    ];
    for (name, was, is, want) in cases {
        let (before, after) = (with(vec![instance("i-1", was)]), with(vec![instance("i-1", is)]));
        let got = diff(&before, &after);
        let direction = got.changes.iter().find_map(|(_, change)| match change {
            Change::Changed { direction, .. } => Some(*direction),
            _ => None,
        });
        assert_eq!(direction, want, "{name}");
        assert_eq!(got.is_worse(), want == Some(Direction::Worse), "{name}");
        assert_eq!(got.same + got.changes.len() as u64, 2, "{name}: defaults and one instance");
    }
}

#[test]
fn a_hop_limit_is_a_change_and_use_is_none() {
    let mut used = instance("i-1", "required");
    used.no_token = metric(336, 5.0);
    let got = diff(&with(vec![instance("i-1", "required")]), &with(vec![used.clone()]));
    assert!(got.changes.is_empty());
    used.metadata = in_effect("required", 2);
    let got = diff(&with(vec![instance("i-1", "required")]), &with(vec![used]));
    assert!(matches!(got.changes[0].1, Change::Changed { direction: Direction::Sideways, .. }), "{got:?}");
}

#[test]
fn what_could_not_be_read_is_not_gone() {
    let before = with(vec![instance("i-1", "optional")]);
    let gone = diff(&before, &with(vec![]));
    assert!(matches!(gone.changes[0].1, Change::Gone { .. }), "{gone:?}");
    let mut denied = with(vec![]);
    fail(&mut denied.accounts[0].regions[0], "ec2:DescribeInstances");
    let unread = diff(&before, &denied);
    let Change::Unread { reason, .. } = &unread.changes[0].1 else { panic!("{unread:?}") };
    assert_eq!(reason, "ec2:DescribeInstances failed with UnauthorizedOperation");
    for missing in [
        Snapshot::default(),
        Snapshot {
            accounts: vec![Account { id: ACCOUNT.into(), ..Account::default() }],
            ..Snapshot::default()
        },
    ] {
        let unread = diff(&before, &missing);
        assert!(
            unread.changes.iter().all(|(_, change)| matches!(change, Change::Unread { .. })),
            "{unread:?}"
        );
    }
    let appeared = diff(&denied, &before);
    let Change::Appeared { unread_before, .. } = &appeared.changes[0].1 else { panic!("{appeared:?}") };
    assert!(unread_before.is_some());
    assert!(appeared.is_worse());
}

#[test]
fn what_a_denied_list_would_have_named_is_not_gone() {
    let group = NodeGroup { cluster: "blue".into(), name: "nodes".into(), ..NodeGroup::default() };
    let before = snapshot(Region { node_groups: vec![group], ..region() });
    let mut after = snapshot(region());
    assert!(matches!(diff(&before, &after).changes[0].1, Change::Gone { .. }));
    fail(&mut after.accounts[0].regions[0], "eks:ListNodegroups");
    let got = diff(&before, &after);
    let Change::Unread { reason, .. } = &got.changes[0].1 else { panic!("{got:?}") };
    assert_eq!(reason, "eks:ListNodegroups failed with UnauthorizedOperation");
}

#[test]
fn a_snapshot_read_back_is_evaluated_alike() {
    let place = Region {
        instances: vec![instance("i-1", "optional"), instance("i-2", "required")],
        templates: vec![template("lt-1", 1, &[Some("optional"), Some("required")])],
        groups: vec![group(GroupSource::Template(spec("lt-1", Some("1"))))],
        ..region()
    };
    let before = snapshot(place);
    let mut reader = onehop_inventory::file::Reader::new();
    for line in before.lines() {
        reader.line(&line).expect("it was just written");
    }
    let after = reader.finish().expect("it has a head").snapshot;
    assert_eq!(Evaluation::of(&before).subjects, Evaluation::of(&after).subjects);
    assert!(diff(&before, &after).changes.is_empty());
}

#[test]
fn tallies_count_by_account_and_region() {
    let evaluation = Evaluation::of(&with(vec![
        instance("i-1", "optional"),
        instance("i-2", "required"),
        instance("i-3", "required"),
    ]));
    let tallies = evaluation.tallies(Kind::Instance);
    let want = Tally { required: 2, optional_explicit: 1, ..Tally::default() };
    assert_eq!(tallies.into_values().collect::<Vec<_>>(), [want]);
    assert_eq!((want.total(), want.open()), (3, 1));
}

#[test]
fn findings_name_the_resource_and_what_to_do() {
    let mut one = instance("i-1", "optional");
    one.tags = tags(&[("Name", "web"), ("eks:cluster-name", "blue")]);
    let got = findings(&only(Region { instances: vec![one], ..region() }, Kind::Instance));
    let rules: Vec<(&str, Severity)> =
        got.iter().map(|finding| (finding.rule.as_ref(), finding.severity)).collect();
    assert_eq!(rules, [("TOKENS-OPTIONAL", Severity::High), ("HOP-LIMIT-CONTAINERS", Severity::Low)]);
    let first = &got[0];
    assert_eq!(first.place.to_string(), "111122223333/eu-central-1/instance/i-1");
    assert_eq!(
        first.fix.as_ref().and_then(|fix| fix.command.as_deref()),
        Some(
            "aws ec2 modify-instance-metadata-options --region eu-central-1 --instance-id i-1 --http-tokens required"
        ),
        "the endpoint is left as it is"
    );
    assert_eq!(first.facts.text("verdict"), Some("optional-explicit"));
    assert!(first.message.to_string().starts_with("instance `i-1` (web): IMDSv1 is allowed explicitly"));
    assert!(
        findings(&only(Region { instances: vec![instance("i-2", "required")], ..region() }, Kind::Instance))
            .is_empty()
    );
}

#[test]
fn rules_follow_from_what_it_is() {
    let optional = AccountDefaults { http_tokens: Some("optional".into()), ..AccountDefaults::default() };
    let own = Image { own: true, ..image("ami-mine", None) };
    let notebook = Notebook { name: "lab".into(), minimum_version: Some("1".into()), ..Notebook::default() };
    let cases = [
        (
            "defaults",
            Region { defaults: Some(optional), ..region() },
            Kind::AccountDefaults,
            Some("ACCOUNT-DEFAULT-OPTIONAL"),
        ),
        ("no preference", region(), Kind::AccountDefaults, Some("TOKENS-INHERITED")),
        ("an image", Region { images: vec![own], ..region() }, Kind::Image, Some("IMAGE-LEGACY")),
        ("a notebook", Region { notebooks: vec![notebook], ..region() }, Kind::Notebook, Some("SERVICE-V1")),
        (
            "a template",
            Region { templates: vec![template("lt-1", 1, &[Some("required")])], ..region() },
            Kind::LaunchTemplate,
            None,
        ),
        (
            "an unknown image",
            Region { templates: vec![template("lt-1", 1, &[None])], images: vec![], ..region() },
            Kind::LaunchTemplate,
            Some("TOKENS-UNRESOLVED"),
        ),
    ];
    for (name, place, kind, want) in cases {
        let got = findings(&only(place, kind));
        assert_eq!(got.first().map(|finding| finding.rule.as_ref()), want, "{name}");
    }
}

#[test]
fn a_command_cannot_be_broken_out_of() {
    let place = Region { instances: vec![instance("i-1'; true '", "optional")], ..region() };
    let got = findings(&only(place, Kind::Instance));
    let command = got[0].fix.as_ref().and_then(|fix| fix.command.clone()).expect("there is one");
    assert!(command.contains(r"--instance-id 'i-1'\''; true '\''' --http-tokens"), "{command}");
}

#[test]
fn subjects_come_in_the_order_of_repair() {
    let place = Region {
        instances: vec![instance("i-1", "optional")],
        templates: vec![template("lt-1", 1, &[Some("optional")])],
        groups: vec![group(GroupSource::Template(spec("lt-1", None)))],
        ..region()
    };
    let kinds: Vec<Kind> = evaluate(place).subjects.iter().map(|subject| subject.key.kind).collect();
    let mut sorted = kinds.clone();
    sorted.sort();
    assert_eq!(kinds, sorted);
}

#[test]
fn several_threads_give_the_same_in_the_same_order() {
    let numbered = |number: u32| Instance {
        id: format!("i-{number:017x}"),
        state: if number.is_multiple_of(97) { "terminated".into() } else { "running".into() },
        ..Instance::default()
    };
    let snapshot = with((0..3001).map(numbered).collect());
    let mut want = Vec::new();
    live::evaluate(&snapshot, &mut |subject| want.push(subject.key.to_string()));
    assert!(want.len() > 2900, "there are enough for several blocks");
    for threads in 1..5 {
        let mut got = Vec::new();
        let threads = NonZeroUsize::new(threads).expect("it begins with one");
        evaluate_with(&snapshot, threads, &|subject| subject.key.to_string(), &mut |key| got.push(key));
        assert_eq!(got, want, "{threads} threads");
    }
}

#[test]
fn a_policy_that_refuses_the_repair_is_told_once_and_with_each_repair() {
    let policy = |exempts| OrgPolicy {
        id: "p-1".into(),
        name: Some("keep".into()),
        kind: "SERVICE_CONTROL_POLICY".into(),
        controls: vec![Control::DenyModify { exempts }],
    };
    for (exempts, want) in [(false, 1), (true, 0)] {
        let mut snapshot = with(vec![instance("i-1", "optional"), instance("i-2", "required")]);
        snapshot.accounts[0].policies.push(policy(exempts));
        let found = policy_findings(&snapshot);
        assert_eq!(found.len(), want, "exempts: {exempts}");
        let evaluation = Evaluation::of(&snapshot);
        let told =
            |id| by_id(&evaluation, Kind::Instance, id).repair.words.contains("refuses it to everybody");
        assert_eq!((told("i-1"), told("i-2")), (!exempts, false));
    }
}
