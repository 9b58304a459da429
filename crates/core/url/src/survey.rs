//! The careful way: what is unusual about a URL, what it means, and which hosts the families of readers see in it.
//!
//! A survey of a text that is no URL says which code it is refused with; nothing else fails.

use crate::target::{Scheme, Site};
use crate::views::{self, Look, Split, View};
use onehop_address::spelling::{self, Fold, Folds, Host};
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
    /// Each family and the host that it sees.
    pub(crate) hosts: Vec<(View, Host<'static>)>,
    pub(crate) oddities: Oddities,
    pub(crate) folds: Folds,
    /// The port that is written or goes with the scheme.
    pub(crate) port: Option<u16>,
}

impl Survey {
    /// Looks at a URL from every side.
    pub(crate) fn of(url: &str) -> Survey {
        let cleaned = views::cleaned(url);
        let split = views::split(&cleaned);
        let scheme = split.and_then(|split| Scheme::parse(split.scheme));
        let (oddities, folds) = unusual(url, split);
        let mut survey = Survey {
            reading: Err(no_scheme(split)),
            hosts: Vec::new(),
            oddities,
            folds,
            port: split.and_then(|split| port(&split, scheme)),
        };
        let Some((scheme, split)) = scheme.zip(split) else {
            survey.guess(&cleaned, split);
            return survey;
        };
        survey.reading = read(scheme, &cleaned, &split, oddities, folds);
        if let Ok(reading) = &survey.reading {
            survey.hosts.push((View::Whatwg, reading.site.host.clone()));
        }
        survey.look_around(url);
        survey
    }

    /// The hosts that every family sees, by the loosest spelling that any client accepts.
    fn look_around(&mut self, url: &str) {
        for view in View::ALL {
            let Look::Host(text) = view.look(url) else {
                continue;
            };
            if let Some(host) = loosely(&text)
                && !self.hosts.contains(&(*view, host.clone()))
            {
                self.hosts.push((*view, host));
            }
        }
    }

    /// A URL without a scheme that could be fetched: the host that a client would try all the same, for the record.
    fn guess(&mut self, cleaned: &str, split: Option<Split<'_>>) {
        let guessed = match split {
            Some(split) => loosely(split.host),
            None => {
                let rest = cleaned.trim_start_matches(['/', '\\', ':']);
                views::split(&format!("http://{rest}")).and_then(|split| loosely(split.host))
            }
        };
        self.hosts.extend(guessed.map(|host| (View::Curl, host)));
    }

    /// Two families that see different hosts.
    pub(crate) fn disagreement(&self) -> Option<[&(View, Host<'static>); 2]> {
        let first = self.hosts.first()?;
        let other = self.hosts.iter().find(|(_, host)| *host != first.1)?;
        Some([first, other])
    }
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

/// What is unusual about the structure and about the spelling of the host.
fn unusual(url: &str, split: Option<Split<'_>>) -> (Oddities, Folds) {
    let mut oddities = Oddities::NONE;
    let hidden = |character: char| character.is_control() || character.is_whitespace();
    oddities.add_if(url.contains(hidden), Oddity::Control);
    oddities.add_if(url.contains('\\'), Oddity::Backslash);
    let Some(split) = split else {
        return (oddities, Folds::NONE);
    };
    oddities.add_if(split.scheme.bytes().any(|byte| byte.is_ascii_uppercase()), Oddity::SchemeCase);
    oddities.add_if(split.slashes != "//", Oddity::Slashes);
    oddities.add_if(split.userinfo.is_some(), Oddity::Userinfo);
    oddities.add_if(split.port.is_some_and(|port| !is_plain_port(port)), Oddity::PortSpelling);
    let folds = spelling::read(split.host).map_or(Folds::NONE, |reading| reading.folds);
    (oddities, folds)
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

/// What the WHATWG family reads. The crate `url` decides, as the client that connects uses it too.
fn read(
    scheme: Scheme,
    cleaned: &str,
    split: &Split<'_>,
    oddities: Oddities,
    folds: Folds,
) -> Result<Reading<'static>, Denied> {
    let url = url::Url::parse(cleaned).map_err(|error| malformed(error, split))?;
    let host = match url.host() {
        Some(url::Host::Ipv4(v4)) => Host::Address(IpAddr::V4(v4)),
        Some(url::Host::Ipv6(v6)) => Host::Address(IpAddr::V6(v6)),
        Some(url::Host::Domain(name)) => named(name)?,
        None => return Err(Denied::with_detail(Code::UrlMalformed, "the URL has no host")),
    };
    let port = url.port().unwrap_or(scheme.default_port());
    let site = Site { scheme, host, port };
    Ok(Reading { site, href: Cow::Owned(url.into()), oddities, folds })
}

fn named(name: &str) -> Result<Host<'static>, Denied> {
    let reading = spelling::read(name)
        .map_err(|unreadable| Denied::with_detail(Code::UrlMalformed, unreadable.to_string()))?;
    Ok(owned(reading.host))
}

fn malformed(error: url::ParseError, split: &Split<'_>) -> Denied {
    if error == url::ParseError::InvalidPort {
        return Denied::with_detail(Code::UrlPort, "the port is not a number from 0 to 65535");
    }
    match spelling::read(split.host) {
        Ok(reading) if is_odd(reading.folds) => Denied::with_detail(Code::UrlHostSpelling, error.to_string()),
        Ok(_) => Denied::with_detail(Code::UrlMalformed, error.to_string()),
        Err(unreadable) => Denied::with_detail(Code::UrlMalformed, unreadable.to_string()),
    }
}

/// Whether a spelling is one that strict mode refuses: anything but capital letters.
pub(crate) fn is_odd(folds: Folds) -> bool {
    folds.iter().any(|fold| fold != Fold::Case)
}

/// A host by the loosest spelling that any client accepts. Names beyond ASCII become A-labels.
fn loosely(text: &str) -> Option<Host<'static>> {
    let reading = spelling::read(text).ok()?;
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
