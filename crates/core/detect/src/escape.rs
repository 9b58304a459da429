//! One escape at one place: how it is written, what it stands for.
//!
//! ```text
//! % X X      %u X X X X      \x X X     \u X X X X   \u{X}   \o o o   \/  \"  \\  \t \n \r
//! & # d d ;  & # x X X ;     & colon ;  & period ; …
//! # X X      (HAProxy; stands for a sign, a control byte or a byte beyond ASCII, as it writes nothing else so)
//! = X X = X X …              (quoted-printable; a whole character beyond ASCII)
//! [.]  (.)   [dot]  [:]      (an address that somebody made unclickable)
//! ```
//! [`read`] reads one layer. [`meaning`] follows escapes that stand for the beginning of another one, as `%2531` does,
//! to the end: that is what decides whether a line must be looked at.
//!
//! Nothing fails: what is no escape is `None`.

mod defanged;
mod entity;
mod mail;

pub(crate) use entity::may_be_named;
pub use entity::number as entity_number;
pub(crate) use mail::continuation;

/// How an escape is written. The names are those of `onehop_url::decode::Encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Encoding {
    /// `%3A`.
    Percent,
    /// `%u003A`.
    PercentU,
    /// `\u003a` and `\u{3a}`.
    BackslashU,
    /// `\x3a`.
    BackslashX,
    /// `\72`.
    Octal,
    /// `\/`, `\"`, `\t`.
    Backslash,
    /// `&#58;`, `&#x3a;`, `&colon;`.
    Html,
    /// `#22`, as `HAProxy` writes it.
    Hash,
    /// `[.]`, `(dot)`.
    Defanged,
    /// `=E2=91=A0`, and `=3A` for the delimiters of a URL.
    QuotedPrintable,
    /// `-3A`, for the delimiters of a URL.
    Dash,
    /// `_3A`, for the delimiters of a URL.
    Underscore,
    /// `.3A`, for the delimiters of a URL.
    Dot,
    /// Characters beyond ASCII that a host folds to ASCII: `①`, full-width digits, soft hyphens.
    Unicode,
    /// ASCII in more bytes than it needs, e.g. `C0 AE`.
    Overlong,
    /// A whole text in base64. Whoever unpacks it says so; nothing here does.
    Base64,
    /// A whole text in base32.
    Base32,
    /// A whole text in hexadecimal digits.
    Hex,
    /// A whole text from its end to its beginning.
    Reversed,
}

impl Encoding {
    /// Every one, in the order of their declaration.
    pub const ALL: &'static [Encoding] = &[
        Encoding::Percent,
        Encoding::PercentU,
        Encoding::BackslashU,
        Encoding::BackslashX,
        Encoding::Octal,
        Encoding::Backslash,
        Encoding::Html,
        Encoding::Hash,
        Encoding::Defanged,
        Encoding::QuotedPrintable,
        Encoding::Dash,
        Encoding::Underscore,
        Encoding::Dot,
        Encoding::Unicode,
        Encoding::Overlong,
        Encoding::Base64,
        Encoding::Base32,
        Encoding::Hex,
        Encoding::Reversed,
    ];

    /// The stable text, e.g. `percent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Percent => "percent",
            Encoding::PercentU => "percent-u",
            Encoding::BackslashU => "backslash-u",
            Encoding::BackslashX => "backslash-x",
            Encoding::Octal => "octal",
            Encoding::Backslash => "backslash",
            Encoding::Html => "html",
            Encoding::Hash => "hash",
            Encoding::Defanged => "defanged",
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::Dash => "dash",
            Encoding::Underscore => "underscore",
            Encoding::Dot => "dot",
            Encoding::Unicode => "unicode",
            Encoding::Overlong => "overlong",
            Encoding::Base64 => "base64",
            Encoding::Base32 => "base32",
            Encoding::Hex => "hex",
            Encoding::Reversed => "reversed",
        }
    }
}

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A byte, possibly a part of a longer character.
    Byte(u8),
    /// A character beyond one byte.
    Character(char),
}

/// One escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escape {
    /// Its length, in bytes.
    pub length: usize,
    /// What it stands for.
    pub meaning: Meaning,
    /// How it is written.
    pub encoding: Encoding,
}

/// Most escapes inside one another that are followed. Servers and logs add one layer each; deeper chains do not decode
/// to a request anywhere.
pub const CHAIN_MAX: usize = 16;

/// How the inside of an escape may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// As it is: what this layer decodes.
    Plain,
    /// Escaped in turn: what a later layer decodes.
    Escaped,
}

/// Whether an escape can begin with this byte.
#[inline]
pub const fn begins(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'#' | b'=' | b'[' | b'(')
}

/// The escape that stands at the beginning of `text`.
#[inline]
pub fn read(text: &[u8]) -> Option<Escape> {
    let (first, rest) = text.split_first()?;
    let (used, meaning, encoding) = after(*first, rest, Inside::Plain)?;
    Some(Escape { length: used + 1, meaning, encoding })
}

/// What the escape at the beginning of `text` stands for once everything that it stands for is read again, and how
/// many bytes were read. `None` if there is none. A `#` is the end of a chain: what it begins depends on what stands
/// before it.
pub fn meaning(text: &[u8]) -> Option<(Meaning, usize)> {
    meaning_but(text, |_| false)
}

/// The same where some escapes are none.
pub(crate) fn meaning_but(text: &[u8], is_none: impl Fn(Encoding) -> bool) -> Option<(Meaning, usize)> {
    let read = |first: u8, rest: &[u8]| {
        after(first, rest, Inside::Escaped).filter(|(_, _, encoding)| !is_none(*encoding))
    };
    let (first, rest) = text.split_first()?;
    let (mut used, mut meaning, _) = read(*first, rest)?;
    for _ in 0..CHAIN_MAX {
        let Meaning::Byte(byte) = meaning else { break };
        if byte == b'#' {
            break;
        }
        let Some((more, deeper, _)) = read(byte, &rest[used..]) else { break };
        used += more;
        meaning = deeper;
    }
    Some((meaning, used + 1))
}

/// Whether the rest of a numeric entity stands here, from its `#` on.
pub(crate) fn is_entity(text: &[u8]) -> bool {
    text.strip_prefix(b"#").is_some_and(entity::is_rest)
}

/// The length of a semicolon at the beginning, as it is or escaped.
pub(crate) fn semicolon(text: &[u8]) -> Option<usize> {
    takes(text, b';', Inside::Escaped)
}

/// The length of this byte at the beginning, as it is or, where that may be, escaped.
fn takes(text: &[u8], byte: u8, inside: Inside) -> Option<usize> {
    if *text.first()? == byte {
        return Some(1);
    }
    if inside == Inside::Escaped { flat(text, byte) } else { None }
}

/// The length of escapes of `%` and `\` at the beginning that stand for this byte, the longest chain of them. Looks into no
/// escape that may hold others, so that nothing here calls itself.
fn flat(text: &[u8], wanted: u8) -> Option<usize> {
    let (mut byte, rest) = text.split_first().map(|(first, rest)| (*first, rest))?;
    let (mut used, mut found) = (0, None);
    for _ in 0..CHAIN_MAX {
        let rest = &rest[used..];
        let (more, meant) = match (byte, rest.first()) {
            (b'%', _) => nested(rest).map_or((2, None), |(value, used)| (used, Some(value))),
            (b'#', _) => (2, two(rest)),
            (b'\\', Some(b'x' | b'X')) => (3, two(&rest[1..])),
            (b'\\', Some(b'u' | b'U')) => {
                (5, rest.get(1..5).and_then(|digits| number(digits, 16)?.try_into().ok()))
            }
            (b'\\', Some(sign @ (b'\\' | b'/' | b'"'))) => (1, Some(*sign)),
            _ => break,
        };
        let Some(meant) = meant else { break };
        (byte, used) = (meant, used + more);
        if byte == wanted {
            found = Some(used + 1);
        }
    }
    found
}

/// What stands after the first byte of an escape: how many bytes belong to it, and what it stands for.
fn after(first: u8, rest: &[u8], inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    match first {
        b'%' => match rest.first()? {
            b'u' | b'U' => unit(rest, b'%', Encoding::PercentU, inside),
            _ => Some((2, Meaning::Byte(two(rest)?), Encoding::Percent)),
        },
        b'\\' => backslash(rest, inside),
        b'&' => entity::after(rest, inside),
        // HAProxy escapes nothing else; `#31` is a colour, an anchor or a number of something.
        b'#' => match two(rest)? {
            byte @ (b'"' | b'#' | b'{'..=b'}' | 0..0x20 | 0x7f..) => {
                Some((2, Meaning::Byte(byte), Encoding::Hash))
            }
            _ => None,
        },
        b'=' => mail::after(rest),
        b'[' | b'(' => defanged::after(first, rest, inside),
        _ => None,
    }
}

fn backslash(rest: &[u8], inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    let byte = |byte| Some((1, Meaning::Byte(byte), Encoding::Backslash));
    match *rest.first()? {
        b'x' | b'X' => Some((3, Meaning::Byte(two(&rest[1..])?), Encoding::BackslashX)),
        b'u' | b'U' => braces(&rest[1..], inside).or_else(|| unit(rest, b'\\', Encoding::BackslashU, inside)),
        b't' => byte(b'\t'),
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        sign @ (b'/' | b'"' | b'\'' | b'\\') => byte(sign),
        b'0'..=b'7' => octal(rest, inside),
        _ => None,
    }
}

/// `u0031`, or the pair `ud835\udfcf`, after the first `sign`.
fn unit(rest: &[u8], sign: u8, encoding: Encoding, inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    let value = number(rest.get(1..5)?, 16)?;
    if let Ok(byte @ 0..0x80) = u8::try_from(value) {
        return Some((5, Meaning::Byte(byte), encoding));
    }
    if let Some(character) = char::from_u32(value) {
        return Some((5, Meaning::Character(character), encoding));
    }
    let second = &rest[5..];
    let plain = second.first().filter(|first| **first == sign).map(|_| 1);
    let escaped = if inside == Inside::Escaped { flat(second, sign) } else { None };
    let low = |used: usize| {
        let [b'u' | b'U', digits @ ..] = second.get(used..used + 5)? else { return None };
        let low = number(digits, 16).filter(|low| (0xDC00..0xE000).contains(low))?;
        Some((low, used))
    };
    let (low, used) = plain.and_then(low).or_else(|| escaped.and_then(low))?;
    let joined = 0x1_0000 + ((value & 0x3FF) << 10) + (low & 0x3FF);
    Some((10 + used, Meaning::Character(char::from_u32(joined)?), encoding))
}

/// `{31}`, after the letter.
fn braces(rest: &[u8], inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    let open = takes(rest, b'{', inside)?;
    let digits = rest[open..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let value = number(&rest[open..open + digits], 16)?;
    let close = takes(&rest[open + digits..], b'}', inside)?;
    Some((1 + open + digits + close, character(value)?, Encoding::BackslashU))
}

/// `\61`: two or three digits. One alone refers to a group in a pattern. `\562` is `\56` and a `2`, as JavaScript and Java
/// read it; C refuses it. Where the third digit is escaped, it is whole only once that is taken off.
fn octal(rest: &[u8], inside: Inside) -> Option<(usize, Meaning, Encoding)> {
    let is_octal = |byte: &&u8| matches!(byte, b'0'..=b'7');
    let most = if matches!(rest.first(), Some(b'0'..=b'3')) { 3 } else { 2 };
    let digits = rest.iter().take(most).take_while(is_octal).count();
    let value = number(&rest[..digits], 8).filter(|_| digits >= 2)?;
    if inside == Inside::Plain && digits < most && holds_digit(&rest[digits..], 8) {
        return None;
    }
    Some((digits, Meaning::Byte(u8::try_from(value).ok()?), Encoding::Octal))
}

/// Whether a digit in this radix stands at the beginning that is escaped.
fn holds_digit(text: &[u8], radix: u32) -> bool {
    (b'0'..=b'f').filter(|byte| char::from(*byte).is_digit(radix)).any(|digit| flat(text, digit).is_some())
}

/// What a number stands for that is a character.
fn character(value: u32) -> Option<Meaning> {
    match u8::try_from(value) {
        Ok(byte @ 0..0x80) => Some(Meaning::Byte(byte)),
        _ => char::from_u32(value).map(Meaning::Character),
    }
}

#[inline]
pub(crate) fn digit(byte: u8) -> Option<u8> {
    let digit = DIGITS[usize::from(byte)];
    (digit < 16).then_some(digit)
}

/// What each byte is as a digit in hexadecimal; 16 for others.
static DIGITS: [u8; 256] = {
    let mut table = [16; 256];
    let mut digit: u8 = 0;
    while digit < 16 {
        let byte = b"0123456789abcdef"[digit as usize];
        table[byte as usize] = digit;
        table[byte.to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    table
};

#[inline]
fn two(text: &[u8]) -> Option<u8> {
    Some(digit(*text.first()?)? << 4 | digit(*text.get(1)?)?)
}

/// Two digits, each as it is or as an escape of percent signs: `3B`, `%33B`. What they make, and the length of what is written.
fn nested(text: &[u8]) -> Option<(u8, usize)> {
    let one = |text: &[u8]| match text {
        [b'%', digits @ ..] => Some((digit(two(digits)?)?, 3)),
        _ => Some((digit(*text.first()?)?, 1)),
    };
    let (high, used) = one(text)?;
    let (low, more) = one(&text[used..])?;
    Some((high << 4 | low, used + more))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |value, byte| {
        value.checked_mul(radix)?.checked_add(char::from(*byte).to_digit(radix)?)
    })
}

#[cfg(test)]
mod tests;
