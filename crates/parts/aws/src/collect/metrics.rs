//! The two metrics of requests without a token, for each instance, over the window.
//!
//! Points are as long as keeps a call within its bounds: an hour up to 15 days, six hours up to 90, a day beyond. No
//! point at all is kept apart from a sum of zero.

use super::plan::Plan;
use super::steps::Steps;
use super::written;
use crate::action::Action;
use crate::client::Client;
use crate::error::CallError;
use crate::ops::cloudwatch::{GetMetricData, MetricQuery, MetricResult};
use onehop_inventory::{Metric, Region};
use time::OffsetDateTime;
use tokio::task::JoinSet;

/// Points that one call may answer with.
const POINTS_MAX: u64 = 100_800;
/// Calls at once in one region.
const PARALLEL: usize = 4;

pub(super) async fn read(steps: &mut Steps<'_>, region: &mut Region, plan: &Plan, now: OffsetDateTime) {
    let Some(window) = plan.window else {
        return steps.skip(&[Action::GetMetricData], "metrics were left out");
    };
    let asked = Asked::over(window.as_secs(), now);
    let places: Vec<usize> =
        (0..region.instances.len()).filter(|at| region.instances[*at].is_alive()).collect();
    let (mut items, mut failed) = (0, None);
    let mut parts = places.chunks(asked.instances_max()).map(<[usize]>::to_vec);
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < PARALLEL && failed.is_none() {
            let Some(part) = parts.next() else { break };
            let ids: Vec<String> = part.iter().map(|at| region.instances[*at].id.clone()).collect();
            tasks.spawn(fetch(steps.client.clone(), asked.clone(), part, ids));
        }
        let Some(done) = tasks.join_next().await else { break };
        match done {
            Ok(Ok((part, found))) => {
                items += part.len() as u64 * 2;
                for (at, [no_token, rejected]) in part.into_iter().zip(found) {
                    let instance = &mut region.instances[at];
                    (instance.no_token, instance.no_token_rejected) = (Some(no_token), Some(rejected));
                }
            }
            Ok(Err(error)) => failed = Some(error),
            Err(_) => {}
        }
    }
    steps.note(Action::GetMetricData, items, failed);
}

/// The window and its points.
#[derive(Clone)]
struct Asked {
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    empty: Metric,
}

impl Asked {
    fn over(window_seconds: u64, now: OffsetDateTime) -> Asked {
        const DAY: u64 = 24 * 3600;
        let period = match window_seconds.div_ceil(DAY) {
            0..=15 => 3600,
            16..=90 => 6 * 3600,
            _ => DAY,
        };
        let from = now - std::time::Duration::from_secs(window_seconds);
        Asked {
            from: written(from),
            to: written(now),
            empty: Metric { window_seconds, period_seconds: period, ..Metric::default() },
        }
    }

    /// Instances that one call may ask for, with two metrics each.
    fn instances_max(&self) -> usize {
        let points = self.empty.window_seconds.div_ceil(self.empty.period_seconds).max(1);
        let by_points = usize::try_from(POINTS_MAX / points / 2).unwrap_or(1);
        by_points.clamp(1, GetMetricData::QUERIES_MAX / 2)
    }
}

type Pair = [Metric; 2];

async fn fetch(
    client: Client,
    asked: Asked,
    part: Vec<usize>,
    ids: Vec<String>,
) -> Result<(Vec<usize>, Vec<Pair>), CallError> {
    let query = |letter: char, at: usize, metric: &str, id: &String| MetricQuery {
        id: format!("{letter}{at}"),
        namespace: "AWS/EC2".to_owned(),
        metric: metric.to_owned(),
        dimension: "InstanceId".to_owned(),
        value: id.clone(),
        period_seconds: u32::try_from(asked.empty.period_seconds).unwrap_or(3600),
    };
    let both =
        |(at, id)| [query('n', at, "MetadataNoToken", id), query('r', at, "MetadataNoTokenRejected", id)];
    let operation = GetMetricData {
        queries: ids.iter().enumerate().flat_map(both).collect(),
        start: asked.from.clone(),
        end: asked.to.clone(),
        next_token: None,
    };
    let mut found: Vec<Pair> = vec![[asked.empty.clone(), asked.empty.clone()]; part.len()];
    client
        .pages(operation, |page| page.results.into_iter().for_each(|result| add(&mut found, result)))
        .await?;
    Ok((part, found))
}

fn add(found: &mut [Pair], result: MetricResult) {
    let Some((letter, at)) = result.id.split_at_checked(1) else { return };
    let Some(pair) = at.parse::<usize>().ok().and_then(|at| found.get_mut(at)) else { return };
    let metric = &mut pair[usize::from(letter == "r")];
    metric.points += result.values.len() as u64;
    metric.sum += result.values.iter().sum::<f64>();
    let seen =
        result.timestamps.into_iter().zip(result.values).filter(|(_, sum)| *sum > 0.0).map(|(at, _)| at);
    metric.last_seen = seen.chain(metric.last_seen.take()).max();
}

#[cfg(test)]
mod tests {
    use super::Asked;
    use time::OffsetDateTime;

    #[test]
    fn calls_stay_within_the_bounds_of_the_service() {
        for days in [1_u64, 14, 15, 16, 30, 63, 90, 365, 455] {
            let asked = Asked::over(days * 24 * 3600, OffsetDateTime::UNIX_EPOCH);
            let points = asked.empty.window_seconds.div_ceil(asked.empty.period_seconds);
            let metrics = asked.instances_max() as u64 * 2;
            assert!(metrics <= 500 && metrics * points <= super::POINTS_MAX, "{days} days");
        }
    }
}
