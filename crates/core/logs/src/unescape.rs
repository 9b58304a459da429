//! Undoing what a log did to a field when it wrote it: one layer, never more.
//!
//! ```text
//! Backslash  \xHH \uHHHH \" \\ \/ \b \f \n \r \t \v \a     nginx (both ways), Apache httpd, Zeek, JSON
//! Percent    %HH                                           CloudFront
//! Hash       #HH                                           HAProxy
//! Plus       +  for a space                                IIS
//! ```
//! Every writer of backslashes escapes the backslash itself, and none writes a form that means something else to
//! another one, so a single reader is exact for all of them.
//!
//! Nothing fails: what is no escape stays as it is. Nothing is allocated when nothing changes.

use memchr::memchr;
use std::borrow::Cow;

/// How a log escapes a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Escaping {
    #[default]
    None,
    Backslash,
    Percent,
    Hash,
    Plus,
}

/// What an escape stands for: at most one character.
struct Meaning {
    bytes: [u8; 4],
    length: usize,
    used: usize,
}

impl Meaning {
    fn byte(byte: u8, used: usize) -> Meaning {
        Meaning { bytes: [byte, 0, 0, 0], length: 1, used }
    }

    fn character(character: char, used: usize) -> Meaning {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        Meaning { bytes, length, used }
    }
}

impl Escaping {
    /// The field before it was escaped.
    pub(crate) fn undo(self, raw: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Escaping::None => Cow::Borrowed(raw),
            Escaping::Backslash => rewrite(raw, b'\\', backslash),
            Escaping::Percent => rewrite(raw, b'%', |rest| Some(Meaning::byte(pair(rest)?, 2))),
            Escaping::Hash => rewrite(raw, b'#', |rest| Some(Meaning::byte(pair(rest)?, 2))),
            Escaping::Plus => rewrite(raw, b'+', |_| Some(Meaning::byte(b' ', 0))),
        }
    }

    /// Whether a quote after a backslash is part of the field.
    pub(crate) fn hides_quotes(self) -> bool {
        self == Escaping::Backslash
    }
}

/// Replaces every escape; `read` is given what stands after the mark.
fn rewrite(raw: &[u8], mark: u8, read: impl Fn(&[u8]) -> Option<Meaning>) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = memchr(mark, &raw[at..]) {
        let start = at + found;
        at = start + 1;
        if let Some(meaning) = read(&raw[at..]) {
            if out.capacity() == 0 {
                out.reserve(raw.len());
            }
            out.extend_from_slice(&raw[kept..start]);
            out.extend_from_slice(&meaning.bytes[..meaning.length]);
            at += meaning.used;
            kept = at;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(raw);
    }
    out.extend_from_slice(&raw[kept..]);
    Cow::Owned(out)
}

fn backslash(rest: &[u8]) -> Option<Meaning> {
    let byte = |byte| Some(Meaning::byte(byte, 1));
    match *rest.first()? {
        b'x' => Some(Meaning::byte(pair(&rest[1..])?, 3)),
        b'u' => unicode(&rest[1..]),
        sign @ (b'"' | b'\\' | b'/') => byte(sign),
        b'b' => byte(0x08),
        b'f' => byte(0x0c),
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        b't' => byte(b'\t'),
        b'v' => byte(0x0b),
        b'a' => byte(0x07),
        _ => None,
    }
}

/// `\u00e9`, or two halves of a character beyond the first plane. Half a character is U+FFFD.
fn unicode(rest: &[u8]) -> Option<Meaning> {
    let first = four(rest)?;
    let (value, used) = match (first, low_half(&rest[4..])) {
        (0xd800..0xdc00, Some(second)) => (0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00), 11),
        _ => (first, 5),
    };
    Some(Meaning::character(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), used))
}

fn low_half(rest: &[u8]) -> Option<u32> {
    four(rest.strip_prefix(b"\\u")?).filter(|half| (0xdc00..0xe000).contains(half))
}

fn four(rest: &[u8]) -> Option<u32> {
    Some(u32::from(pair(rest)?) << 8 | u32::from(pair(&rest[2..])?))
}

fn pair(rest: &[u8]) -> Option<u8> {
    Some(digit(*rest.first()?)? << 4 | digit(*rest.get(1)?)?)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Escaping;
    use std::borrow::Cow;

    struct Case {
        name: &'static str,
        escaping: Escaping,
        input: &'static str,
        want: &'static [u8],
        why: &'static str,
    }

    const CASES: &[Case] = &[
        Case {
            name: "nginx",
            escaping: Escaping::Backslash,
            input: r"/a\x22b\x5Cx41\xC3\xA9",
            want: b"/a\"b\\x41\xc3\xa9",
            why: "the escaped backslash begins nothing",
        },
        Case {
            name: "apache",
            escaping: Escaping::Backslash,
            input: r#"\"q\"\\x41\t\v\xe2"#,
            want: b"\"q\"\\x41\t\x0b\xe2",
            why: "letters, and lower-case digits",
        },
        Case {
            name: "json",
            escaping: Escaping::Backslash,
            input: r"http:\/\/a\u002fb\u00e9\ud83d\ude00",
            want: "http://a/bé😀".as_bytes(),
            why: "characters beyond ASCII become UTF-8",
        },
        Case {
            name: "half a character",
            escaping: Escaping::Backslash,
            input: r"\ud83d\u0041\ude00",
            want: "\u{fffd}A\u{fffd}".as_bytes(),
            why: "what no text can hold is marked, what follows is kept",
        },
        Case {
            name: "no escapes",
            escaping: Escaping::Backslash,
            input: r"\xg0 \u12 \q \",
            want: br"\xg0 \u12 \q \",
            why: "stays as it is",
        },
        Case {
            name: "one percent layer",
            escaping: Escaping::Percent,
            input: "u=%2568%5B%zz%2",
            want: b"u=%68[%zz%2",
            why: "what the sender encoded stays encoded",
        },
        Case {
            name: "haproxy",
            escaping: Escaping::Hash,
            input: "a#23b#22#g",
            want: b"a#b\"#g",
            why: "two digits after the sign",
        },
        Case {
            name: "iis",
            escaping: Escaping::Plus,
            input: "Mozilla/5.0+(X11)%2B",
            want: b"Mozilla/5.0 (X11)%2B",
            why: "the plus alone stands for something",
        },
        Case {
            name: "none",
            escaping: Escaping::None,
            input: r"\x41%41#41+",
            want: br"\x41%41#41+",
            why: "",
        },
    ];

    #[test]
    fn one_layer_is_undone() {
        for Case { name, escaping, input, want, why } in CASES {
            let value = escaping.undo(input.as_bytes());
            assert_eq!(value.as_ref(), *want, "{name}: {why}");
            assert_eq!(
                matches!(value, Cow::Borrowed(_)),
                input.as_bytes() == *want,
                "{name}: allocates to change"
            );
        }
    }
}
