//! The host around an anchor: where it begins and ends, and what it is.
//!
//! ```text
//! …?url=http://u@0xa9.254.43518:80/latest…
//!               ▲ ▲─────────────▲ ▲
//!       before ─╯ host around     ╰─ after: port and path
//!                 the anchor
//! ```
//! An anchor stands in a number, in an IPv6 address or in a name. The longest run of bytes that may belong to one is
//! read as what it may be; the reader of hosts and the classifier of [`onehop_address`] say what it is.
//!
//! Nothing fails: what is no target is `None`.

use crate::fold;
use crate::number;
use crate::unfold::is_vanishing;
use onehop_address::catalogue::{Provider, Role};
use onehop_address::names::{self, NameFinding};
use onehop_address::spelling::{self, HOST_MAX_BYTES, Host};
use onehop_address::{Classifier, classify};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// A host that is, or leads to, a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The service.
    pub provider: &'static Provider,
    /// Its address, canonical: what the spelling or the name leads to. `None` for a name of the service.
    pub address: Option<IpAddr>,
    /// The canonical host as text.
    pub host: String,
    /// Where the host begins in the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Target {
    fn new((provider, address, host): Judged, place: Range<usize>) -> Self {
        Target { provider, address, host, start: place.start, end: place.end }
    }
}

/// Hosts that are remembered: those of a line come again in each of its layers, and many lines have the same.
const REMEMBERED: usize = 8;

/// The service that a host is or leads to, its address, and the canonical host.
type Judged = (&'static Provider, Option<IpAddr>, String);

/// Memory for judging hosts: the present one, and what the last ones were.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    host: String,
    known: [(String, Option<Judged>); REMEMBERED],
    next: usize,
}

impl Hosts {
    /// What stands at this place, if that is not too long for a host.
    fn judge_at(&mut self, text: &[u8], place: Range<usize>) -> Option<Target> {
        let run = text.get(place.clone()).filter(|run| run.len() <= HOST_MAX_BYTES)?;
        self.judge(run).map(|judged| Target::new(judged, place))
    }

    /// What a run of bytes is, without separators around it.
    fn judge(&mut self, run: &[u8]) -> Option<Judged> {
        normalise(run, &mut self.host);
        let host = self.host.trim_matches(['.', '-', '_']);
        if let Some((_, judged)) = self.known.iter().find(|(known, _)| known == host) {
            return judged.clone();
        }
        let (oldest, judged) = &mut self.known[self.next];
        host.clone_into(oldest);
        *judged = judge(host);
        self.next = (self.next + 1) % REMEMBERED;
        judged.clone()
    }
}

/// What the bytes around `at` name, if that is a service.
///
/// `refused` is where a host stood that was none, and is set so: other anchors in it are not looked at again, or time would
/// not be linear.
pub(crate) fn around(
    text: &[u8],
    at: usize,
    hosts: &mut Hosts,
    refused: &mut Range<usize>,
) -> Option<Target> {
    if let Some(target) = ipv6(text, at) {
        return Some(target);
    }
    if refused.contains(&at) {
        return None;
    }
    let (start, end) = bounds(text, at);
    let part = part_around(text, start..end, at);
    let found = hosts.judge_at(text, start..end).or_else(|| {
        let is_part = part != (start..end);
        if is_part { hosts.judge_at(text, part.clone()) } else { None }
    });
    if found.is_none() {
        *refused = part;
    }
    found
}

/// The part of a run around `at` that has neither what vanishes nor bytes that are no character. A tab or a line end that
/// was an escape vanishes inside a URL, and separates the hosts of a list.
fn part_around(text: &[u8], run: Range<usize>, at: usize) -> Range<usize> {
    if text[run.clone()].is_ascii() {
        return run;
    }
    let (mut start, mut next) = (run.start, run.start);
    while next < run.end {
        let rest = &text[next..run.end];
        let length = if rest[0].is_ascii() { Some(1) } else { fold::decode(rest).map(|(_, length)| length) };
        next += length.unwrap_or(1);
        match length {
            Some(_) => {}
            None if next > at => return start..next - 1,
            None => start = next,
        }
    }
    start..run.end
}

/// What a text is that holds a host, perhaps with a port, and nothing else.
pub(crate) fn whole(text: &[u8], hosts: &mut Hosts) -> Option<Target> {
    let (start, end) = bounds(text, 0);
    let is_port = |port: &[u8]| port[0] == b':' && port[1..].iter().all(u8::is_ascii_digit);
    let rest = &text[end..];
    if !(rest.is_empty() || is_port(rest)) {
        return None;
    }
    normalise(&text[start..end], &mut hosts.host);
    judge(hosts.host.trim_end_matches('.')).map(|judged| Target::new(judged, start..end))
}

/// What a host is.
fn judge(host: &str) -> Option<Judged> {
    let at = |address: IpAddr| Some((service(address)?, Some(address), address.to_string()));
    let carelessly = || at(IpAddr::V4(number::careless_target(host)?));
    let starts_with_digit = host.as_bytes().first()?.is_ascii_digit();
    // As nearly all are written, and then there is one way to read it.
    if starts_with_digit && let Ok(address) = host.parse::<Ipv4Addr>() {
        return at(IpAddr::V4(address));
    }
    let name = match spelling::read(host) {
        Ok(reading) => match reading.host {
            Host::Address(address) => {
                return at(address).or_else(|| if starts_with_digit { carelessly() } else { None });
            }
            Host::Name(name) => name,
        },
        Err(_) if starts_with_digit => return carelessly(),
        Err(_) => return None,
    };
    match names::judge(&name, &Classifier::new()) {
        NameFinding::Metadata(provider) => hands_out(provider).then(|| (provider, None, name.into_owned())),
        NameFinding::Carried(carried, judged) => {
            let provider = judged.provider().filter(|provider| hands_out(provider))?;
            let address = carried.addresses().iter().copied().find(|address| service(*address).is_some());
            Some((
                provider,
                address,
                address.map_or_else(|| name.into_owned(), |address| address.to_string()),
            ))
        }
        _ => None,
    }
}

/// The service at an address, by any embedding.
fn service(address: IpAddr) -> Option<&'static Provider> {
    classify(address).provider().filter(|provider| hands_out(provider))
}

/// Whether a service hands out metadata or credentials: name and time services beside it do not count.
fn hands_out(provider: &Provider) -> bool {
    matches!(provider.role, Role::Metadata | Role::Credentials | Role::Platform)
}

/// Longest spelling of an IPv6 address that is looked at, in bytes: 45, and some that vanish.
const IPV6_MAX_BYTES: usize = 64;

/// The longest IPv6 address around `at`.
fn ipv6(text: &[u8], at: usize) -> Option<Target> {
    let near = &text[at.saturating_sub(IPV6_MAX_BYTES)..text.len().min(at + IPV6_MAX_BYTES)];
    if memchr::memchr_iter(b':', near).count() < 2 {
        return None;
    }
    let part = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.') || is_vanishing(byte);
    let before = text[..at].iter().rev().take(IPV6_MAX_BYTES).take_while(|byte| part(**byte)).count();
    let behind = text[at..].iter().take(IPV6_MAX_BYTES).take_while(|byte| part(**byte)).count();
    let run = at - before..at + behind;
    ipv6_at(text, run.clone()).or_else(|| {
        let part = part_around(text, run.clone(), at);
        if part == run { None } else { ipv6_at(text, part) }
    })
}

/// The IPv6 address at this place.
fn ipv6_at(text: &[u8], place: Range<usize>) -> Option<Target> {
    let (start, end) = (place.start, place.end);
    let run = &text[place];
    if run.len() >= IPV6_MAX_BYTES || memchr::memchr_iter(b':', run).count() < 2 {
        return None;
    }
    let written: String =
        run.iter().filter(|byte| !is_vanishing(**byte)).map(|byte| char::from(*byte)).collect();
    let address = longest_ipv6(&written)?;
    let provider = service(IpAddr::V6(address))?;
    Some(Target { provider, address: Some(IpAddr::V6(address)), host: format!("[{address}]"), start, end })
}

/// The address in a run that may end in a colon, a full stop or a port, or begin with a field name and its colon.
fn longest_ipv6(run: &str) -> Option<Ipv6Addr> {
    let whole = run.trim_end_matches('.');
    let trimmed = whole.strip_suffix(':').unwrap_or(whole);
    let behind_colon = || whole.split_once(':').and_then(|(_, rest)| rest.parse().ok());
    whole.parse().ok().or_else(|| trimmed.parse().ok()).or_else(behind_colon)
}

/// Where the run of bytes begins and ends that may belong to a name or to a number.
fn bounds(text: &[u8], at: usize) -> (usize, usize) {
    let belongs = |byte: &&u8| BELONGS[usize::from(**byte)];
    let before = text[..at].iter().rev().take(HOST_MAX_BYTES).take_while(belongs).count();
    let behind = text[at..].iter().take(HOST_MAX_BYTES).take_while(belongs).count();
    (at - before, at + behind)
}

/// Bytes that [`belongs`].
static BELONGS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < table.len() {
        table[at] = belongs(at.to_le_bytes()[0]);
        at += 1;
    }
    table
};

/// Whether a byte may belong to a host. The separators of key and value do not.
pub(crate) const fn belongs(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | 0x80..) || is_vanishing(byte)
}

/// Writes the host as the reader of hosts expects it: what vanishes left out, overlong forms as what they stand for.
fn normalise(run: &[u8], out: &mut String) {
    out.clear();
    let plain = run.iter().position(|byte| !byte.is_ascii()).unwrap_or(run.len());
    out.push_str(str::from_utf8(&run[..plain]).unwrap_or_default());
    let mut rest = &run[plain..];
    while let Some(first) = rest.first() {
        let mut used = 1;
        if is_vanishing(*first) {
        } else if first.is_ascii() {
            out.push(char::from(*first));
        } else if let Some((character, length)) = fold::decode(rest) {
            out.push(character);
            used = length;
        } else {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        rest = &rest[used..];
    }
}

#[cfg(test)]
mod tests;
