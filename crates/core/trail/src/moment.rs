//! Time of an event.

use serde::{Deserialize, Serialize};
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Seconds since 1970-01-01T00:00:00Z; serialised as that number, displayed as `2026-01-02T03:04:05Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// A time by its seconds.
    pub const fn from_unix(seconds: i64) -> Moment {
        Moment(seconds)
    }

    /// Its seconds.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, as CloudTrail writes it.
    pub fn parse(text: &str) -> Option<Moment> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|at| Moment(at.unix_timestamp()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = OffsetDateTime::from_unix_timestamp(self.0).ok().and_then(|at| at.format(&Rfc3339).ok());
        match shown {
            Some(text) => f.write_str(&text),
            // Outside the years that the format can show.
            None => write!(f, "{}s", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn times_are_read_and_shown() {
        for (text, unix, shown) in [
            ("2023-07-10T11:57:22Z", 1_688_990_242, "2023-07-10T11:57:22Z"),
            ("2023-09-21T22:22:52+00:00", 1_695_334_972, "2023-09-21T22:22:52Z"),
            ("2024-02-29T00:00:00.250Z", 1_709_164_800, "2024-02-29T00:00:00Z"),
        ] {
            let at = Moment::parse(text).expect("a time");
            assert_eq!((at.unix(), at.to_string().as_str()), (unix, shown));
        }
        for text in ["", "yesterday", "2023-13-01T00:00:00Z"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        assert_eq!(Moment::from_unix(i64::MAX).to_string(), format!("{}s", i64::MAX));
    }
}
