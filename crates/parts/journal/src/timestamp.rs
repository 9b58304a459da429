//! Milliseconds since the epoch as `2026-01-31T23:59:59.999Z` (RFC 3339, UTC, always 24 bytes).
//!
//! Total: a time after the year 9999 is written as the last millisecond of that year.

/// Bytes of a timestamp.
const TEXT_BYTES: usize = 24;
/// 9999-12-31T23:59:59.999Z.
const LAST_MS: u64 = 253_402_300_799_999;
const DAY_MS: u64 = 86_400_000;
/// Days from 0001-01-01 to 1970-01-01 in the Gregorian calendar.
const DAYS_BEFORE_EPOCH: u64 = 719_162;
const DAYS_IN_400_YEARS: u64 = 146_097;
const DAYS_IN_100_YEARS: u64 = 36_524;
const DAYS_IN_4_YEARS: u64 = 1_461;
const DAYS_IN_YEAR: u64 = 365;

/// The text of a time.
pub(crate) struct Timestamp([u8; TEXT_BYTES]);

impl Timestamp {
    /// Renders milliseconds since the epoch.
    pub(crate) fn new(time_ms: u64) -> Timestamp {
        let time_ms = time_ms.min(LAST_MS);
        let (year, month, day) = date(time_ms / DAY_MS);
        let ms = time_ms % DAY_MS;
        let mut text = *b"0000-00-00T00:00:00.000Z";
        put(&mut text[0..4], year);
        put(&mut text[5..7], month);
        put(&mut text[8..10], day);
        put(&mut text[11..13], ms / 3_600_000);
        put(&mut text[14..16], ms / 60_000 % 60);
        put(&mut text[17..19], ms / 1_000 % 60);
        put(&mut text[20..23], ms % 1_000);
        Timestamp(text)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits and separators are ASCII")
    }
}

/// Year, month and day, from the days since the epoch.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_EPOCH;
    let (cycles, days) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    // The last century of a cycle and the last year of four are a day longer: the quotient would be 4.
    let centuries = (days / DAYS_IN_100_YEARS).min(3);
    let days = days - centuries * DAYS_IN_100_YEARS;
    let (fours, days) = (days / DAYS_IN_4_YEARS, days % DAYS_IN_4_YEARS);
    let years = (days / DAYS_IN_YEAR).min(3);
    let mut days = days - years * DAYS_IN_YEAR;

    let leap = years == 3 && (fours != 24 || centuries == 3);
    let february = if leap { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (cycles * 400 + centuries * 100 + fours * 4 + years + 1, month, days + 1)
}

/// Writes a number right-aligned over zeros.
fn put(field: &mut [u8], mut number: u64) {
    for byte in field.iter_mut().rev() {
        *byte = b'0' + u8::try_from(number % 10).expect("a digit is below 10");
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, LAST_MS, Timestamp};

    #[test]
    fn known_times() {
        // Seconds as `date -u -d … +%s` gives them.
        let table = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_767_225_600_001, "2026-01-01T00:00:00.001Z"),
            (1_835_395_200_000, "2028-02-29T00:00:00.000Z"),
            (1_861_919_999_000, "2028-12-31T23:59:59.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (LAST_MS, "9999-12-31T23:59:59.999Z"),
            (LAST_MS + 1, "9999-12-31T23:59:59.999Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ];
        for (time_ms, want) in table {
            assert_eq!(Timestamp::new(time_ms).as_str(), want);
        }
    }

    #[test]
    fn each_day_sorts_after_the_day_before() {
        let mut before = String::new();
        for day in 0..LAST_MS / DAY_MS {
            let text = Timestamp::new(day * DAY_MS).as_str().to_owned();
            assert!(text > before, "{text} after {before}");
            before = text;
        }
    }
}
