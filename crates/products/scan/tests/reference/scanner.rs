//! A slow and simple scanner, to compare with: no anchors, no sieve, no formats, decoders of another crate.
//!
//! ```text
//! line ─▶ every encoding taken off the whole of it, again and again ─▶ texts
//!           each split at everything that stands in no host ─▶ tokens ─▶ the reader of hosts: a service?
//! ```

use onehop_address::catalogue::{Provider, Role};
use onehop_address::names::{self, NameFinding};
use onehop_address::spelling::{self, Host};
use onehop_address::{Classifier, classify};
use onehop_url::decode::Encoding;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

/// Most texts that one line becomes. With so many, four layers of one encoding are among them.
const TEXTS_MAX: usize = 60;

/// The services that a line names, by their names in the catalogue.
pub(crate) fn services(line: &[u8]) -> BTreeSet<&'static str> {
    // A tab that no escape hid separates fields, in every text that the line becomes.
    let line: Vec<u8> = line.iter().map(|byte| if *byte == b'\t' { b' ' } else { *byte }).collect();
    texts(&line).iter().flat_map(|text| hosts(text)).map(|provider| provider.name).collect()
}

/// The line, and what it becomes.
fn texts(line: &[u8]) -> Vec<Vec<u8>> {
    let mut texts = vec![line.to_vec()];
    let mut at = 0;
    while let Some(text) = texts.get(at).cloned() {
        for encoding in Encoding::ALL.iter().filter(|encoding| is_taken_off(**encoding, at)) {
            let decoded = encoding.decode(&text).into_owned();
            if texts.len() < TEXTS_MAX && !texts.contains(&decoded) {
                texts.push(decoded);
            }
        }
        at += 1;
    }
    texts
}

/// `#31` is no escape of `HAProxy`, which writes digits as they are.
fn is_taken_off(encoding: Encoding, depth: usize) -> bool {
    !encoding.is_deep() && encoding != Encoding::Hash && (depth > 0 || encoding != Encoding::Breaks)
}

fn hosts(text: &[u8]) -> Vec<&'static Provider> {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | 0x80..);
    let in_ipv6 = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | &NO_SEPARATOR);
    let (mut found, mut rest) = (Vec::new(), text.to_vec());
    // A host neither begins nor ends in an escape: nobody reads `169` in `%169.254.170.2` or `254` in `169.254.169.254%73`.
    for at in 0..rest.len() {
        let length = escape_length(&rest[at..], at > 0 && in_name(&rest[at - 1]));
        rest[at..at + length].fill(NO_SEPARATOR);
    }
    for token in rest.split_mut(|byte| !in_ipv6(byte)) {
        let text = std::str::from_utf8(token).unwrap_or_default();
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            found.extend(service(IpAddr::V6(address)));
            // Its end is no IPv4 address by itself.
            token.fill(NO_SEPARATOR);
        }
    }
    found.extend(rest.split(|byte| !in_name(byte)).filter_map(name_or_ipv4));
    found
}

/// A byte that belongs to a name, and to no name of a service.
const NO_SEPARATOR: u8 = 0x80;

/// The bytes here of an escape that stands where a host might begin or, behind one, end.
fn escape_length(rest: &[u8], is_behind_host: bool) -> usize {
    match rest {
        [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => 3,
        [b'%', b'u' | b'U', ..] | [b'&', b'#', ..] if is_behind_host => 1,
        [b'\\', ..] if is_behind_host => {
            let backslashes = rest.iter().take_while(|byte| **byte == b'\\').count();
            let is_escape =
                matches!(rest.get(backslashes), Some(b'x' | b'X' | b'u' | b'U' | b'0'..=b'7' | b'%'));
            usize::from(is_escape)
        }
        _ => 0,
    }
}

fn name_or_ipv4(token: &[u8]) -> Option<&'static Provider> {
    let token = String::from_utf8_lossy(token);
    let reading = spelling::read(token.trim_matches(['.', '-', '_'])).ok()?;
    match reading.host {
        Host::Address(address) => service(address),
        Host::Name(name) => match names::judge(&name, &Classifier::new()) {
            // A name of one label is an ordinary word elsewhere, and so is its last label behind others.
            NameFinding::Metadata(provider) if name.contains('.') && !name.ends_with(".metadata") => {
                Some(provider).filter(|provider| hands_out(provider))
            }
            NameFinding::Carried(carried, _) => carried.addresses().iter().copied().find_map(service),
            _ => None,
        },
    }
}

fn service(address: IpAddr) -> Option<&'static Provider> {
    classify(address).provider().filter(|provider| hands_out(provider))
}

fn hands_out(provider: &Provider) -> bool {
    matches!(provider.role, Role::Metadata | Role::Credentials | Role::Platform)
}
