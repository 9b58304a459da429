//! Encodings that write one character as a few.
//!
//! Those that people would use on a whole URL escape every sign that is no letter and no digit, and, so that no rule
//! finds the address as it stands, some digits of the host. Nothing fails.

use crate::dice::Dice;
use crate::shape::Url;
use std::fmt::Write;

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

/// The delimiters that slugs escape, as the last dot of a host is one in two of three of them.
const DELIMITERS: &[char] = &[' ', '#', '%', '&', '/', ':', '=', '?', '@', '[', ']'];

fn push_byte(out: &mut String, sign: &str, byte: u8, digits: &[u8; 16]) {
    out.push_str(sign);
    out.push(char::from(digits[usize::from(byte >> 4)]));
    out.push(char::from(digits[usize::from(byte & 15)]));
}

fn push_escaped(out: &mut String, sign: char, digits: &[u8; 16]) {
    for byte in sign.encode_utf8(&mut [0; 4]).bytes() {
        push_byte(out, "%", byte, digits);
    }
}

/// What a component of a URL may hold as it is.
fn is_unreserved(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.' | '~')
}

/// Goes over the URL; `write` is told whether a sign belongs to the host.
fn each(url: &Url, mut write: impl FnMut(&mut String, char, bool)) -> String {
    let mut out = String::with_capacity(url.text.len() * 4);
    for (at, sign) in url.text.char_indices() {
        write(&mut out, sign, url.host.contains(&at));
    }
    out
}

/// What a browser makes of a parameter.
pub(super) fn percent_component(url: &Url) -> String {
    each(
        url,
        |out, sign, _| if is_unreserved(sign) { out.push(sign) } else { push_escaped(out, sign, UPPER) },
    )
}

pub(super) fn percent_all(url: &Url) -> String {
    each(url, |out, sign, _| push_escaped(out, sign, UPPER))
}

pub(super) fn percent_mixed_case(url: &Url, dice: &mut Dice) -> String {
    each(url, |out, sign, is_host| {
        if is_unreserved(sign) && !(is_host && dice.chance(50)) && sign != '.' {
            out.push(sign);
        } else {
            push_escaped(out, sign, if dice.chance(50) { UPPER } else { LOWER });
        }
    })
}

pub(super) fn percent_host(url: &Url) -> String {
    each(url, |out, sign, is_host| if is_host { push_escaped(out, sign, UPPER) } else { out.push(sign) })
}

/// One sign of the host.
pub(super) fn percent_one(url: &Url, dice: &mut Dice) -> String {
    let count = url.text[url.host.clone()].chars().count();
    let mut left = dice.place(count) + 1;
    each(url, |out, sign, is_host| {
        left = left.saturating_sub(usize::from(is_host));
        if is_host && left == 0 {
            left = usize::MAX;
            push_escaped(out, sign, LOWER);
        } else {
            out.push(sign);
        }
    })
}

/// Escapes of escapes.
pub(super) fn percent_layers(url: &Url, layers: usize, dice: &mut Dice) -> String {
    let mut text = if dice.chance(50) {
        percent_all(url)
    } else {
        each(url, |out, sign, is_host| {
            let stays = is_unreserved(sign) && (!is_host || sign.is_ascii_alphabetic());
            if stays { out.push(sign) } else { push_escaped(out, sign, UPPER) }
        })
    };
    for _ in 1..layers {
        text = text.replace('%', "%25");
    }
    text
}

/// Signs that the escapes of programming languages and markup are used on: all that is no letter or digit, and some
/// of the host.
fn is_hidden(sign: char, is_host: bool, dice: &mut Dice) -> bool {
    !sign.is_ascii_alphanumeric() || (is_host && dice.chance(50))
}

fn push_units(out: &mut String, before: &str, sign: char, after: &str, digits: &[u8; 16]) {
    for unit in sign.encode_utf16(&mut [0; 2]) {
        out.push_str(before);
        let [high, low] = unit.to_be_bytes();
        push_byte(out, "", high, digits);
        push_byte(out, "", low, digits);
        out.push_str(after);
    }
}

pub(super) fn percent_u(url: &Url, dice: &mut Dice) -> String {
    let sign_of = dice.pick(&["%u", "%u", "%U"]);
    each(url, |out, sign, is_host| {
        let hidden = is_hidden(sign, is_host, dice);
        if hidden { push_units(out, sign_of, sign, "", UPPER) } else { out.push(sign) }
    })
}

pub(super) fn backslash_u(url: &Url, dice: &mut Dice) -> String {
    each(url, |out, sign, is_host| {
        let hidden = is_hidden(sign, is_host, dice);
        if hidden { push_units(out, "\\u", sign, "", LOWER) } else { out.push(sign) }
    })
}

pub(super) fn backslash_u_braces(url: &Url, dice: &mut Dice) -> String {
    each(url, |out, sign, is_host| {
        if is_hidden(sign, is_host, dice) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(sign));
        } else {
            out.push(sign);
        }
    })
}

fn each_byte(url: &Url, dice: &mut Dice, write: impl Fn(&mut String, u8)) -> String {
    each(url, |out, sign, is_host| {
        if is_hidden(sign, is_host, dice) {
            sign.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| write(out, byte));
        } else {
            out.push(sign);
        }
    })
}

pub(super) fn backslash_x(url: &Url, dice: &mut Dice) -> String {
    let digits = if dice.chance(50) { UPPER } else { LOWER };
    each_byte(url, dice, |out, byte| push_byte(out, "\\x", byte, digits))
}

/// Three digits always: fewer would swallow a digit that follows.
pub(super) fn octal(url: &Url, dice: &mut Dice) -> String {
    each_byte(url, dice, |out, byte| {
        let _ = write!(out, "\\{byte:03o}");
    })
}

pub(super) fn html_decimal(url: &Url, dice: &mut Dice) -> String {
    let width = if dice.chance(25) { 7 } else { 0 };
    each(url, |out, sign, is_host| {
        if is_hidden(sign, is_host, dice) {
            let _ = write!(out, "&#{:0width$};", u32::from(sign));
        } else {
            out.push(sign);
        }
    })
}

pub(super) fn html_hex(url: &Url, dice: &mut Dice) -> String {
    each(url, |out, sign, is_host| {
        if is_hidden(sign, is_host, dice) {
            let _ = write!(out, "&#x{:x};", u32::from(sign));
        } else {
            out.push(sign);
        }
    })
}

pub(super) fn html_named(url: &Url) -> String {
    each(url, |out, sign, _| match sign {
        ':' => out.push_str("&colon;"),
        '/' => out.push_str("&sol;"),
        '.' => out.push_str("&period;"),
        '@' => out.push_str("&commat;"),
        '?' => out.push_str("&quest;"),
        '=' => out.push_str("&equals;"),
        '[' => out.push_str("&lsqb;"),
        ']' => out.push_str("&rsqb;"),
        '\\' => out.push_str("&bsol;"),
        '&' => out.push_str("&amp;"),
        '%' => out.push_str("&percnt;"),
        _ => out.push(sign),
    })
}

/// Two bytes where one would do, which strict decoders refuse.
pub(super) fn overlong(url: &Url, dice: &mut Dice) -> String {
    each(url, |out, sign, is_host| match u8::try_from(sign) {
        Ok(byte @ 0..0x80) if is_hidden(sign, is_host, dice) => {
            push_byte(out, "%", 0xC0 | (byte >> 6), LOWER);
            push_byte(out, "%", 0x80 | (byte & 0x3F), LOWER);
        }
        Ok(0..0x80) => out.push(sign),
        _ => push_escaped(out, sign, LOWER),
    })
}

pub(super) fn quoted_printable(url: &Url, dice: &mut Dice) -> String {
    let all = dice.chance(60);
    each(url, |out, sign, _| match sign {
        '.' | '=' => push_byte(out, "=", sign as u8, UPPER),
        ':' | '/' | '?' | '[' | ']' | '@' if all => push_byte(out, "=", sign as u8, UPPER),
        '!'..='~' => out.push(sign),
        _ => sign.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| push_byte(out, "=", byte, UPPER)),
    })
}

/// As pages made from requests write them: the sign for the percent sign. After a dot, dots stay.
pub(super) fn slug(url: &Url, sign_of: char) -> String {
    let before = sign_of.encode_utf8(&mut [0; 4]).to_owned();
    each(url, |out, sign, _| {
        if DELIMITERS.contains(&sign) || (sign == '.' && sign_of != '.') {
            push_byte(out, &before, u8::try_from(sign).unwrap_or(b'/'), UPPER);
        } else {
            out.push(sign);
        }
    })
}

/// A control character that clients drop, one or two times inside the URL up to the end of the host.
pub(super) fn inside(url: &Url, text: &str, dice: &mut Dice) -> String {
    let mut out = url.text.clone();
    let first = 1 + dice.place(url.host.start.max(1));
    let places = [url.host.start + 1 + dice.place(url.host.len().saturating_sub(1).max(1)), first];
    for at in places.into_iter().take(if dice.chance(50) { 1 } else { 2 }) {
        let at = (at..=out.len()).find(|at| out.is_char_boundary(*at)).unwrap_or(out.len());
        out.insert_str(at, text);
    }
    out
}
