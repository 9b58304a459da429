//! Container instances of ECS, and in which networks tasks run there.
//!
//! A task is on an instance, and its definition says the mode. Definitions are shared by many tasks and asked for once.

use super::steps::Steps;
use crate::action::Action;
use crate::error::CallError;
use crate::ops::ecs::{
    DescribeContainerInstances, DescribeTaskDefinition, DescribeTasks, EcsClusters, ListContainerInstances,
    ListEcsClusters, ListTasks, Task,
};
use onehop_inventory::{ContainerInstance, Region, Word};
use std::collections::{BTreeMap, BTreeSet};

/// Things that one call describes.
const DESCRIBED_MAX: usize = 100;
/// What a definition on Linux gets that says nothing.
const MODE_UNSAID: &str = "bridge";

pub(super) async fn read(steps: &mut Steps<'_>, region: &mut Region) {
    let mut clusters = Vec::new();
    let keep = |page: EcsClusters| {
        let count = page.cluster_arns.len();
        clusters.extend(page.cluster_arns);
        count
    };
    if !steps.pages(ListEcsClusters::default(), keep).await {
        let needing = [
            Action::ListContainerInstances,
            Action::DescribeContainerInstances,
            Action::ListTasks,
            Action::DescribeTasks,
            Action::DescribeTaskDefinition,
        ];
        return steps.skip_without(Action::ListEcsClusters, &needing);
    }
    let places = instances(steps, region, &clusters).await;
    let tasks = tasks(steps, &clusters).await;
    let modes = modes(steps, &tasks).await;
    for task in tasks {
        let place = task.container_instance_arn.and_then(|arn| places.get(&arn));
        let mode = modes.get(&task.task_definition_arn);
        if let (Some(place), Some(mode)) = (place, mode) {
            let seen = &mut region.container_instances[*place].network_modes;
            if !seen.contains(mode) {
                seen.push(mode.clone());
            }
        }
    }
    region.container_instances.iter_mut().for_each(|it| it.network_modes.sort());
}

/// Reads the instances; where each is, by its ARN.
async fn instances(
    steps: &mut Steps<'_>,
    region: &mut Region,
    clusters: &[String],
) -> BTreeMap<String, usize> {
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
    let mut places = BTreeMap::new();
    steps
        .each(asks, |ask, answer| {
            let cluster = ask.cluster.rsplit('/').next().unwrap_or_default();
            let before = region.container_instances.len();
            for it in answer.container_instances {
                let Some(instance_id) = it.ec2_instance_id else { continue };
                places.insert(it.container_instance_arn, region.container_instances.len());
                let cluster = cluster.to_owned();
                let found = ContainerInstance { cluster, instance_id, ..ContainerInstance::default() };
                region.container_instances.push(found);
            }
            region.container_instances.len() - before
        })
        .await;
    places
}

async fn tasks(steps: &mut Steps<'_>, clusters: &[String]) -> Vec<Task> {
    let (mut asks, mut failed, mut items): (_, Option<CallError>, _) = (Vec::new(), None, 0);
    for cluster in clusters {
        let mut arns = Vec::new();
        let ask = ListTasks { cluster: cluster.clone(), next_token: None };
        if let Err(error) = steps.client.pages(ask, |page| arns.extend(page.task_arns)).await {
            failed.get_or_insert(error);
        }
        items += arns.len() as u64;
        let parts = arns.chunks(DESCRIBED_MAX);
        asks.extend(parts.map(|part| DescribeTasks { cluster: cluster.clone(), arns: part.to_vec() }));
    }
    steps.note(Action::ListTasks, items, failed);
    let mut tasks = Vec::new();
    steps
        .each(asks, |_, answer| {
            let count = answer.tasks.len();
            tasks.extend(answer.tasks);
            count
        })
        .await;
    tasks
}

/// The mode of each definition.
async fn modes(steps: &mut Steps<'_>, tasks: &[Task]) -> BTreeMap<String, Word> {
    let definitions: BTreeSet<&String> = tasks.iter().map(|task| &task.task_definition_arn).collect();
    let asks = definitions.into_iter().map(|arn| DescribeTaskDefinition { arn: arn.clone() }).collect();
    let mut modes = BTreeMap::new();
    steps
        .each(asks, |ask, definition| {
            let mode = definition.network_mode.as_deref().unwrap_or(MODE_UNSAID);
            modes.insert(ask.arn.clone(), Word::new(mode));
            1
        })
        .await;
    modes
}
