//! NAT64 prefixes that an operator configured or that a resolver gave away (RFC 6052, RFC 7050).
//!
//! A prefix of another length, with bits beyond its length, or over addresses that never cross a translator is an
//! error when it is made.

use crate::decode::{NAT64_LENGTHS, carried};
use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// Why something is no NAT64 prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Nat64Error {
    /// Not `address/length`.
    #[error("`{0}` is not an IPv6 prefix; write it like `2001:db8:64::/96`")]
    NotAPrefix(Box<str>),
    /// A length that RFC 6052 §2.2 does not know.
    #[error("a NAT64 prefix is 32, 40, 48, 56, 64 or 96 bits long, not {0}")]
    Length(u8),
    /// The address has bits outside the prefix, or in bits 64 to 71, which stay zero.
    #[error("`{0}` has bits outside its prefix")]
    Bits(Ipv6Addr),
    /// The prefix covers the machine itself, a mapped form, link-local or multicast addresses.
    #[error("`{0}` is not a prefix that a translator may use")]
    Place(Ipv6Addr),
}

/// A prefix under which IPv4 addresses are reached through a translator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nat64Prefix {
    bits: u128,
    length: u8,
}

/// The addresses of `ipv4only.arpa` (RFC 7050 §2.2): 192.0.0.170 and 192.0.0.171.
const DISCOVERY: [u32; 2] = [0xc000_00aa, 0xc000_00ab];

impl Nat64Prefix {
    /// A prefix from its first address and its length in bits.
    ///
    /// # Errors
    /// A length other than 32, 40, 48, 56, 64 and 96; bits outside the prefix or in bits 64 to 71 (RFC 6052 §2.2);
    /// a place that no translator may use.
    pub fn new(address: Ipv6Addr, length: u8) -> Result<Self, Nat64Error> {
        if !NAT64_LENGTHS.contains(&length) {
            return Err(Nat64Error::Length(length));
        }
        let bits = address.to_bits();
        if bits & !mask(length) != 0 || bits.to_be_bytes()[8] != 0 {
            return Err(Nat64Error::Bits(address));
        }
        let link_local = bits >> 118 == 0xfe80 >> 6;
        if bits >> 96 == 0 || link_local || address.is_multicast() {
            return Err(Nat64Error::Place(address));
        }
        Ok(Nat64Prefix { bits, length })
    }

    /// The prefix that an answer for `ipv4only.arpa` (type AAAA) gives away; `None` if the answer holds neither of
    /// the two well-known addresses, or holds them at several places (RFC 7050 §3).
    pub fn from_discovery(answer: Ipv6Addr) -> Option<Self> {
        let bits = answer.to_bits();
        let mut lengths =
            NAT64_LENGTHS.into_iter().filter(|length| DISCOVERY.contains(&carried(bits, *length)));
        match (lengths.next(), lengths.next()) {
            (Some(length), None) => Nat64Prefix::new(Ipv6Addr::from_bits(bits & mask(length)), length).ok(),
            _ => None,
        }
    }

    /// Length in bits.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// First address.
    pub fn address(&self) -> Ipv6Addr {
        Ipv6Addr::from_bits(self.bits)
    }

    pub(crate) fn covers(&self, bits: u128) -> bool {
        bits & mask(self.length) == self.bits
    }
}

fn mask(length: u8) -> u128 {
    u128::MAX << (128 - u32::from(length))
}

impl FromStr for Nat64Prefix {
    type Err = Nat64Error;

    fn from_str(text: &str) -> Result<Self, Nat64Error> {
        let wrong = || Nat64Error::NotAPrefix(text.into());
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let address = address.parse().map_err(|_| wrong())?;
        Nat64Prefix::new(address, length.parse().map_err(|_| wrong())?)
    }
}

impl fmt::Display for Nat64Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address(), self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_prefix() {
        for text in ["64:ff9b::/96", "64:ff9b:1::/48", "2001:db8::/32", "2001:db8:ab00::/40", "fd00:64::/64"]
        {
            let prefix: Nat64Prefix = text.parse().expect(text);
            assert_eq!(prefix.to_string(), text);
        }
    }

    #[test]
    fn what_is_none() {
        let bits = |text: &str| Nat64Error::Bits(text.parse().expect("an address"));
        let place = |text: &str| Nat64Error::Place(text.parse().expect("an address"));
        let cases = [
            ("64:ff9b::", Nat64Error::NotAPrefix("64:ff9b::".into())),
            ("64:ff9b::/x", Nat64Error::NotAPrefix("64:ff9b::/x".into())),
            ("10.0.0.0/96", Nat64Error::NotAPrefix("10.0.0.0/96".into())),
            ("2001:db8::/33", Nat64Error::Length(33)),
            ("2001:db8::/128", Nat64Error::Length(128)),
            ("2001:db8::1/96", bits("2001:db8::1")),
            ("2001:db8:0:0:ff00::/96", bits("2001:db8:0:0:ff00::")),
            ("::/96", place("::")),
            ("::ffff:0:0/96", place("::ffff:0:0")),
            ("fe80::/64", place("fe80::")),
            ("ff00::/32", place("ff00::")),
        ];
        for (text, want) in cases {
            assert_eq!(text.parse::<Nat64Prefix>(), Err(want), "{text}");
        }
    }

    #[test]
    fn learnt_from_ipv4only_arpa() {
        let cases = [
            ("64:ff9b::c000:aa", Some("64:ff9b::/96")),
            ("64:ff9b::c000:ab", Some("64:ff9b::/96")),
            ("2001:db8:c000:aa::", Some("2001:db8::/32")),
            ("2001:db8:122:c000:0:aa00::", Some("2001:db8:122::/48")),
            ("2001:db8:122:344:c0:0:aa00:0", Some("2001:db8:122:344::/64")),
            ("2001:db8::1", None),
            ("2001:db8:c000:aa::c000:aa", None),
        ];
        for (answer, want) in cases {
            let found = Nat64Prefix::from_discovery(answer.parse().expect("an address"));
            assert_eq!(found.map(|prefix| prefix.to_string()).as_deref(), want, "{answer}");
        }
    }
}
