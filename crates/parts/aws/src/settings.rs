//! How a client behaves.

use std::time::{Duration, SystemTime};

/// Bounds and waits of a client.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that every service is called at, instead of AWS: an emulator, a gateway. `http` or `https`, no query.
    pub endpoint_url: Option<String>,
    /// How often a call is tried that fails in a way that may pass. Default 6: with `back_off` at its defaults a
    /// service that throttles has about half a minute to recover.
    pub attempts_max: u32,
    /// The wait before the second attempt at most; doubles with each. Default 200 ms.
    pub back_off: Duration,
    /// The longest wait between attempts. Default 20 s.
    pub back_off_max: Duration,
    /// How long a connection may take. Default 5 s.
    pub connect_timeout: Duration,
    /// How long one attempt may take, until the last byte. Default 60 s.
    pub attempt_timeout: Duration,
    /// The largest answer that is read. Default 64 MiB: a page of a thousand instances has 5 to 10 MiB.
    pub answer_bytes_max: usize,
    /// How many pages one listing may have. Default 10,000.
    pub pages_max: usize,
    /// Where signatures take the time from.
    pub clock: fn() -> SystemTime,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            endpoint_url: None,
            attempts_max: 6,
            back_off: Duration::from_millis(200),
            back_off_max: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(60),
            answer_bytes_max: 64 << 20,
            pages_max: 10_000,
            clock: system_time,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where this crate reads the clock of the system")]
fn system_time() -> SystemTime {
    SystemTime::now()
}
