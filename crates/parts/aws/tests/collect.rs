//! Snapshots of a pretended organization.

#[path = "common/fake.rs"]
mod common;

use common::{ORGANIZATION, run, start};
use onehop_aws::{Accounts, Mode, NoProgress, Plan, Topic, collect, policy};
use onehop_inventory::{Account, GroupSource, Outcome, Region, Snapshot};
use onehop_posture::policy::Control;
use onehop_posture::{RolePower, Verdict};
use std::collections::BTreeSet;
use std::sync::Arc;

fn everything() -> Plan {
    let role = "OnehopAudit".to_owned();
    Plan {
        accounts: Accounts::Organization { role, external_id: Some("made-up".to_owned()) },
        page_size: 5,
        ..Plan::default()
    }
}

fn region<'s>(snapshot: &'s Snapshot, account: &str, name: &str) -> &'s Region {
    let account = account_of(snapshot, account);
    account.regions.iter().find(|region| region.name == name).expect("the region")
}

/// Names, and how many controls each is.
fn policies(account: &Account) -> Vec<(&str, usize)> {
    let named = account.policies.iter();
    named.map(|it| (it.name.as_deref().unwrap_or(&it.id), it.controls.len())).collect()
}

fn account_of<'s>(snapshot: &'s Snapshot, id: &str) -> &'s Account {
    snapshot.accounts.iter().find(|account| account.id == id).expect("the account")
}

#[test]
fn everything_of_an_organization_is_read_with_no_permission_but_those_of_the_policy() {
    let (fake, client) = start(ORGANIZATION);
    let snapshot = run(collect(&client, &everything(), Arc::new(NoProgress))).expect("a snapshot");

    let ids: Vec<_> = snapshot.accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["111122223333", "444455556666", "777788889999"], "the suspended one is not entered");
    let main = account_of(&snapshot, "111122223333");
    assert_eq!(main.name.as_deref(), Some("main"));
    assert_eq!(policies(main), [("imds", 2)], "service control policies do not bind the management account");
    let team = account_of(&snapshot, "444455556666");
    assert_eq!(policies(team), [("keep-options", 1), ("imds", 2)], "through the unit, and through the root");
    assert_eq!(team.policies[0].controls, [Control::DenyModify { exempts: false }]);
    let powers: Vec<_> = main.roles.iter().map(|role| role.power.clone().expect("asked")).collect();
    assert_eq!(powers, [RolePower::Admin, RolePower::Read, RolePower::Write, RolePower::Powerless]);

    let home = region(&snapshot, "111122223333", "us-east-1");
    let failed: Vec<_> = home.calls.iter().filter(|call| call.is_failure()).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let verdicts: Vec<_> = home
        .instances
        .iter()
        .filter(|it| it.id.contains("00a0"))
        .map(|it| onehop_posture::Effective::observed(&it.metadata.options()).verdict())
        .map(|verdict| matches!(verdict, Verdict::Required | Verdict::Disabled))
        .collect();
    assert_eq!(verdicts, [false, true, false, true, true, false]);
    let web = home.instances.iter().find(|it| it.id.ends_with("a01")).expect("it is there");
    assert_eq!(web.tags.get("Name"), Some("web & api"));
    assert_eq!(web.tags.get("secret"), None);
    let metric = web.no_token.as_ref().expect("asked");
    assert_eq!((metric.points, metric.sum), (3, 15.0));
    assert!(metric.last_seen.is_some());
    let quiet = home.instances.iter().find(|it| it.id.ends_with("a02")).expect("it is there");
    assert_eq!(quiet.no_token.as_ref().map(|metric| (metric.points, metric.sum)), Some((2, 0.0)));
    let silent = home.instances.iter().find(|it| it.id.ends_with("a03")).expect("it is there");
    assert_eq!(silent.no_token.as_ref().map(|metric| metric.points), Some(0), "no data is not zero");
    let gone = home.instances.iter().find(|it| it.id.ends_with("a06")).expect("it is there");
    assert_eq!(gone.no_token, None, "terminated: not asked");
    assert_eq!(home.load_balanced, ["i-00000000000000a01"]);
    assert_eq!(home.security_groups.len(), 1);
    assert_eq!(home.security_groups[0].open.len(), 2);

    let template = &home.templates[0];
    let versions: Vec<_> = template.versions.iter().map(|version| version.version).collect();
    assert_eq!(versions, [1, 2, 3], "the default, the latest, and the one that a group is pinned to");
    assert!(template.versions[1].user_data.is_some());
    assert!(matches!(&home.groups[2].source, GroupSource::Mixed { overrides, .. } if overrides.len() == 2));
    let image = home.images.iter().find(|image| image.id.ends_with('2')).expect("named by a parameter");
    assert_eq!(
        (image.own, image.parameters.as_slice()),
        (false, &["resolve:ssm:/images/al2023".to_owned()][..])
    );
    assert!(home.images.iter().any(|image| image.own));
    let counts = [
        home.configurations.len(),
        home.node_groups.len(),
        home.container_instances.len(),
        home.environments.len(),
        home.notebooks.len(),
        home.emr_configurations.len(),
        home.lightsail.len(),
        home.builds.len(),
    ];
    assert_eq!(counts, [2, 3, 3, 2, 3, 2, 1, 2]);
    others_that_start_instances(home);

    let closed = account_of(&snapshot, "777788889999");
    assert!(closed.regions.is_empty());
    assert!(
        matches!(&closed.calls[0].outcome, Outcome::Failed { code, .. } if code == "AccessDenied"),
        "{:?}",
        closed.calls
    );

    let called: BTreeSet<_> =
        fake.calls().into_keys().filter(|name| name != "sts:GetCallerIdentity").collect();
    let policy = policy(Mode::Organization, "OnehopAudit");
    let statements = policy["Statement"].as_array().expect("statements");
    let allowed: BTreeSet<_> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().expect("actions"))
        .map(|action| action.as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(called, allowed, "what is called is what the policy allows, no more and no less");
}

fn others_that_start_instances(home: &Region) {
    let consumers: Vec<_> = home
        .consumers
        .iter()
        .map(|it| (it.kind.as_str(), it.name.as_str(), it.templates.len(), it.bare))
        .collect();
    let want = [
        ("ec2-fleet", "fleet-0001", 2, false),
        ("spot-fleet", "sfr-0001", 0, true),
        ("spot-fleet", "sfr-0002", 1, false),
        ("batch", "nightly", 2, false),
        ("batch", "made", 0, false),
    ];
    assert_eq!(consumers, want, "what is deleted, instant, or of Fargate starts nothing here");
    assert_eq!(home.consumers[0].templates[0].version.as_deref(), Some("1"));
    assert_eq!(home.consumers[0].tags.get("Name"), Some("spare"));
    let clusters: Vec<_> =
        home.emr_clusters.iter().map(|it| (it.name.as_str(), it.configuration.as_deref())).collect();
    assert_eq!(clusters, [("reports", Some("v2")), ("old", None)], "terminated ones are gone");
    let streams: Vec<_> = home.streams.iter().map(|it| (it.name.as_str(), it.disable_imdsv1)).collect();
    let want = [
        ("desks", Some(true)),
        ("labs", Some(false)),
        ("unsaid", None),
        ("maker", None),
        ("blocks", Some(true)),
    ];
    assert_eq!(streams, want);
    let modes: Vec<Vec<_>> = home
        .container_instances
        .iter()
        .map(|it| it.network_modes.iter().map(onehop_inventory::Word::as_str).collect())
        .collect();
    let want: [&[&str]; 3] = [&["awsvpc", "bridge"], &["host"], &[]];
    assert_eq!(modes, want, "a definition that says nothing is in a bridge; Fargate is elsewhere");
}

#[test]
fn policies_of_an_organization_that_cannot_be_read_are_told() {
    let text = format!(
        "{ORGANIZATION}\nfailures: [{{ operation: 'organizations:ListPolicies', code: AccessDeniedException }}]\n"
    );
    let (fake, client) = start(&text);
    let snapshot = run(collect(&client, &everything(), Arc::new(NoProgress))).expect("a snapshot");
    let main = account_of(&snapshot, "111122223333");
    assert_eq!(
        main.gap("organizations:ListPolicies").as_deref(),
        Some("organizations:ListPolicies failed with AccessDeniedException")
    );
    assert!(main.gap("organizations:ListParents").is_some_and(|gap| gap.contains("was not called")));
    assert!(!fake.calls().contains_key("organizations:DescribePolicy"));
    assert_eq!(policies(main), [("effective", 2)], "each account still tells what applies to it");
}

#[test]
fn the_file_of_a_snapshot_reads_back_the_same() {
    let (_fake, client) = start(ORGANIZATION);
    let snapshot = run(collect(&client, &everything(), Arc::new(NoProgress))).expect("a snapshot");
    let mut reader = onehop_inventory::file::Reader::new();
    for line in snapshot.lines() {
        reader.line(&line).expect("a line of ours");
    }
    assert_eq!(reader.finish().expect("a whole file").snapshot, snapshot);
}

#[test]
fn a_call_that_fails_in_one_region_loses_nothing_else() {
    let text = format!(
        "{ORGANIZATION}\nfailures:\n  - {{ operation: 'ec2:DescribeInstances', region: eu-west-1, code: UnauthorizedOperation }}\n  \
         - {{ operation: 'ec2:DescribeLaunchTemplates', region: us-east-1, code: UnauthorizedOperation, after: 1 }}\n  \
         - {{ operation: 'eks:ListClusters', region: us-east-1, code: html }}\n  \
         - {{ operation: 'iam:GetAccountAuthorizationDetails', code: AccessDenied }}\n"
    );
    let (_fake, client) = start(&text);
    let snapshot = run(collect(&client, &Plan::default(), Arc::new(NoProgress))).expect("a snapshot");
    let (home, europe) =
        (region(&snapshot, "111122223333", "us-east-1"), region(&snapshot, "111122223333", "eu-west-1"));
    assert_eq!(
        europe.gap("ec2:DescribeInstances").as_deref(),
        Some("ec2:DescribeInstances failed with UnauthorizedOperation")
    );
    assert!(europe.defaults.is_some() && europe.templates.len() == 1);
    assert_eq!(home.gap("ec2:DescribeInstances"), None);
    assert_eq!(home.templates.len(), 2, "the page before the failure is kept");
    assert!(home.gap("ec2:DescribeLaunchTemplates").is_some());
    assert_eq!(home.gap("eks:ListClusters").as_deref(), Some("eks:ListClusters failed with not-implemented"));
    assert!(home.gap("eks:DescribeNodegroup").is_some_and(|gap| gap.contains("was not called")));
    let account = account_of(&snapshot, "111122223333");
    assert!(account.gap("iam:GetAccountAuthorizationDetails").is_some());
    assert!(account.roles.is_empty());
}

#[test]
fn throttled_calls_are_all_answered_in_the_end() {
    let (fake, client) = start(&format!("throttle: {{ every: 3 }}\n{ORGANIZATION}"));
    let snapshot = run(collect(&client, &Plan::default(), Arc::new(NoProgress))).expect("a snapshot");
    let failed: Vec<_> = snapshot
        .accounts
        .iter()
        .flat_map(|account| {
            account.calls.iter().chain(account.regions.iter().flat_map(|region| &region.calls))
        })
        .filter(|call| call.is_failure())
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(region(&snapshot, "111122223333", "us-east-1").instances.len(), 11);
    assert!(fake.calls()["ec2:DescribeInstances"] > 7, "some were asked for again");
}

#[test]
fn what_is_left_out_is_on_record_and_not_called() {
    let (fake, client) = start(ORGANIZATION);
    let plan = Plan {
        topics: [Topic::Defaults].into(),
        window: None,
        regions: vec!["eu-west-1".to_owned()],
        ..Plan::default()
    };
    let snapshot = run(collect(&client, &plan, Arc::new(NoProgress))).expect("a snapshot");
    let europe = region(&snapshot, "111122223333", "eu-west-1");
    assert!(europe.defaults.as_ref().is_some_and(onehop_inventory::AccountDefaults::is_declared));
    for operation in
        ["ec2:DescribeInstances", "cloudwatch:GetMetricData", "ssm:GetParameters", "eks:DescribeNodegroup"]
    {
        assert!(europe.gap(operation).is_some_and(|gap| gap.contains("left out")), "{operation}");
        assert!(!fake.calls().contains_key(operation), "{operation}");
    }
}
