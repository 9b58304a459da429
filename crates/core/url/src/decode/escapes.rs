//! Encodings that write one character as a few, wherever they stand in a text.
//!
//! Nothing fails: what is no escape stays as it is. The result is never longer than the text.

use super::Encoding;
use std::borrow::Cow;

/// The delimiters of a URL, which alone are taken for escaped after a dash, an underscore or a dot: those stand in
/// ordinary text everywhere.
const DELIMITERS: &[u8] = b" #%&/:=?@[]";

/// HTML names of the characters of a URL.
const ENTITIES: &[(&[u8], u8)] = &[
    (b"&colon;", b':'),
    (b"&sol;", b'/'),
    (b"&bsol;", b'\\'),
    (b"&period;", b'.'),
    (b"&commat;", b'@'),
    (b"&quest;", b'?'),
    (b"&num;", b'#'),
    (b"&amp;", b'&'),
    (b"&equals;", b'='),
    (b"&percnt;", b'%'),
    (b"&lsqb;", b'['),
    (b"&rsqb;", b']'),
    (b"&lbrack;", b'['),
    (b"&rbrack;", b']'),
];

/// What a defanged text writes, and what it means. Capital letters count as small ones.
const DEFANGED: &[(&[u8], &[u8])] = &[
    (b"hxxp", b"http"),
    (b"h**p", b"http"),
    (b"[.]", b"."),
    (b"(.)", b"."),
    (b"{.}", b"."),
    (b"[dot]", b"."),
    (b"(dot)", b"."),
    (b"[:]", b":"),
    (b"[://]", b"://"),
    (b"[/]", b"/"),
    (b"[at]", b"@"),
];

/// The text with every escape of an encoding replaced. After a dash, an underscore or a dot, escapes count only where a
/// slash or a colon is among them.
pub(super) fn replaced(encoding: Encoding, text: &[u8]) -> Cow<'_, [u8]> {
    let sign = match encoding {
        Encoding::Dash => Some(b'-'),
        Encoding::Underscore => Some(b'_'),
        Encoding::Dot => Some(b'.'),
        _ => None,
    };
    let is_separator = |three: &[u8]| matches!(three[1..], [b'2', b'f' | b'F'] | [b'3', b'a' | b'A']);
    if sign.is_some_and(|sign| !text.windows(3).any(|three| three[0] == sign && is_separator(three))) {
        return Cow::Borrowed(text);
    }
    each(text, |rest| match encoding {
        Encoding::Percent => two_digits(rest, b"%"),
        Encoding::PercentU => four_digits(rest, b"%u").or_else(|| four_digits(rest, b"%U")),
        Encoding::BackslashU => four_digits(rest, b"\\u").or_else(|| in_braces(rest)),
        Encoding::BackslashX => two_digits(rest, b"\\x"),
        Encoding::Html => entity(rest),
        Encoding::QuotedPrintable => soft_break(rest).or_else(|| two_digits(rest, b"=")),
        Encoding::Dash => two_digits(rest, b"-").filter(|escape| is_delimiter(escape, b".")),
        Encoding::Underscore => two_digits(rest, b"_").filter(|escape| is_delimiter(escape, b".")),
        // Numbers follow a dot in every address: `.25` and `.2E` are no escapes.
        Encoding::Dot => {
            two_digits(rest, b".").filter(|escape| is_delimiter(escape, b"") && !rest.starts_with(b".25"))
        }
        Encoding::Base64 | Encoding::Hex | Encoding::Defanged => None,
    })
}

/// The text as it was before somebody made its URLs harmless.
pub(super) fn defanged(text: &[u8]) -> Cow<'_, [u8]> {
    each(text, |rest| {
        let begins =
            |written: &[u8]| rest.get(..written.len()).is_some_and(|head| head.eq_ignore_ascii_case(written));
        let (written, meant) = DEFANGED.iter().find(|(written, _)| begins(written))?;
        Some(Escape { used: written.len(), meant: Meant::Text(meant) })
    })
}

/// What an escape means.
enum Meant {
    Byte(u8),
    Character(char),
    Text(&'static [u8]),
    Nothing,
}

struct Escape {
    used: usize,
    meant: Meant,
}

/// Goes over a text once; the first escape makes it owned.
fn each(text: &[u8], read: impl Fn(&[u8]) -> Option<Escape>) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < text.len() {
        // Escapes begin with a sign or with the `h` of `hxxp`; everything else is copied as it is.
        let escape = if begins_escape(text[at]) { read(&text[at..]) } else { None };
        match (escape, &mut out) {
            (Some(escape), _) => {
                let out = out.get_or_insert_with(|| text[..at].to_vec());
                match escape.meant {
                    Meant::Byte(byte) => out.push(byte),
                    Meant::Character(character) => {
                        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    Meant::Text(text) => out.extend_from_slice(text),
                    Meant::Nothing => {}
                }
                at += escape.used;
            }
            (None, Some(out)) => {
                out.push(text[at]);
                at += 1;
            }
            (None, None) => at += 1,
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn begins_escape(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'=' | b'-' | b'_' | b'.' | b'[' | b'(' | b'{' | b'h' | b'H')
}

fn is_delimiter(escape: &Escape, also: &[u8]) -> bool {
    matches!(escape.meant, Meant::Byte(byte) if DELIMITERS.contains(&byte) || also.contains(&byte))
}

fn digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

fn two_digits(rest: &[u8], sign: &[u8]) -> Option<Escape> {
    let digits = rest.strip_prefix(sign)?;
    let value = digit(*digits.first()?)? * 16 + digit(*digits.get(1)?)?;
    Some(Escape { used: sign.len() + 2, meant: Meant::Byte(u8::try_from(value).ok()?) })
}

fn four_digits(rest: &[u8], sign: &[u8]) -> Option<Escape> {
    let digits = rest.strip_prefix(sign)?.get(..4)?;
    let value = digits.iter().try_fold(0, |value, byte| Some(value * 16 + digit(*byte)?))?;
    Some(Escape { used: sign.len() + 4, meant: Meant::Character(char::from_u32(value)?) })
}

/// `\u{3a}`, one to six digits.
fn in_braces(rest: &[u8]) -> Option<Escape> {
    let inside = rest.strip_prefix(b"\\u{")?;
    let end = inside.iter().take(7).position(|byte| *byte == b'}').filter(|end| *end > 0)?;
    let value = inside[..end].iter().try_fold(0, |value, byte| Some(value * 16 + digit(*byte)?))?;
    Some(Escape { used: end + 4, meant: Meant::Character(char::from_u32(value)?) })
}

/// `&#58;`, `&#x3a;` with or without the semicolon, and the names of the characters of a URL.
fn entity(rest: &[u8]) -> Option<Escape> {
    if let Some((name, meant)) = ENTITIES.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some(Escape { used: name.len(), meant: Meant::Byte(*meant) });
    }
    let number = rest.strip_prefix(b"&#")?;
    let (radix, sign) = if matches!(number.first(), Some(b'x' | b'X')) { (16, 3) } else { (10, 2) };
    let digits = &rest[sign..];
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let length = digits.iter().take(8).take_while(|byte| is_digit(byte)).count();
    let value = digits[..length].iter().try_fold(0_u32, |value, byte| {
        value.checked_mul(radix)?.checked_add(char::from(*byte).to_digit(radix)?)
    })?;
    let semicolon = usize::from(digits.get(length) == Some(&b';'));
    let character = char::from_u32(value).filter(|_| length > 0)?;
    // A number with many digits means no more bytes than it has.
    Some(Escape { used: sign + length + semicolon, meant: Meant::Character(character) })
}

/// A line of quoted-printable that goes on.
fn soft_break(rest: &[u8]) -> Option<Escape> {
    [&b"=\r\n"[..], b"=\n"]
        .iter()
        .find(|sign| rest.starts_with(sign))
        .map(|sign| Escape { used: sign.len(), meant: Meant::Nothing })
}
