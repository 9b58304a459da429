//! Services that start instances of their own.

use super::convert;
use super::steps::Steps;
use crate::action::Action;
use crate::ops::beanstalk::{DescribeConfigurationSettings, DescribeEnvironments};
use crate::ops::ecs::{DescribeContainerInstances, ListContainerInstances, ListEcsClusters};
use crate::ops::eks::{DescribeNodegroup, ListClusters, ListNodegroups};
use crate::ops::emr::{DescribeSecurityConfiguration, ListSecurityConfigurations};
use crate::ops::image_builder::{GetInfrastructureConfiguration, ListInfrastructureConfigurations};
use crate::ops::lightsail::GetInstances;
use crate::ops::sagemaker::{DescribeNotebookInstance, ListNotebookInstances};
use onehop_inventory::{ContainerInstance, EmrConfiguration, Environment, Region};

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

pub(super) async fn ecs(steps: &mut Steps<'_>, region: &mut Region) {
    const DESCRIBED_MAX: usize = 100;
    let mut clusters = Vec::new();
    let keep = |page: crate::ops::ecs::EcsClusters| {
        let count = page.cluster_arns.len();
        clusters.extend(page.cluster_arns);
        count
    };
    if !steps.pages(ListEcsClusters::default(), keep).await {
        let needing = [Action::ListContainerInstances, Action::DescribeContainerInstances];
        return steps.skip_without(Action::ListEcsClusters, &needing);
    }
    let (mut asks, mut failed, mut items) = (Vec::new(), None, 0);
    for cluster in clusters {
        let mut arns = Vec::new();
        let ask = ListContainerInstances { cluster: cluster.clone(), next_token: None };
        if let Err(error) = steps.client.pages(ask, |page| arns.extend(page.container_instance_arns)).await {
            failed.get_or_insert(error);
        }
        items += arns.len() as u64;
        let parts = arns.chunks(DESCRIBED_MAX);
        asks.extend(
            parts.map(|part| DescribeContainerInstances { cluster: cluster.clone(), arns: part.to_vec() }),
        );
    }
    steps.note(Action::ListContainerInstances, items, failed);
    steps
        .each(asks, |ask, answer| {
            let cluster = ask.cluster.rsplit('/').next().unwrap_or_default();
            let ids = answer.container_instances.into_iter().filter_map(|it| it.ec2_instance_id);
            let found = ids.map(|instance_id| ContainerInstance {
                cluster: cluster.to_owned(),
                instance_id,
                ..ContainerInstance::default()
            });
            let before = region.container_instances.len();
            region.container_instances.extend(found);
            region.container_instances.len() - before
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
