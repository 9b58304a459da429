//! Harmless lines: ordinary visits, and lines that look like attempts.
//!
//! ```text
//! format ─▶ kind of line ─▶ Request::ordinary ─▶ the kind changes some fields ─▶ format writes it
//! ```
//! No line names an attacked service, in any spelling: numbers, hexadecimal digits and addresses are drawn by
//! functions that leave the attacked values out, texts are fixed. The neighbours of the metadata service (DNS, time)
//! and every other link-local or private address are harmless here. A table, one row a kind. Nothing fails.

mod numbers;
mod phrases;
mod words;

use crate::dice::{Dice, Stream};
use crate::format::Format;
use crate::request::{Request, put};

/// One kind of harmless line.
#[derive(Debug)]
pub struct Kind {
    /// Its name, in labels.
    pub name: &'static str,
    /// Whether it is about a DNS query; the others are about requests.
    pub(crate) is_dns: bool,
    fill: fn(&mut Request, &mut Dice),
}

const fn row(name: &'static str, fill: fn(&mut Request, &mut Dice)) -> Kind {
    Kind { name, is_dns: false, fill }
}

const fn dns(name: &'static str, fill: fn(&mut Request, &mut Dice)) -> Kind {
    Kind { name, is_dns: true, fill }
}

/// The name of lines that stand at the beginning of a file.
pub const PREAMBLE: &str = "preamble";

/// Every kind, the ordinary ones first.
pub static KINDS: &[Kind] = &[
    row("ordinary", |_, _| {}),
    row("version-number", numbers::version_number),
    row("hash", numbers::hash),
    row("uuid", numbers::uuid),
    row("phone", numbers::phone),
    row("order-id", numbers::order_id),
    row("number", numbers::number),
    row("neighbour", numbers::neighbour),
    row("link-local", numbers::link_local),
    row("near-miss", numbers::near_miss),
    row("private-url", numbers::private_url),
    row("client", numbers::client),
    row("ipv6", numbers::ipv6),
    row("carried-name", numbers::carried_name),
    row("language", phrases::language),
    row("raw-language", phrases::raw_language),
    row("emoji", phrases::emoji),
    row("typography", phrases::typography),
    row("json-escapes", phrases::json_escapes),
    row("html-entities", phrases::html_entities),
    row("encoded-url", words::encoded_url),
    row("nested-url", words::nested_url),
    row("slug", words::slug),
    row("word", words::word),
    row("latest-path", words::latest_path),
    row("similar-host", words::similar_host),
    row("base64", words::base64),
    row("scanner", words::scanner),
    dns("dns-ordinary", words::dns_ordinary),
    dns("dns-similar", words::dns_similar),
    dns("dns-neighbour", words::dns_neighbour),
    dns("dns-no-answer", words::dns_no_answer),
];

/// Share of ordinary lines among those that are no DNS queries, beside their own place in the table, in percent.
const ORDINARY_PERCENT: u32 = 30;

/// Appends the harmless line of this number, without a line end.
pub(crate) fn write(
    seed: u64,
    serial: u64,
    formats: &[&'static Format],
    request: &mut Request,
    out: &mut String,
) -> (&'static Kind, &'static Format) {
    let dice = &mut Dice::of(seed, Stream::Benign, serial);
    let format = dice.pick(formats);
    let kind = loop {
        let kind = dice.row(KINDS);
        if kind.is_dns == format.is_dns {
            break kind;
        }
    };
    let kind = if !format.is_dns && dice.chance(ORDINARY_PERCENT) { &KINDS[0] } else { kind };
    request.ordinary(serial, dice);
    if dice.chance(10) {
        let host = request.host.clone();
        put(&mut request.forwarded_host, &host);
    }
    (kind.fill)(request, dice);
    if format.is_outbound && request.method == "CONNECT" {
        request.method = "GET";
    }
    format.write(request, dice, out);
    (kind, format)
}

/// Puts a text where a request has room for it. The text is safe there: encoded, or without signs that matter.
fn place(request: &mut Request, text: &str, dice: &mut Dice) {
    let at = dice.below(10);
    match at {
        0..6 => {
            let page =
                dice.pick(&["/search?q=", "/api/v1/items?id=", "/view?ref=", "/t?e=click&v=", "/p?x="]);
            put(&mut request.target, page);
            request.target.push_str(text);
        }
        6 | 7 => {
            put(&mut request.target, dice.pick(&["/p/", "/files/", "/a/b/", "/static/"]));
            request.target.push_str(text);
        }
        8 => {
            put(&mut request.referer, "https://search.example.net/?q=");
            request.referer.push_str(text);
        }
        _ => {
            put(&mut request.cookie, "last=");
            request.cookie.push_str(text);
        }
    }
}

/// A phrase in some language as a browser encodes it: there is a percent sign in every one.
pub(crate) fn push_phrase(out: &mut String, dice: &mut Dice) {
    push_percent(out, dice.pick(phrases::PHRASES));
}

/// Appends a text as a browser encodes it in a parameter.
fn push_percent(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(DIGITS[usize::from(byte >> 4)]));
                out.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::FORMATS;
    use crate::target::{Place, attacked_values, targets};
    use std::net::Ipv4Addr;

    fn lines(count: u64) -> impl Iterator<Item = String> {
        let formats: Vec<&'static Format> = FORMATS.iter().collect();
        let mut request = Request::default();
        (0..count).map(move |serial| {
            let mut line = String::new();
            write(9, serial, &formats, &mut request, &mut line);
            line
        })
    }

    /// Attacked addresses and names in the forms that a text search finds.
    fn forbidden() -> Vec<String> {
        let mut texts = Vec::new();
        for value in attacked_values() {
            let address = Ipv4Addr::from_bits(*value);
            let [a, b, c, d] = address.octets();
            texts.push(address.to_string());
            texts.push(value.to_string());
            texts.push((u64::from(*value) + (1 << 32)).to_string());
            texts.push(format!("{:04x}:{:04x}", value >> 16, value & 0xFFFF));
            texts.push(format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"));
            texts.push(address.to_string().replace('.', "-"));
        }
        for place in targets().iter().flat_map(|target| &target.places) {
            match place {
                Place::V6(address) => texts.push(address.to_string()),
                Place::Name(name) if name.contains('.') => texts.push((*name).to_owned()),
                Place::Name(name) => {
                    texts.extend([format!("//{name}/"), format!("\"{name}\""), format!("%2F%2F{name}%2F")]);
                }
                Place::V4(_) => {}
            }
        }
        texts
    }

    /// Whether the text stands somewhere without more of a number or a name around it.
    fn stands_in(line: &str, text: &str) -> bool {
        line.match_indices(text).any(|(at, _)| {
            let before = line[..at].bytes().next_back().is_none_or(|byte| !byte.is_ascii_digit());
            let after =
                line[at + text.len()..].bytes().next().is_none_or(|byte| !byte.is_ascii_alphanumeric());
            before && after
        })
    }

    #[test]
    fn no_line_holds_an_attacked_address_or_name() {
        let forbidden = forbidden();
        let digits: Vec<String> = attacked_values().iter().map(|value| format!("{value:08x}")).collect();
        assert!(forbidden.len() > 50);
        for line in lines(12_000) {
            let lower = line.to_ascii_lowercase();
            for text in &forbidden {
                assert!(!stands_in(&lower, text), "`{text}` in {line}");
            }
            for text in &digits {
                assert!(!lower.contains(text), "`{text}` in {line}");
            }
        }
    }

    #[test]
    fn neighbours_and_look_alikes_are_there() {
        let all: Vec<String> = lines(20_000).collect();
        for text in ["169.254.169.253", "169.254.169.123", "169.254.1.", "a9fe", "instance-database", "%E"] {
            assert!(all.iter().any(|line| line.contains(text)), "{text}");
        }
    }
}
