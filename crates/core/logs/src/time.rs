//! The times of logs.
//!
//! ```text
//! 10/Oct/2000:13:55:36 -0700      06/Feb/2009:12:14:14.655
//! 2019-10-09T17:25:53.123456Z     2019-10-09 17:25:53        2019-10-09T17:25:53+02:00
//! 1286536308.779                  1576280412771  (milli-, micro- and nanoseconds are told by their size)
//! ```
//! A time without a zone is taken as UTC. What is no time is `None`.

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

const DAY_MS: i64 = 86_400_000;
/// Smaller numbers are durations: this is March 1973.
const EPOCH_MIN_SECONDS: i64 = 100_000_000;
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

impl Time {
    /// The moment so many milliseconds after the epoch.
    pub const fn from_unix_ms(milliseconds: i64) -> Self {
        Time(milliseconds)
    }

    /// Milliseconds since the epoch.
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// Reads a time in any of the forms above. The whole text must be one.
    pub fn parse(text: &[u8]) -> Option<Time> {
        let milliseconds = match text {
            [_, _, _, _, b'-', ..] => iso(text)?,
            [_, _, b'/', ..] => common(text)?,
            _ => epoch(text)?,
        };
        Some(Time(milliseconds))
    }
}

/// The milliseconds of a date alone, `2019-12-04`.
pub(crate) fn date(text: &[u8]) -> Option<i64> {
    let mut rest = Rest(text);
    let date = rest.iso_date()?;
    rest.0.is_empty().then_some(date)
}

/// The milliseconds since midnight, `21:02:31`.
pub(crate) fn clock(text: &[u8]) -> Option<i64> {
    let mut rest = Rest(text);
    let clock = rest.clock()?;
    rest.0.is_empty().then_some(clock)
}

fn iso(text: &[u8]) -> Option<i64> {
    let mut rest = Rest(text);
    let date = rest.iso_date()?;
    if rest.0.is_empty() {
        return Some(date);
    }
    rest.byte(b'T').or_else(|| rest.byte(b' '))?;
    rest.finish(date)
}

fn common(text: &[u8]) -> Option<i64> {
    let mut rest = Rest(text);
    let day = rest.digits(2)?;
    rest.byte(b'/')?;
    let (name, after) = rest.0.split_at_checked(3)?;
    rest.0 = after;
    let month = (1..).zip(MONTHS).find(|(_, month)| name == &month[..])?.0;
    rest.byte(b'/')?;
    let year = rest.digits(4)?;
    rest.byte(b':')?;
    rest.finish(midnight(year, month, day)?)
}

fn epoch(text: &[u8]) -> Option<i64> {
    let whole = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole > DIGITS_MAX {
        return None;
    }
    let number = text[..whole]
        .iter()
        .try_fold(0_i64, |number, digit| number.checked_mul(10)?.checked_add(i64::from(digit - b'0')))?;
    let fraction = match &text[whole..] {
        [] => 0,
        [b'.', digits @ ..] => milliseconds(digits)?,
        _ => return None,
    };
    match number {
        ..EPOCH_MIN_SECONDS => None,
        EPOCH_MIN_SECONDS..100_000_000_000 => Some(number * 1000 + fraction),
        100_000_000_000..100_000_000_000_000 => Some(number),
        100_000_000_000_000..100_000_000_000_000_000 => Some(number / 1000),
        _ => Some(number / 1_000_000),
    }
}

/// Most digits of a number or a fraction that somebody writes as a time.
const DIGITS_MAX: usize = 20;

/// The first three digits of a fraction.
fn milliseconds(digits: &[u8]) -> Option<i64> {
    if digits.len() > DIGITS_MAX || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |place: usize| digits.get(place).map_or(0, |digit| i64::from(digit - b'0'));
    Some(digit(0) * 100 + digit(1) * 10 + digit(2))
}

/// Days from the civil calendar (proleptic Gregorian), as milliseconds.
fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // A year that begins in March puts the leap day at its end.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * DAY_MS)
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    fn byte(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn iso_date(&mut self) -> Option<i64> {
        let year = self.digits(4)?;
        self.byte(b'-')?;
        let month = self.digits(2)?;
        self.byte(b'-')?;
        midnight(year, month, self.digits(2)?)
    }

    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(2)?;
        self.byte(b':')?;
        let minute = self.digits(2)?;
        self.byte(b':')?;
        let second = self.digits(2)?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let fraction = if self.byte(b'.').is_some() { self.fraction()? } else { 0 };
        Some(((hour * 60 + minute) * 60 + second) * 1000 + fraction)
    }

    fn fraction(&mut self) -> Option<i64> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        milliseconds(digits).filter(|_| count > 0)
    }

    /// The time of day and the zone, to the end.
    fn finish(&mut self, date: i64) -> Option<i64> {
        let local = date + self.clock()?;
        Some(local - self.zone()? * 60_000)
    }

    /// Minutes east of Greenwich.
    fn zone(&mut self) -> Option<i64> {
        let _ = self.byte(b' ');
        let sign = match self.0 {
            [] | b"Z" | b"UTC" => return Some(0),
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.digits(2)?;
        let _ = self.byte(b':');
        let minutes = self.digits(2)?;
        (self.0.is_empty()).then_some(sign * (hours * 60 + minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::{Time, clock, date};

    #[test]
    fn every_form_of_a_time_is_read() {
        for (text, want) in [
            ("10/Oct/2000:13:55:36 -0700", 971_211_336_000),
            ("06/Feb/2009:12:14:14.655", 1_233_922_454_655),
            ("29/Feb/2024:23:59:60 +0000", 1_709_251_200_000),
            ("2019-10-09T17:25:53.123456Z", 1_570_641_953_123),
            ("2019-10-09 17:25:53", 1_570_641_953_000),
            ("2019-10-09T19:25:53+02:00", 1_570_641_953_000),
            ("2019-10-09T17:25:53.5+0000", 1_570_641_953_500),
            ("2019-10-09 17:25:53 UTC", 1_570_641_953_000),
            ("2019-10-09", 1_570_579_200_000),
            ("1286536308.779", 1_286_536_308_779),
            ("1286536308", 1_286_536_308_000),
            ("1576280412771", 1_576_280_412_771),
            ("1576280412771000", 1_576_280_412_771),
            ("1576280412771000000", 1_576_280_412_771),
            ("1970-01-01T00:00:00Z", 0),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ] {
            assert_eq!(Time::parse(text.as_bytes()).map(Time::unix_ms), Some(want), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "0.003",
            "200",
            "99999999999999999999999",
            "1286536308.7x",
            "10/Okt/2000:13:55:36 -0700",
            "10/Oct/2000",
            "10/Oct/2000:24:00:00 +0000",
            "2019-13-09T17:25:53Z",
            "2019-10-09T17:25:53 CEST",
            "2019-10-09T17:25:53Zx",
            "2019-10-09T17:25:53.",
            "2019-10-09T17:25",
            "169.254.169.254",
            "2852039166.x",
            "2025-03-12T08:38:00.000000000000000000000",
            "000000000000000001286536308",
            "1286536308.000000000000000000000",
        ] {
            assert_eq!(Time::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_date_and_a_clock_stand_alone() {
        assert_eq!(date(b"2019-12-04"), Some(1_575_417_600_000));
        assert_eq!(clock(b"21:02:31"), Some(75_751_000));
        assert_eq!(date(b"2019-12-04 "), None);
        assert_eq!(clock(b"21:02"), None);
    }
}
