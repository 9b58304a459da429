//! The host that Node's older `url.parse` takes, and `http.get` after it.
//!
//! ```text
//! white space at the ends is cut, U+00A0 and U+FEFF with it; up to the first `?` or `#` a `\` is a `/`
//! [a-z0-9.+-]+ ":"  │ none: no host        a tab or line end is dropped behind the slashes only, so that
//! "//"              │ none: no host        `ht<tab>tp://h/` and `http:/<tab>/h/` have no host
//! up to `/` `?` `#`: behind the last `@`, up to one of  space " % ' ; < > ^ ` { | }
//! ":" digits        │ cut                  `http://%61.example/` has no host
//! "[" … "]"         │ what stands between
//! else              │ up to a `:`          more than 255 UTF-16 units: no host
//! ```
//! Whoever has no host dials the machine itself. Where `url.parse` throws, a host that is no host may come out.

use super::NO_HOST;
use std::borrow::Cow;

/// Longest host, in UTF-16 units; a longer one counts as none.
const HOST_MAX_UNITS: usize = 255;

/// The host, as it is written, and this machine where there is none.
pub(super) fn host(url: &str) -> Cow<'_, str> {
    match authority(url).map(host_and_port) {
        None => Cow::Borrowed(NO_HOST),
        Some(Cow::Borrowed(text)) => Cow::Borrowed(named(text)),
        Some(Cow::Owned(text)) => Cow::Owned(named(&text).to_owned()),
    }
}

/// What stands behind the scheme and two slashes.
fn authority(url: &str) -> Option<&str> {
    let url = url.trim_matches(|character| matches!(character, '\0'..=' ' | '\u{a0}' | '\u{feff}'));
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-".contains(byte);
    let colon = url.bytes().position(|byte| !is_scheme(&byte)).filter(|end| *end > 0)?;
    let rest = url[colon..].strip_prefix(':')?;
    rest.strip_prefix(is_slash)?.strip_prefix(is_slash)
}

fn is_slash(character: char) -> bool {
    matches!(character, '/' | '\\')
}

/// What stands between the last `@` and the first sign that no host has.
fn host_and_port(rest: &str) -> Cow<'_, str> {
    let end = rest.find(|character| is_slash(character) || matches!(character, '?' | '#'));
    let before = &rest[..end.unwrap_or(rest.len())];
    let host = before.rsplit_once('@').map_or(before, |(_, host)| host);
    let host = host.find(is_no_sign_of_a_host).map_or(host, |sign| &host[..sign]);
    if crate::views::has_tab_or_line_end(host) {
        Cow::Owned(host.replace(['\t', '\n', '\r'], ""))
    } else {
        Cow::Borrowed(host)
    }
}

fn is_no_sign_of_a_host(character: char) -> bool {
    matches!(character, ' ' | '"' | '%' | '\'' | ';' | '<' | '>' | '^' | '`' | '{' | '|' | '}')
}

/// The host without its port and brackets.
fn named(host_and_port: &str) -> &str {
    let without_digits = host_and_port.trim_end_matches(|character: char| character.is_ascii_digit());
    let host = without_digits.strip_suffix(':').unwrap_or(host_and_port);
    if let Some(inside) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return inside;
    }
    let host = host.split(':').next().unwrap_or_default();
    let is_none = host.is_empty() || host.encode_utf16().count() > HOST_MAX_UNITS;
    if is_none { NO_HOST } else { host }
}

#[cfg(test)]
mod tests {
    use super::{NO_HOST, host};

    /// What Node 20.20 answers for each; `localhost` where `hostname` is empty or null.
    #[test]
    fn hosts_of_url_parse() {
        for (url, want) in [
            ("http://a.example/x", "a.example"),
            ("HTTP:\\\\a.example\\b", "a.example"),
            ("http://u:p@a.example:80/", "a.example"),
            ("http://a@b@c/", "c"),
            ("http://a%@c/", "c"),
            ("http://a/@c/", "a"),
            ("http://a?@c/", "a"),
            ("http://[::1]:80/", "::1"),
            ("http://[name]/", "name"),
            ("http://a.example:1:2/", "a.example"),
            ("http://a.example:80x/", "a.example"),
            ("http://4.0x%61.example/", "4.0x"),
            ("http://a;b/", "a"),
            ("http://a!b/", "a!b"),
            ("http://a\tb/", "ab"),
            ("http://a@\n/", NO_HOST),
            ("\u{feff} http://a/ \u{a0}", "a"),
            ("http://%30x.example/", NO_HOST),
            ("http://a@%30/", NO_HOST),
            ("http:a.example/", NO_HOST),
            ("http:/a.example/", NO_HOST),
            ("http:///a.example/", NO_HOST),
            ("ht\ttp://a.example/", NO_HOST),
            ("http\n://a.example/", NO_HOST),
            ("http:\t//a.example/", NO_HOST),
            ("http:/\r/a.example/", NO_HOST),
            ("http://\ta.example/", "a.example"),
            ("//a.example/", NO_HOST),
        ] {
            assert_eq!(host(url), want, "{url:?}");
        }
    }

    #[test]
    fn a_host_that_is_too_long_is_none() {
        let hidden = |count: usize| format!("http://a.example{}/", "\u{ad}".repeat(count));
        assert_ne!(host(&hidden(255 - 9)), NO_HOST);
        assert_eq!(host(&hidden(255 - 8)), NO_HOST);
    }
}
