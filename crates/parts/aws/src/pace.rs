//! How fast one service of one region is called: as fast as it lets us.
//!
//! Halves the pace when throttled and raises it step by step with each answer, so that calls in parallel share what
//! the service gives instead of each backing off alone. Waits between attempts are random within a doubling bound.

use crate::settings::Settings;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

const GAP_FIRST: Duration = Duration::from_millis(20);
const GAP_MAX: Duration = Duration::from_secs(2);
const GAP_NONE: Duration = Duration::from_millis(2);

/// The gap that is kept between calls.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    gap: Duration,
    next: Option<Instant>,
}

impl Pace {
    /// How long to wait before the next call. Takes a place in the queue.
    pub(crate) fn wait(&self, now: Instant) -> Duration {
        let mut state = self.state();
        let at = state.next.map_or(now, |next| next.max(now));
        state.next = (!state.gap.is_zero()).then(|| at + state.gap);
        at.saturating_duration_since(now)
    }

    /// The service said that it is too much.
    pub(crate) fn throttled(&self) {
        let mut state = self.state();
        state.gap = (state.gap * 2).clamp(GAP_FIRST, GAP_MAX);
    }

    /// The service answered.
    pub(crate) fn answered(&self) {
        let mut state = self.state();
        state.gap = state.gap * 9 / 10;
        if state.gap < GAP_NONE {
            *state = State::default();
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The wait after an attempt that failed: anything up to a bound that doubles.
pub(crate) fn back_off(settings: &Settings, attempt: u32) -> Duration {
    let bound = settings.back_off.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    bound.min(settings.back_off_max).mul_f64(random_part())
}

/// A number from 0 to 1; 1 when the system has no randomness, which is the longest wait.
fn random_part() -> f64 {
    let mut bytes = [0; 2];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX),
        Err(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{GAP_FIRST, GAP_MAX, Pace, back_off};
    use crate::settings::Settings;
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn calls_are_spaced_after_throttling_until_it_passes() {
        let (pace, now) = (Pace::default(), Instant::now());
        assert_eq!((pace.wait(now), pace.wait(now)), (Duration::ZERO, Duration::ZERO));
        pace.throttled();
        assert_eq!(
            (pace.wait(now), pace.wait(now), pace.wait(now)),
            (Duration::ZERO, GAP_FIRST, GAP_FIRST * 2)
        );
        (0..20).for_each(|_| pace.throttled());
        pace.wait(now);
        assert!(pace.wait(now) <= GAP_MAX + GAP_FIRST * 3);
        (0..100).for_each(|_| pace.answered());
        assert_eq!((pace.wait(now), pace.wait(now)), (Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn waits_are_bounded() {
        let settings = Settings::default();
        for attempt in 0_u32..100 {
            let most = settings.back_off * 2_u32.pow(attempt.saturating_sub(1).min(10));
            assert!(back_off(&settings, attempt) <= most.min(settings.back_off_max), "{attempt}");
        }
    }
}
