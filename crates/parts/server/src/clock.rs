//! The wall clock as a value, and the `Date` header that is formatted once a second.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderValue;

/// Where a program takes the time from, so that a test can move it.
pub trait Clock: Send + Sync {
    /// The time of day.
    fn now(&self) -> SystemTime;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the wall clock is read")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

thread_local! {
    static LAST: RefCell<Option<(u64, HeaderValue)>> = const { RefCell::new(None) };
}

/// `now` as an IMF-fixdate (RFC 9110 §5.6.7), formatted once a second and thread. A clock before 1970 reads as 1970.
pub fn http_date(now: SystemTime) -> HeaderValue {
    let second = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    LAST.with_borrow_mut(|last| match last {
        Some((cached, value)) if *cached == second => value.clone(),
        _ => {
            let value = format_date(second);
            *last = Some((second, value.clone()));
            value
        }
    })
}

/// 9999-12-31T23:59:59Z, the last second that has a four-digit year; `httpdate` panics after it.
const LAST_SECOND: u64 = 253_402_300_799;

fn format_date(second: u64) -> HeaderValue {
    let instant = UNIX_EPOCH + std::time::Duration::from_secs(second.min(LAST_SECOND));
    HeaderValue::try_from(httpdate::fmt_http_date(instant)).expect("a formatted date is plain ASCII")
}

#[cfg(test)]
mod tests;
