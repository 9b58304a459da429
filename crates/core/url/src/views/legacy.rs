//! Hosts that older clients take where the four families see none or another one. Compat mode alone asks: strict mode
//! refuses every such URL by its form.
//!
//! ```text
//! http:///x   http://a@b@c/              Java, Ruby, Perl: no host, and they connect to the machine itself
//! http://0%31.example/                  Node's `url.parse`: the host ends before the sign, `0`
//! http://inside\0@public/               Perl: the text ends before the NUL
//! ```
//! Without two slashes some of them see no host either; that is not counted, as the URL Standard's own test data calls
//! such URLs valid and the URL to fetch has the slashes. Nothing here fails.

use super::{ends_authority, scheme_end, up_to, without_port, without_userinfo};

const NO_HOST: &str = "localhost";

/// Every host that one of them takes, as it is written.
pub(crate) fn hosts(cleaned: &str) -> Vec<&str> {
    let mut hosts = Vec::new();
    for text in [cleaned, up_to(cleaned, |byte| byte == 0)] {
        let Some(colon) = scheme_end(text) else {
            continue;
        };
        let rest = &text[colon + 1..];
        hosts.extend(legacy_node(rest));
        let Some(rest) = rest.strip_prefix("//") else {
            // curl then guesses a scheme, and takes this one for a user name.
            let authority = up_to(text, ends_authority);
            hosts.extend(authority.contains('@').then(|| without_port(without_userinfo(authority), false)));
            continue;
        };
        let authority = up_to(rest, ends_authority);
        hosts.push(java(authority));
        let host = without_port(without_userinfo(authority), false);
        // Perl takes anything between brackets for a host.
        hosts.extend(host.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')));
        hosts.push(if host.bytes().all(|byte| byte == b':') { NO_HOST } else { host });
    }
    hosts
}

/// Java's `URL`: two `@` leave no host.
fn java(authority: &str) -> &str {
    match authority.split_once('@') {
        Some((_, host)) if host.contains('@') => NO_HOST,
        Some((_, host)) => without_port(host, false),
        None => without_port(authority, false),
    }
}

/// Node's `url.parse`: backslashes are slashes, two of them begin a host, and the host ends before any other sign.
fn legacy_node(rest: &str) -> Option<&str> {
    let is_slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    if rest.bytes().take(2).filter(is_slash).count() < 2 {
        return None;
    }
    let authority = up_to(&rest[2..], |byte| byte == b'\\' || ends_authority(byte));
    let host = without_userinfo(authority);
    if host.starts_with('[') {
        return Some(without_port(host, false));
    }
    let ends = |byte: u8| byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"-_.".contains(&byte);
    Some(up_to(host, ends)).filter(|host| !host.is_empty())
}
