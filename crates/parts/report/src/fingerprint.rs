//! What stays the same about a finding when lines move.
//!
//! | place | what counts |
//! |---|---|
//! | text, file | rule, path, and the subject; without a subject what was found, what it says, the target |
//! | resource | rule, account, Region, kind, id |
//! | nowhere | rule, subject, message |
//!
//! Two findings of one line may share a fingerprint: baselines count them.

use crate::finding::Finding;
use crate::place::Place;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// Bytes that are kept of the digest: enough that no two findings meet by chance.
const BYTES: usize = 16;

/// What stays the same about a finding when lines move: 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; BYTES]);

impl Fingerprint {
    /// Of a finding.
    pub fn of(finding: &Finding) -> Fingerprint {
        let path: Cow<'_, str>;
        let mut parts = Vec::with_capacity(8);
        parts.extend(["1", finding.rule.as_ref()]);
        match &finding.place {
            Place::Text { path: name, .. } | Place::File { path: name } => {
                path = if name.contains('\\') {
                    Cow::Owned(name.replace('\\', "/"))
                } else {
                    Cow::Borrowed(name)
                };
                parts.push(path.trim_start_matches("./"));
                match &finding.subject {
                    Some(subject) => parts.extend(["subject", subject]),
                    None => parts.extend(matched(finding)),
                }
            }
            Place::Resource(resource) => parts.extend([
                resource.account.as_deref().unwrap_or_default(),
                resource.region.as_deref().unwrap_or_default(),
                resource.kind.as_ref(),
                resource.id.as_str(),
            ]),
            Place::Nowhere => {
                parts.extend([finding.subject.as_deref().unwrap_or_default(), finding.message.as_str()]);
            }
        }
        Fingerprint::digest(&parts)
    }

    /// Of this very occurrence: differs for two equal findings on two lines, or at two times.
    pub(crate) fn of_occurrence(finding: &Finding) -> Fingerprint {
        let region = finding.place.region().cloned().unwrap_or_default();
        let place = format!("{}:{}:{}", region.line, region.offset, region.length);
        let time = finding.time.map(crate::clock::rfc3339).unwrap_or_default();
        Fingerprint::digest(&[&Fingerprint::of(finding).to_string(), &place, &time])
    }

    /// Each part with its length, so that none can run into the next.
    fn digest(parts: &[&str]) -> Fingerprint {
        let mut all = Vec::with_capacity(parts.iter().map(|part| size_of::<u64>() + part.len()).sum());
        for part in parts {
            all.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            all.extend_from_slice(part.as_bytes());
        }
        let digest = Sha256::digest(&all);
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(&digest[..BYTES]);
        Fingerprint(bytes)
    }

    /// The digits.
    pub(crate) fn text(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let halves = self.0.into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
        halves.map(|half| char::from(DIGITS[usize::from(half)])).collect()
    }

    /// Reads what [`fmt::Display`] writes.
    pub(crate) fn parse(text: &str) -> Option<Fingerprint> {
        let digits = text.as_bytes();
        let mut bytes = [0; BYTES];
        if digits.len() != 2 * BYTES {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
        }
        Some(Fingerprint(bytes))
    }
}

fn matched(finding: &Finding) -> [&str; 4] {
    [
        "matched",
        finding.matched.as_str(),
        finding.decoded.as_ref().map_or("", crate::Excerpt::as_str),
        finding.target.as_ref().map_or("", crate::Excerpt::as_str),
    ]
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;
    use crate::{Finding, Place, Region, Resource};

    fn finding() -> Finding {
        Finding {
            rule: "R".into(),
            place: Place::Text {
                path: "main.tf".into(),
                region: Region { line: 3, offset: 40, ..Region::default() },
            },
            matched: "http_tokens = \"optional\"".into(),
            ..Finding::default()
        }
    }

    #[test]
    fn lines_may_move_and_words_may_change() {
        let before = finding();
        let mut after = finding();
        after.place = Place::line("./main.tf", 90, 4000, 24);
        after.message = "said in other words".into();
        assert_eq!(Fingerprint::of(&before), Fingerprint::of(&after));
        assert_ne!(Fingerprint::of_occurrence(&before), Fingerprint::of_occurrence(&after));
    }

    #[test]
    fn everything_else_counts() {
        let other = |change: fn(&mut Finding)| {
            let mut other = finding();
            change(&mut other);
            Fingerprint::of(&other)
        };
        let changed = [
            other(|_| {}),
            other(|it| it.rule = "S".into()),
            other(|it| it.place = Place::line("other.tf", 3, 40, 0)),
            other(|it| it.matched = "http_tokens = null".into()),
            other(|it| it.subject = Some("aws_instance.web".into())),
            other(|it| it.target = Some("169.254.169.254".into())),
            other(|it| it.place = Place::Nowhere),
            other(|it| it.place = Place::Resource(Resource { id: "i-1".into(), ..Resource::default() })),
            other(|it| it.place = Place::Resource(Resource { kind: "i-1".into(), ..Resource::default() })),
        ];
        for (at, one) in changed.iter().enumerate() {
            assert!(!changed[..at].contains(one), "change {at} makes no difference");
        }
    }

    #[test]
    fn a_subject_takes_the_place_of_what_was_found() {
        let subject = |matched: &str| {
            let mut other = finding();
            other.subject = Some("aws_instance.web".into());
            other.matched = matched.into();
            Fingerprint::of(&other)
        };
        assert_eq!(subject("http_tokens = \"optional\""), subject("http_tokens=\"optional\""));
    }

    #[test]
    fn text_is_read_back() {
        let print = Fingerprint::of(&finding());
        assert_eq!(Fingerprint::parse(&print.to_string()), Some(print));
        for bad in ["", "00", "0000000000000000000000000000000g", "é00000000000000000000000000000"] {
            assert_eq!(Fingerprint::parse(bad), None, "{bad}");
        }
    }
}
