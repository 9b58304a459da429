//! A request line and header lines, read as plainly as possible, beside the types that the gates take.

use super::world::World;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use std::net::IpAddr;

/// What a relay adds. Written down here once more, so that a name lost in the product is found; a name that only the
/// product has is fine.
const FORWARDING: [&str; 16] = [
    "cf-connecting-ip",
    "forwarded",
    "forwarded-for",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "x-forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-original-forwarded-for",
    "x-real-ip",
];

/// One request.
pub(super) struct Wire {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) has_body: bool,
    /// Names in lower case and values, in order.
    lines: Vec<(String, Vec<u8>)>,
}

impl Wire {
    /// Reads a request; `None` if an HTTP library would not have passed it on.
    pub(super) fn parse(data: &[u8], world: &World) -> Option<Wire> {
        let mut rest = data.split(|byte| *byte == b'\n').map(trimmed);
        let first = rest.next()?;
        let space = first.iter().position(|byte| *byte == b' ')?;
        let method = Method::from_bytes(&first[..space]).ok()?;
        let uri = Uri::try_from(&first[space + 1..]).ok()?;
        let (mut headers, mut lines) = (HeaderMap::new(), Vec::new());
        for line in rest.by_ref().take_while(|line| !line.is_empty()) {
            let Some((name, value)) = header(line, world) else { continue };
            lines.push((name.as_str().to_owned(), value.as_bytes().to_vec()));
            headers.try_append(name, value).ok()?;
        }
        let has_body = rest.any(|line| !line.is_empty());
        Some(Wire { method, uri, headers, has_body, lines })
    }

    /// The values of a header, given in lower case.
    pub(super) fn values(&self, name: &str) -> Vec<&[u8]> {
        self.lines.iter().filter(|line| line.0 == name).map(|line| line.1.as_slice()).collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        !self.values(name).is_empty()
    }

    pub(super) fn tokens(&self) -> Vec<&[u8]> {
        self.values("x-aws-ec2-metadata-token")
    }

    /// The token, if there is exactly one header for it.
    pub(super) fn sole_token(&self) -> Option<&[u8]> {
        match self.tokens().as_slice() {
            [token] => Some(token),
            _ => None,
        }
    }

    pub(super) fn is_forwarded(&self) -> bool {
        FORWARDING.iter().any(|name| self.has(name))
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    /// Whether the one `Host` is `localhost`, a loopback address or the metadata service.
    pub(super) fn is_for_us(&self) -> bool {
        let hosts = self.values("host");
        let [host] = hosts.as_slice() else { return false };
        std::str::from_utf8(host).is_ok_and(is_ours)
    }
}

fn is_ours(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") || is_our_address(host) {
        return true;
    }
    let Some((name, port)) = host.rsplit_once(':') else { return false };
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = digits && name.eq_ignore_ascii_case("localhost");
    is_name || (port.parse::<u16>().is_ok() && digits && is_our_address(name))
}

/// IPv6 addresses stand in brackets.
fn is_our_address(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = match inner.unwrap_or(text).parse::<IpAddr>() {
        Ok(address) if address.is_ipv6() == inner.is_some() => address.to_canonical(),
        _ => return false,
    };
    let service = ["169.254.169.254", "fd00:ec2::254"].map(str::parse::<IpAddr>);
    address.is_loopback() || service.contains(&Ok(address))
}

/// Without the blanks around it, as HTTP libraries read a line.
fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// One header line; `None` if it is none.
fn header(line: &[u8], world: &World) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let mut value = &line[colon + 1..];
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    let value = match std::str::from_utf8(value) {
        Ok(text) if text.contains('{') => HeaderValue::from_str(&world.fill(text)),
        _ => HeaderValue::from_bytes(value),
    };
    Some((name, value.ok()?))
}
