//! Times as text.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// RFC 3339 in UTC, e.g. `2026-01-31T23:59:59Z`. A time outside the years 0 to 9999 is its number of seconds.
pub(crate) fn rfc3339(time: OffsetDateTime) -> String {
    plainly(time).unwrap_or_else(|| by_the_book(time))
}

/// A time in UTC with whole seconds, as nearly all are.
fn plainly(time: OffsetDateTime) -> Option<String> {
    let year = u32::try_from(time.year()).ok().filter(|year| *year <= 9999)?;
    if !time.offset().is_utc() || time.nanosecond() != 0 {
        return None;
    }
    let mut text = String::with_capacity("2026-01-31T23:59:59Z".len());
    let mut push = |number: u32, places: u32, behind: char| {
        let digits = (0..places).rev().map(|place| number / 10_u32.pow(place) % 10);
        text.extend(digits.filter_map(|digit| char::from_digit(digit, 10)));
        text.push(behind);
    };
    push(year, 4, '-');
    push(u32::from(u8::from(time.month())), 2, '-');
    push(u32::from(time.day()), 2, 'T');
    push(u32::from(time.hour()), 2, ':');
    push(u32::from(time.minute()), 2, ':');
    push(u32::from(time.second()), 2, 'Z');
    Some(text)
}

fn by_the_book(time: OffsetDateTime) -> String {
    time.checked_to_offset(UtcOffset::UTC)
        .and_then(|utc| utc.format(&Rfc3339).ok())
        .unwrap_or_else(|| time.unix_timestamp().to_string())
}

/// The same without what is below a second: for people.
pub(crate) fn to_the_second(time: OffsetDateTime) -> String {
    rfc3339(time.replace_nanosecond(0).unwrap_or(time))
}

/// Milliseconds since 1970.
pub(crate) fn milliseconds(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// How long between two moments, for people: `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 1 h`.
pub(crate) fn gap(earlier: OffsetDateTime, later: OffsetDateTime) -> String {
    let (span, sign) = if later >= earlier { (later - earlier, "") } else { (earlier - later, "-") };
    let seconds = span.whole_seconds();
    let two = |large: i64, unit: &str, small: i64, rest: &str| match small {
        0 => format!("{sign}{large} {unit}"),
        _ => format!("{sign}{large} {unit} {small} {rest}"),
    };
    match seconds {
        0 => format!("{sign}{} ms", span.subsec_milliseconds()),
        1..60 => format!("{sign}{seconds} s"),
        60..3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds / 60 % 60, "min"),
        _ => two(seconds / 86_400, "d", seconds / 3_600 % 24, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::{gap, rfc3339, to_the_second};
    use time::macros::datetime;

    #[test]
    fn times_are_in_utc() {
        assert_eq!(rfc3339(datetime!(2026-02-03 04:05:06 +2)), "2026-02-03T02:05:06Z");
        assert_eq!(rfc3339(datetime!(0907-12-31 00:00:59 UTC)), "0907-12-31T00:00:59Z");
        assert_eq!(rfc3339(datetime!(2026-02-03 04:05:06.070 UTC)), "2026-02-03T04:05:06.07Z");
        assert_eq!(rfc3339(datetime!(-0001-02-03 00:00 UTC)), "-62195904000");
    }

    #[test]
    fn people_read_seconds() {
        assert_eq!(to_the_second(datetime!(2026-02-03 04:05:06.789 UTC)), "2026-02-03T04:05:06Z");
    }

    #[test]
    fn gaps_have_two_units_at_most() {
        let start = datetime!(2026-01-01 00:00:00 UTC);
        for (later, want) in [
            (datetime!(2026-01-01 00:00:00.85 UTC), "850 ms"),
            (datetime!(2026-01-01 00:00:12 UTC), "12 s"),
            (datetime!(2026-01-01 00:03:00 UTC), "3 min"),
            (datetime!(2026-01-01 00:03:20 UTC), "3 min 20 s"),
            (datetime!(2026-01-01 02:05:59 UTC), "2 h 5 min"),
            (datetime!(2026-01-05 01:00:00 UTC), "4 d 1 h"),
            (datetime!(2025-12-31 23:59:48 UTC), "-12 s"),
        ] {
            assert_eq!(gap(start, later), want);
        }
    }
}
