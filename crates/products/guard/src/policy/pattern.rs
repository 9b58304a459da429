//! A pattern over canonical paths below the version.
//!
//! `*` is exactly one segment, `**` at the end is any number of segments, none included. Everything else is literal.
//! Letter case is ignored.

use std::fmt;

/// Why a pattern was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// `**` stands elsewhere than as the last segment.
    #[error("`**` in pattern `{0}` may only be the last segment")]
    DeepInside(String),
    /// A segment mixes `*` with other characters.
    #[error("`*` in pattern `{0}` must be a whole segment")]
    PartialStar(String),
    /// An empty, `.` or `..` segment, which no canonical path has.
    #[error("pattern `{0}` has an empty or dot segment, which no canonical path has")]
    NotCanonical(String),
    /// The pattern starts with a version, though rules hold for all of them.
    #[error("pattern `{0}` starts with a version; write what follows it, such as `meta-data/**`")]
    Version(String),
}

/// A pattern over paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
    deep: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Any,
}

impl Pattern {
    /// Reads a pattern such as `meta-data/iam/**`; one leading slash is tolerated.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let own = || text.to_owned();
        let mut rest: Vec<&str> = text.strip_prefix('/').unwrap_or(text).split('/').collect();
        let deep = rest.last() == Some(&"**");
        if deep {
            rest.pop();
        }
        if rest.first().is_some_and(|first| onehop_imds::version::Version::parse(first).is_some()) {
            return Err(PatternError::Version(own()));
        }
        let mut segments = Vec::with_capacity(rest.len());
        for segment in rest {
            segments.push(match segment {
                "*" => Segment::Any,
                "**" => return Err(PatternError::DeepInside(own())),
                "" | "." | ".." => return Err(PatternError::NotCanonical(own())),
                partial if partial.contains('*') => return Err(PatternError::PartialStar(own())),
                literal => Segment::Literal(literal.to_ascii_lowercase()),
            });
        }
        Ok(Pattern { segments, deep })
    }

    /// Whether a canonical path below the version fits.
    pub fn fits(&self, below_version: &str) -> bool {
        let mut path = below_version.split('/').filter(|segment| !segment.is_empty());
        for segment in &self.segments {
            match (segment, path.next()) {
                (_, None) => return false,
                (Segment::Literal(literal), Some(there)) if !literal.eq_ignore_ascii_case(there) => {
                    return false;
                }
                _ => {}
            }
        }
        self.deep || path.next().is_none()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let literal = |segment: &Segment| match segment {
            Segment::Literal(text) => text.clone(),
            Segment::Any => "*".to_owned(),
        };
        let mut parts: Vec<String> = self.segments.iter().map(literal).collect();
        if self.deep {
            parts.push("**".to_owned());
        }
        f.write_str(&parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, PatternError};

    #[test]
    fn patterns_fit_whole_segments_only() {
        for (pattern, path, fits) in [
            ("user-data", "user-data", true),
            ("/user-data", "user-data", true),
            ("user-data", "User-Data", true),
            ("user-data", "user-database", false),
            ("user-data", "user-data/x", false),
            ("meta-data/*", "meta-data/instance-id", true),
            ("meta-data/*", "meta-data", false),
            ("meta-data/*", "meta-data/iam/info", false),
            ("meta-data/iam/**", "meta-data/iam", true),
            ("meta-data/iam/**", "meta-data/iam/security-credentials/role", true),
            ("meta-data/iam/**", "meta-data/iamx", false),
            ("**", "", true),
            ("**", "anything/at/all", true),
        ] {
            assert_eq!(Pattern::parse(pattern).expect(pattern).fits(path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn patterns_that_could_never_fit_are_refused() {
        let own = str::to_owned;
        for (pattern, want) in [
            ("a/**/b", PatternError::DeepInside(own("a/**/b"))),
            ("meta-data/i*", PatternError::PartialStar(own("meta-data/i*"))),
            ("", PatternError::NotCanonical(own(""))),
            ("a//b", PatternError::NotCanonical(own("a//b"))),
            ("a/../b", PatternError::NotCanonical(own("a/../b"))),
            ("user-data/", PatternError::NotCanonical(own("user-data/"))),
            ("/latest/user-data", PatternError::Version(own("/latest/user-data"))),
        ] {
            assert_eq!(Pattern::parse(pattern), Err(want), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_is_shown_as_it_was_read() {
        for text in ["user-data", "meta-data/*/x", "meta-data/iam/**", "**"] {
            assert_eq!(Pattern::parse(text).expect(text).to_string(), text);
        }
    }
}
