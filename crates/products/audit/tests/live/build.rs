//! Small snapshots.

use onehop_audit::live::{Evaluation, Kind, Subject};
use onehop_inventory::*;

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-central-1";

/// A region in which every call was answered.
pub(crate) fn region() -> Region {
    let operations = [
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeImages",
        "ec2:DescribeSecurityGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLaunchConfigurations",
        "cloudwatch:GetMetricData",
        "ssm:GetParameters",
        "ec2:GetInstanceMetadataDefaults",
        "eks:DescribeNodegroup",
        "ecs:DescribeContainerInstances",
        "lightsail:GetInstances",
    ];
    Region {
        name: REGION.into(),
        calls: operations.into_iter().map(|operation| Call::done(operation, 1)).collect(),
        defaults: Some(AccountDefaults::default()),
        images: vec![image("ami-legacy", None), image("ami-v2", Some("v2.0"))],
        ..Region::default()
    }
}

pub(crate) fn snapshot(region: Region) -> Snapshot {
    let account = Account {
        id: ACCOUNT.into(),
        calls: vec![Call::done("iam:GetAccountAuthorizationDetails", 1)],
        regions: vec![region],
        ..Account::default()
    };
    Snapshot { accounts: vec![account], ..Snapshot::default() }
}

pub(crate) fn evaluate(region: Region) -> Evaluation {
    Evaluation::of(&snapshot(region))
}

/// The only subject of a kind.
pub(crate) fn only(region: Region, kind: Kind) -> Subject {
    let mut found: Vec<Subject> =
        evaluate(region).subjects.into_iter().filter(|subject| subject.key.kind == kind).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

pub(crate) fn by_id<'a>(evaluation: &'a Evaluation, kind: Kind, id: &str) -> &'a Subject {
    evaluation
        .subjects
        .iter()
        .find(|subject| subject.key.kind == kind && subject.key.id == id)
        .unwrap_or_else(|| panic!("no {kind} `{id}`"))
}

pub(crate) fn image(id: &str, support: Option<&str>) -> Image {
    Image { id: id.into(), imds_support: support.map(Word::new), ..Image::default() }
}

pub(crate) fn metadata(tokens: Option<&str>) -> MetadataOptions {
    MetadataOptions { http_tokens: tokens.map(Word::new), ..MetadataOptions::default() }
}

/// What `DescribeInstances` answers.
pub(crate) fn in_effect(tokens: &str, limit: i64) -> MetadataOptions {
    MetadataOptions {
        http_tokens: Some(tokens.into()),
        http_endpoint: Some("enabled".into()),
        http_put_response_hop_limit: Some(limit),
        http_protocol_ipv6: Some("disabled".into()),
        instance_metadata_tags: Some("disabled".into()),
        state: Some("applied".into()),
    }
}

pub(crate) fn instance(id: &str, tokens: &str) -> Instance {
    Instance {
        id: id.into(),
        state: "running".into(),
        image_id: Some("ami-legacy".into()),
        metadata: in_effect(tokens, 1),
        ..Instance::default()
    }
}

pub(crate) fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A template with these tokens in its versions, from 1 on.
pub(crate) fn template(id: &str, default: u64, tokens: &[Option<&str>]) -> LaunchTemplate {
    let versions: Vec<TemplateVersion> = (1u64..)
        .zip(tokens)
        .map(|(version, tokens)| TemplateVersion {
            version,
            metadata: metadata(*tokens),
            image_id: Some("ami-legacy".into()),
            ..TemplateVersion::default()
        })
        .collect();
    LaunchTemplate {
        id: id.into(),
        name: format!("{id}-name"),
        default_version: default,
        latest_version: versions.last().map_or(0, |version| version.version),
        versions,
        ..LaunchTemplate::default()
    }
}

pub(crate) fn spec(id: &str, version: Option<&str>) -> TemplateSpec {
    TemplateSpec { id: Some(id.into()), name: None, version: version.map(str::to_owned) }
}

pub(crate) fn group(source: GroupSource) -> Group {
    Group { name: "web".into(), min: 1, max: 4, desired: 1, source, ..Group::default() }
}

#[expect(clippy::unnecessary_wraps, reason = "it is what a field of an instance holds")]
pub(crate) fn metric(points: u64, sum: f64) -> Option<Metric> {
    Some(Metric { window_seconds: 14 * 86_400, period_seconds: 3_600, points, sum, ..Metric::default() })
}

pub(crate) fn fail(region: &mut Region, operation: &str) {
    region.calls.retain(|call| call.operation != operation);
    region.calls.push(Call::failed(operation, "UnauthorizedOperation", "not for you", 0));
}
