//! One escape at one place: how it is written, what it stands for.
//!
//! ```text
//! % X X      %u X X X X      \x X X     \u X X X X   \u{X}   \o o o   \/  \"  \\  \t \n \r
//! & # d d ;  & # x X X ;     & colon ;  & period ; …
//! # X X      (HAProxy; stands for a sign, a control byte or a byte beyond ASCII, as it writes nothing else so)
//! ```
//! [`read`] reads one layer. [`meaning`] follows escapes that stand for the beginning of another one, as `%2531` does,
//! to the end: that is what decides whether a line must be looked at.
//!
//! Nothing fails: what is no escape is `None`.

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
    /// Characters beyond ASCII that a host folds to ASCII: `①`, full-width digits, soft hyphens.
    Unicode,
    /// ASCII in more bytes than it needs, e.g. `C0 AE`.
    Overlong,
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
        Encoding::Unicode,
        Encoding::Overlong,
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
            Encoding::Unicode => "unicode",
            Encoding::Overlong => "overlong",
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

/// HTML names of the characters of a URL.
const ENTITIES: &[(&[u8], u8)] = &[
    (b"colon;", b':'),
    (b"period;", b'.'),
    (b"sol;", b'/'),
    (b"bsol;", b'\\'),
    (b"commat;", b'@'),
    (b"quest;", b'?'),
    (b"num;", b'#'),
    (b"amp;", b'&'),
    (b"equals;", b'='),
    (b"percnt;", b'%'),
    (b"lsqb;", b'['),
    (b"rsqb;", b']'),
    (b"lbrack;", b'['),
    (b"rbrack;", b']'),
    (b"quot;", b'"'),
    (b"Tab;", b'\t'),
    (b"NewLine;", b'\n'),
];

/// Whether an escape can begin with this byte.
#[inline]
pub fn begins(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'#')
}

/// The escape that stands at the beginning of `text`.
#[inline]
pub fn read(text: &[u8]) -> Option<Escape> {
    let (first, rest) = text.split_first()?;
    let (used, meaning, encoding) = after(*first, rest)?;
    Some(Escape { length: used + 1, meaning, encoding })
}

/// What the escape at the beginning of `text` stands for once everything that it stands for is read again, and how
/// many bytes were read. `None` if there is none.
pub fn meaning(text: &[u8]) -> Option<(Meaning, usize)> {
    let (first, rest) = text.split_first()?;
    let (mut used, mut meaning, _) = after(*first, rest)?;
    for _ in 0..CHAIN_MAX {
        let Meaning::Byte(byte) = meaning else { break };
        let Some((more, deeper, _)) = after(byte, &rest[used..]) else { break };
        used += more;
        meaning = deeper;
    }
    Some((meaning, used + 1))
}

/// What stands after the first byte of an escape: how many bytes belong to it, and what it stands for.
fn after(first: u8, rest: &[u8]) -> Option<(usize, Meaning, Encoding)> {
    match first {
        b'%' => match rest.first()? {
            b'u' | b'U' => Some((5, four(&rest[1..])?, Encoding::PercentU)),
            _ => Some((2, Meaning::Byte(two(rest)?), Encoding::Percent)),
        },
        b'\\' => backslash(rest),
        b'&' => entity(rest),
        // HAProxy escapes nothing else; `#31` is a colour, an anchor or a number of something.
        b'#' => match two(rest)? {
            byte @ (b'"' | b'#' | 0..0x20 | 0x7f..) => Some((2, Meaning::Byte(byte), Encoding::Hash)),
            _ => None,
        },
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<(usize, Meaning, Encoding)> {
    let byte = |byte| Some((1, Meaning::Byte(byte), Encoding::Backslash));
    match *rest.first()? {
        b'x' | b'X' => Some((3, Meaning::Byte(two(&rest[1..])?), Encoding::BackslashX)),
        b'u' | b'U' if rest.get(1) == Some(&b'{') => braces(&rest[2..]),
        b'u' | b'U' => Some((5, four(&rest[1..])?, Encoding::BackslashU)),
        b't' => byte(b'\t'),
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        sign @ (b'/' | b'"' | b'\'' | b'\\') => byte(sign),
        b'0'..=b'7' => octal(rest),
        _ => None,
    }
}

/// `\u{31}`, after the brace.
fn braces(rest: &[u8]) -> Option<(usize, Meaning, Encoding)> {
    let end = rest.iter().take(7).position(|byte| *byte == b'}')?;
    let value = number(&rest[..end], 16)?;
    Some((end + 3, Meaning::Character(char::from_u32(value)?), Encoding::BackslashU))
}

/// `\61`: two or three digits. One alone refers to a group in a pattern.
fn octal(rest: &[u8]) -> Option<(usize, Meaning, Encoding)> {
    let digits = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(*byte)).count();
    let value = number(&rest[..digits], 8).filter(|_| digits >= 2)?;
    Some((digits, Meaning::Byte(u8::try_from(value).ok()?), Encoding::Octal))
}

/// `#49;`, `#x31;`, `colon;`: what stands after the `&`.
fn entity(rest: &[u8]) -> Option<(usize, Meaning, Encoding)> {
    let Some(digits) = rest.strip_prefix(b"#") else {
        let (name, byte) = ENTITIES.iter().find(|(name, _)| rest.starts_with(name))?;
        return Some((name.len(), Meaning::Byte(*byte), Encoding::Html));
    };
    let (value, length) = entity_number(digits)?;
    let meaning = match u8::try_from(value) {
        Ok(byte @ 0..0x80) => Meaning::Byte(byte),
        _ => Meaning::Character(char::from_u32(value)?),
    };
    Some((1 + length, meaning, Encoding::Html))
}

/// The number of an HTML entity, `49;` or `x31;`, and its length. The semicolon may be missing, as browsers read it.
pub fn entity_number(digits: &[u8]) -> Option<(u32, usize)> {
    let (sign, radix) = if matches!(digits.first(), Some(b'x' | b'X')) { (1, 16) } else { (0, 10) };
    let digits = &digits[sign..];
    let length = digits.iter().take(10).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let value = number(&digits[..length], radix)?;
    let semicolon = usize::from(digits.get(length) == Some(&b';'));
    Some((value, sign + length + semicolon))
}

#[inline]
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[inline]
fn two(text: &[u8]) -> Option<u8> {
    Some(digit(*text.first()?)? << 4 | digit(*text.get(1)?)?)
}

fn four(text: &[u8]) -> Option<Meaning> {
    let value = number(text.get(..4)?, 16)?;
    match u8::try_from(value) {
        Ok(byte @ 0..0x80) => Some(Meaning::Byte(byte)),
        _ => Some(Meaning::Character(char::from_u32(value)?)),
    }
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
