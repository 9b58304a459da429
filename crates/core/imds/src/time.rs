//! Wall-clock time as the protocol writes it.

use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z. Displayed as the service writes times: `2021-09-20T21:42:26Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(u64);

impl UnixSeconds {
    /// A time; values past the year 9999 are clamped to its last second, which every format can show.
    pub const fn new(seconds: u64) -> Self {
        const LAST: u64 = 253_402_300_799;
        UnixSeconds(if seconds > LAST { LAST } else { seconds })
    }

    /// Seconds since the epoch.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// This time plus a number of seconds.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        UnixSeconds::new(self.0.saturating_add(seconds))
    }

    /// This time minus a number of seconds, not before the epoch.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        UnixSeconds(self.0.saturating_sub(seconds))
    }

    /// Seconds from this time until a later one; 0 if it has passed.
    pub const fn until(self, later: UnixSeconds) -> u64 {
        later.0.saturating_sub(self.0)
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = i64::try_from(self.0).unwrap_or(0);
        let at = ::time::OffsetDateTime::from_unix_timestamp(seconds)
            .unwrap_or(::time::OffsetDateTime::UNIX_EPOCH);
        let (hour, minute, second) = at.to_hms();
        let (year, month, day) = at.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month))
    }
}

#[cfg(test)]
mod tests {
    use super::UnixSeconds;

    #[test]
    fn times_are_written_as_the_service_writes_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_632_174_146, "2021-09-20T21:42:26Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(UnixSeconds::new(seconds).to_string(), text);
        }
    }
}
