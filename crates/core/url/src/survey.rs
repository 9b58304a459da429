//! The careful way: what is unusual about a URL, what it means, and which hosts the families of readers see in it.
//!
//! A survey of a text that is no URL says which code it is refused with; nothing else fails.

use crate::target::{Scheme, Site};
use crate::views::{self, Look, Split, View};
use onehop_address::spelling::{self, Fold, Folds, Host, HostReading, Unreadable};
use onehop_verdict::{Code, Denied};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// Something unusual about the structure of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Oddity {
    /// Capital letters in the scheme. Every client accepts them.
    SchemeCase,
    /// A control character or whitespace.
    Control,
    /// A backslash.
    Backslash,
    /// Fewer or more than two slashes behind the scheme.
    Slashes,
    /// A user name or password, even an empty one.
    Userinfo,
    /// A port that is empty, zero, or has zeros in front.
    PortSpelling,
}

impl Oddity {
    /// Every oddity, in the order in which strict mode reports them.
    pub const ALL: &'static [Oddity] = &[
        Oddity::Control,
        Oddity::Backslash,
        Oddity::Slashes,
        Oddity::Userinfo,
        Oddity::PortSpelling,
        Oddity::SchemeCase,
    ];

    /// The stable text, e.g. `userinfo`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Oddity::SchemeCase => "scheme-case",
            Oddity::Control => "control",
            Oddity::Backslash => "backslash",
            Oddity::Slashes => "slashes",
            Oddity::Userinfo => "userinfo",
            Oddity::PortSpelling => "port-spelling",
        }
    }

    /// The code of a denial in strict mode, and what is wrong in words.
    pub const fn denial(self) -> Option<(Code, &'static str)> {
        match self {
            Oddity::SchemeCase => None,
            Oddity::Control => Some((Code::UrlControl, "the URL has a control character or whitespace")),
            Oddity::Backslash => Some((Code::UrlBackslash, "the URL has a backslash")),
            Oddity::Slashes => Some((Code::UrlSlashes, "the scheme is not followed by exactly two slashes")),
            Oddity::Userinfo => Some((Code::UrlUserinfo, "the URL has an `@` before its host")),
            Oddity::PortSpelling => Some((Code::UrlPort, "the port is not a plain number from 1 to 65535")),
        }
    }
}

/// A set of oddities.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Oddities(u8);

impl Oddities {
    /// Nothing is unusual.
    pub const NONE: Oddities = Oddities(0);

    /// Whether this is there.
    pub const fn contains(self, oddity: Oddity) -> bool {
        self.0 & (1 << oddity as u8) != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Oddity> {
        Oddity::ALL.iter().copied().filter(move |oddity| self.contains(*oddity))
    }

    fn add_if(&mut self, is_there: bool, oddity: Oddity) {
        self.0 |= u8::from(is_there) << oddity as u8;
    }
}

impl fmt::Debug for Oddities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What a URL means to the WHATWG family.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) site: Site<'a>,
    pub(crate) href: Cow<'a, str>,
    pub(crate) oddities: Oddities,
    pub(crate) folds: Folds,
}

/// Everything seen in a URL.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    /// What the WHATWG family reads, or why it reads nothing.
    pub(crate) reading: Result<Reading<'static>, Denied>,
    /// Hosts that other families see, each once, with the first family that sees it.
    pub(crate) others: Vec<(View, Host<'static>)>,
    pub(crate) oddities: Oddities,
    pub(crate) folds: Folds,
    /// The port that is written or goes with the scheme.
    pub(crate) port: Option<u16>,
}

impl Survey {
    /// Looks at a URL from every side.
    pub(crate) fn of(url: &str) -> Survey {
        let has_control = has_control(url);
        let cleaned = if has_control { views::cleaned(url) } else { Cow::Borrowed(url) };
        let split = views::split(&cleaned);
        let scheme = split.and_then(|split| Scheme::parse(split.scheme));
        let mut oddities = unusual(url, split);
        oddities.add_if(has_control, Oddity::Control);
        let port = split.and_then(|split| port(&split, scheme));
        let Some((scheme, split)) = scheme.zip(split) else {
            let others = guess(&cleaned, split).map(|host| (View::Curl, host)).into_iter().collect();
            return Survey { reading: Err(no_scheme(split)), others, oddities, folds: Folds::NONE, port };
        };
        let loose = spelling::read(split.host);
        let folds = loose.as_ref().map_or(Folds::NONE, |reading| reading.folds);
        let reading = read(scheme, &cleaned, &loose, oddities);
        let mut survey = Survey { reading, others: Vec::new(), oddities, folds, port };
        survey.look_around(url, &split, loose.ok());
        survey
    }

    /// Every host that is seen, that of the WHATWG family first.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = (View, &Host<'static>)> {
        let first = self.reading.as_ref().ok().map(|reading| (View::Whatwg, &reading.site.host));
        first.into_iter().chain(self.others.iter().map(|(view, host)| (*view, host)))
    }

    /// The hosts that the families see, by the loosest spelling that any client accepts. The host as the WHATWG family
    /// splits it off is read already.
    fn look_around(&mut self, url: &str, split: &Split<'_>, loose: Option<HostReading<'_>>) {
        let split_off = split.host;
        // What is left beyond ASCII has just been through the crate `url`.
        let is_known =
            |reading: &HostReading<'_>| self.reading.is_ok() && reading.folds.contains(Fold::NonAscii);
        let loose = loose.filter(|reading| !is_known(reading));
        if let Some(host) = loose.and_then(|reading| a_label(split_off, reading)) {
            self.add(View::Whatwg, host);
        }
        if self.folds.contains(Fold::OctalIpv4)
            && let Some(host) = in_decimal(split_off)
        {
            self.add(View::Rfc3986, host);
        }
        let may_differ = self.oddities.contains(Oddity::Control) || self.oddities.contains(Oddity::Backslash);
        if !may_differ && split.is_alike_for_all() {
            return;
        }
        for view in [View::Rfc3986, View::Curl, View::Urlsplit] {
            if let Look::Host(text) = view.look(url)
                && text != split_off
                && let Some(host) = loosely(&text)
            {
                self.add(view, host);
            }
        }
    }

    /// Hosts that older clients see besides.
    pub(crate) fn legacy_hosts(url: &str) -> Vec<Host<'static>> {
        let cleaned = views::cleaned(url);
        let hosts = views::legacy::hosts(url, &cleaned);
        hosts.iter().flat_map(|host| [loosely(host), in_decimal(host)]).flatten().collect()
    }

    fn add(&mut self, view: View, host: Host<'static>) {
        if self.hosts().all(|(_, known)| *known != host) {
            self.others.push((view, host));
        }
    }
}

/// Parts with zeros in front, as the few readers take them that know no octal numbers (Java among them). The last part
/// fills what the others leave.
fn in_decimal(host: &str) -> Option<Host<'static>> {
    let mut bits = 0_u32;
    let mut left = u32::BITS;
    let mut parts = host.split('.').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let width = if is_last { left } else { 8 };
        let number: u32 = part.parse().ok()?;
        left = left.checked_sub(width)?;
        if width == 0 || number.checked_shr(width).unwrap_or(0) != 0 {
            return None;
        }
        bits |= number << left;
    }
    Some(Host::Address(IpAddr::from(bits.to_be_bytes())))
}

/// A URL without a scheme that could be fetched: the host that a client would try all the same, for the record.
fn guess(cleaned: &str, split: Option<Split<'_>>) -> Option<Host<'static>> {
    if let Some(split) = split {
        return loosely(split.host);
    }
    let rest = cleaned.trim_start_matches(['/', '\\', ':']);
    views::split(&format!("http://{rest}")).and_then(|split| loosely(split.host))
}

fn no_scheme(split: Option<Split<'_>>) -> Denied {
    match split {
        None => {
            Denied::with_detail(Code::UrlRelative, "the URL has no scheme; write `http://` or `https://`")
        }
        Some(split) => {
            let scheme: String = split.scheme.chars().take(40).collect();
            Denied::with_detail(
                Code::UrlScheme,
                format!("the scheme `{scheme}` is neither `http` nor `https`"),
            )
        }
    }
}

/// What is unusual about the structure.
fn unusual(url: &str, split: Option<Split<'_>>) -> Oddities {
    let mut oddities = Oddities::NONE;
    oddities.add_if(url.as_bytes().contains(&b'\\'), Oddity::Backslash);
    let Some(split) = split else {
        return oddities;
    };
    oddities.add_if(split.scheme.bytes().any(|byte| byte.is_ascii_uppercase()), Oddity::SchemeCase);
    oddities.add_if(split.slashes != "//", Oddity::Slashes);
    oddities.add_if(split.userinfo.is_some(), Oddity::Userinfo);
    oddities.add_if(split.port.is_some_and(|port| !is_plain_port(port)), Oddity::PortSpelling);
    oddities
}

#[expect(clippy::needless_bitwise_bool, reason = "no branch, so that the loop becomes vector code")]
fn has_control(url: &str) -> bool {
    if url.is_ascii() {
        return url.bytes().fold(false, |found, byte| found | (byte <= b' ') | (byte == 0x7f));
    }
    url.contains(|character: char| character.is_control() || character.is_whitespace())
}

fn is_plain_port(text: &str) -> bool {
    !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

fn port(split: &Split<'_>, scheme: Option<Scheme>) -> Option<u16> {
    match split.port {
        None | Some("") => scheme.map(Scheme::default_port),
        Some(text) => text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?,
    }
}

type Loose<'a> = Result<HostReading<'a>, Unreadable>;

/// What the WHATWG family reads. The crate `url` decides, as the client that connects uses it too.
fn read(
    scheme: Scheme,
    cleaned: &str,
    loose: &Loose<'_>,
    oddities: Oddities,
) -> Result<Reading<'static>, Denied> {
    let url = url::Url::parse(cleaned).map_err(|error| malformed(error, loose))?;
    let host = match url.host() {
        Some(url::Host::Ipv4(v4)) => Host::Address(IpAddr::V4(v4)),
        Some(url::Host::Ipv6(v6)) => Host::Address(IpAddr::V6(v6)),
        Some(url::Host::Domain(name)) => named(name)?,
        None => return Err(Denied::with_detail(Code::UrlMalformed, "the URL has no host")),
    };
    let port = url.port().unwrap_or(scheme.default_port());
    let folds = loose.as_ref().map_or(Folds::NONE, |reading| reading.folds);
    Ok(Reading { site: Site { scheme, host, port }, href: Cow::Owned(url.into()), oddities, folds })
}

fn named(name: &str) -> Result<Host<'static>, Denied> {
    let reading = spelling::read(name)
        .map_err(|unreadable| Denied::with_detail(Code::UrlMalformed, unreadable.to_string()))?;
    Ok(owned(reading.host))
}

fn malformed(error: url::ParseError, loose: &Loose<'_>) -> Denied {
    if error == url::ParseError::InvalidPort {
        return Denied::with_detail(Code::UrlPort, "the port is not a number from 0 to 65535");
    }
    match loose {
        Ok(reading) if reading.folds.contains(Fold::Zone) => {
            let detail =
                format!("a zone identifier stands behind {}, and most clients refuse it", reading.host);
            Denied::with_detail(Code::UrlHostSpelling, detail)
        }
        Ok(reading) if is_odd(reading.folds) => Denied::with_detail(Code::UrlHostSpelling, error.to_string()),
        Ok(_) => Denied::with_detail(Code::UrlMalformed, error.to_string()),
        Err(unreadable) => Denied::with_detail(Code::UrlMalformed, unreadable.to_string()),
    }
}

/// Whether a spelling is one that strict mode refuses: anything but capital letters.
pub(crate) fn is_odd(folds: Folds) -> bool {
    folds.iter().any(|fold| fold != Fold::Case)
}

/// A host by the loosest spelling that any client accepts.
fn loosely(text: &str) -> Option<Host<'static>> {
    a_label(text, spelling::read(text).ok()?)
}

/// What was read of a host text, a name beyond ASCII as A-labels.
fn a_label(text: &str, reading: HostReading<'_>) -> Option<Host<'static>> {
    if !reading.folds.contains(Fold::NonAscii) {
        return Some(owned(reading.host));
    }
    match url::Host::parse(text).ok()? {
        url::Host::Domain(name) => named(&name).ok(),
        url::Host::Ipv4(v4) => Some(Host::Address(IpAddr::V4(v4))),
        url::Host::Ipv6(v6) => Some(Host::Address(IpAddr::V6(v6))),
    }
}

fn owned(host: Host<'_>) -> Host<'static> {
    match host {
        Host::Name(name) => Host::Name(Cow::Owned(name.into_owned())),
        Host::Address(address) => Host::Address(address),
    }
}

#[cfg(test)]
mod tests {
    use super::in_decimal;

    #[test]
    fn decimal_readings_of_octal_forms() {
        for (host, want) in [
            ("0127.0000.0000.0001", "127.0.0.1"),
            ("0127.0", "127.0.0.0"),
            ("0127.1", "127.0.0.1"),
            ("0127.0.0258", "127.0.1.2"),
            ("02130706433", "127.0.0.1"),
            ("0377.1", ""),
            ("0127.016777216", ""),
            ("04294967296", ""),
            ("0127.0.0.0.1", ""),
            ("0127..1", ""),
            ("0x7f.1", ""),
        ] {
            let found = in_decimal(host).map_or_else(String::new, |host| host.to_string());
            assert_eq!(found, want, "{host}");
        }
    }
}
