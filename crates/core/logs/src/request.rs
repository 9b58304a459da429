//! The parts of a request line, and of what stands in the place of an address.

use memchr::{memchr, memchr_iter};

/// A request line in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLine<'a> {
    /// `GET`. `None` if the line is a target alone.
    pub method: Option<&'a [u8]>,
    /// What was asked for: a path and query, a whole URL, or `host:port`.
    pub target: &'a [u8],
    /// Where the target begins in the line.
    pub at: usize,
    /// `HTTP/1.1`, if it is there.
    pub version: Option<&'a [u8]>,
}

/// Splits the value of a [`Kind::Request`](crate::Kind::Request) field. Total: what has no method is a target, and blanks
/// within a target stay in it.
///
/// ```
/// let line = onehop_logs::request_line(b"GET /a b?c HTTP/1.1");
/// assert_eq!(line.method, Some(&b"GET"[..]));
/// assert_eq!(line.target, b"/a b?c");
/// assert_eq!(line.version, Some(&b"HTTP/1.1"[..]));
/// ```
pub fn request_line(line: &[u8]) -> RequestLine<'_> {
    let (method, at) = match memchr(b' ', line) {
        Some(end) if is_method(&line[..end]) => (Some(&line[..end]), end + 1),
        _ => (None, 0),
    };
    let rest = &line[at..];
    let (target, version) = match memchr::memrchr(b' ', rest) {
        Some(end) if rest[end + 1..].starts_with(b"HTTP/") => (&rest[..end], Some(&rest[end + 1..])),
        _ => (rest, None),
    };
    RequestLine { method, target, at, version }
}

/// RFC 9110 §9.1, as far as anybody writes it.
pub(crate) fn is_method(text: &[u8]) -> bool {
    (1..=32).contains(&text.len())
        && text.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'))
}

/// The host of an absolute URL, or of `host:port`, and where it begins. Nothing is judged: a proxy's log says what the
/// proxy dialled, so the host is what stands between the marks.
pub(crate) fn authority(target: &[u8]) -> Option<(usize, &[u8])> {
    let slashes = scheme_end(target);
    let start = match slashes {
        Some(at) if target[..at].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'+') => at + 3,
        _ if target.starts_with(b"/") => return None,
        _ => 0,
    };
    let rest = &target[start..];
    if start == 0 && !is_host_and_port(target) {
        return None;
    }
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b' ')).unwrap_or(rest.len());
    let user = memchr::memrchr(b'@', &rest[..end]).map_or(0, |at| at + 1);
    let host = without_port(&rest[user..end]);
    let bracket = usize::from(rest[user..end].starts_with(b"[") && !host.starts_with(b"["));
    (!host.is_empty()).then_some((start + user + bracket, host))
}

/// The first place where `://` stands. Few targets have more than a colon or two: no search is worth its preparation.
pub(crate) fn scheme_end(target: &[u8]) -> Option<usize> {
    memchr_iter(b':', target).find(|at| target[*at..].starts_with(b"://"))
}

/// `example.com:443`, and not `error:invalid-request`.
fn is_host_and_port(target: &[u8]) -> bool {
    memchr::memrchr(b':', target).is_none_or(|colon| target[colon + 1..].iter().all(u8::is_ascii_hexdigit))
}

/// `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1` and `2001:db8::1.80` without a port, brackets kept off.
pub(crate) fn without_port(address: &[u8]) -> &[u8] {
    if let Some(inner) = address.strip_prefix(b"[") {
        return memchr(b']', inner).map_or(address, |end| &inner[..end]);
    }
    match memchr(b':', address) {
        Some(colon) if memchr(b':', &address[colon + 1..]).is_none() => &address[..colon],
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::{authority, request_line, without_port};

    #[test]
    fn what_is_no_request_line_is_a_target() {
        for (line, method, target, at, version) in [
            ("GET / HTTP/1.1", Some("GET"), "/", 4, Some("HTTP/1.1")),
            ("GET /a", Some("GET"), "/a", 4, None),
            ("/a?b c", None, "/a?b c", 0, None),
            ("get /a HTTP/1.0", None, "get /a", 0, Some("HTTP/1.0")),
            ("GET  HTTP/1.1", Some("GET"), "", 4, Some("HTTP/1.1")),
            ("GET HTTP/1.1", Some("GET"), "HTTP/1.1", 4, None),
            ("", None, "", 0, None),
            ("\u{16}\u{3}\u{1}", None, "\u{16}\u{3}\u{1}", 0, None),
        ] {
            let parts = request_line(line.as_bytes());
            assert_eq!(parts.method, method.map(str::as_bytes), "{line}");
            assert_eq!(parts.target, target.as_bytes(), "{line}");
            assert_eq!(parts.at, at, "{line}");
            assert_eq!(parts.version, version.map(str::as_bytes), "{line}");
        }
    }

    #[test]
    fn the_host_of_a_target_is_between_the_marks() {
        for (target, want) in [
            ("http://192.0.2.1/a", Some((7, "192.0.2.1"))),
            ("http://u@x@192.0.2.1:80/a@b", Some((11, "192.0.2.1"))),
            ("example.com:443", Some((0, "example.com"))),
            ("https://[2001:db8::1]:443/", Some((9, "2001:db8::1"))),
            ("/a?u=http://example.com/", None),
            ("2001:db8::1", Some((0, "2001:db8::1"))),
            ("error:invalid-request", None),
            ("http:///a", None),
            ("", None),
        ] {
            let want = want.map(|(at, host)| (at, host.as_bytes()));
            assert_eq!(authority(target.as_bytes()), want, "{target}");
        }
    }

    #[test]
    fn a_port_is_cut_off_an_address() {
        for (address, want) in [
            ("192.0.2.1:2817", "192.0.2.1"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8", "[2001:db8"),
            ("", ""),
        ] {
            assert_eq!(without_port(address.as_bytes()), want.as_bytes(), "{address}");
        }
    }
}
