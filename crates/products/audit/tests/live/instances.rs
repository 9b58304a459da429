//! Instances: in effect is what was read.

use crate::build::*;
use onehop_audit::live::{Action, CodeIndex, Kind, Owner};
use onehop_code::{Entry, Kind as ValueKind, Language, Presence, Provider, Resource, Value};
use onehop_inventory::*;
use onehop_posture::{HopAction, HopLimit, Level, Severity, Verdict};

#[test]
fn what_was_read_is_in_effect() {
    let off = MetadataOptions { http_endpoint: Some("disabled".into()), ..in_effect("optional", 1) };
    let silent = MetadataOptions { http_tokens: None, ..in_effect("optional", 1) };
    let strange = MetadataOptions { http_tokens: Some("maybe".into()), ..in_effect("optional", 1) };
    let cases = [
        ("required", in_effect("required", 1), "required", Action::Nothing),
        ("optional", in_effect("optional", 1), "optional-explicit", Action::Instance),
        ("off", off, "disabled", Action::Nothing),
        ("not said", silent, "unresolved", Action::FindOut),
        ("not known", strange, "unresolved", Action::FindOut),
    ];
    for (name, metadata, want, action) in cases {
        let one = Instance { metadata, ..instance("i-1", "optional") };
        let mut place = Region { instances: vec![one], ..region() };
        // Neither of these touches what exists.
        place.defaults = Some(AccountDefaults {
            http_tokens: Some("required".into()),
            http_tokens_enforced: Some("enabled".into()),
            ..AccountDefaults::default()
        });
        let got = only(place, Kind::Instance);
        assert_eq!((got.verdict.name(), got.level()), (want, Level::Instance), "{name}");
        assert_eq!(got.repair.action, action, "{name}");
    }
}

#[test]
fn stopped_instances_count_and_gone_ones_do_not() {
    let cases = [
        ("running", true),
        ("pending", true),
        ("stopped", true),
        ("stopping", true),
        ("shutting-down", false),
        ("terminated", false),
    ];
    for (state, want) in cases {
        let one = Instance { state: state.into(), ..instance("i-1", "optional") };
        let evaluation = evaluate(Region { instances: vec![one], ..region() });
        let found = evaluation.subjects.iter().filter(|subject| subject.key.kind == Kind::Instance).count();
        assert_eq!(found, usize::from(want), "{state}");
    }
}

#[test]
fn notes_say_what_is_on_its_way() {
    let mut one = instance("i-1", "required");
    one.metadata.state = Some("pending".into());
    one.state = "stopped".into();
    one.no_token_rejected = metric(10, 7.0);
    let got = only(Region { instances: vec![one], ..region() }, Kind::Instance);
    assert_eq!(
        got.notes,
        [
            "A change of its options has not reached it yet.",
            "It is stopped: a change applies when it starts.",
            "7 requests without a token were refused over 14 days: a program there still makes them.",
        ]
    );
}

#[test]
fn an_instance_of_a_group_is_repaired_at_its_source_first() {
    let mut one = instance("i-1", "optional");
    one.tags = tags(&[
        ("aws:autoscaling:groupName", "web"),
        ("aws:ec2launchtemplate:id", "lt-1"),
        ("aws:ec2launchtemplate:version", "1"),
        ("managed-by", "terraform"),
    ]);
    let place = Region {
        instances: vec![one.clone()],
        groups: vec![group(GroupSource::Template(spec("lt-1", Some("1"))))],
        templates: vec![template("lt-1", 1, &[Some("optional")])],
        ..region()
    };
    let got = only(place.clone(), Kind::Instance);
    let chain: Vec<String> = got.chain.iter().map(ToString::to_string).collect();
    assert_eq!(
        chain,
        [
            "Auto Scaling group web",
            "launch template lt-1 (version 1, pinned; default is 1, latest 1: tokens optional)",
            "image ami-legacy (says nothing about tokens)",
        ]
    );
    assert!(
        got.repair.words.starts_with("First what the group `web` starts from (launch template lt-1"),
        "{}",
        got.repair.words
    );
    assert!(
        got.repair.words.ends_with("Change it in Terraform (tag `managed-by=terraform`), or it comes back.")
    );
    assert!(got.notes.is_empty(), "{:?}", got.notes);

    one.metadata = in_effect("required", 1);
    let got = only(Region { instances: vec![one], ..place }, Kind::Instance);
    assert_eq!(got.verdict, Verdict::Required);
    assert_eq!(got.notes.len(), 2, "{:?}", got.notes);
    assert!(got.notes[0].starts_with("Its template gives tokens optional and it has required"));
    assert!(got.notes[1].contains("the next instance has it again"));
}

#[test]
fn owners_are_read_from_tags() {
    type Tags<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Tags<'_>, &str); 14] = [
        (&[], "an unknown place"),
        (&[("Name", "web")], "an unknown place"),
        (&[("aws:cloudformation:stack-name", "shop")], "the CloudFormation stack `shop`"),
        (
            &[("aws:cloudformation:stack-name", "shop"), ("aws:cloudformation:logical-id", "Web")],
            "the CloudFormation stack `shop`, resource `Web`",
        ),
        (
            &[("aws:cloudformation:stack-name", "awseb-x"), ("elasticbeanstalk:environment-name", "shop")],
            "the Beanstalk environment `shop`",
        ),
        (
            &[("eks:cluster-name", "blue"), ("eks:nodegroup-name", "nodes")],
            "the node group `nodes` of the EKS cluster `blue`",
        ),
        (
            &[("eks:cluster-name", "blue"), ("karpenter.k8s.aws/ec2nodeclass", "default")],
            "the EC2NodeClass of Karpenter (`default`)",
        ),
        (&[("alpha.eksctl.io/cluster-name", "blue")], "the eksctl file of the cluster `blue`"),
        (&[("parallelcluster:cluster-name", "hpc")], "the ParallelCluster file of `hpc`"),
        (&[("ManagedBy", "Terraform")], "Terraform (tag `ManagedBy=Terraform`)"),
        (&[("terraform", "true")], "Terraform (tag `terraform=true`)"),
        (&[("terraform", "false")], "an unknown place"),
        (&[("pulumi:project", "shop"), ("pulumi:stack", "prod")], "Pulumi (`shop/prod`)"),
        (&[("ManagedBy", "hand")], "an unknown place"),
    ];
    for (pairs, want) in cases {
        assert_eq!(Owner::of(&tags(pairs), None).to_string(), want, "{pairs:?}");
    }
}

#[test]
fn what_a_service_manages_is_changed_there() {
    let mut one = instance("i-1", "optional");
    one.operator = Some(Operator { managed: true, principal: Some("eks.amazonaws.com".into()) });
    let got = only(Region { instances: vec![one.clone()], ..region() }, Kind::Instance);
    assert_eq!(got.repair.action, Action::Service);
    assert_eq!(
        got.repair.words,
        "It cannot be changed here: change it in the service that manages it, eks.amazonaws.com."
    );
    one.operator = Some(Operator { managed: false, principal: None });
    assert_eq!(
        only(Region { instances: vec![one], ..region() }, Kind::Instance).repair.action,
        Action::Instance
    );
}

#[test]
fn containers_decide_about_the_hop_limit() {
    let host = |blocks, modes: &[&str]| ContainerInstance {
        cluster: "tasks".into(),
        instance_id: "i-1".into(),
        blocks_awsvpc: blocks,
        network_modes: modes.iter().map(|mode| Word::new(mode)).collect(),
    };
    let two = Some(HopLimit::TWO);
    let cases = [
        ("bridge", vec![host(None, &["bridge"])], &[][..], two),
        ("awsvpc", vec![host(Some(false), &["awsvpc"])], &[][..], two),
        ("awsvpc, kept away", vec![host(Some(true), &["awsvpc"])], &[][..], None),
        ("host", vec![host(None, &["host"])], &[][..], None),
        ("modes not read", vec![host(None, &[])], &[][..], two),
        ("a node", vec![], &[("eks:cluster-name", "blue")][..], two),
        ("a node of a cluster", vec![], &[("kubernetes.io/cluster/blue", "owned")][..], two),
        ("nothing", vec![], &[("Name", "web")][..], None),
    ];
    for (name, container_instances, pairs, want) in cases {
        let mut one = instance("i-1", "required");
        one.tags = tags(pairs);
        let got = only(Region { instances: vec![one], container_instances, ..region() }, Kind::Instance);
        let advice = got.hop_advice();
        let set = match advice.action {
            HopAction::Set(limit) => Some(limit),
            _ => None,
        };
        assert_eq!(set, want, "{name}: {}", advice.words);
        assert_eq!(advice.severity, want.map(|_| Severity::Warning), "{name}");
    }
}

#[test]
fn user_data_of_its_template_speaks_for_an_instance() {
    let cases = [
        ("/etc/eks/bootstrap.sh blue", HopAction::Set(HopLimit::TWO), "a pod (seen in the user data)"),
        ("echo ECS_CLUSTER=tasks >> /etc/ecs/ecs.config", HopAction::Set(HopLimit::TWO), "An ECS task"),
        (
            "printf 'ECS_CLUSTER=tasks\nECS_AWSVPC_BLOCK_IMDS=true\n' >> /etc/ecs/ecs.config",
            HopAction::Keep,
            "An ECS task that the agent keeps away",
        ),
        ("yum update -y", HopAction::Keep, "No containers were found"),
    ];
    for (text, action, words) in cases {
        let mut source = template("lt-1", 1, &[Some("required")]);
        source.versions[0].user_data = Some(UserData::read(text.as_bytes()));
        let mut one = instance("i-1", "required");
        one.tags = tags(&[("aws:ec2launchtemplate:id", "lt-1"), ("aws:ec2launchtemplate:version", "1")]);
        let place = Region { instances: vec![one], templates: vec![source], ..region() };
        let advice = only(place, Kind::Instance).hop_advice();
        assert_eq!(advice.action, action, "{text}: {}", advice.words);
        assert!(advice.words.to_lowercase().contains(&words.to_lowercase()), "{text}: {}", advice.words);
    }
}

#[test]
fn lightsail_is_read_as_it_is() {
    let cases =
        [(Some("optional"), "optional-explicit"), (Some("required"), "required"), (None, "unresolved")];
    for (tokens, want) in cases {
        let mut metadata = in_effect("optional", 1);
        metadata.http_tokens = tokens.map(Word::new);
        let one = LightsailInstance { name: "blog".into(), metadata, ..LightsailInstance::default() };
        let got = only(Region { lightsail: vec![one], ..region() }, Kind::LightsailInstance);
        assert_eq!(got.verdict.name(), want);
    }
}

#[test]
fn code_is_found_by_id_and_by_logical_id() {
    let resource = |language, kind: &str, address: &str, id: Option<&str>| Resource {
        language,
        kind: kind.into(),
        address: address.into(),
        scope: "state.json".into(),
        body: Value::bare(ValueKind::Map(
            id.into_iter()
                .map(|id| Entry {
                    key: "id".into(),
                    key_span: None,
                    value: Value::bare(ValueKind::String(id.into())),
                })
                .collect(),
        )),
        span: None,
        block: None,
        provider: Provider::default(),
        presence: Presence::Sure,
        calls: Vec::new(),
    };
    let code = [
        resource(Language::TerraformState, "aws_instance", "aws_instance.web", Some("i-1")),
        resource(Language::CloudFormation, "AWS::EC2::Instance", "Web", None),
        resource(Language::CloudFormation, "AWS::EC2::Instance", "Twice", None),
        resource(Language::CloudFormation, "AWS::EC2::Instance", "Twice", None),
    ];
    let index = CodeIndex::of(&code);
    let of_stack = |id: &str, logical: &str| {
        let mut one = instance(id, "optional");
        one.tags =
            tags(&[("aws:cloudformation:stack-name", "shop"), ("aws:cloudformation:logical-id", logical)]);
        one
    };
    let instances = vec![
        instance("i-1", "optional"),
        of_stack("i-2", "Web"),
        of_stack("i-3", "Twice"),
        instance("i-4", "optional"),
    ];
    let mut evaluation = evaluate(Region { instances, ..region() });
    for subject in &mut evaluation.subjects {
        index.join(subject);
    }
    let code = |id| by_id(&evaluation, Kind::Instance, id).repair.code.as_deref();
    assert_eq!(code("i-1"), Some("state.json: aws_instance.web"));
    assert_eq!(code("i-2"), Some("state.json: Web"));
    assert_eq!((code("i-3"), code("i-4")), (None, None), "two places are none");
}
