//! Reads the spelling of a host: what the text really is, and what had to be folded to see it.
//!
//! ```text
//! "[…]"            ─▶ IPv6, zone cut off │ IPv4 in brackets │ IPvFuture and the rest: unreadable
//! "a1-b.example"   ─▶ as it stands, borrowed
//! anything else    ─▶ percent-decoded once ─▶ characters folded or dropped ─▶ the same again
//!                         then: dot at the end cut ─▶ last label a number? IPv4 by the old rules : a name
//! ```
//! It folds what any client is known to fold, so a reading may be one that a given client refuses. Total, linear,
//! idempotent: reading what a reading renders gives the same host. What cannot be read is an error that says why;
//! a caller that decides must treat it as a denial.
//!
//! A name keeps characters beyond ASCII that fold to nothing in ASCII, in lower case and marked with
//! [`Fold::NonAscii`]: whoever resolves it brings it to A-labels first.

mod compatible;
mod fold;
mod ipv4;

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// Longest host text that is read, in bytes. A name of 253 bytes, each percent-encoded, has 759.
pub const HOST_MAX_BYTES: usize = 2048;
/// Longest name, in bytes (RFC 1035 §2.3.4).
pub const NAME_MAX_BYTES: usize = 253;
/// Longest label, in bytes.
pub const LABEL_MAX_BYTES: usize = 63;

/// Something that was folded to read a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Fold {
    /// Capital letters.
    Case,
    /// `%` and two hexadecimal digits.
    Percent,
    /// Full-width letters, digits and signs (U+FF01 to U+FF5E).
    FullWidth,
    /// Letters and digits in circles, squares or parentheses.
    Enclosed,
    /// A dot that is not `.`: ideographic, full-width, half-width, one-dot leader.
    ForeignDot,
    /// Another character that is compatible with ASCII: mathematical, superscript, ligature, Roman numeral.
    Compatible,
    /// A soft hyphen, zero-width or other invisible character, dropped.
    Invisible,
    /// Characters beyond ASCII remain.
    NonAscii,
    /// One dot at the end.
    TrailingDot,
    /// IPv4 with a hexadecimal part.
    HexIpv4,
    /// IPv4 with an octal part: a leading zero.
    OctalIpv4,
    /// IPv4 in two or three parts.
    ShortIpv4,
    /// IPv4 as a single number.
    SingleNumberIpv4,
    /// IPv4 inside brackets.
    BracketedIpv4,
    /// An IPv6 zone identifier, cut off.
    Zone,
}

impl Fold {
    /// Every fold.
    pub const ALL: &'static [Fold] = &[
        Fold::Case,
        Fold::Percent,
        Fold::FullWidth,
        Fold::Enclosed,
        Fold::ForeignDot,
        Fold::Compatible,
        Fold::Invisible,
        Fold::NonAscii,
        Fold::TrailingDot,
        Fold::HexIpv4,
        Fold::OctalIpv4,
        Fold::ShortIpv4,
        Fold::SingleNumberIpv4,
        Fold::BracketedIpv4,
        Fold::Zone,
    ];

    /// The stable text, e.g. `octal-ipv4`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Fold::Case => "case",
            Fold::Percent => "percent",
            Fold::FullWidth => "full-width",
            Fold::Enclosed => "enclosed",
            Fold::ForeignDot => "foreign-dot",
            Fold::Compatible => "compatible",
            Fold::Invisible => "invisible",
            Fold::NonAscii => "non-ascii",
            Fold::TrailingDot => "trailing-dot",
            Fold::HexIpv4 => "hex-ipv4",
            Fold::OctalIpv4 => "octal-ipv4",
            Fold::ShortIpv4 => "short-ipv4",
            Fold::SingleNumberIpv4 => "single-number-ipv4",
            Fold::BracketedIpv4 => "bracketed-ipv4",
            Fold::Zone => "zone",
        }
    }
}

/// A set of folds.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Folds(u16);

impl Folds {
    /// Nothing was folded: the text is canonical.
    pub const NONE: Folds = Folds(0);

    /// Whether nothing was folded.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this was folded.
    pub const fn contains(self, fold: Fold) -> bool {
        self.0 & (1 << fold as u8) != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Fold> {
        Fold::ALL.iter().copied().filter(move |fold| self.contains(*fold))
    }

    fn add(&mut self, fold: Fold) {
        self.0 |= 1 << fold as u8;
    }
}

impl fmt::Debug for Folds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What a host text is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host<'a> {
    /// A name: lower-case, without a dot at the end, no empty label.
    Name(Cow<'a, str>),
    /// An address.
    Address(IpAddr),
}

impl fmt::Display for Host<'_> {
    /// As it stands in a URL: IPv6 in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::Address(IpAddr::V4(v4)) => v4.fmt(f),
            Host::Address(IpAddr::V6(v6)) => write!(f, "[{v6}]"),
        }
    }
}

/// A host text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a reading must be judged"]
pub struct HostReading<'a> {
    /// What it is.
    pub host: Host<'a>,
    /// What was folded to see it.
    pub folds: Folds,
}

/// Why a host text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Nothing, or nothing but invisible characters and a dot.
    #[error("the host is empty")]
    Empty,
    /// Longer than [`HOST_MAX_BYTES`], or a name longer than [`NAME_MAX_BYTES`].
    #[error("the host is too long")]
    TooLong,
    /// A label longer than [`LABEL_MAX_BYTES`].
    #[error("the host has a label longer than {LABEL_MAX_BYTES} bytes")]
    LabelTooLong,
    /// Two dots in a row, or one at the start.
    #[error("the host has an empty label")]
    EmptyLabel,
    /// A character that no host has.
    #[error("the host has the character {0:?}")]
    Character(char),
    /// A `%` without two hexadecimal digits.
    #[error("the host has a `%` without two hexadecimal digits")]
    BadEscape,
    /// A `%` remains after decoding: encoded twice.
    #[error("the host is percent-encoded twice")]
    EncodedTwice,
    /// Decoding gives bytes that are not UTF-8.
    #[error("the decoded host is not UTF-8")]
    NotUtf8,
    /// The last label is a number, and another part is none: a digit 8 or 9 after a leading zero, letters.
    #[error("the host ends in a number and is no IPv4 address")]
    NotIpv4,
    /// The host ends in a number and has more than four parts.
    #[error("the host is an IPv4 address with more than four parts")]
    TooManyParts,
    /// A part of an IPv4 address is larger than its place allows. Some old libraries wrap it around.
    #[error("the host is an IPv4 address with a part that is too large")]
    Overflow,
    /// Brackets around something that is no address, or a bracket without the other.
    #[error("the host has brackets that hold no IPv6 address")]
    Brackets,
    /// `[v1.…]` (RFC 3986 §3.2.2); no such version exists.
    #[error("the host is of a future IP version")]
    IpvFuture,
    /// A zone identifier that is empty or has other characters than letters, digits and `-._~`.
    #[error("the host has a bad zone identifier")]
    Zone,
    /// A label starts with `xn--` and stands for plain ASCII or for nothing.
    #[error("the host has a punycode label that stands for plain ASCII")]
    Punycode,
}

/// Reads a host text, e.g. the host of a URL as it was written.
///
/// ```
/// use onehop_address::spelling::{Fold, Host, read};
/// let reading = read("0251.0376.43518").unwrap();
/// assert_eq!(reading.host, Host::Address("169.254.169.254".parse().unwrap()));
/// assert!(reading.folds.contains(Fold::OctalIpv4) && reading.folds.contains(Fold::ShortIpv4));
/// ```
///
/// # Errors
/// The reason why it is neither a name nor an address.
pub fn read(host: &str) -> Result<HostReading<'_>, Unreadable> {
    if host.len() > HOST_MAX_BYTES {
        return Err(Unreadable::TooLong);
    }
    let mut folds = Folds::NONE;
    if fold::is_plain(host) {
        let host = finish(Cow::Borrowed(host), &mut folds)?;
        return Ok(HostReading { host, folds });
    }
    if let Some(rest) = host.strip_prefix('[') {
        let host = bracketed(rest.strip_suffix(']').ok_or(Unreadable::Brackets)?, &mut folds)?;
        return Ok(HostReading { host, folds });
    }
    if host.contains(':') && host.is_ascii() {
        let host = ipv6(host, &mut folds).ok_or(Unreadable::Character(':'))??;
        return Ok(HostReading { host, folds });
    }
    let folded = fold::fold(host, &mut folds)?;
    let host = finish(Cow::Owned(folded), &mut folds)?;
    Ok(HostReading { host, folds })
}

/// What stands between brackets.
fn bracketed<'a>(inside: &'a str, folds: &mut Folds) -> Result<Host<'a>, Unreadable> {
    if inside.starts_with(['v', 'V']) {
        return Err(Unreadable::IpvFuture);
    }
    if let Some(read) = ipv6(inside, folds) {
        return read;
    }
    if !fold::is_plain(inside) {
        return Err(Unreadable::Brackets);
    }
    match finish(Cow::Borrowed(inside), folds) {
        Ok(host @ Host::Address(_)) => {
            folds.add(Fold::BracketedIpv4);
            Ok(host)
        }
        _ => Err(Unreadable::Brackets),
    }
}

/// An IPv6 address with or without a zone; `None` if the text is something else.
fn ipv6<'a>(text: &str, folds: &mut Folds) -> Option<Result<Host<'a>, Unreadable>> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone.strip_prefix("25").unwrap_or(zone))),
        None => (text, None),
    };
    let address: Ipv6Addr = address.parse().ok()?;
    if let Some(zone) = zone {
        if zone.is_empty()
            || !zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        {
            return Some(Err(Unreadable::Zone));
        }
        folds.add(Fold::Zone);
    }
    Some(Ok(Host::Address(address.into())))
}

/// The last step: text in lower case, of letters, digits, `-`, `_`, `.` and characters beyond ASCII.
fn finish<'a>(text: Cow<'a, str>, folds: &mut Folds) -> Result<Host<'a>, Unreadable> {
    let mut text = text;
    if text.ends_with('.') {
        folds.add(Fold::TrailingDot);
        text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..text.len() - 1]),
            Cow::Owned(mut text) => {
                text.pop();
                Cow::Owned(text)
            }
        };
    }
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    if let Some(address) = ipv4::parse(&text, folds)? {
        return Ok(Host::Address(address.into()));
    }
    check_name(&text)?;
    Ok(Host::Name(text))
}

fn check_name(name: &str) -> Result<(), Unreadable> {
    if name.len() > NAME_MAX_BYTES {
        return Err(Unreadable::TooLong);
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err(Unreadable::EmptyLabel);
        }
        if label.len() > LABEL_MAX_BYTES && label.is_ascii() {
            return Err(Unreadable::LabelTooLong);
        }
        if label.starts_with("xn--") && (label.len() == 4 || label.ends_with('-')) {
            return Err(Unreadable::Punycode);
        }
    }
    Ok(())
}
