//! Services that start instances of their own.

use super::convert;
use super::steps::Steps;
use crate::action::Action;
use crate::client::Paged;
use crate::ops::app_stream::{
    DescribeAppBlockBuilders, DescribeImageBuilders, DescribeStreamFleets, Streams,
};
use crate::ops::beanstalk::{DescribeConfigurationSettings, DescribeEnvironments};
use crate::ops::eks::{DescribeNodegroup, ListClusters, ListNodegroups};
use crate::ops::emr::{
    DescribeCluster, DescribeSecurityConfiguration, ListEmrClusters, ListSecurityConfigurations,
};
use crate::ops::image_builder::{GetInfrastructureConfiguration, ListInfrastructureConfigurations};
use crate::ops::lightsail::GetInstances;
use crate::ops::sagemaker::{DescribeNotebookInstance, ListNotebookInstances};
use onehop_inventory::{EmrConfiguration, Environment, Region, Stream, Word};

pub(super) async fn eks(steps: &mut Steps<'_>, region: &mut Region) {
    let mut clusters = Vec::new();
    let keep = |page: crate::ops::eks::Clusters| {
        let count = page.clusters.len();
        clusters.extend(page.clusters);
        count
    };
    if !steps.pages(ListClusters::default(), keep).await {
        let needing = [Action::ListNodegroups, Action::DescribeNodegroup];
        return steps.skip_without(Action::ListClusters, &needing);
    }
    let (mut groups, mut failed) = (Vec::new(), None);
    for cluster in clusters {
        let ask = ListNodegroups { cluster: cluster.clone(), next_token: None };
        let keep = |page: crate::ops::eks::Nodegroups| {
            groups.extend(
                page.nodegroups.into_iter().map(|name| DescribeNodegroup { cluster: cluster.clone(), name }),
            );
        };
        if let Err(error) = steps.client.pages(ask, keep).await {
            failed.get_or_insert(error);
        }
    }
    steps.note(Action::ListNodegroups, groups.len() as u64, failed);
    steps
        .each(groups, |_, group| {
            region.node_groups.push(convert::node_group(group));
            1
        })
        .await;
}

pub(super) async fn beanstalk(steps: &mut Steps<'_>, region: &mut Region) {
    let mut environments = Vec::new();
    let keep = |page: crate::ops::beanstalk::Environments| {
        let count = page.environments.len();
        environments.extend(page.environments.into_iter().filter(|it| it.status != "Terminated"));
        count
    };
    if !steps.pages(DescribeEnvironments::default(), keep).await {
        return steps.skip_without(Action::DescribeEnvironments, &[Action::DescribeConfigurationSettings]);
    }
    let asks: Vec<_> = environments
        .iter()
        .map(|it| DescribeConfigurationSettings {
            application: it.application.clone(),
            environment: it.name.clone(),
        })
        .collect();
    let mut platforms: std::collections::BTreeMap<String, Option<String>> =
        environments.into_iter().map(|it| (it.name, it.platform)).collect();
    steps
        .each(asks, |ask, options| {
            let value = |wanted: &str| {
                let option = options.iter().find(|option| {
                    option.namespace == "aws:autoscaling:launchconfiguration" && option.name == wanted
                });
                option.and_then(|option| option.value.clone())
            };
            region.environments.push(Environment {
                application: ask.application.clone(),
                name: ask.environment.clone(),
                platform: platforms.remove(&ask.environment).flatten(),
                disable_imdsv1: value("DisableIMDSv1"),
                profile: value("IamInstanceProfile"),
                ..Environment::default()
            });
            1
        })
        .await;
}

pub(super) async fn sagemaker(steps: &mut Steps<'_>, region: &mut Region) {
    let mut asks = Vec::new();
    let keep = |page: crate::ops::sagemaker::Notebooks| {
        let count = page.notebooks.len();
        asks.extend(
            page.notebooks.into_iter().map(|it| DescribeNotebookInstance { name: it.notebook_instance_name }),
        );
        count
    };
    if !steps.pages(ListNotebookInstances::default(), keep).await {
        return steps.skip_without(Action::ListNotebookInstances, &[Action::DescribeNotebookInstance]);
    }
    steps
        .each(asks, |_, notebook| {
            region.notebooks.push(convert::notebook(notebook));
            1
        })
        .await;
}

pub(super) async fn emr(steps: &mut Steps<'_>, region: &mut Region) {
    emr_configurations(steps, region).await;
    emr_clusters(steps, region).await;
}

async fn emr_clusters(steps: &mut Steps<'_>, region: &mut Region) {
    let mut asks = Vec::new();
    let keep = |page: crate::ops::emr::EmrClusters| {
        let count = page.clusters.len();
        asks.extend(page.clusters.into_iter().map(|it| DescribeCluster { id: it.id }));
        count
    };
    if !steps.pages(ListEmrClusters::default(), keep).await {
        return steps.skip_without(Action::ListEmrClusters, &[Action::DescribeCluster]);
    }
    steps
        .each(asks, |_, it| {
            region.emr_clusters.push(convert::emr_cluster(it));
            1
        })
        .await;
}

/// Fleets and builders.
pub(super) async fn app_stream(steps: &mut Steps<'_>, region: &mut Region) {
    streams(steps, region, DescribeStreamFleets::default(), "fleet").await;
    streams(steps, region, DescribeImageBuilders::default(), "image-builder").await;
    streams(steps, region, DescribeAppBlockBuilders::default(), "app-block-builder").await;
}

async fn streams<O: Paged<Output = Streams>>(
    steps: &mut Steps<'_>,
    region: &mut Region,
    listing: O,
    kind: &str,
) {
    steps
        .pages(listing, |page| {
            let count = page.streams.len();
            region.streams.extend(page.streams.into_iter().map(|it| Stream {
                kind: Word::new(kind),
                name: it.name,
                disable_imdsv1: it.disable_imdsv1,
            }));
            count
        })
        .await;
}

async fn emr_configurations(steps: &mut Steps<'_>, region: &mut Region) {
    let mut asks = Vec::new();
    let keep = |page: crate::ops::emr::SecurityConfigurations| {
        let count = page.configurations.len();
        asks.extend(
            page.configurations.into_iter().map(|it| DescribeSecurityConfiguration { name: it.name }),
        );
        count
    };
    if !steps.pages(ListSecurityConfigurations::default(), keep).await {
        return steps
            .skip_without(Action::ListSecurityConfigurations, &[Action::DescribeSecurityConfiguration]);
    }
    steps
        .each(asks, |_, it| {
            region.emr_configurations.push(EmrConfiguration::read(it.name, &it.text));
            1
        })
        .await;
}

pub(super) async fn lightsail(steps: &mut Steps<'_>, region: &mut Region) {
    steps
        .pages(GetInstances::default(), |page| {
            let count = page.instances.len();
            region.lightsail.extend(page.instances.into_iter().map(convert::lightsail));
            count
        })
        .await;
}

pub(super) async fn image_builder(steps: &mut Steps<'_>, region: &mut Region) {
    let mut asks = Vec::new();
    let keep = |page: crate::ops::image_builder::InfrastructureConfigurations| {
        let count = page.configurations.len();
        asks.extend(page.configurations.into_iter().map(|it| GetInfrastructureConfiguration { arn: it.arn }));
        count
    };
    if !steps.pages(ListInfrastructureConfigurations::default(), keep).await {
        return steps.skip_without(
            Action::ListInfrastructureConfigurations,
            &[Action::GetInfrastructureConfiguration],
        );
    }
    steps
        .each(asks, |_, it| {
            region.builds.push(convert::build(it));
            1
        })
        .await;
}
