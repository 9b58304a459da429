//! Encodings of a URL as a whole, and URLs made harmless on purpose.
//!
//! Nothing fails.

use crate::dice::Dice;
use crate::shape::Url;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::fmt::Write;

pub(super) fn base64(url: &Url) -> String {
    STANDARD.encode(&url.text)
}

pub(super) fn base64url(url: &Url) -> String {
    URL_SAFE_NO_PAD.encode(&url.text)
}

pub(super) fn hex(url: &Url, dice: &mut Dice) -> String {
    let upper = dice.chance(30);
    let mut out = String::with_capacity(url.text.len() * 2);
    for byte in url.text.bytes() {
        let _ = if upper { write!(out, "{byte:02X}") } else { write!(out, "{byte:02x}") };
    }
    out
}

pub(super) fn reversed(url: &Url) -> String {
    url.text.chars().rev().collect()
}

/// `hxxp` for `http`, in the case it was written.
pub(super) fn defanged_scheme(url: &Url) -> String {
    match url.text.get(1..3) {
        Some(middle) if middle.eq_ignore_ascii_case("tt") && url.host.start >= 5 => {
            format!("{}xx{}", &url.text[..1], &url.text[3..])
        }
        _ => url.text.clone(),
    }
}

/// Dots of the host in brackets, all or the last.
pub(super) fn defanged_dots(url: &Url, dice: &mut Dice) -> String {
    let written = dice.pick(&["[.]", "[.]", "(.)", "[dot]"]);
    let host = &url.text[url.host.clone()];
    let host = match host.rsplit_once('.') {
        Some((before, after)) if dice.chance(25) => [before, written, after].concat(),
        _ => host.replace('.', written),
    };
    [&url.text[..url.host.start], &host, &url.text[url.host.end..]].concat()
}
