//! Whether a `Host` header names this guard.
//!
//! A web page whose name was rebound to a local address (DNS rebinding) makes a browser send that page's name as
//! `Host`. So the guard answers to addresses and configured names only: the addresses of the metadata service,
//! loopback addresses, its own listeners, `localhost`, and what the configuration adds.

use http::{HeaderMap, header};
use onehop_verdict::{Code, Denied};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The IPv4 address of the metadata service.
pub const SERVICE_V4: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// The IPv6 address of the metadata service.
pub const SERVICE_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

/// The hosts that the guard answers to. Ports are not looked at: a forwarded port is not an attack.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    addresses: Vec<IpAddr>,
    names: Vec<String>,
}

impl Hosts {
    /// The listeners' addresses and additional names (letter case is ignored).
    pub fn new(listeners: &[SocketAddr], names: &[String]) -> Self {
        let specific = |address: &IpAddr| !address.is_unspecified();
        Hosts {
            addresses: listeners.iter().map(SocketAddr::ip).filter(specific).collect(),
            names: names.iter().map(|name| name.trim_end_matches('.').to_ascii_lowercase()).collect(),
        }
    }

    /// Checks the `Host` header: exactly one, and one of ours.
    ///
    /// # Errors
    /// `HTTP-HOST`.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Denied> {
        let mut values = headers.get_all(header::HOST).iter();
        let host = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        };
        match host {
            Some(host) if self.is_ours(host) => Ok(()),
            _ => Err(Code::HttpHost.into()),
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        if let Some(address) = address_of(host) {
            let address = address.to_canonical();
            return address.is_loopback()
                || address == SERVICE_V4
                || address == SERVICE_V6
                || self.addresses.contains(&address);
        }
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        name.eq_ignore_ascii_case("localhost")
            || self.names.iter().any(|ours| ours.eq_ignore_ascii_case(name))
    }
}

/// Reads an address in its usual form, with or without a port; `0x7f.1` and its like are names here, and not ours.
fn address_of(host: &str) -> Option<IpAddr> {
    if let Ok(address) = host.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::Hosts;
    use http::{HeaderMap, HeaderValue, header};

    #[test]
    fn only_addresses_and_names_of_ours_are_answered() {
        let listeners =
            ["192.0.2.1:80".parse().expect("an address"), "0.0.0.0:80".parse().expect("an address")];
        let hosts = Hosts::new(&listeners, &["imds.internal".to_owned()]);
        for (host, ours) in [
            ("127.0.0.1:1338", true),
            ("127.9.9.9", true),
            ("[::1]:1338", true),
            ("[::ffff:127.0.0.1]:1338", true),
            ("169.254.169.254", true),
            ("169.254.169.254:80", true),
            ("[fd00:ec2::254]", true),
            ("192.0.2.1", true),
            ("localhost:1338", true),
            ("LOCALHOST", true),
            ("imds.internal", true),
            ("IMDS.internal:80", true),
            ("192.0.2.2", false),
            ("0.0.0.0", false),
            ("attacker.example", false),
            ("attacker.example:1338", false),
            ("169.254.169.254.nip.io", false),
            ("127.0.0.1.attacker.example", false),
            ("localhost.attacker.example", false),
            ("2852039166", false),
            ("0x7f.1", false),
            ("user@127.0.0.1", false),
            ("[::1", false),
            ("::1", false),
            ("", false),
            (":1338", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            assert_eq!(hosts.check(&headers).is_ok(), ours, "{host}");
        }
    }

    #[test]
    fn an_absent_or_second_host_is_refused() {
        let hosts = Hosts::new(&[], &[]);
        let mut headers = HeaderMap::new();
        assert!(hosts.check(&headers).is_err());
        headers.append(header::HOST, HeaderValue::from_static("127.0.0.1"));
        assert!(hosts.check(&headers).is_ok());
        headers.append(header::HOST, HeaderValue::from_static("127.0.0.1"));
        assert!(hosts.check(&headers).is_err());
    }
}
