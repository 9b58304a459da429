//! Who can reach it, what its role may do, whether IMDSv1 is used.

use crate::build::*;
use onehop_audit::live::{Evaluation, Kind, findings};
use onehop_inventory::*;
use onehop_posture::{ContainerEvidence, Reach, RolePower, Usage};
use serde_json::json;
use std::borrow::Cow;

#[test]
fn reach() {
    let open = SecurityGroup { id: "sg-open".into(), ..SecurityGroup::default() };
    let unread =
        |operation: &str| Reach::Unknown(format!("{operation} failed with UnauthorizedOperation").into());
    let cases = [
        ("open to the world", Some("198.51.100.7"), false, "sg-open", false, None, Reach::World),
        ("by IPv6", None, true, "sg-open", false, None, Reach::World),
        ("closed", Some("198.51.100.7"), false, "sg-shut", false, None, Reach::PublicClosed),
        ("behind a balancer", None, false, "sg-shut", true, None, Reach::LoadBalancer),
        ("private", None, false, "sg-open", false, None, Reach::Private),
        (
            "groups not read",
            Some("198.51.100.7"),
            false,
            "sg-shut",
            false,
            Some("ec2:DescribeSecurityGroups"),
            unread("ec2:DescribeSecurityGroups"),
        ),
        (
            "balancers not read",
            None,
            false,
            "sg-shut",
            false,
            Some("elasticloadbalancing:DescribeTargetHealth"),
            unread("elasticloadbalancing:DescribeTargetHealth"),
        ),
    ];
    for (name, public_ip, ipv6, group, balanced, failed, want) in cases {
        let one = Instance {
            public_ip: public_ip.map(str::to_owned),
            ipv6,
            security_groups: vec![group.into()],
            ..instance("i-1", "optional")
        };
        let mut place = Region { instances: vec![one], security_groups: vec![open.clone()], ..region() };
        if balanced {
            place.load_balanced = vec!["i-1".into()];
        }
        if let Some(operation) = failed {
            fail(&mut place, operation);
        }
        assert_eq!(only(place, Kind::Instance).reach, want, "{name}");
    }
}

/// A list that was denied makes what builds on it an answer about too little.
#[test]
fn what_builds_on_a_denied_list_is_unknown() {
    let mut place = Region { instances: vec![instance("i-1", "optional")], ..region() };
    fail(&mut place, "elasticloadbalancing:DescribeLoadBalancers");
    let got = only(place, Kind::Instance).reach;
    assert_eq!(
        got,
        Reach::Unknown("elasticloadbalancing:DescribeLoadBalancers failed with UnauthorizedOperation".into())
    );

    let mut source = template("lt-1", 1, &[Some("optional")]);
    source.versions[0].user_data = Some(UserData::default());
    let mut one = instance("i-1", "optional");
    one.tags = tags(&[("aws:ec2launchtemplate:id", "lt-1"), ("aws:ec2launchtemplate:version", "1")]);
    let mut place = Region { instances: vec![one], templates: vec![source], ..region() };
    assert_eq!(only(place.clone(), Kind::Instance).containers, ContainerEvidence::Found(vec![]));
    fail(&mut place, "ecs:ListClusters");
    let got = only(place, Kind::Instance).containers;
    assert_eq!(
        got,
        ContainerEvidence::NotLooked("ecs:ListClusters failed with UnauthorizedOperation".into())
    );
}

#[test]
fn roles() {
    let profile = "arn:aws:iam::111122223333:instance-profile/web";
    let role = |power| Role {
        arn: "arn:aws:iam::111122223333:role/web".into(),
        profiles: vec![profile.into()],
        power,
        because: None,
    };
    let cases = [
        ("none", None, vec![], "no-role"),
        ("admin", Some(profile), vec![role(Some(RolePower::Admin))], "admin"),
        ("by name", Some("web"), vec![role(Some(RolePower::Read))], "read"),
        ("not weighed", Some(profile), vec![role(None)], "unknown"),
        ("not read", Some(profile), vec![], "unknown"),
    ];
    for (name, profile, roles, want) in cases {
        let one = Instance { profile: profile.map(str::to_owned), ..instance("i-1", "optional") };
        let mut snapshot = snapshot(Region { instances: vec![one], ..region() });
        snapshot.accounts[0].roles = roles;
        let evaluation = Evaluation::of(&snapshot);
        let got = match &by_id(&evaluation, Kind::Instance, "i-1").role {
            RolePower::NoRole => "no-role",
            RolePower::Admin => "admin",
            RolePower::Read => "read",
            RolePower::Unknown(_) => "unknown",
            other => panic!("{other:?}"),
        };
        assert_eq!(got, want, "{name}");
    }
}

#[test]
fn no_data_is_not_zero() {
    let delivery = |version: &str| RoleDelivery {
        instance_id: "i-1".into(),
        version: version.into(),
        records: 3,
        last_seen: Some("2026-03-04T09:14:10Z".into()),
    };
    let by = "MetadataNoToken over 14 days";
    let seen = |count, by: &str| Usage::Seen { count, by: by.to_owned().into() };
    let zero = |by: &str| Usage::Zero { by: by.to_owned().into() };
    let none = |why: &str| Usage::NoData(why.to_owned().into());
    let trail =
        "role credentials delivered by IMDSv1 were used 3 times, last 2026-03-04T09:14:10Z, by CloudTrail";
    let both = format!("{by}; {trail}");
    let cases = [
        ("used", metric(336, 12.0), vec![], seen(Some(12), by)),
        ("a fraction is use", metric(336, 0.4), vec![], seen(Some(1), by)),
        ("zero", metric(336, 0.0), vec![], zero(by)),
        (
            "zero for a while",
            metric(84, 0.0),
            vec![],
            zero("MetadataNoToken over 14 days, with data for 25 % of it"),
        ),
        (
            "no points",
            metric(0, 0.0),
            vec![],
            none("MetadataNoToken has no data over 14 days, which is not zero"),
        ),
        ("not asked", None, vec![], none("MetadataNoToken was not read for it")),
        ("delivered by 1.0", metric(336, 0.0), vec![delivery("1.0")], seen(None, trail)),
        ("delivered by 1.0, no metric", None, vec![delivery("1.0"), delivery("2.0")], seen(None, trail)),
        ("both say so", metric(336, 12.0), vec![delivery("1.0")], seen(Some(12), &both)),
        ("delivered by 2.0", metric(336, 0.0), vec![delivery("2.0")], zero(by)),
        ("not a number", metric(336, f64::NAN), vec![], zero(by)),
    ];
    for (name, no_token, deliveries, want) in cases {
        let one = Instance { no_token, ..instance("i-1", "optional") };
        let got = only(Region { instances: vec![one], deliveries, ..region() }, Kind::Instance);
        assert_eq!(got.usage, want, "{name}");
    }
    let mut place = Region { instances: vec![instance("i-1", "optional")], ..region() };
    fail(&mut place, "cloudwatch:GetMetricData");
    let want = none("cloudwatch:GetMetricData failed with UnauthorizedOperation");
    assert_eq!(only(place, Kind::Instance).usage, want);
}

#[test]
fn a_group_uses_what_its_members_use() {
    let member = |id: &str| GroupMember { id: id.into(), ..GroupMember::default() };
    let cases = [
        ("none runs", vec![], "none"),
        ("all zero", vec![metric(336, 0.0), metric(336, 0.0)], "zero"),
        ("one without data", vec![metric(336, 0.0), metric(0, 0.0)], "none"),
        ("one uses it", vec![metric(0, 0.0), metric(336, 5.0)], "5"),
    ];
    for (name, metrics, want) in cases {
        let instances: Vec<Instance> = metrics
            .into_iter()
            .enumerate()
            .map(|(at, no_token)| Instance { no_token, ..instance(&format!("i-{at}"), "optional") })
            .collect();
        let mut web = group(GroupSource::Template(spec("lt-1", None)));
        web.members = instances.iter().map(|one| member(&one.id)).collect();
        let templates = vec![template("lt-1", 1, &[Some("optional")])];
        let got =
            only(Region { instances, templates, groups: vec![web], ..region() }, Kind::AutoScalingGroup);
        let got = match got.usage {
            Usage::Seen { count: Some(count), .. } => count.to_string(),
            Usage::Seen { .. } => "seen".to_owned(),
            Usage::Zero { .. } => "zero".to_owned(),
            Usage::NoData(_) => "none".to_owned(),
        };
        assert_eq!(got, want, "{name}");
    }
}

#[test]
fn what_runs_says_more_about_reach_than_what_starts_it() {
    let one = Instance {
        public_ip: Some("198.51.100.7".into()),
        security_groups: vec!["sg-open".into()],
        ..instance("i-1", "optional")
    };
    let mut web = group(GroupSource::Template(spec("lt-1", None)));
    web.members = vec![GroupMember { id: "i-1".into(), ..GroupMember::default() }];
    let place = Region {
        instances: vec![one],
        templates: vec![template("lt-1", 1, &[Some("optional")])],
        groups: vec![web],
        security_groups: vec![SecurityGroup { id: "sg-open".into(), ..SecurityGroup::default() }],
        ..region()
    };
    let evaluation = evaluate(place);
    assert_eq!(by_id(&evaluation, Kind::AutoScalingGroup, "web").reach, Reach::World);
    assert!(matches!(by_id(&evaluation, Kind::LaunchTemplate, "lt-1:1").reach, Reach::Unknown(_)));
}

#[test]
fn risk_of_an_instance_that_anybody_reaches_and_that_uses_imdsv1() {
    let profile = "arn:aws:iam::111122223333:instance-profile/web";
    let one = Instance {
        public_ip: Some("198.51.100.7".into()),
        security_groups: vec!["sg-open".into()],
        profile: Some(profile.into()),
        no_token: metric(336, 9.0),
        ..instance("i-1", "optional")
    };
    let quiet = instance("i-2", "required");
    let open = SecurityGroup { id: "sg-open".into(), ..SecurityGroup::default() };
    let mut snapshot =
        snapshot(Region { instances: vec![one, quiet], security_groups: vec![open], ..region() });
    snapshot.accounts[0].roles = vec![Role {
        arn: "arn:aws:iam::111122223333:role/web".into(),
        profiles: vec![profile.into()],
        power: Some(RolePower::Admin),
        because: Some("AdministratorAccess is attached".into()),
    }];
    let evaluation = Evaluation::of(&snapshot);
    assert_eq!(by_id(&evaluation, Kind::Instance, "i-1").risk().score, 100);
    assert_eq!(by_id(&evaluation, Kind::Instance, "i-2").risk().score, 0);
}

#[test]
fn a_delivery_by_imdsv1_weighs_as_much_as_the_metric() {
    let score = |no_token, deliveries: Vec<RoleDelivery>| {
        let one = Instance { no_token, ..instance("i-1", "optional") };
        only(Region { instances: vec![one], deliveries, ..region() }, Kind::Instance).risk()
    };
    let delivered = |version: &str| RoleDelivery {
        instance_id: "i-1".into(),
        version: version.into(),
        records: 1,
        last_seen: None,
    };
    let by_metric = score(metric(336, 9.0), vec![]);
    let by_trail = score(metric(336, 0.0), vec![delivered("1.0")]);
    assert_eq!((by_trail.score, by_trail.parts[3].weight), (by_metric.score, 100));
    let quiet = score(metric(336, 0.0), vec![delivered("2.0")]);
    assert!(quiet.score < by_trail.score, "IMDSv2 alone is no use of IMDSv1");
    assert_eq!(quiet, score(metric(336, 0.0), vec![]));
}

#[test]
fn no_data_of_cloudtrail_is_neither_zero_nor_unread() {
    let instances = || ["i-1", "i-2", "i-3"].map(|id| instance(id, "optional")).to_vec();
    let row = |id: &str, version: &str, records| RoleDelivery {
        instance_id: id.into(),
        version: version.into(),
        records,
        last_seen: Some("2026-03-04T09:14:10Z".into()),
    };
    let mut read = snapshot(Region { instances: instances(), ..region() });
    let rows = [row("i-1", "1.0", 12), row("i-1", "2.0", 3), row("i-2", "2.0", 7)];
    read.join_deliveries(TrailLogs::default(), rows);
    let evaluation = Evaluation::of(&read);
    let finding = |id| findings(by_id(&evaluation, Kind::Instance, id)).remove(0);

    let used = finding("i-1");
    let facts =
        ["delivered_v1", "delivered_v2", "last_v1"].map(|name| used.facts.find(name).map(Cow::into_owned));
    assert_eq!(facts, [Some(json!(12)), Some(json!(3)), Some(json!("2026-03-04T09:14:10Z"))]);
    let words = "Role credentials delivered by IMDSv1 were used 12 times, last 2026-03-04T09:14:10Z, those";
    assert!(used.message.as_str().contains(words), "{}", used.message.as_str());

    let zero = finding("i-2");
    assert_eq!(zero.facts.find("delivered_v1").as_deref(), Some(&json!(0)));
    assert_eq!((zero.facts.find("last_v1"), zero.facts.find("deliveries")), (None, None));

    let none = finding("i-3");
    assert_eq!(none.facts.find("deliveries").as_deref(), Some(&json!("no data")));
    assert_eq!(none.facts.find("delivered_v1"), None, "no data is not zero");

    let unread = Evaluation::of(&snapshot(Region { instances: instances(), ..region() }));
    let unread = findings(by_id(&unread, Kind::Instance, "i-3")).remove(0);
    assert_eq!(unread.facts.find("deliveries"), None, "nobody looked");
}

#[test]
fn a_long_message_is_whole() {
    let mut one = instance("i-1", "optional");
    let name = "n".repeat(255);
    one.tags = tags(&[("Name", &name), ("aws:autoscaling:groupName", &"g".repeat(255))]);
    let subject = only(Region { instances: vec![one], ..region() }, Kind::Instance);
    let finding = findings(&subject).remove(0);
    let message = finding.message.as_str();
    assert!(message.len() > 512 && message.ends_with('.'), "{message}");
}
