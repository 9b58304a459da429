//! What holds for any account.

use crate::build::*;
use onehop_audit::live::{Evaluation, Key, Kind, Subject, evaluate as evaluate_all, findings};
use onehop_inventory::*;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

fn any_metadata() -> impl Strategy<Value = MetadataOptions> {
    let tokens = option::of(select(vec!["optional", "required", "odd"]));
    let endpoint = option::of(select(vec!["enabled", "disabled"]));
    (tokens, endpoint, option::of(-1i64..66)).prop_map(|(tokens, endpoint, limit)| MetadataOptions {
        http_tokens: tokens.map(Word::new),
        http_endpoint: endpoint.map(Word::new),
        http_put_response_hop_limit: limit,
        ..MetadataOptions::default()
    })
}

fn any_image() -> impl Strategy<Value = Option<String>> {
    option::of(
        select(vec!["ami-legacy", "ami-v2", "ami-gone", "resolve:ssm:/golden"]).prop_map(str::to_owned),
    )
}

fn any_template(id: &'static str) -> impl Strategy<Value = LaunchTemplate> {
    (proptest::collection::vec((any_metadata(), any_image()), 1..4), any::<proptest::sample::Index>())
        .prop_map(move |(versions, default)| {
            let mut made =
                template(id, default.index(versions.len()) as u64 + 1, &vec![None; versions.len()]);
            for (version, (metadata, image_id)) in made.versions.iter_mut().zip(versions) {
                (version.metadata, version.image_id) = (metadata, image_id);
            }
            made
        })
}

fn any_spec() -> impl Strategy<Value = TemplateSpec> {
    let version = option::of(select(vec!["$Latest", "$Default", "1", "2", "9", "odd"]));
    (select(vec!["lt-1", "lt-2", "lt-9"]), version).prop_map(|(id, version)| spec(id, version))
}

fn any_source() -> impl Strategy<Value = GroupSource> {
    let change = (option::of(any_spec()), any_image()).prop_map(|(template, image_id)| Override {
        instance_type: None,
        template,
        image_id,
    });
    prop_oneof![
        Just(GroupSource::Nothing),
        any_spec().prop_map(GroupSource::Template),
        select(vec!["old", "gone"]).prop_map(|name| GroupSource::Configuration(name.into())),
        (any_spec(), proptest::collection::vec(change, 0..3))
            .prop_map(|(template, overrides)| GroupSource::Mixed { template, overrides }),
    ]
}

fn any_defaults() -> impl Strategy<Value = AccountDefaults> {
    let enforced = option::of(select(vec!["enabled", "disabled"]));
    (any_metadata(), enforced).prop_map(|(metadata, enforced)| AccountDefaults {
        http_tokens: metadata.http_tokens,
        http_endpoint: metadata.http_endpoint,
        http_put_response_hop_limit: metadata.http_put_response_hop_limit,
        http_tokens_enforced: enforced.map(Word::new),
        ..AccountDefaults::default()
    })
}

prop_compose! {
    fn any_region()(
        one in any_template("lt-1"), two in any_template("lt-2"), source in any_source(), defaults in any_defaults(),
        configuration in any_metadata(), image in any_image(), running in any_metadata(), specs in proptest::collection::vec(any_spec(), 0..3),
    ) -> Region {
        let mut place = region();
        place.defaults = Some(defaults);
        place.templates = vec![one, two];
        place.groups = vec![group(source)];
        place.configurations = vec![LaunchConfiguration {
            name: "old".into(), metadata: configuration, image_id: image, ..LaunchConfiguration::default()
        }];
        place.instances = vec![Instance { metadata: running, ..instance("i-1", "optional") }];
        place.node_groups = vec![NodeGroup { cluster: "c".into(), name: "n".into(), template: specs.first().cloned(), ..NodeGroup::default() }];
        place.consumers = vec![Consumer { kind: "batch".into(), name: "b".into(), templates: specs, ..Consumer::default() }];
        place
    }
}

fn subjects(region: Region) -> BTreeMap<Key, Subject> {
    evaluate(region).subjects.into_iter().map(|subject| (subject.key.clone(), subject)).collect()
}

/// The same account, read by somebody to whom one call is denied.
fn denied(mut place: Region, operation: &'static str) -> Region {
    fail(&mut place, operation);
    match operation {
        "ec2:GetInstanceMetadataDefaults" => place.defaults = None,
        "ec2:DescribeImages" => place.images.clear(),
        "ec2:DescribeLaunchTemplateVersions" => {
            place.templates.iter_mut().for_each(|one| one.versions.clear());
        }
        "autoscaling:DescribeLaunchConfigurations" => place.configurations.clear(),
        _ => place.templates.clear(),
    }
    place
}

const CALLS: [&str; 5] = [
    "ec2:GetInstanceMetadataDefaults",
    "ec2:DescribeImages",
    "ec2:DescribeLaunchTemplateVersions",
    "autoscaling:DescribeLaunchConfigurations",
    "ec2:DescribeLaunchTemplates",
];

proptest! {
    #[test]
    fn nothing_passes_because_a_call_was_denied(place in any_region(), operation in select(CALLS.to_vec())) {
        let known = subjects(place.clone());
        for (key, subject) in subjects(denied(place, operation)) {
            let Some(known) = known.get(&key) else { continue };
            if known.verdict.is_finding() {
                prop_assert!(subject.verdict.is_finding(), "{key}: {:?} became {:?}", known.verdict, subject.verdict);
            }
            if known.effective.allows_v1() == Some(true) {
                prop_assert_ne!(subject.effective.allows_v1(), Some(false), "{}", key);
            }
        }
    }

    #[test]
    fn a_default_that_requires_tokens_opens_nothing(place in any_region()) {
        let before = subjects(place.clone());
        let mut stricter = place;
        if let Some(defaults) = &mut stricter.defaults {
            defaults.http_tokens = Some("required".into());
        }
        for (key, subject) in subjects(stricter) {
            if !before[&key].verdict.is_finding() {
                prop_assert!(!subject.verdict.is_finding(), "{key}: {:?}", subject.verdict);
            }
        }
    }

    #[test]
    fn a_group_of_one_template_is_the_version_that_it_uses(place in any_region(), used in any_spec()) {
        let mut place = place;
        place.groups = vec![group(GroupSource::Template(used.clone()))];
        let all = subjects(place.clone());
        let number = place.templates.iter().find(|one| one.is(&used)).and_then(|one| one.number(used.version.as_deref()));
        let of = |kind: Kind, id: &str| all.values().find(|subject| subject.key.kind == kind && subject.key.id == id);
        let group = of(Kind::AutoScalingGroup, "web").expect("there is one");
        if let Some(number) = number {
            let id = format!("{}:{number}", used.id.as_deref().unwrap_or_default());
            let version = of(Kind::LaunchTemplate, &id).expect("what is used is told");
            prop_assert_eq!(&group.verdict, &version.verdict);
        } else {
            prop_assert_eq!(group.verdict.name(), "unresolved");
        }
    }

    #[test]
    fn every_finding_says_what_to_do(place in any_region()) {
        evaluate_all(&snapshot(place), &mut |subject| {
            if subject.verdict.is_finding() {
                assert!(!subject.repair.words.is_empty(), "{}", subject.key);
                assert!(!findings(&subject).is_empty(), "{}", subject.key);
            }
            assert!(subject.risk().score <= 100);
        });
    }

    #[test]
    fn broken_snapshots_are_evaluated_as_far_as_they_can_be_read(place in any_region(), at in any::<prop::sample::Index>(), byte in 32u8..127) {
        let lines: Vec<String> = snapshot(place).lines().collect();
        for number in 1..lines.len() {
            let mut bytes = lines[number].clone().into_bytes();
            let place = at.index(bytes.len());
            bytes[place] = byte;
            let mut reader = file::Reader::new();
            for (other, line) in lines.iter().enumerate() {
                let line = if other == number { String::from_utf8_lossy(&bytes).into_owned() } else { line.clone() };
                reader.line(&line).expect("the head is whole");
            }
            let loaded = reader.finish().expect("it has a head");
            prop_assert!(!Evaluation::of(&loaded.snapshot).subjects.is_empty());
        }
    }
}
