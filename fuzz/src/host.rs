//! Host texts: what a spelling means, against the URL Standard's own reader and the standard library's.
//!
//! The input is the host as text. Where the crate `url` or the standard library reads an address, the same address
//! must come out; then the text is spelled in other ways, and each must lead to the same host.

use crate::Reached;
use onehop_address::names::{self, CARRIED_MAX, NameFinding};
use onehop_address::spelling::{self, Fold, Folds, Host, NAME_MAX_BYTES};
use onehop_address::{Classifier, classify};
use std::fmt::Write as _;
use std::net::IpAddr;

/// Longest text that is spelled in other ways, in bytes: each way may make it nine times as long.
const RESPELLED_MAX_BYTES: usize = 200;

/// Reads one host text.
pub fn run(data: &[u8]) -> Reached {
    let Ok(text) = std::str::from_utf8(data) else {
        return Reached::Refused;
    };
    let reading = spelling::read(text);
    let seen = reading.as_ref().ok().map(|reading| &reading.host);
    check_against_others(text, seen);
    let Ok(reading) = &reading else {
        return Reached::Refused;
    };
    check_canonical(&reading.host, reading.folds);
    check_spellings(text, &reading.host);
    if let Host::Name(name) = &reading.host {
        check_name(name);
    }
    Reached::Accepted
}

/// Others' readings: an address is the same address, and a name the same name.
fn check_against_others(text: &str, seen: Option<&Host<'_>>) {
    if let Ok(address) = text.parse::<IpAddr>() {
        assert_eq!(seen, Some(&Host::Address(address)), "`{text}` is an address");
    }
    match (url::Host::parse(text), seen) {
        (Ok(url::Host::Ipv4(v4)), _) => {
            assert_eq!(seen, Some(&Host::Address(v4.into())), "`{text}` by the URL Standard");
        }
        (Ok(url::Host::Ipv6(v6)), _) => {
            assert_eq!(seen, Some(&Host::Address(v6.into())), "`{text}` by the URL Standard");
        }
        (Ok(url::Host::Domain(theirs)), Some(Host::Name(ours))) if ours.is_ascii() => {
            assert_eq!(theirs.strip_suffix('.').unwrap_or(&theirs), ours, "`{text}` by the URL Standard");
        }
        _ => {}
    }
}

/// What is rendered reads as itself, and nothing is left to fold but characters beyond ASCII.
fn check_canonical(host: &Host<'_>, folds: Folds) {
    let rendered = host.to_string();
    let again = spelling::read(&rendered).unwrap_or_else(|error| panic!("`{rendered}`: {error}"));
    assert_eq!(again.host, *host, "`{rendered}`");
    for fold in again.folds.iter() {
        assert_eq!(fold, Fold::NonAscii, "`{rendered}`");
    }
    if let Host::Name(name) = host {
        assert!(!name.is_empty() && name.len() <= NAME_MAX_BYTES);
        assert!(name.split('.').all(|label| !label.is_empty()), "`{name}`");
        assert!(!name.bytes().any(|byte| byte.is_ascii_uppercase() || byte <= b' '), "`{name}`");
        assert_eq!(name.is_ascii(), !folds.contains(Fold::NonAscii), "`{name}`");
        assert!(name.parse::<IpAddr>().is_err(), "`{name}` is an address");
    }
}

/// Other spellings of the same host.
fn check_spellings(text: &str, host: &Host<'_>) {
    let is_literal = text.contains(['[', ':', '%']);
    if text.len() > RESPELLED_MAX_BYTES || is_literal {
        return;
    }
    let percent = text.bytes().fold(String::new(), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "%{byte:02X}");
        out
    });
    let wide = |character: char| match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xfee0).unwrap_or(character),
        other => other,
    };
    let spellings = [
        percent,
        text.chars().map(wide).collect(),
        text.to_ascii_uppercase(),
        text.replace('.', "\u{3002}"),
        format!("\u{ad}{text}\u{200b}"),
    ];
    for spelling in &spellings {
        let other = spelling::read(spelling).unwrap_or_else(|error| panic!("`{spelling}`: {error}"));
        assert_eq!(other.host, *host, "spelled `{spelling}`");
    }
}

/// Names are judged whatever they are; a name that carries an address is no milder than it.
fn check_name(name: &str) {
    let finding = names::judge(name, &Classifier::new());
    assert_eq!(names::is_localhost(name), matches!(finding, NameFinding::Localhost), "`{name}`");
    assert!(finding.provider().is_none() || finding.code().is_some(), "`{name}` is a service and allowed");
    match &finding {
        NameFinding::Carried(carried, judged) => {
            let addresses = carried.addresses();
            assert!((1..=CARRIED_MAX).contains(&addresses.len()), "`{name}`");
            let is_bad = addresses.iter().any(|address| !classify(*address).is_global());
            assert_eq!(is_bad, !judged.is_global(), "`{name}` carries {addresses:?}");
            assert!(!is_bad || finding.code().is_some(), "`{name}`");
        }
        NameFinding::SingleLabel => assert!(!name.contains('.')),
        NameFinding::Ordinary => assert!(name.contains('.') && finding.code().is_none()),
        _ => {}
    }
    // A label in front changes neither a localhost nor what is used inside networks.
    let below = format!("a.{name}");
    if let NameFinding::Internal(suffix) = finding
        && below.len() <= NAME_MAX_BYTES
    {
        assert_eq!(names::judge(&below, &Classifier::new()), NameFinding::Internal(suffix), "`{below}`");
    }
}
