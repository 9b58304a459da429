//! Reads the IPv4 addresses that an IPv6 address carries.
//!
//! ```text
//! form                        prefix              the IPv4 address stands in (bytes)
//! mapped                      ::ffff:0:0/96       12-15
//! compatible                  ::/96               12-15
//! translated (SIIT)           ::ffff:0:0:0/96     12-15
//! NAT64, well-known           64:ff9b::/96        12-15
//! NAT64, local use            64:ff9b:1::/48      by length 48, 56, 64, 96 (RFC 6052 §2.2)
//! NAT64, told to us           any                 by length 32, 40, 48, 56, 64, 96
//! 6to4                        2002::/16           2-5
//! Teredo                      2001::/32           server 4-7; client 12-15, inverted
//! ISATAP                      any /64             12-15 after 0000:5efe or 0200:5efe
//! hidden                      any                 every RFC 6052 offset, for catalogued services only
//! ```
//! RFC 6052 skips byte 8. What follows the carried address is ignored, as translators ignore it. Nothing fails.

use crate::Class;
use crate::catalogue::Provider;
use crate::lookup::{SERVICE_OCTET, find4, service4};
use crate::nat64::Nat64Prefix;
use std::fmt;
use std::net::Ipv4Addr;

/// How an IPv6 address carries an IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// IPv4-mapped (RFC 4291 §2.5.5.2).
    Mapped,
    /// IPv4-compatible (RFC 4291 §2.5.5.1, deprecated).
    Compatible,
    /// IPv4-translated (RFC 2765).
    Siit,
    /// NAT64 under the well-known prefix or under one that was configured, with the prefix's length.
    Nat64(u8),
    /// NAT64 under the local-use prefix, read as a prefix of this length.
    LocalNat64(u8),
    /// 6to4 (RFC 3056).
    SixToFour,
    /// The server of a Teredo address (RFC 4380 §4).
    TeredoServer,
    /// The client of a Teredo address.
    TeredoClient,
    /// ISATAP (RFC 5214 §6.1).
    Isatap,
    /// The address of a catalogued service at the place where a NAT64 prefix of this length would put it.
    Hidden(u8),
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Form::Mapped => f.write_str("mapped"),
            Form::Compatible => f.write_str("compatible"),
            Form::Siit => f.write_str("siit"),
            Form::Nat64(length) => write!(f, "nat64/{length}"),
            Form::LocalNat64(length) => write!(f, "local-nat64/{length}"),
            Form::SixToFour => f.write_str("6to4"),
            Form::TeredoServer => f.write_str("teredo-server"),
            Form::TeredoClient => f.write_str("teredo-client"),
            Form::Isatap => f.write_str("isatap"),
            Form::Hidden(length) => write!(f, "hidden/{length}"),
        }
    }
}

/// One reading of an IPv6 address: the form, and the IPv4 address found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// How it is carried.
    pub form: Form,
    /// What is carried.
    pub address: Ipv4Addr,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.form, self.address)
    }
}

/// A reading with what the carried address is.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) step: Step,
    pub(crate) class: Class,
    pub(crate) provider: Option<&'static Provider>,
}

impl Reading {
    /// Greater is more dangerous.
    pub(crate) fn danger(&self) -> (bool, Class) {
        (self.provider.is_some(), self.class)
    }
}

/// Lengths of the prefixes under which RFC 6052 §2.2 puts an IPv4 address.
pub(crate) const NAT64_LENGTHS: [u8; 6] = [32, 40, 48, 56, 64, 96];

/// The IPv4 address under a NAT64 prefix of one of the [`NAT64_LENGTHS`]. Byte 8 is skipped.
pub(crate) fn carried(bits: u128, length: u8) -> u32 {
    if length >= 64 {
        let shift = if length == 64 { 24 } else { 0 };
        return low32(bits >> shift);
    }
    // The 64 bits of bytes 4-7 and 9-12, closed up over byte 8.
    let before = (bits >> 64) & 0xffff_ffff;
    let after = (bits >> 24) & 0xffff_ffff;
    let joined = (before << 32) | after;
    low32(joined >> (64 - u32::from(length)))
}

#[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are what is asked for")]
const fn low32(bits: u128) -> u32 {
    bits as u32
}

/// Whether the interface identifier is one of ISATAP's.
#[inline]
pub(crate) fn is_isatap(bits: u128) -> bool {
    low32(bits >> 32) & 0xfdff_ffff == 0x0000_5efe
}

/// Whether one of the RFC 6052 offsets may hold the address of a service: a quick look at first octets. A false
/// alarm costs time only.
#[inline]
pub(crate) fn may_hide_service(bits: u128) -> bool {
    let bytes = bits.to_be_bytes();
    let hit = |at: usize| SERVICE_OCTET[usize::from(bytes[at])];
    hit(4) | hit(5) | hit(6) | hit(7) | hit(9) | hit(12)
}

/// Calls `found` with every reading of an address. True if the address is only a way to reach the IPv4 address: it
/// is mapped, or under the well-known or a configured NAT64 prefix.
pub(crate) fn read(bits: u128, nat64: &[Nat64Prefix], mut found: impl FnMut(Reading)) -> bool {
    let mut note = |form, address: u32| {
        let (class, provider) = find4(address);
        found(Reading { step: Step { form, address: Ipv4Addr::from_bits(address) }, class, provider });
    };
    let mut translated = false;
    for prefix in nat64.iter().filter(|prefix| prefix.covers(bits)) {
        note(Form::Nat64(prefix.length()), carried(bits, prefix.length()));
        translated = true;
    }
    translated |= in_last_bytes(bits, &mut note);
    tunnels(bits, &mut note);
    if may_hide_service(bits) {
        for length in NAT64_LENGTHS {
            let address = carried(bits, length);
            if service4(address).is_some() {
                note(Form::Hidden(length), address);
            }
        }
    }
    translated
}

/// The forms with a prefix of 96 bits. True for those that are only a way to reach IPv4.
fn in_last_bytes(bits: u128, note: &mut impl FnMut(Form, u32)) -> bool {
    let (form, translated) = match bits >> 32 {
        0 if bits > 1 => (Form::Compatible, false),
        0xffff => (Form::Mapped, true),
        0xffff_0000 => (Form::Siit, false),
        0x0064_ff9b_0000_0000_0000_0000 => (Form::Nat64(96), true),
        _ => return false,
    };
    note(form, low32(bits));
    translated
}

/// Local NAT64, Teredo, 6to4, ISATAP.
fn tunnels(bits: u128, note: &mut impl FnMut(Form, u32)) {
    if bits >> 80 == 0x0064_ff9b_0001 {
        local_nat64(bits, note);
    }
    if bits >> 96 == 0x2001_0000 {
        note(Form::TeredoServer, low32(bits >> 64));
        note(Form::TeredoClient, !low32(bits));
    }
    if bits >> 112 == 0x2002 {
        note(Form::SixToFour, low32(bits >> 80));
    }
    if is_isatap(bits) {
        note(Form::Isatap, low32(bits));
    }
}

/// The local-use prefix can be divided at any length from 48 on. The lengths that are wrong for an address mostly
/// read its padding, `0.0.0.x`: such readings count only if there is no other.
fn local_nat64(bits: u128, note: &mut impl FnMut(Form, u32)) {
    let lengths = [48, 56, 64, 96];
    let padding = |length: &u8| carried(bits, *length) >> 24 == 0;
    let all = lengths.iter().all(padding);
    for length in lengths {
        if all || !padding(&length) {
            note(Form::LocalNat64(length), carried(bits, length));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv6Addr;

    /// The table of RFC 6052 §2.4, with this project's own addresses.
    #[test]
    fn carried_at_every_length() {
        let cases = [
            (32, "2001:db8:a9fe:a9fe::"),
            (40, "2001:db8:1a9:fea9:fe::"),
            (48, "2001:db8:122:a9fe:a9:fe00::"),
            (56, "2001:db8:122:3a9:fe:a9fe::"),
            (64, "2001:db8:122:344:a9:fea9:fe00:0"),
            (96, "2001:db8:122:344::a9fe:a9fe"),
        ];
        for (length, text) in cases {
            let bits = text.parse::<Ipv6Addr>().expect("an address").to_bits();
            assert_eq!(carried(bits, length), 0xa9fe_a9fe, "/{length} {text}");
        }
    }

    #[test]
    fn byte_8_is_skipped_whatever_it_holds() {
        let bits = "2001:db8:122:a9fe:ffa9:fe00::".parse::<Ipv6Addr>().expect("an address").to_bits();
        assert_eq!(carried(bits, 48), 0xa9fe_a9fe);
    }
}
