//! The hosts that Perl's `LWP::UserAgent` and `HTTP::Tiny` dial. LWP reads the host off the URL, writes it into another
//! one, and reads it off that, so that a host is decoded twice and a delimiter in it counts once it is decoded.
//!
//! ```text
//! LWP     text   ─▶ white space at the ends cut; "//" up to `/` `?` `#`
//!         host   ─▶ behind the last `@` ─▶ ":" digits cut ─▶ "[" "]" around it cut ─▶ %HH decoded
//!         again  ─▶ "[" "]" around what has a `:` ─▶ text ─▶ host ─▶ socket
//! Tiny    "//" up to `/` `?` `#` ─▶ behind the first `@` ─▶ ":" digits cut ─▶ socket
//! socket  "[" v6 "]" │ "[" v6 "]:" service │ name ":" service │ name; up to a NUL
//! ```
//! Whoever has no host dials the machine itself. Nothing here fails: what is not UTF-8 in the end is no host.

use super::NO_HOST;
use crate::views::{ends_authority, scheme_end, up_to};

/// What `LWP` dials; none for a URL without an authority or with a host that nobody resolves.
///
/// Of an authority with a line feed before an `@`, what stands between the two may first be moved to the front.
pub(super) fn lwp(url: &str) -> [Option<String>; 2] {
    let url = url.trim_matches(is_white_space);
    let rest = scheme_end(url).and_then(|colon| url[colon + 1..].strip_prefix("//"));
    let Some(authority) = rest.map(|rest| up_to(rest, ends_authority)) else {
        return [const { None }; 2];
    };
    let moved = authority.split_once('@').and_then(|(before, after)| {
        let (before, _) = before.rsplit_once('\n')?;
        let line_end = after.find('\n').unwrap_or(after.len());
        let host = after[..line_end].rfind('@').map_or(after, |at| &after[at + 1..]);
        Some(format!("{before}\n{host}"))
    });
    [twice(authority), moved.and_then(|authority| twice(&authority))]
}

/// Reads the host off an authority, and off a URL that has it for its authority.
fn twice(authority: &str) -> Option<String> {
    let first = host_of(authority.as_bytes());
    let second = if first.contains(&b':') && !first.starts_with(b"[") {
        host_of(&[b"[", first.as_slice(), b"]"].concat())
    } else {
        host_of(&first)
    };
    dialled(&second)
}

/// The same of `HTTP::Tiny`.
pub(super) fn tiny(url: &str) -> Option<String> {
    let rest = url[scheme_end(url)? + 1..].strip_prefix("//")?;
    let authority = up_to(rest, ends_authority);
    let host = authority.split_once('@').map_or(authority, |(_, host)| host);
    let without_digits = host.trim_end_matches(|character: char| character.is_ascii_digit());
    dialled(without_digits.strip_suffix(':').unwrap_or(host).as_bytes())
}

/// `\s` of a regular expression over bytes.
fn is_white_space(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r')
}

/// The host of what stands behind two slashes.
fn host_of(rest: &[u8]) -> Vec<u8> {
    let end = rest.iter().position(|byte| ends_authority(*byte));
    // White space at the end of the text, which here is the end of the host.
    let cut = rest.iter().rposition(|byte| !is_white_space(char::from(*byte))).map_or(0, |last| last + 1);
    let authority = &rest[..end.unwrap_or(cut)];
    let host = authority.iter().rposition(|byte| *byte == b'@').map_or(authority, |at| &authority[at + 1..]);
    let host = without_port(host);
    let inside = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]"));
    decoded(inside.unwrap_or(host))
}

/// Without a colon and one digit or more at the end.
fn without_port(host: &[u8]) -> &[u8] {
    let digits = host.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let colon = host.len() - digits;
    if digits == 0 { host } else { host[..colon].strip_suffix(b":").unwrap_or(host) }
}

/// What the socket makes of a host: without a service, and this machine for nothing.
fn dialled(host: &[u8]) -> Option<String> {
    let host = without_service(host);
    let host = host.split(|byte| *byte == 0).next().unwrap_or_default();
    if host.is_empty() {
        return Some(NO_HOST.to_owned());
    }
    String::from_utf8(host.to_vec()).ok()
}

/// A colon behind brackets, or a single one, parts a host from a service.
fn without_service(host: &[u8]) -> &[u8] {
    let mut colons = (0..host.len()).filter(|at| host[*at] == b':');
    let bracket = host.iter().position(|byte| *byte == b']').filter(|_| host.starts_with(b"["));
    match (bracket, colons.next(), colons.next()) {
        (Some(end), _, _) if matches!(host.get(end + 1), None | Some(b':')) => &host[1..end],
        (_, Some(colon), None) => &host[..colon],
        _ => host,
    }
}

/// With every `%` and two hexadecimal digits decoded, once.
pub(super) fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) if *byte == b'%' => {
                plain.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{lwp, tiny};

    /// What `LWP` 6.68 with `URI` 5.17 dials for each.
    #[test]
    fn hosts_of_lwp() {
        for (url, want) in [
            ("http://a.example/x", "a.example"),
            ("  http://u:p@a.example:80/", "a.example"),
            ("http://a@b@c/", "c"),
            ("http://[::1]:80/", "::1"),
            ("http://%5b::1%5d/", "::1"),
            ("http://%5b::1%5d:/", "::1"),
            ("http://[%3a%3a1]:/", "::1"),
            ("http://a\\@127%252e0%252e0%252e1/", "127.0.0.1"),
            ("http://a%252fb/", "a/b"),
            ("http://a%2fb/", "a"),
            ("http://a%40b/", "b"),
            ("http://a%3a80/", "a"),
            ("http://a%0a/", "a"),
            ("http://a%00.b/", "a"),
            ("http://a\0@b/", "b"),
            ("http://a b/", "a b"),
            ("http://a\\@%20/", "localhost"),
            ("http:///", "localhost"),
            ("http://%e3%80/", ""),
            ("ht\ttp://a/", ""),
            ("http:/\t/a/", ""),
            ("//a/", ""),
        ] {
            assert_eq!(lwp(url)[0].as_deref().unwrap_or_default(), want, "{url:?}");
        }
    }
    #[test]
    fn what_stands_before_a_line_feed_comes_first() {
        for (url, want) in [
            ("http://a%2f\n@b.example/", "a"),
            ("http://a%00\nx@y@b.example/", "a"),
            ("http://c@a%2f\n@b.example/", ""),
            ("http://a@b.example/", ""),
        ] {
            assert_eq!(lwp(url)[1].as_deref().unwrap_or_default(), want, "{url:?}");
        }
    }

    /// What `HTTP::Tiny` 0.080 dials for each.
    #[test]
    fn hosts_of_tiny() {
        for (url, want) in [
            ("http://a.example:80/x", "a.example"),
            ("http://a@b@c/", "b@c"),
            ("http://[::1]:80/", "::1"),
            ("http://a%2fb/", "a%2fb"),
            ("http://a\\@:80:/", "localhost"),
            ("http:///", "localhost"),
            ("http://a\0b/", "a"),
            ("http:a/", ""),
        ] {
            assert_eq!(tiny(url).as_deref().unwrap_or_default(), want, "{url:?}");
        }
    }
}
