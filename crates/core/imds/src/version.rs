//! The dated versions of the metadata tree.
//!
//! The first path segment names one. A category exists from the first listed version at or after the date it was
//! introduced; `latest` has everything (EC2 User Guide, "Instance metadata categories").

use std::fmt;

/// Every version that `/` lists, oldest first; `latest` is last.
///
/// Source: the listing of a public instance in 2024, plus `2022-07-09`, which some hosts list.
const VERSIONS: [&str; 30] = [
    "1.0",
    "2007-01-19",
    "2007-03-01",
    "2007-08-29",
    "2007-10-10",
    "2007-12-15",
    "2008-02-01",
    "2008-09-01",
    "2009-04-04",
    "2011-01-01",
    "2011-05-01",
    "2012-01-12",
    "2014-02-25",
    "2014-11-05",
    "2015-10-20",
    "2016-04-19",
    "2016-06-30",
    "2016-09-02",
    "2018-03-28",
    "2018-08-17",
    "2018-09-24",
    "2019-10-01",
    "2020-10-27",
    "2021-01-03",
    "2021-03-23",
    "2021-07-15",
    "2022-07-09",
    "2022-09-24",
    "2024-04-11",
    "latest",
];

/// One version of the metadata tree. Ordered by date; `latest` is greater than every dated one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// The oldest version, `1.0`.
    pub const FIRST: Version = Version(0);
    /// The version that has everything.
    pub const LATEST: Version = Version(29);

    /// All versions, oldest first, `latest` last: the order of the listing of `/`.
    pub fn all() -> impl DoubleEndedIterator<Item = Version> + ExactSizeIterator {
        (0..30u8).map(Version)
    }

    /// The version that a first path segment names. Exact: `Latest` is no version.
    pub fn parse(segment: &str) -> Option<Version> {
        if segment == "latest" {
            return Some(Version::LATEST);
        }
        Version::all().find(|version| version.as_str() == segment)
    }

    /// The first listed version in which a category appears that was introduced on `date` (`YYYY-MM-DD`, or `1.0`).
    ///
    /// Some categories carry dates that `/` does not list; they appear with the next listed version.
    pub fn introduced(date: &str) -> Version {
        // "1.0" sorts before every year, and ISO dates sort as text.
        Version::all().find(|version| version.as_str() >= date).unwrap_or(Version::LATEST)
    }

    /// The path segment, e.g. `2021-03-23`.
    pub fn as_str(self) -> &'static str {
        VERSIONS[usize::from(self.0)]
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::{VERSIONS, Version};

    #[test]
    fn the_list_is_sorted_so_that_order_is_age() {
        assert!(VERSIONS.is_sorted(), "{VERSIONS:?}");
        assert_eq!(Version::parse("latest"), Some(Version::LATEST));
        assert_eq!(Version::LATEST.as_str(), "latest");
    }

    #[test]
    fn every_version_parses_to_itself_and_nothing_else_does() {
        for version in Version::all() {
            assert_eq!(Version::parse(version.as_str()), Some(version));
        }
        for other in ["", "Latest", "latest ", "2021-03-24", "1", "1.00"] {
            assert_eq!(Version::parse(other), None, "{other}");
        }
    }

    #[test]
    fn unlisted_dates_appear_in_the_next_listed_version() {
        assert_eq!(Version::introduced("2016-11-15").as_str(), "2018-03-28");
        assert_eq!(Version::introduced("1.0"), Version::FIRST);
        assert_eq!(Version::introduced("2099-01-01"), Version::LATEST);
    }
}
