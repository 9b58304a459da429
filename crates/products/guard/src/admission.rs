//! Bounds on what one caller may use: open connections and requests a second.
//!
//! Callers are told apart by [`Caller`]. What is kept of a caller is forgotten after a minute without requests, and
//! at most [`CALLERS_MAX`] are kept, so memory stays flat whatever addresses strangers use.

use crate::caller::Caller;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use onehop_verdict::{Code, Denied};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Callers that are kept at most.
const CALLERS_MAX: u64 = 10_000;
const FORGET_AFTER: Duration = Duration::from_secs(60);

/// What one caller may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Requests a second, sustained. Twice as many may come at once.
    pub rate: NonZeroU32,
    /// Open connections.
    pub connections: usize,
}

impl Default for Limit {
    /// 500 requests a second, which no client needs, and 256 connections.
    fn default() -> Self {
        Limit { rate: NonZeroU32::MIN.saturating_add(499), connections: 256 }
    }
}

/// The callers and what they use.
#[derive(Debug)]
pub struct Limits {
    limit: Limit,
    callers: moka::sync::Cache<Caller, Arc<Usage>>,
}

#[derive(Debug)]
struct Usage {
    open: AtomicUsize,
    rate: DefaultDirectRateLimiter,
    on_record: DefaultDirectRateLimiter,
}

/// One open connection of a caller; counted until it is dropped.
#[derive(Debug)]
pub struct Entered {
    usage: Arc<Usage>,
    over: bool,
}

impl Limits {
    /// Nobody uses anything yet.
    pub fn new(limit: Limit) -> Self {
        let callers =
            moka::sync::Cache::builder().max_capacity(CALLERS_MAX).time_to_idle(FORGET_AFTER).build();
        Limits { limit, callers }
    }

    /// Counts a connection in.
    pub fn enter(&self, caller: Caller) -> Entered {
        let usage = self.callers.get_with(caller, || {
            let burst = self.limit.rate.saturating_mul(NonZeroU32::MIN.saturating_add(1));
            let quota = Quota::per_second(self.limit.rate).allow_burst(burst);
            Arc::new(Usage {
                open: AtomicUsize::new(0),
                rate: RateLimiter::direct(quota),
                on_record: RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)),
            })
        });
        let over = usage.open.fetch_add(1, Ordering::Relaxed) >= self.limit.connections;
        Entered { usage, over }
    }
}

impl Entered {
    /// Whether the caller has more connections open than it may.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `LIMIT-RATE`.
    pub fn request(&self) -> Result<(), Denied> {
        self.usage.rate.check().map_err(|_| Code::LimitRate.into())
    }

    /// Whether a denial for the rate goes on record: one a second of each caller, so that a flood does not fill the
    /// journal. All are counted.
    pub fn records_flood(&self) -> bool {
        self.usage.on_record.check().is_ok()
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.usage.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, Limits};
    use crate::caller::Caller;
    use onehop_verdict::Code;
    use std::num::NonZeroU32;

    const A: Caller = Caller::Local { uid: 1 };
    const B: Caller = Caller::Local { uid: 2 };

    fn limits(rate: u32, connections: usize) -> Limits {
        Limits::new(Limit { rate: NonZeroU32::new(rate).expect("not zero"), connections })
    }

    #[test]
    fn a_caller_over_its_rate_is_refused_and_others_are_not() {
        let limits = limits(5, 10);
        let (a, b) = (limits.enter(A), limits.enter(B));
        let refused = (0..100).filter_map(|_| a.request().err()).map(|denied| denied.code());
        assert!(refused.clone().count() >= 85, "{}", refused.count());
        assert!((0..100).filter_map(|_| a.request().err()).all(|denied| denied.code() == Code::LimitRate));
        assert!(b.request().is_ok());
    }

    #[test]
    fn connections_are_counted_until_they_close() {
        let limits = limits(1_000, 2);
        let (first, second, third) = (limits.enter(A), limits.enter(A), limits.enter(A));
        assert!(!first.is_over() && !second.is_over() && third.is_over());
        assert!(!limits.enter(B).is_over());
        drop((first, third));
        assert!(!limits.enter(A).is_over());
    }
}
