//! Durations sorted into fixed buckets.
//!
//! An observation is a search among few bounds and two relaxed adds. The count that is shown is the sum of the
//! buckets, so it always agrees with them; the sum of durations may be one observation ahead or behind. That sum
//! wraps around after 584 years of latency.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds that suit a local service: 25 µs to 1 s.
pub const LATENCY_BOUNDS: &[Duration] = &[
    Duration::from_micros(25),
    Duration::from_micros(50),
    Duration::from_micros(100),
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_micros(2_500),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_secs(1),
];

/// How many durations were at most so long.
#[derive(Debug)]
#[repr(align(128))]
pub struct Histogram {
    bounds: &'static [Duration],
    /// One more than there are bounds: the last is for what exceeds them all.
    buckets: Box<[AtomicU64]>,
    sum_nanos: AtomicU64,
}

impl Histogram {
    /// An empty histogram.
    ///
    /// # Panics
    /// The bounds do not grow.
    pub fn new(bounds: &'static [Duration]) -> Histogram {
        assert!(bounds.is_sorted_by(|lower, upper| lower < upper), "the bounds of a histogram grow");
        let buckets = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Histogram { bounds, buckets, sum_nanos: AtomicU64::new(0) }
    }

    /// Adds a duration. One that equals a bound counts below it.
    pub fn observe(&self, duration: Duration) {
        let place = self.bounds.partition_point(|bound| *bound < duration);
        self.buckets[place].fetch_add(1, Ordering::Relaxed);
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// Each bound (none for the last) with the number of durations up to it.
    pub(super) fn cumulative(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        bounds.zip(&self.buckets).scan(0, |total, (bound, bucket)| {
            *total += bucket.load(Ordering::Relaxed);
            Some((bound, *total))
        })
    }

    pub(super) fn sum(&self) -> Duration {
        Duration::from_nanos(self.sum_nanos.load(Ordering::Relaxed))
    }
}
