//! What else starts instances from launch templates: fleets and Batch.

use super::convert;
use super::steps::Steps;
use crate::ops::batch::DescribeComputeEnvironments;
use crate::ops::fleets::{DescribeFleets, DescribeSpotFleetRequests};
use onehop_inventory::Region;

/// Fleets that may still start something.
pub(super) async fn fleets(steps: &mut Steps<'_>, region: &mut Region) {
    steps
        .pages(DescribeFleets::default(), |page| {
            let alive = page.fleets.into_iter().filter(crate::ops::fleets::Fleet::is_alive);
            keep(region, alive.map(|it| convert::fleet(it, "ec2-fleet")))
        })
        .await;
    steps
        .pages(DescribeSpotFleetRequests::default(), |page| {
            let alive = page.fleets.into_iter().filter(crate::ops::fleets::Fleet::is_alive);
            keep(region, alive.map(|it| convert::fleet(it, "spot-fleet")))
        })
        .await;
}

/// Compute environments that start instances themselves.
pub(super) async fn batch(steps: &mut Steps<'_>, region: &mut Region) {
    steps
        .pages(DescribeComputeEnvironments::default(), |page| {
            keep(region, page.compute_environments.into_iter().filter_map(convert::compute_environment))
        })
        .await;
}

fn keep(region: &mut Region, found: impl Iterator<Item = onehop_inventory::Consumer>) -> usize {
    let before = region.consumers.len();
    region.consumers.extend(found);
    region.consumers.len() - before
}
