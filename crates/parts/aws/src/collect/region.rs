//! One region of an account.

use super::metrics::Metrics;
use super::plan::{Event, Topic};
use super::steps::{Site, Steps};
use super::{consumers, convert, ecs, images, services};
use crate::action::Action;
use crate::ops::autoscaling::{DescribeAutoScalingGroups, DescribeLaunchConfigurations};
use crate::ops::defaults::GetInstanceMetadataDefaults;
use crate::ops::instances::DescribeInstances;
use crate::ops::load_balancing::{DescribeLoadBalancers, DescribeTargetGroups, DescribeTargetHealth};
use crate::ops::network::DescribeSecurityGroups;
use crate::ops::templates::{
    DescribeLaunchTemplateVersions, DescribeLaunchTemplates, TemplateVersion, TemplateVersions,
};
use onehop_inventory::{Call, Region, TemplateSpec};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// Reads what the plan asks for. Topics are read side by side; what is named by others comes last.
pub(super) async fn read(place: &Site) -> Region {
    let mut region = Region { name: place.client.region().to_owned(), ..Region::default() };
    let mut steps = place.steps();
    let mut tasks = JoinSet::new();
    for topic in Topic::ALL {
        if place.plan.topics.contains(&topic) {
            let place = place.clone();
            tasks.spawn(async move { (topic, first_of(&place, topic).await) });
        } else {
            steps.skip(actions(topic), &format!("{} were left out", topic.name()));
        }
    }
    if !place.plan.topics.contains(&Topic::Instances) {
        steps.skip(&[Action::GetMetricData], "instances were left out");
    }
    let mut parts = BTreeMap::new();
    while let Some(read) = tasks.join_next().await {
        parts.extend(read);
    }
    for part in parts.into_values() {
        region.absorb(Region { name: region.name.clone(), ..part });
    }
    if place.plan.topics.contains(&Topic::Templates) {
        named_versions(&mut steps, &mut region).await;
    }
    if place.plan.topics.contains(&Topic::Images) {
        images::others(&mut steps, &mut region).await;
    }
    // Deliveries of credentials are read from files of the trail: LookupEvents cannot look for them.
    steps.calls.push(Call::skipped("cloudtrail:LookupEvents", "CloudTrail is read from its log files"));
    region.calls.append(&mut steps.calls);
    place.progress.tell(Event::Region { account: &place.account, region: &region.name });
    region
}

/// What a topic reads without looking at the others.
async fn first_of(place: &Site, topic: Topic) -> Region {
    let (mut region, mut steps) = (Region::default(), place.steps());
    match topic {
        Topic::Instances => instances(&mut steps, &mut region, place).await,
        Topic::Defaults => {
            region.defaults = steps.one(&GetInstanceMetadataDefaults).await.map(convert::defaults);
        }
        Topic::Templates => templates(&mut steps, &mut region).await,
        Topic::Network => network(&mut steps, &mut region).await,
        Topic::Images => images::own(&mut steps, &mut region).await,
        Topic::Roles => {}
        Topic::Eks => services::eks(&mut steps, &mut region).await,
        Topic::Ecs => ecs::read(&mut steps, &mut region).await,
        Topic::Beanstalk => services::beanstalk(&mut steps, &mut region).await,
        Topic::SageMaker => services::sagemaker(&mut steps, &mut region).await,
        Topic::Emr => services::emr(&mut steps, &mut region).await,
        Topic::Lightsail => services::lightsail(&mut steps, &mut region).await,
        Topic::ImageBuilder => services::image_builder(&mut steps, &mut region).await,
        Topic::Fleets => consumers::fleets(&mut steps, &mut region).await,
        Topic::Batch => consumers::batch(&mut steps, &mut region).await,
        Topic::AppStream => services::app_stream(&mut steps, &mut region).await,
    }
    region.calls = steps.calls;
    region
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
        Topic::Ecs => &[
            Action::ListEcsClusters,
            Action::ListContainerInstances,
            Action::DescribeContainerInstances,
            Action::ListTasks,
            Action::DescribeTasks,
            Action::DescribeTaskDefinition,
        ],
        Topic::Beanstalk => &[Action::DescribeEnvironments, Action::DescribeConfigurationSettings],
        Topic::SageMaker => &[Action::ListNotebookInstances, Action::DescribeNotebookInstance],
        Topic::Emr => &[
            Action::ListSecurityConfigurations,
            Action::DescribeSecurityConfiguration,
            Action::ListEmrClusters,
            Action::DescribeCluster,
        ],
        Topic::Lightsail => &[Action::GetInstances],
        Topic::ImageBuilder => {
            &[Action::ListInfrastructureConfigurations, Action::GetInfrastructureConfiguration]
        }
        Topic::Fleets => &[Action::DescribeFleets, Action::DescribeSpotFleetRequests],
        Topic::Batch => &[Action::DescribeComputeEnvironments],
        Topic::AppStream => {
            &[Action::DescribeStreamFleets, Action::DescribeImageBuilders, Action::DescribeAppBlockBuilders]
        }
    }
}

/// Instances, and their metrics as soon as their page is there.
async fn instances(steps: &mut Steps<'_>, region: &mut Region, place: &Site) {
    let operation =
        DescribeInstances { page_size: Some(place.plan.page_size), ..DescribeInstances::default() };
    let instances = &mut region.instances;
    let mut metrics = place.plan.window.map(|window| Metrics::new(&place.client, window, place.now));
    steps
        .pages(operation, |page| {
            let count = page.instances.len();
            instances.extend(page.instances.into_iter().map(convert::instance));
            if let Some(metrics) = &mut metrics {
                metrics.ask(instances, false);
            }
            count
        })
        .await;
    instances.shrink_to_fit();
    match metrics {
        Some(metrics) => metrics.finish(steps, instances).await,
        None => steps.skip(&[Action::GetMetricData], "metrics were left out"),
    }
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
    end_versions(steps, region).await;
}

/// The default and the latest of all templates, in one listing.
async fn end_versions(steps: &mut Steps<'_>, region: &mut Region) {
    let ends = DescribeLaunchTemplateVersions {
        versions: vec!["$Default".to_owned(), "$Latest".to_owned()],
        page_size: Some(200),
        ..DescribeLaunchTemplateVersions::default()
    };
    let mut found = Vec::new();
    let keep = |page: TemplateVersions| {
        let count = page.versions.len();
        found.extend(page.versions);
        count
    };
    steps.pages(ends, keep).await;
    place_versions(region, found);
}

/// What something names besides, template by template.
async fn named_versions(steps: &mut Steps<'_>, region: &mut Region) {
    let named = named(region);
    if named.is_empty() || has_failed(region, Action::DescribeLaunchTemplateVersions) {
        return;
    }
    let (mut found, mut failed) = (Vec::new(), None);
    for (id, numbers) in named {
        let versions: Vec<_> = numbers.iter().map(u64::to_string).collect();
        for part in versions.chunks(200) {
            if failed.is_some() {
                break;
            }
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
    steps.note(Action::DescribeLaunchTemplateVersions, found.len() as u64, failed);
    place_versions(region, found);
}

fn has_failed(region: &Region, action: Action) -> bool {
    region.calls.iter().any(|call| call.operation == action.permission() && call.is_failure())
}

fn place_versions(region: &mut Region, found: Vec<TemplateVersion>) {
    let mut by_template: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for version in found {
        let id = version.template_id.clone();
        by_template.entry(id).or_default().push(convert::version(version));
    }
    for template in &mut region.templates {
        template.versions.extend(by_template.remove(&template.id).unwrap_or_default());
        template.versions.sort_by_key(|version| version.version);
        template.versions.dedup_by_key(|version| version.version);
    }
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
    region.consumers.iter().flat_map(|consumer| &consumer.templates).for_each(&mut name);
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
