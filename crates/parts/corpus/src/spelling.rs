//! How a host is spelled.
//!
//! ```text
//! place of a service ─┬─ IPv4 ─▶ ipv4: bases, parts, padding, overflow    ─┐
//!                     │      ├─▶ ipv6: mapped, compatible, NAT64, 6to4 …   ├─▶ host text
//!                     │      └─▶ named: the address in a public name       │
//!                     ├─ IPv6 ─▶ ipv6: its own spellings                   │
//!                     ├─ name ─▶ as it is, other cases                     │
//!                     └─ IPv4 and name ─▶ characters: Unicode for ASCII   ─┘
//! ```
//! IPv6 addresses stand in brackets. A table, one row a spelling; a row that cannot spell a place says so with `None`
//! and is not drawn for it.

mod characters;
mod ipv4;
mod ipv6;
mod named;

use crate::dice::Dice;
use crate::target::Place;

/// One way to spell a host.
#[derive(Debug)]
pub struct Spelling {
    /// Its name, in labels.
    pub name: &'static str,
    /// What a program writes that has parsed the address: what stands in DNS answers and as the peer of a connection.
    pub(crate) is_canonical: bool,
    /// A name that a resolver is asked for.
    pub(crate) is_name: bool,
    write: Writer,
}

/// Spells a place, if it can.
type Writer = fn(Place, &mut Dice) -> Option<String>;

const fn row(name: &'static str, write: Writer) -> Spelling {
    Spelling { name, is_canonical: false, is_name: false, write }
}

const fn canonical(name: &'static str, write: Writer) -> Spelling {
    Spelling { name, is_canonical: true, is_name: false, write }
}

const fn name(name: &'static str, write: Writer) -> Spelling {
    Spelling { name, is_canonical: false, is_name: true, write }
}

/// Every spelling. The first is the plain one, which every place has.
pub static SPELLINGS: &[Spelling] = &[
    canonical("plain", |place, _| Some(plain(place))),
    row("trailing-dot", trailing_dot),
    row("decimal", ipv4::decimal),
    row("hex", ipv4::hex),
    row("hex-upper", ipv4::hex_upper),
    row("octal", ipv4::octal),
    row("dotted-hex", ipv4::dotted_hex),
    row("dotted-octal", ipv4::dotted_octal),
    row("padded-hex", ipv4::padded_hex),
    row("padded-octal", ipv4::padded_octal),
    row("two-parts", ipv4::two_parts),
    row("three-parts", ipv4::three_parts),
    row("short-hex", ipv4::short_hex),
    row("short-octal", ipv4::short_octal),
    row("mixed-bases", ipv4::mixed_bases),
    row("overflow-parts", ipv4::overflow_parts),
    row("overflow-whole", ipv4::overflow_whole),
    row("leading-zero-decimal", ipv4::leading_zero_decimal),
    canonical("v6-mapped", ipv6::mapped),
    row("v6-mapped-hex", ipv6::mapped_hex),
    row("v6-mapped-full", ipv6::mapped_full),
    canonical("v6-compatible", ipv6::compatible),
    row("v6-translated", ipv6::translated),
    canonical("nat64", ipv6::nat64),
    row("nat64-dotted", ipv6::nat64_dotted),
    row("nat64-32", |place, dice| ipv6::nat64_operator(place, 32, dice)),
    row("nat64-40", |place, dice| ipv6::nat64_operator(place, 40, dice)),
    row("nat64-48", |place, dice| ipv6::nat64_operator(place, 48, dice)),
    row("nat64-56", |place, dice| ipv6::nat64_operator(place, 56, dice)),
    row("nat64-64", |place, dice| ipv6::nat64_operator(place, 64, dice)),
    row("nat64-96", |place, dice| ipv6::nat64_operator(place, 96, dice)),
    canonical("6to4", ipv6::six_to_four),
    row("isatap", ipv6::isatap),
    row("v6-full", ipv6::full),
    row("v6-uncompressed", ipv6::uncompressed),
    row("v6-upper", ipv6::upper),
    row("v6-padded", ipv6::padded),
    row("v6-dotted-tail", ipv6::dotted_tail),
    row("v6-zone", ipv6::zone),
    row("full-width", characters::full_width),
    row("enclosed", characters::enclosed),
    row("math", characters::math),
    row("superscript", characters::superscript),
    row("mixed-scripts", characters::mixed),
    row("ideographic-dot", |place, _| characters::dots(place, '\u{3002}')),
    row("half-width-dot", |place, _| characters::dots(place, '\u{FF61}')),
    row("full-width-dot", |place, _| characters::dots(place, '\u{FF0E}')),
    row("soft-hyphen", |place, dice| characters::inside(place, '\u{AD}', dice)),
    row("zero-width", |place, dice| characters::inside(place, '\u{200B}', dice)),
    row("word-joiner", |place, dice| characters::inside(place, '\u{2060}', dice)),
    name("name-mixed-case", named::mixed_case),
    name("nip-dotted", named::nip_dotted),
    name("nip-dashed", named::nip_dashed),
    name("nip-hex", named::nip_hex),
    name("sslip-dotted", named::sslip_dotted),
    name("sslip-dashed", named::sslip_dashed),
    name("xip", named::xip),
    name("1u-ms", named::one_u_ms),
    name("rbndr", named::rbndr),
];

impl Spelling {
    /// The host text; `None` if this is no spelling of such a place.
    pub(crate) fn write(&self, place: Place, dice: &mut Dice) -> Option<String> {
        (self.write)(place, dice)
    }

    /// Whether the spelling of this place is a name that a resolver is asked for.
    pub(crate) fn is_name_of(&self, place: Place) -> bool {
        self.is_name || (self.is_canonical && matches!(place, Place::Name(_)))
    }
}

/// The place as everybody writes it.
fn plain(place: Place) -> String {
    match place {
        Place::V4(address) => address.to_string(),
        Place::V6(address) => format!("[{address}]"),
        Place::Name(name) => name.to_owned(),
    }
}

/// With the dot of the root at the end.
fn trailing_dot(place: Place, _: &mut Dice) -> Option<String> {
    let plain = plain(place);
    (!plain.starts_with('[')).then(|| plain + ".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;
    use std::net::{Ipv4Addr, Ipv6Addr};

    const IMDS: Place = Place::V4(Ipv4Addr::new(169, 254, 169, 254));
    const IMDS6: Place = Place::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254));
    const NAME: Place = Place::Name("metadata.google.internal");

    fn spelled(name: &str, place: Place) -> Option<String> {
        let row = SPELLINGS.iter().find(|row| row.name == name).expect("a row of the table");
        row.write(place, &mut Dice::of(5, Stream::Attempt, 0))
    }

    #[test]
    fn spellings_are_what_their_names_say() {
        let cases = [
            ("plain", IMDS, "169.254.169.254"),
            ("plain", IMDS6, "[fd00:ec2::254]"),
            ("plain", NAME, "metadata.google.internal"),
            ("trailing-dot", IMDS, "169.254.169.254."),
            ("decimal", IMDS, "2852039166"),
            ("hex", IMDS, "0xa9fea9fe"),
            ("hex-upper", IMDS, "0XA9FEA9FE"),
            ("octal", IMDS, "025177524776"),
            ("dotted-hex", IMDS, "0xa9.0xfe.0xa9.0xfe"),
            ("dotted-octal", IMDS, "0251.0376.0251.0376"),
            ("two-parts", IMDS, "169.16689662"),
            ("three-parts", IMDS, "169.254.43518"),
            ("overflow-parts", IMDS, "425.510.425.510"),
            ("overflow-whole", IMDS, "7147006462"),
            ("v6-mapped", IMDS, "[::ffff:169.254.169.254]"),
            ("v6-mapped-hex", IMDS, "[::ffff:a9fe:a9fe]"),
            ("v6-compatible", IMDS, "[::169.254.169.254]"),
            ("v6-translated", IMDS, "[::ffff:0:a9fe:a9fe]"),
            ("nat64", IMDS, "[64:ff9b::a9fe:a9fe]"),
            ("6to4", IMDS, "[2002:a9fe:a9fe::]"),
            ("v6-full", IMDS6, "[fd00:0ec2:0000:0000:0000:0000:0000:0254]"),
            ("v6-uncompressed", IMDS6, "[fd00:ec2:0:0:0:0:0:254]"),
            ("v6-upper", IMDS6, "[FD00:EC2::254]"),
            ("v6-dotted-tail", IMDS6, "[fd00:ec2::0.0.2.84]"),
            ("full-width", IMDS, "１６９．２５４．１６９．２５４"),
            ("enclosed", IMDS, "①⑥⑨.②⑤④.①⑥⑨.②⑤④"),
            ("superscript", IMDS, "¹⁶⁹.²⁵⁴.¹⁶⁹.²⁵⁴"),
            ("ideographic-dot", NAME, "metadata。google。internal"),
            ("nip-dotted", IMDS, "app.169.254.169.254.nip.io"),
            ("nip-hex", IMDS, "app.a9fea9fe.nip.io"),
            ("sslip-dashed", IMDS6, "fd00-ec2--254.sslip.io"),
        ];
        for (name, place, want) in cases {
            assert_eq!(spelled(name, place).as_deref(), Some(want), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_spelled_is_none() {
        let cases = [
            ("decimal", IMDS6),
            ("decimal", NAME),
            ("v6-mapped", NAME),
            ("v6-full", IMDS),
            ("nip-hex", NAME),
        ];
        for (name, place) in cases {
            assert_eq!(spelled(name, place), None, "{name}");
        }
    }

    #[test]
    fn every_spelling_spells_something() {
        for row in SPELLINGS {
            assert!(
                [IMDS, IMDS6, NAME].iter().any(|place| spelled(row.name, *place).is_some()),
                "{}",
                row.name
            );
        }
    }

    /// Spellings that mean the address to lenient readers only. Everything else, the engine for addresses reads as
    /// the service, by code that has nothing in common with this table.
    const LENIENT: [&str; 4] = ["overflow-parts", "overflow-whole", "leading-zero-decimal", "v6-zone"];

    #[test]
    fn an_independent_reader_sees_the_service() {
        use onehop_address::{Classifier, classify, names, spelling};
        let places = crate::target::targets().iter().flat_map(|target| &target.places);
        for (place, row) in places.flat_map(|place| SPELLINGS.iter().map(move |row| (*place, row))) {
            for seed in 0..20 {
                let Some(host) = row.write(place, &mut Dice::of(seed, Stream::Attempt, 1)) else { continue };
                let is_service = match spelling::read(&host).map(|reading| reading.host) {
                    Ok(spelling::Host::Address(address)) => classify(address).provider().is_some(),
                    Ok(spelling::Host::Name(name)) => {
                        names::judge(&name, &Classifier::default()).provider().is_some()
                    }
                    Err(_) => false,
                };
                assert!(is_service || LENIENT.contains(&row.name), "{} {host}", row.name);
            }
        }
    }
}
