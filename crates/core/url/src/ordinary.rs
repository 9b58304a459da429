//! The plainly ordinary URL, on which every client agrees, read without allocation.
//!
//! ```text
//! ("http" | "https") "://" host [ ":" port ] [ ("/" | "?" | "#") visible ASCII without "\" ]
//! host = labels of a-z 0-9 - _, none empty or `xn--…`, the last not numeric │ a.b.c.d │ "[" IPv6 "]"
//! port = 1 to 65535 in decimal, without a zero in front
//! ```
//! Nothing fails: what is not of this form is `None`, and the careful way reads it.

use crate::target::{Scheme, Site};
use onehop_address::spelling::{Host, LABEL_MAX_BYTES, NAME_MAX_BYTES};
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The site, and the URL as text.
pub(crate) fn read(url: &[u8]) -> Option<(Site<'_>, &str)> {
    if !is_visible(url) {
        return None;
    }
    let text = std::str::from_utf8(url).ok()?;
    let (scheme, rest) = if let Some(rest) = text.strip_prefix("https://") {
        (Scheme::Https, rest)
    } else {
        (Scheme::Http, text.strip_prefix("http://")?)
    };
    let (host, after) = host(rest)?;
    let port = match after.as_bytes().first() {
        Some(b':') => port(&after[1..])?,
        None | Some(b'/' | b'?' | b'#') => scheme.default_port(),
        Some(_) => return None,
    };
    Some((Site { scheme, host, port }, text))
}

/// Visible ASCII without the backslash. Looks at every byte, so that several can be looked at in one step.
#[expect(clippy::needless_bitwise_bool, reason = "no branch, so that the loop becomes vector code")]
fn is_visible(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |good, byte| good & byte.is_ascii_graphic() & (*byte != b'\\'))
}

fn host(rest: &str) -> Option<(Host<'_>, &str)> {
    if let Some(inside) = rest.strip_prefix('[') {
        let (address, after) = inside.split_once(']')?;
        let address: Ipv6Addr = address.parse().ok()?;
        return Some((Host::Address(IpAddr::V6(address)), after));
    }
    let end = rest.bytes().position(|byte| !is_host_byte(byte)).unwrap_or(rest.len());
    let (host, after) = rest.split_at(end);
    let last = host.bytes().rposition(|byte| byte == b'.').map_or(0, |dot| dot + 1);
    if host.as_bytes().get(last)?.is_ascii_digit() {
        let address: Ipv4Addr = host.parse().ok()?;
        return Some((Host::Address(IpAddr::V4(address)), after));
    }
    is_plain_name(host.as_bytes()).then_some((Host::Name(Cow::Borrowed(host)), after))
}

fn is_host_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.')
}

/// No empty label, none that is too long or in punycode.
fn is_plain_name(name: &[u8]) -> bool {
    let mut start = 0;
    if name.len() > NAME_MAX_BYTES {
        return false;
    }
    for at in 0..=name.len() {
        if at < name.len() && name[at] != b'.' {
            continue;
        }
        let label = &name[start..at];
        if label.is_empty() || label.len() > LABEL_MAX_BYTES || label.starts_with(b"xn--") {
            return false;
        }
        start = at + 1;
    }
    true
}

/// The port, if it ends where it should.
fn port(text: &str) -> Option<u16> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    let ends = matches!(after.as_bytes().first(), None | Some(b'/' | b'?' | b'#'));
    if !ends || digits.starts_with('0') {
        return None;
    }
    digits.parse().ok()
}
