//! The set in force, and the thread that replaces it in time.
//!
//! The thread waits by the given clock, looked at every 30 s at least, so that a machine that slept refreshes soon
//! after it wakes. A request that finds the refresh due wakes the thread. A clock that went back to before the last
//! attempt makes the next one due.

use super::super::Issued;
use super::error::ProfileError;
use super::load::Loader;
use aws_credential_types::Credentials as Loaded;
use onehop_imds::credentials::{Credentials, Failure};
use onehop_imds::time::UnixSeconds;
use onehop_server::Clock;
use onehop_verdict::Secret;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{Notify, oneshot};

/// How long before its end a set is replaced. botocore begins to ask 15 minutes before the end.
const LEAD_SECONDS: u64 = 1_200;
/// Life of the document when the keys have no expiry: as on instances.
const STATIC_LIFE_SECONDS: u64 = 21_600;
/// How often files with such keys are read again.
const STATIC_PERIOD_SECONDS: u64 = 3_600;
const BACKOFF_MIN_SECONDS: u64 = 1;
const BACKOFF_MAX_SECONDS: u64 = 60;
/// Longest time the clock is not looked at.
const LOOK_SECONDS: u64 = 30;

pub(super) fn unix_seconds(time: SystemTime) -> UnixSeconds {
    UnixSeconds::new(time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// What the worker writes and requests read.
pub(super) struct Shared {
    held: Mutex<Held>,
    attempted: Condvar,
    due: Notify,
}

struct Held {
    set: Option<Set>,
    /// Why the last attempt failed, unless it succeeded.
    error: Option<ProfileError>,
    attempts: u64,
    backoff: u64,
    /// When the last attempt ended, and when the next begins.
    last: UnixSeconds,
    next: UnixSeconds,
    /// The worker is gone.
    ended: bool,
}

struct Set {
    issued: Issued,
    expiration: UnixSeconds,
}

impl Shared {
    pub(super) fn new(now: UnixSeconds) -> Self {
        let held = Held {
            set: None,
            error: None,
            attempts: 0,
            backoff: BACKOFF_MIN_SECONDS,
            last: now,
            next: now,
            ended: false,
        };
        Shared { held: Mutex::new(held), attempted: Condvar::new(), due: Notify::new() }
    }

    /// The document at a time. Holds the lock for as long as it takes to copy a reference.
    pub(super) fn current(
        &self,
        now: UnixSeconds,
        failure: impl FnOnce(Option<&ProfileError>, UnixSeconds) -> Failure,
    ) -> Issued {
        let held = self.held();
        if held.is_due(now) {
            self.due.notify_one();
        }
        match &held.set {
            Some(set) if now < set.expiration => set.issued.clone(),
            _ => Issued::from(&failure(held.error.as_ref(), held.last)),
        }
    }

    /// Waits for the first attempt and hands out its error.
    pub(super) fn first(&self, name: &str) -> Result<(), ProfileError> {
        let mut held = self
            .attempted
            .wait_while(self.held(), |held| held.attempts == 0 && !held.ended)
            .unwrap_or_else(PoisonError::into_inner);
        match held.error.take() {
            Some(error) => Err(error),
            None if held.set.is_none() => {
                Err(ProfileError::Failed { name: name.to_owned(), reason: "its thread ended".to_owned() })
            }
            None => Ok(()),
        }
    }

    /// Waits until more than `attempts` were made; the number made so far, or `None` after 30 s.
    #[cfg(test)]
    pub(super) fn attempts_beyond(&self, attempts: u64) -> Option<u64> {
        let (held, waited) = self
            .attempted
            .wait_timeout_while(self.held(), Duration::from_secs(30), |held| held.attempts <= attempts)
            .unwrap_or_else(PoisonError::into_inner);
        (!waited.timed_out()).then_some(held.attempts)
    }

    fn record(&self, name: &str, outcome: Result<Loaded, ProfileError>, now: UnixSeconds) {
        let mut held = self.held();
        held.attempts += 1;
        held.last = now;
        match outcome.and_then(|loaded| Set::new(name, &loaded, now)) {
            Ok((set, wait)) => {
                held.set = Some(set);
                held.error = None;
                held.backoff = BACKOFF_MIN_SECONDS;
                held.next = now.plus(wait);
            }
            Err(error) => {
                held.error = Some(error);
                held.next = now.plus(held.backoff);
                held.backoff = (held.backoff * 2).min(BACKOFF_MAX_SECONDS);
            }
        }
        self.attempted.notify_all();
    }

    /// Seconds until the next attempt; 0 when it is due.
    fn wait(&self, now: UnixSeconds) -> u64 {
        let held = self.held();
        if held.is_due(now) { 0 } else { now.until(held.next) }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn is_due(&self, now: UnixSeconds) -> bool {
        now >= self.next || now < self.last
    }
}

impl Set {
    /// The set and the seconds until the next attempt.
    fn new(name: &str, loaded: &Loaded, now: UnixSeconds) -> Result<(Set, u64), ProfileError> {
        let (expiration, wait) = match loaded.expiry().map(unix_seconds) {
            None => (now.plus(STATIC_LIFE_SECONDS), STATIC_PERIOD_SECONDS),
            Some(expired) if expired <= now => {
                return Err(ProfileError::Expired { name: name.to_owned(), expired });
            }
            Some(expiration) => (expiration, refresh_after(now.until(expiration))),
        };
        let credentials = Credentials {
            last_updated: now,
            access_key_id: loaded.access_key_id().to_owned(),
            secret_access_key: Secret::new(loaded.secret_access_key().to_owned()),
            session_token: Secret::new(loaded.session_token().unwrap_or_default().to_owned()),
            expiration,
        };
        Ok((Set { issued: Issued::from(&credentials), expiration }, wait))
    }
}

/// When to replace a set that lives that long. A provider that keeps handing out the same set is asked ever more
/// often towards its end, never more than once a second.
fn refresh_after(life: u64) -> u64 {
    if life >= 2 * LEAD_SECONDS { life - LEAD_SECONDS } else { (life / 2).max(1) }
}

/// The thread. Ends when this is dropped; a provider that is at work is abandoned, and a `credential_process` that
/// runs is left to end by itself.
pub(super) struct Worker {
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(shared: Arc<Shared>, loader: Loader, clock: Arc<dyn Clock>) -> io::Result<Worker> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("onehop-profile".to_owned()).spawn(move || {
            let _ended = Ended(&shared);
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    () = keep_fresh(&shared, &loader, &*clock) => {}
                }
            });
            // A name that is being resolved must not hold up the end.
            runtime.shutdown_background();
        })?;
        Ok(Worker { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so itself.
            let _ = thread.join();
        }
    }
}

struct Ended<'s>(&'s Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.held().ended = true;
        self.0.attempted.notify_all();
    }
}

async fn keep_fresh(shared: &Shared, loader: &Loader, clock: &dyn Clock) {
    loop {
        let outcome = loader.load().await;
        shared.record(loader.name(), outcome, unix_seconds(clock.now()));
        loop {
            let wait = shared.wait(unix_seconds(clock.now()));
            if wait == 0 {
                break;
            }
            let look = Duration::from_secs(wait.min(LOOK_SECONDS));
            // Either way the clock is looked at again.
            let _ = tokio::time::timeout(look, shared.due.notified()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shared, refresh_after, unix_seconds};
    use crate::credentials::profile::ProfileError;
    use aws_credential_types::Credentials as Loaded;
    use onehop_imds::time::UnixSeconds;
    use std::time::{Duration, UNIX_EPOCH};

    const START: UnixSeconds = UnixSeconds::new(1_700_000_000);

    fn failure() -> ProfileError {
        ProfileError::Failed { name: "p".to_owned(), reason: "a test".to_owned() }
    }

    fn expiring(seconds: u64) -> Loaded {
        let end = UNIX_EPOCH + Duration::from_secs(START.plus(seconds).get());
        Loaded::new("AKIDEXAMPLE", "not-a-secret", None, Some(end), "test")
    }

    #[test]
    fn sets_are_replaced_five_minutes_before_their_end_or_in_the_middle() {
        for (life, want) in
            [(21_600, 20_400), (3_600, 2_400), (2_400, 1_200), (2_398, 1_199), (900, 450), (2, 1), (1, 1)]
        {
            assert_eq!(refresh_after(life), want, "life {life}");
            assert!(life < 600 || life - refresh_after(life) >= 300, "life {life}");
        }
    }

    #[test]
    fn failures_back_off_from_one_second_to_a_minute_and_a_success_starts_anew() {
        let shared = Shared::new(START);
        for want in [1, 2, 4, 8, 16, 32, 60, 60] {
            shared.record("p", Err(failure()), START);
            assert_eq!(shared.wait(START), want);
        }
        shared.record("p", Ok(expiring(3_600)), START);
        assert_eq!(shared.wait(START), 2_400);
        shared.record("p", Err(failure()), START);
        assert_eq!(shared.wait(START), 1);
    }

    #[test]
    fn a_clock_that_went_back_makes_the_next_attempt_due() {
        let shared = Shared::new(START);
        shared.record("p", Ok(expiring(3_600)), START);
        assert_eq!(shared.wait(START), 2_400);
        assert_eq!(shared.wait(START.plus(2_399)), 1);
        assert_eq!(shared.wait(START.plus(2_400)), 0);
        assert_eq!(shared.wait(START.minus(1)), 0);
    }

    #[test]
    fn a_set_that_had_expired_is_a_failure_and_leaves_the_one_before_in_force() {
        let shared = Shared::new(START);
        shared.record("p", Ok(expiring(10)), START);
        shared.record("p", Ok(expiring(5)), START.plus(5));
        let error = shared.held().error.take();
        assert!(matches!(error, Some(ProfileError::Expired { .. })), "{error:?}");
        let served = shared.current(START.plus(9), |_, _| panic!("a set is in force"));
        assert!(String::from_utf8_lossy(&served.document).contains("Success"));
    }

    #[test]
    fn times_before_1970_read_as_1970() {
        assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_secs(5)), UnixSeconds::new(0));
    }
}
