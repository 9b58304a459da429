//! The two metrics of requests without a token, for each instance, over the window.
//!
//! Points are as long as keeps a call within its bounds: an hour up to 15 days, six hours up to 90, a day beyond. No
//! point at all is kept apart from a sum of zero.

use super::steps::Steps;
use super::written;
use crate::action::Action;
use crate::client::Client;
use crate::error::CallError;
use crate::ops::cloudwatch::{GetMetricData, MetricQuery, MetricResult};
use onehop_inventory::{Instance, Metric};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Points that one call may answer with.
const POINTS_MAX: u64 = 100_800;
/// Calls at once in one region.
const PARALLEL: usize = 4;

/// Asks for the metrics of instances while more of these are read.
pub(super) struct Metrics {
    client: Client,
    asked: Asked,
    /// Calls that may be on their way; closed once one failed.
    places: Arc<Semaphore>,
    tasks: JoinSet<Option<Result<Part, CallError>>>,
    /// How many instances have been looked at.
    seen: usize,
    waiting: Vec<usize>,
    items: u64,
    failed: Option<CallError>,
}

/// Which instances, and what was read of each.
type Part = (Vec<usize>, Vec<Pair>);

impl Metrics {
    pub(super) fn new(client: &Client, window: Duration, now: OffsetDateTime) -> Metrics {
        Metrics {
            client: client.clone(),
            asked: Asked::over(window.as_secs(), now),
            places: Arc::new(Semaphore::new(PARALLEL)),
            tasks: JoinSet::new(),
            seen: 0,
            waiting: Vec::new(),
            items: 0,
            failed: None,
        }
    }

    /// Asks for those instances that were added since, once they fill a call or are the last; takes what has been answered.
    pub(super) fn ask(&mut self, instances: &mut [Instance], is_last: bool) {
        let added = self.seen..instances.len();
        self.waiting.extend(added.filter(|at| instances[*at].is_alive()));
        self.seen = instances.len();
        let most = self.asked.instances_max();
        let rest = if is_last { 0 } else { self.waiting.len() % most };
        let later = self.waiting.split_off(self.waiting.len() - rest);
        for part in std::mem::replace(&mut self.waiting, later).chunks(most) {
            let ids: Vec<String> = part.iter().map(|at| instances[*at].id.clone()).collect();
            let (places, part) = (Arc::clone(&self.places), part.to_vec());
            let (client, asked) = (self.client.clone(), self.asked.clone());
            self.tasks.spawn(async move {
                let _place = places.acquire_owned().await.ok()?;
                Some(fetch(client, asked, part, ids).await)
            });
        }
        while let Some(done) = self.tasks.try_join_next() {
            self.take(done.ok().flatten(), instances);
        }
    }

    /// Waits for the rest, and puts all of it on record.
    pub(super) async fn finish(mut self, steps: &mut Steps<'_>, instances: &mut [Instance]) {
        self.ask(instances, true);
        while let Some(done) = self.tasks.join_next().await {
            self.take(done.ok().flatten(), instances);
        }
        steps.note(Action::GetMetricData, self.items, self.failed);
    }

    fn take(&mut self, done: Option<Result<Part, CallError>>, instances: &mut [Instance]) {
        match done {
            Some(Ok((part, found))) => {
                self.items += part.len() as u64 * 2;
                for (at, [no_token, rejected]) in part.into_iter().zip(found) {
                    let instance = &mut instances[at];
                    (instance.no_token, instance.no_token_rejected) = (Some(no_token), Some(rejected));
                }
            }
            Some(Err(error)) => {
                // What failed for some would fail for all.
                self.places.close();
                self.failed.get_or_insert(error);
            }
            None => {}
        }
    }
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
