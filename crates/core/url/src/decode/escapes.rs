//! Encodings that write one character as a few, wherever they stand in a text.
//!
//! Nothing fails: what is no escape stays as it is. The result is never longer than the text.

use super::Encoding;
use super::encoding::Signs;
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
    (b"&Tab;", b'\t'),
    (b"&NewLine;", b'\n'),
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

/// The text with every escape of an encoding replaced. Signs that stand in ordinary text too count only where one of
/// the escapes is what makes a URL.
pub(super) fn replaced(encoding: Encoding, text: &[u8]) -> Cow<'_, [u8]> {
    let is_there = match encoding {
        Encoding::Dash => has_escape(text, b'-', b"/:"),
        Encoding::Underscore => has_escape(text, b'_', b"/:"),
        Encoding::Dot => has_escape(text, b'.', b"/:"),
        Encoding::QuotedPrintable => {
            has_escape(text, b'=', b"/:.=") || text.windows(2).any(|two| soft_break(two).is_some())
        }
        Encoding::Json => text.windows(2).any(|two| matches!(two, b"\\/" | b"\\\\")),
        _ => true,
    };
    if !is_there {
        return Cow::Borrowed(text);
    }
    each(text, encoding.begins(), |before, rest| match encoding {
        Encoding::Percent => two_digits(rest, b"%"),
        Encoding::PercentU => four_digits(rest, b"%u").or_else(|| four_digits(rest, b"%U")),
        Encoding::BackslashU => four_digits(rest, b"\\u").or_else(|| in_braces(rest)),
        Encoding::BackslashX => two_digits(rest, b"\\x"),
        Encoding::Json => json(rest),
        Encoding::Octal => octal(rest),
        Encoding::Html => entity(rest),
        Encoding::QuotedPrintable => soft_break(rest).or_else(|| two_digits(rest, b"=")),
        // An ampersand begins a number of HTML.
        Encoding::Hash if before != Some(b'&') => capital_digits(rest),
        Encoding::Dash => two_digits(rest, b"-").filter(|escape| is_delimiter(escape, b".")),
        Encoding::Underscore => two_digits(rest, b"_").filter(|escape| is_delimiter(escape, b".")),
        // Numbers follow a dot in every address: `.25` and `.2E` are no escapes.
        Encoding::Dot => {
            two_digits(rest, b".").filter(|escape| is_delimiter(escape, b"") && !rest.starts_with(b".25"))
        }
        _ => None,
    })
}

/// Whether one of these characters is written as the sign and two digits.
fn has_escape(text: &[u8], sign: u8, characters: &[u8]) -> bool {
    text.windows(3).any(|three| {
        three[0] == sign
            && matches!(two_digits(three, &[sign]), Some(Escape { meant: Meant::Byte(byte), .. })
                if characters.contains(&byte))
    })
}

/// The text as it was before somebody made its URLs harmless.
pub(super) fn defanged(text: &[u8]) -> Cow<'_, [u8]> {
    each(text, Encoding::Defanged.begins(), |_, rest| {
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

/// Goes over a text once: `read` is given the byte before and the rest at every byte with which an escape begins. The
/// first escape makes the text owned.
fn each(text: &[u8], begins: Signs, read: impl Fn(Option<u8>, &[u8]) -> Option<Escape>) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let (mut at, mut done) = (0, 0);
    while let Some(next) = text[at..].iter().position(|byte| Signs::of_byte(*byte).has(begins)) {
        at += next;
        let before = at.checked_sub(1).map(|before| text[before]);
        let Some(escape) = read(before, &text[at..]) else {
            at += 1;
            continue;
        };
        if done == 0 {
            out.reserve_exact(text.len());
        }
        out.extend_from_slice(&text[done..at]);
        match escape.meant {
            Meant::Byte(byte) => out.push(byte),
            Meant::Character(character) => {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Meant::Text(text) => out.extend_from_slice(text),
            Meant::Nothing => {}
        }
        at += escape.used;
        done = at;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.extend_from_slice(&text[done..]);
    Cow::Owned(out)
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

/// Four digits for one character, or twice four for a pair of surrogates.
fn four_digits(rest: &[u8], sign: &[u8]) -> Option<Escape> {
    let high = hexadecimal(rest, sign)?;
    let used = sign.len() + 4;
    if let Some(character) = char::from_u32(high) {
        return Some(Escape { used, meant: Meant::Character(character) });
    }
    let low = hexadecimal(&rest[used..], sign).filter(|low| (0xdc00..0xe000).contains(low))?;
    let character = char::from_u32(0x1_0000 + (high.checked_sub(0xd800)? << 10) + (low - 0xdc00))?;
    Some(Escape { used: 2 * used, meant: Meant::Character(character) })
}

fn hexadecimal(rest: &[u8], sign: &[u8]) -> Option<u32> {
    let digits = rest.strip_prefix(sign)?.get(..4)?;
    digits.iter().try_fold(0, |value, byte| Some(value * 16 + digit(*byte)?))
}

/// `\/`, `\\`, `\"`.
fn json(rest: &[u8]) -> Option<Escape> {
    match rest {
        [b'\\', meant @ (b'/' | b'\\' | b'"'), ..] => Some(Escape { used: 2, meant: Meant::Byte(*meant) }),
        _ => None,
    }
}

/// A backslash and two or three octal digits for a character that can be seen.
fn octal(rest: &[u8]) -> Option<Escape> {
    let digits = rest.strip_prefix(b"\\")?;
    [3, 2].into_iter().find_map(|count| {
        let value = digits.get(..count)?.iter().try_fold(0, |value, byte| {
            let digit = char::from(*byte).to_digit(8)?;
            Some(value * 8 + digit)
        })?;
        let byte = u8::try_from(value).ok().filter(|byte| *byte > b' ')?;
        Some(Escape { used: count + 1, meant: Meant::Byte(byte) })
    })
}

/// `#3A`; `HAProxy` writes capital letters, which few fragments and colours do.
fn capital_digits(rest: &[u8]) -> Option<Escape> {
    two_digits(rest, b"#").filter(|_| !rest[1..3].iter().any(u8::is_ascii_lowercase))
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
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let length = zeros + digits[zeros..].iter().take(8).take_while(|byte| is_digit(byte)).count();
    let value = digits[zeros..length].iter().try_fold(0_u32, |value, byte| {
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
