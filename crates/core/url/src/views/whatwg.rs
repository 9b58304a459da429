//! The host as the WHATWG URL Standard splits it off, before it is decoded. Whether the URL is valid is for the crate
//! `url` to say; this reader shows how the host was written.

use super::{Look, ends_authority, has_tab_or_line_end, scheme_end, up_to};
use std::borrow::Cow;

/// The parts of a URL with a special scheme, as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Split<'a> {
    /// The scheme, as it is written.
    pub(crate) scheme: &'a str,
    /// The slashes and backslashes behind it.
    pub(crate) slashes: &'a str,
    /// What stands before the last `@`.
    pub(crate) userinfo: Option<&'a str>,
    /// The host.
    pub(crate) host: &'a str,
    /// What stands behind the colon.
    pub(crate) port: Option<&'a str>,
}

impl Split<'_> {
    /// Whether each family that reads the URL at all splits off this host too, in a text without control characters,
    /// whitespace and backslashes: two slashes, one `@` at most, and a port that every reader finds at the same colon.
    pub(crate) fn is_alike_for_all(&self) -> bool {
        let has_one_port = if self.host.starts_with('[') {
            self.host.find(']') == Some(self.host.len() - 1)
        } else {
            !self.host.contains('[') && self.port.is_none_or(|port| !port.contains(':'))
        };
        has_one_port && self.slashes == "//" && self.userinfo.is_none_or(|userinfo| !userinfo.contains('@'))
    }
}

/// The text without what the standard strips: control characters and spaces at the ends, tabs and line ends anywhere.
pub(crate) fn cleaned(url: &str) -> Cow<'_, str> {
    let trimmed = url.trim_matches(|character: char| character <= ' ');
    if has_tab_or_line_end(trimmed) {
        Cow::Owned(trimmed.replace(['\t', '\n', '\r'], ""))
    } else {
        Cow::Borrowed(trimmed)
    }
}

/// Splits cleaned text; `None` without a scheme.
pub(crate) fn split(cleaned: &str) -> Option<Split<'_>> {
    let colon = scheme_end(cleaned)?;
    let (scheme, rest) = (&cleaned[..colon], &cleaned[colon + 1..]);
    // Byte by byte: the parts are short, and a search that is made for long texts costs more to begin than to do.
    let (slashes, after) =
        rest.split_at(rest.bytes().take_while(|byte| matches!(byte, b'/' | b'\\')).count());
    let authority = up_to(after, |byte| byte == b'\\' || ends_authority(byte));
    let (userinfo, host) = match authority.bytes().rposition(|byte| byte == b'@') {
        Some(at) => (Some(&authority[..at]), &authority[at + 1..]),
        None => (None, authority),
    };
    let bracket = if host.starts_with('[') { host.find(']').unwrap_or(0) } else { 0 };
    let (host, port) = match host[bracket..].bytes().position(|byte| byte == b':') {
        Some(colon) => (&host[..bracket + colon], Some(&host[bracket + colon + 1..])),
        None => (host, None),
    };
    Some(Split { scheme, slashes, userinfo, host, port })
}

pub(super) fn look(url: &str) -> Look<'_> {
    let host = match cleaned(url) {
        Cow::Borrowed(cleaned) => split(cleaned).map(|split| Cow::Borrowed(split.host)),
        Cow::Owned(cleaned) => split(&cleaned).map(|split| Cow::Owned(split.host.to_owned())),
    };
    match host {
        Some(host) if !host.is_empty() => Look::Host(host),
        _ => Look::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::views::{Look, View};
    use proptest::prelude::*;

    /// Text without control characters, whitespace and backslashes, of what readers disagree on.
    fn urls() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "a.example",
            "b",
            "@",
            ":",
            ":80",
            "[",
            "]",
            "[::1]",
            "/",
            "//",
            "?",
            "#",
            "%",
            "u:p",
            "。",
            "é",
            "0",
        ]);
        let slashes = prop::sample::select(vec!["//", "//", "//", "/", "", "///"]);
        (slashes, prop::collection::vec(part, 0..7))
            .prop_map(|(slashes, parts)| format!("http:{slashes}{}", parts.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_is_alike_for_all_needs_no_other_reader(url in urls()) {
            let split = split(&url).expect("a scheme");
            let views = if split.is_alike_for_all() { View::ALL } else { &[] };
            for view in views {
                match view.look(&url) {
                    Look::Nothing => {}
                    Look::Host(host) => prop_assert_eq!(host, split.host, "{} of {}", view, url),
                }
            }
        }
    }

    #[test]
    fn readers_that_may_differ_are_asked() {
        for (url, want) in [
            ("http://a.example:80/x@y", true),
            ("http://u:p@a.example:80/", true),
            ("http://[::1]:80:90/", true),
            ("http://a@b@c/", false),
            ("http://a:80:90/", false),
            ("http://[::1]x/", false),
            ("http://a[::1]/", false),
            ("http:///a/", false),
        ] {
            assert_eq!(split(url).map(|split| split.is_alike_for_all()), Some(want), "{url}");
        }
    }
}
