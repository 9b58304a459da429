//! Listings without the entries that their reader may not see, so that a crawler meets no listed path that is 404.
//!
//! An answer does not say whether it is a listing. What looks like one is taken for one: every line is a name. A value
//! that looks like one is changed only by a rule that names it as a path below itself.

use crate::caller::Caller;
use crate::policy::Policy;
use bytes::Bytes;
use onehop_imds::path::{MetadataPath, PathClass};

/// Longest listing that is looked at; real ones are below two kilobytes.
const LISTING_MAX_BYTES: usize = 16 << 10;

/// The body as this caller may see it. Bodies other than those of the upper listings are returned untouched, as are
/// listings with nothing to hide.
pub(super) fn visible(policy: &Policy, caller: &Caller, path: &MetadataPath<'_>, body: Bytes) -> Bytes {
    let Some(text) = listed(path, &body) else { return body };
    let shown = |entry: &&str| {
        let child = format!("{}/{}", path.as_str(), entry.trim_end_matches('/'));
        // An entry that has no canonical path is not hidden: there is no path to ask for.
        MetadataPath::parse(&child).map_or(true, |child| policy.check(caller, &child).is_ok())
    };
    if text.lines().all(|entry| shown(&entry)) {
        return body;
    }
    let kept: Vec<&str> = text.lines().filter(shown).collect();
    Bytes::from(kept.join("\n"))
}

/// The text of a body that may be a listing.
fn listed<'b>(path: &MetadataPath<'_>, body: &'b [u8]) -> Option<&'b str> {
    let has_entries = matches!(
        path.class(),
        PathClass::Listing | PathClass::Metadata | PathClass::Dynamic | PathClass::InstanceIdentity
    );
    let text = std::str::from_utf8(body).ok().filter(|_| has_entries && !path.is_root())?;
    let is_name = |line: &str| !line.is_empty() && !line.contains([' ', '"', '{', '<', '?', '#']);
    (body.len() <= LISTING_MAX_BYTES && text.lines().all(is_name)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::visible;
    use crate::caller::Caller;
    use crate::policy::{Effect, Pattern, Policy, Rule, Who};
    use bytes::Bytes;
    use onehop_imds::path::MetadataPath;

    fn seen(policy: &Policy, path: &str, body: &'static str) -> String {
        let path = MetadataPath::parse(path).expect(path);
        let body = visible(policy, &Caller::Local { uid: 1 }, &path, Bytes::from_static(body.as_bytes()));
        String::from_utf8(body.to_vec()).expect("text")
    }

    #[test]
    fn hidden_entries_are_not_listed() {
        let deny = Rule {
            name: "no user data".into(),
            paths: vec![Pattern::parse("user-data").expect("a pattern")],
            callers: vec![Who::AnyLocal],
            effect: Effect::Deny,
        };
        let policy = Policy::new(vec![Who::AnyLocal], vec![deny]).expect("a policy");
        for (path, body, want) in [
            ("/latest/", "dynamic\nmeta-data\nuser-data", "dynamic\nmeta-data"),
            ("/latest/meta-data/", "ami-id\niam/\nidentity-credentials/", "ami-id\niam/"),
            ("/latest/meta-data/iam/", "info\nsecurity-credentials/", "info"),
            ("/latest/meta-data/placement/", "region", "region"),
            ("/", "1.0\nlatest", "1.0\nlatest"),
            ("/latest/dynamic/instance-identity/document", "{\n  \"a\" : 1\n}", "{\n  \"a\" : 1\n}"),
        ] {
            assert_eq!(seen(&policy, path, body), want, "{path}");
        }
    }
}
