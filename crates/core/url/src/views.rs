//! Several looks at the same bytes: what each family of URL readers takes for the host.
//!
//! ```text
//! http://first:80\@second:80/x
//! WHATWG    `\` ends the authority                     first
//! RFC 3986  the authority ends at `/`, `?`, `#`        second
//! curl      the same, and one `@` only                 second
//! urlsplit  the same, and the port at the first `:`    second
//! ```
//! Each reader is as lenient as its model is known to be: an extra host is worse for the URL, never better. A reader
//! that refuses says nothing. Nothing here fails.

mod curl;
pub(crate) mod legacy;
mod rfc3986;
mod urlsplit;
mod whatwg;

pub(crate) use whatwg::{Split, cleaned, split};

use std::borrow::Cow;
use std::fmt;

/// A family of URL readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum View {
    /// The WHATWG URL Standard: browsers, Node.js, the crate `url`, and with it most Rust clients.
    Whatwg,
    /// RFC 3986, appendix B: Go, Java, many validators.
    Rfc3986,
    /// curl, and what is built on it.
    Curl,
    /// Python's `urllib.parse.urlsplit`.
    Urlsplit,
}

impl View {
    /// Every family.
    pub const ALL: &'static [View] = &[View::Whatwg, View::Rfc3986, View::Curl, View::Urlsplit];

    /// The stable text, e.g. `rfc3986`.
    pub const fn as_str(self) -> &'static str {
        match self {
            View::Whatwg => "whatwg",
            View::Rfc3986 => "rfc3986",
            View::Curl => "curl",
            View::Urlsplit => "urlsplit",
        }
    }

    /// What this family takes for the host of an `http` or `https` URL.
    pub fn look(self, url: &str) -> Look<'_> {
        match self {
            View::Whatwg => whatwg::look(url),
            View::Rfc3986 => rfc3986::look(url),
            View::Curl => curl::look(url),
            View::Urlsplit => urlsplit::look(url),
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a reader takes for the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look<'a> {
    /// It refuses the URL, or sees no host.
    Nothing,
    /// The host as it is written, IPv6 in brackets, not decoded.
    Host(Cow<'a, str>),
}

/// Where a scheme ends: the index of the colon after `[A-Za-z][A-Za-z0-9+.-]*`.
pub(crate) fn scheme_end(url: &str) -> Option<usize> {
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let end = url.bytes().position(|byte| !is_scheme(byte))?;
    let starts = url.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (starts && url.as_bytes()[end] == b':').then_some(end)
}

/// Everything up to the first of these ASCII characters.
fn up_to(text: &str, ends: impl Fn(u8) -> bool) -> &str {
    text.bytes().position(ends).map_or(text, |end| &text[..end])
}

/// What ends the authority for most.
fn ends_authority(byte: u8) -> bool {
    matches!(byte, b'/' | b'?' | b'#')
}

/// What stands behind the last `@`.
fn without_userinfo(authority: &str) -> &str {
    authority.bytes().rposition(|byte| byte == b'@').map_or(authority, |at| &authority[at + 1..])
}

fn has_tab_or_line_end(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r'))
}

/// The host before a port: IPv6 up to its bracket, anything else up to the first or last colon.
fn without_port(host: &str, first_colon: bool) -> &str {
    if host.starts_with('[') {
        return host.find(']').map_or(host, |end| &host[..=end]);
    }
    let is_colon = |byte| byte == b':';
    let colon = if first_colon { host.bytes().position(is_colon) } else { host.bytes().rposition(is_colon) };
    colon.map_or(host, |colon| &host[..colon])
}

fn seen(host: &str) -> Look<'_> {
    if host.is_empty() { Look::Nothing } else { Look::Host(Cow::Borrowed(host)) }
}

#[cfg(test)]
mod tests {
    use super::{Look, View};

    /// A URL, and what WHATWG, RFC 3986, curl and urlsplit take for the host; empty for nothing.
    type Case = (&'static str, [&'static str; 4]);

    const CASES: &[Case] = &[
        ("http://a.example/x", ["a.example"; 4]),
        ("HTTP://A.example:80?x@y", ["A.example"; 4]),
        ("http://u:p@a.example:80/", ["a.example"; 4]),
        ("http://[::1]:80/", ["[::1]"; 4]),
        ("http://first:80\\@second:80/", ["first", "second", "second", "second"]),
        ("http://first#@second/", ["first"; 4]),
        ("http://a@b@c/", ["c", "c", "", "c"]),
        ("http:/a.example/", ["a.example", "", "a.example", ""]),
        ("http:a.example/", ["a.example", "", "", ""]),
        ("http:///a.example/", ["a.example", "", "a.example", ""]),
        ("http:\\\\a.example\\b", ["a.example", "", "", ""]),
        ("\u{1} http://a.example/ ", ["a.example", "", "", "a.example"]),
        ("ht\ttp://a.exa\nmple/", ["a.example", "", "", "a.example"]),
        ("http://a.example:1:2/", ["a.example", "a.example:1", "", "a.example"]),
        ("a.example/x", [""; 4]),
        ("//a.example/x", [""; 4]),
        ("http://", [""; 4]),
    ];

    #[test]
    fn each_family_sees_its_own_host() {
        for (url, wanted) in CASES {
            for (view, want) in View::ALL.iter().zip(wanted) {
                let got = view.look(url);
                let got = match &got {
                    Look::Nothing => "",
                    Look::Host(host) => host,
                };
                assert_eq!(&got, want, "{view} of {url:?}");
            }
        }
    }
}
