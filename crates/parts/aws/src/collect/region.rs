//! One region of an account.

use super::plan::{Event, Plan, Progress, Topic};
use super::steps::Steps;
use super::{convert, images, metrics, services};
use crate::action::Action;
use crate::client::Client;
use crate::ops::autoscaling::{DescribeAutoScalingGroups, DescribeLaunchConfigurations};
use crate::ops::defaults::GetInstanceMetadataDefaults;
use crate::ops::instances::DescribeInstances;
use crate::ops::load_balancing::{DescribeLoadBalancers, DescribeTargetGroups, DescribeTargetHealth};
use crate::ops::network::DescribeSecurityGroups;
use crate::ops::templates::{DescribeLaunchTemplateVersions, DescribeLaunchTemplates};
use onehop_inventory::{Call, Region, TemplateSpec};
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

/// Reads what the plan asks for.
pub(super) async fn read(
    client: &Client,
    plan: &Plan,
    account: &str,
    now: OffsetDateTime,
    progress: &dyn Progress,
) -> Region {
    let mut region = Region { name: client.region().to_owned(), ..Region::default() };
    let mut steps = Steps::new(client, account, progress);
    for topic in Topic::ALL {
        if plan.topics.contains(&topic) {
            topic_of(&mut steps, &mut region, plan, topic).await;
        } else {
            steps.skip(actions(topic), &format!("{} were left out", topic.name()));
        }
    }
    metrics::read(&mut steps, &mut region, plan, now).await;
    // Deliveries of credentials are read from files of the trail: LookupEvents cannot look for them.
    steps.calls.push(Call::skipped("cloudtrail:LookupEvents", "CloudTrail is read from its log files"));
    region.calls = steps.calls;
    progress.tell(Event::Region { account, region: &region.name });
    region
}

async fn topic_of(steps: &mut Steps<'_>, region: &mut Region, plan: &Plan, topic: Topic) {
    match topic {
        Topic::Instances => instances(steps, region, plan).await,
        Topic::Defaults => {
            region.defaults = steps.one(&GetInstanceMetadataDefaults).await.map(convert::defaults);
        }
        Topic::Templates => templates(steps, region).await,
        Topic::Images => images::read(steps, region).await,
        Topic::Network => network(steps, region).await,
        Topic::Roles => {}
        Topic::Eks => services::eks(steps, region).await,
        Topic::Ecs => services::ecs(steps, region).await,
        Topic::Beanstalk => services::beanstalk(steps, region).await,
        Topic::SageMaker => services::sagemaker(steps, region).await,
        Topic::Emr => services::emr(steps, region).await,
        Topic::Lightsail => services::lightsail(steps, region).await,
        Topic::ImageBuilder => services::image_builder(steps, region).await,
    }
}

/// What a topic calls in a region.
const fn actions(topic: Topic) -> &'static [Action] {
    match topic {
        Topic::Instances => &[Action::DescribeInstances],
        Topic::Defaults => &[Action::GetInstanceMetadataDefaults],
        Topic::Templates => &[
            Action::DescribeLaunchTemplates,
            Action::DescribeLaunchTemplateVersions,
            Action::DescribeAutoScalingGroups,
            Action::DescribeLaunchConfigurations,
        ],
        Topic::Images => &[Action::DescribeImages, Action::GetParameters],
        Topic::Network => &[
            Action::DescribeSecurityGroups,
            Action::DescribeLoadBalancers,
            Action::DescribeTargetGroups,
            Action::DescribeTargetHealth,
        ],
        Topic::Roles => &[],
        Topic::Eks => &[Action::ListClusters, Action::ListNodegroups, Action::DescribeNodegroup],
        Topic::Ecs => {
            &[Action::ListEcsClusters, Action::ListContainerInstances, Action::DescribeContainerInstances]
        }
        Topic::Beanstalk => &[Action::DescribeEnvironments, Action::DescribeConfigurationSettings],
        Topic::SageMaker => &[Action::ListNotebookInstances, Action::DescribeNotebookInstance],
        Topic::Emr => &[Action::ListSecurityConfigurations, Action::DescribeSecurityConfiguration],
        Topic::Lightsail => &[Action::GetInstances],
        Topic::ImageBuilder => {
            &[Action::ListInfrastructureConfigurations, Action::GetInfrastructureConfiguration]
        }
    }
}

async fn instances(steps: &mut Steps<'_>, region: &mut Region, plan: &Plan) {
    let operation = DescribeInstances { page_size: Some(plan.page_size), ..DescribeInstances::default() };
    steps
        .pages(operation, |page| {
            let count = page.instances.len();
            region.instances.extend(page.instances.into_iter().map(convert::instance));
            count
        })
        .await;
    region.instances.shrink_to_fit();
}

async fn templates(steps: &mut Steps<'_>, region: &mut Region) {
    let operation = DescribeLaunchTemplates { page_size: Some(200), ..DescribeLaunchTemplates::default() };
    steps
        .pages(operation, |page| {
            let count = page.templates.len();
            region.templates.extend(page.templates.into_iter().map(convert::template));
            count
        })
        .await;
    let operation =
        DescribeAutoScalingGroups { page_size: Some(100), ..DescribeAutoScalingGroups::default() };
    steps
        .pages(operation, |page| {
            let count = page.groups.len();
            region.groups.extend(page.groups.into_iter().map(convert::group));
            count
        })
        .await;
    let operation = DescribeLaunchConfigurations { page_size: Some(100), next_token: None };
    steps
        .pages(operation, |page| {
            let count = page.configurations.len();
            region.configurations.extend(page.configurations.into_iter().map(convert::configuration));
            count
        })
        .await;
    versions(steps, region).await;
}

/// The default and the latest of all templates in one listing, and then, template by template, what something names.
async fn versions(steps: &mut Steps<'_>, region: &mut Region) {
    let ends = DescribeLaunchTemplateVersions {
        versions: vec!["$Default".to_owned(), "$Latest".to_owned()],
        page_size: Some(200),
        ..DescribeLaunchTemplateVersions::default()
    };
    let (mut found, mut failed) = (Vec::new(), None);
    if let Err(error) = steps.client.pages(ends, |page| found.extend(page.versions)).await {
        failed = Some(error);
    }
    for (id, numbers) in named(region) {
        if failed.is_some() {
            break;
        }
        let versions: Vec<_> = numbers.iter().map(u64::to_string).collect();
        for part in versions.chunks(200) {
            let operation = DescribeLaunchTemplateVersions {
                template_id: Some(id.clone()),
                versions: part.to_vec(),
                ..DescribeLaunchTemplateVersions::default()
            };
            match steps.client.pages(operation, |page| found.extend(page.versions)).await {
                // A version that a member was started from may be gone.
                Err(error) if error.code.ends_with("NotFound") => {}
                Err(error) => failed = Some(error),
                Ok(()) => {}
            }
        }
    }
    let items = found.len() as u64;
    let mut by_template: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for version in found {
        let id = version.template_id.clone();
        by_template.entry(id).or_default().push(convert::version(version));
    }
    for template in &mut region.templates {
        let mut versions = by_template.remove(&template.id).unwrap_or_default();
        versions.sort_by_key(|version| version.version);
        versions.dedup_by_key(|version| version.version);
        template.versions = versions;
    }
    steps.note(Action::DescribeLaunchTemplateVersions, items, failed);
}

/// The versions that groups, members and instances name, other than the default and the latest.
fn named(region: &Region) -> BTreeMap<String, BTreeSet<u64>> {
    let mut named: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    let mut name = |spec: &TemplateSpec| {
        let Some(template) = region.templates.iter().find(|template| template.is(spec)) else { return };
        let number = template.number(spec.version.as_deref());
        let is_end = number == Some(template.default_version) || number == Some(template.latest_version);
        if let Some(number) = number.filter(|_| !is_end) {
            named.entry(template.id.clone()).or_default().insert(number);
        }
    };
    for group in &region.groups {
        group.source.templates().into_iter().for_each(&mut name);
        group.members.iter().filter_map(|member| member.template.as_ref()).for_each(&mut name);
    }
    region.node_groups.iter().filter_map(|group| group.template.as_ref()).for_each(&mut name);
    // Many instances come from few versions.
    let started: BTreeSet<_> = region
        .instances
        .iter()
        .filter_map(|it| {
            Some((it.tags.get("aws:ec2launchtemplate:id")?, it.tags.get("aws:ec2launchtemplate:version")?))
        })
        .collect();
    for (id, version) in started {
        name(&TemplateSpec { id: Some(id.to_owned()), name: None, version: Some(version.to_owned()) });
    }
    named
}

async fn network(steps: &mut Steps<'_>, region: &mut Region) {
    let operation = DescribeSecurityGroups { page_size: Some(1000), next_token: None };
    steps
        .pages(operation, |page| {
            let count = page.groups.len();
            let open = page.groups.into_iter().filter(|group| !group.open.is_empty());
            region.security_groups.extend(open.map(convert::security_group));
            count
        })
        .await;
    let mut facing = BTreeSet::new();
    let is_read = steps
        .pages(DescribeLoadBalancers::default(), |page| {
            let count = page.balancers.len();
            let world =
                page.balancers.into_iter().filter(|it| it.scheme.as_deref() == Some("internet-facing"));
            facing.extend(world.map(|it| it.arn));
            count
        })
        .await;
    if !is_read {
        let needing = [Action::DescribeTargetGroups, Action::DescribeTargetHealth];
        return steps.skip_without(Action::DescribeLoadBalancers, &needing);
    }
    let mut groups = Vec::new();
    let is_read = steps
        .pages(DescribeTargetGroups::default(), |page| {
            let count = page.groups.len();
            groups.extend(
                page.groups.into_iter().filter(|it| it.balancers.iter().any(|arn| facing.contains(arn))),
            );
            count
        })
        .await;
    if !is_read {
        return steps.skip_without(Action::DescribeTargetGroups, &[Action::DescribeTargetHealth]);
    }
    let asks = groups.into_iter().map(|group| DescribeTargetHealth { target_group: group.arn }).collect();
    steps
        .each(asks, |_, targets| {
            let count = targets.len();
            region.load_balanced.extend(targets.into_iter().filter(|id| id.starts_with("i-")));
            count
        })
        .await;
    region.load_balanced.sort_unstable();
    region.load_balanced.dedup();
}
