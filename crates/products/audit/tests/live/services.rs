//! Defaults of the account, images, and services with a switch of their own.

use crate::build::*;
use onehop_audit::live::{Action, Kind};
use onehop_inventory::*;
use onehop_posture::policy::Control;
use onehop_posture::{HopAction, HopLimit, Level, Verdict};

#[test]
fn account_defaults() {
    let with = |tokens: Option<&str>, endpoint: Option<&str>| AccountDefaults {
        http_tokens: tokens.map(Word::new),
        http_endpoint: endpoint.map(Word::new),
        ..AccountDefaults::default()
    };
    let cases = [
        ("required", with(Some("required"), None), "required-inherited", Action::Nothing),
        ("optional beats images", with(Some("optional"), None), "optional-explicit", Action::Default),
        ("no preference", with(Some("no-preference"), None), "optional-inherited", Action::Default),
        ("nothing", with(None, None), "optional-inherited", Action::Default),
        ("off", with(None, Some("disabled")), "disabled", Action::Nothing),
    ];
    for (name, defaults, want, action) in cases {
        let got = only(Region { defaults: Some(defaults), ..region() }, Kind::AccountDefaults);
        assert_eq!((got.verdict.name(), &got.repair.action), (want, &action), "{name}");
        assert_eq!(got.key.id, REGION);
    }
}

#[test]
fn defaults_of_a_declarative_policy_are_the_organizations() {
    let defaults = AccountDefaults {
        http_tokens: Some("optional".into()),
        managed_by: Some("declarative-policy".into()),
        exception_message: Some("ask the platform team".into()),
        ..AccountDefaults::default()
    };
    let got = only(Region { defaults: Some(defaults), ..region() }, Kind::AccountDefaults);
    assert_eq!(got.repair.action, Action::Organization);
    assert!(got.notes[0].contains("ask the platform team"), "{:?}", got.notes);
}

#[test]
fn defaults_that_were_not_answered_are_not_optional() {
    let mut place = Region { defaults: None, ..region() };
    fail(&mut place, "ec2:GetInstanceMetadataDefaults");
    let got = only(place, Kind::AccountDefaults);
    assert_eq!((got.verdict.name(), &got.repair.action), ("unresolved", &Action::FindOut));
}

#[test]
fn policies_that_block_the_repair_are_told() {
    let mut snapshot = snapshot(region());
    snapshot.accounts[0].policies = vec![OrgPolicy {
        id: "p-1".into(),
        name: Some("guard".into()),
        kind: "SERVICE_CONTROL_POLICY".into(),
        controls: vec![Control::DenyModify { exempts: false }],
    }];
    let evaluation = onehop_audit::live::Evaluation::of(&snapshot);
    let got = by_id(&evaluation, Kind::AccountDefaults, REGION);
    assert!(got.notes[0].starts_with("Policy `guard`: Nobody changes the options"), "{:?}", got.notes);
}

#[test]
fn own_images_only() {
    let own = |id: &str, support| Image { own: true, ..image(id, support) };
    let mut place = region();
    place.images.extend([
        own("ami-mine", None),
        own("ami-mine-v2", Some("v2.0")),
        own("ami-odd", Some("v9")),
    ]);
    let evaluation = evaluate(place);
    let images = evaluation.subjects.iter().filter(|subject| subject.key.kind == Kind::Image).count();
    assert_eq!(images, 3, "those of others cannot be repaired");
    let legacy = by_id(&evaluation, Kind::Image, "ami-mine");
    assert_eq!((legacy.verdict.name(), &legacy.repair.action), ("optional-inherited", &Action::Image));
    assert_eq!(
        by_id(&evaluation, Kind::Image, "ami-mine-v2").verdict,
        Verdict::RequiredInherited(Level::Image)
    );
    assert_eq!(by_id(&evaluation, Kind::Image, "ami-odd").verdict.name(), "unresolved");
}

#[test]
fn switches_of_services() {
    let environment = |value: Option<&str>| Region {
        environments: vec![Environment {
            disable_imdsv1: value.map(str::to_owned),
            ..Environment::default()
        }],
        ..region()
    };
    let notebook = |value: Option<&str>| Region {
        notebooks: vec![Notebook { minimum_version: value.map(str::to_owned), ..Notebook::default() }],
        ..region()
    };
    let stream = |value| Region {
        streams: vec![Stream { kind: "fleet".into(), disable_imdsv1: value, ..Stream::default() }],
        ..region()
    };
    let emr =
        |text: &str| Region { emr_configurations: vec![EmrConfiguration::read("strict", text)], ..region() };
    let minimum = |version: u8| {
        format!(
            r#"{{"InstanceMetadataServiceConfiguration":{{"MinimumInstanceMetadataServiceVersion":{version}}}}}"#
        )
    };
    let cases = [
        ("Beanstalk true", environment(Some("true")), Kind::BeanstalkEnvironment, "required"),
        ("Beanstalk false", environment(Some("false")), Kind::BeanstalkEnvironment, "optional-explicit"),
        ("Beanstalk unset", environment(None), Kind::BeanstalkEnvironment, "unresolved"),
        ("Beanstalk odd", environment(Some("yes")), Kind::BeanstalkEnvironment, "unresolved"),
        ("notebook 2", notebook(Some("2")), Kind::Notebook, "required"),
        ("notebook 1", notebook(Some("1")), Kind::Notebook, "optional-explicit"),
        ("notebook unset", notebook(None), Kind::Notebook, "optional-inherited"),
        ("notebook odd", notebook(Some("3")), Kind::Notebook, "unresolved"),
        ("AppStream on", stream(Some(true)), Kind::AppStream, "required"),
        ("AppStream off", stream(Some(false)), Kind::AppStream, "optional-explicit"),
        ("AppStream unset", stream(None), Kind::AppStream, "unresolved"),
        ("EMR 2", emr(&minimum(2)), Kind::EmrConfiguration, "required"),
        ("EMR 1", emr(&minimum(1)), Kind::EmrConfiguration, "optional-explicit"),
        ("EMR unset", emr("{}"), Kind::EmrConfiguration, "unresolved"),
        ("EMR broken", emr("{"), Kind::EmrConfiguration, "unresolved"),
    ];
    for (name, place, kind, want) in cases {
        let got = only(place, kind);
        assert_eq!(got.verdict.name(), want, "{name}: {:?}", got.verdict);
        assert_eq!(got.verdict.is_finding(), got.repair.action != Action::Nothing, "{name}");
    }
}

#[test]
fn clusters_of_emr_by_their_configuration_and_release() {
    let cluster = |configuration: Option<&str>, release: &str| EmrCluster {
        id: "j-1".into(),
        name: "nightly".into(),
        release: Some(release.into()),
        configuration: configuration.map(str::to_owned),
        ..EmrCluster::default()
    };
    let strict =
        EmrConfiguration { name: "strict".into(), minimum_version: Some(2), ..EmrConfiguration::default() };
    let works = "its components work without IMDSv1";
    let may_not = "its components may need IMDSv1";
    let cases = [
        (cluster(Some("strict"), "emr-6.2.0"), "required", works),
        (cluster(Some("gone"), "emr-6.1.0"), "unresolved", may_not),
        (cluster(None, "emr-5.32.0"), "unresolved", works),
        (cluster(None, "emr-5.23.0"), "unresolved", may_not),
        (cluster(None, "emr-5.23.1"), "unresolved", works),
        (cluster(None, "emr-5.31.0"), "unresolved", may_not),
        (cluster(None, "emr-7.0.0"), "unresolved", works),
        (cluster(None, "emr-next"), "unresolved", ""),
    ];
    for (cluster, want, says) in cases {
        let release = cluster.release.clone();
        let place =
            Region { emr_clusters: vec![cluster], emr_configurations: vec![strict.clone()], ..region() };
        let got = only(place, Kind::EmrCluster);
        assert_eq!(got.verdict.name(), want, "{release:?}");
        assert_eq!(got.chain.last().map(|link| link.says.as_str()), Some(says), "{release:?}");
    }
}

#[test]
fn image_builder_is_a_launch_of_its_own() {
    let build = |tokens, limit, containers| BuildConfiguration {
        arn: "arn:aws:imagebuilder:eu-central-1:111122223333:infrastructure-configuration/base".into(),
        name: "base".into(),
        metadata: MetadataOptions { http_put_response_hop_limit: limit, ..metadata(tokens) },
        builds_containers: containers,
        ..BuildConfiguration::default()
    };
    let got = |build| only(Region { builds: vec![build], ..region() }, Kind::ImageBuilder);
    assert_eq!(got(build(Some("optional"), None, None)).verdict, Verdict::OptionalExplicit);
    assert_eq!(got(build(None, None, None)).verdict.name(), "unresolved", "the recipe names the image");
    let short = got(build(Some("required"), Some(1), Some(true)));
    assert_eq!(short.verdict, Verdict::Required);
    assert_eq!(short.hop_advice().action, HopAction::Set(HopLimit::TWO), "container builds need two hops");
    assert_eq!(got(build(Some("required"), Some(1), Some(false))).hop_advice().action, HopAction::Keep);
}
