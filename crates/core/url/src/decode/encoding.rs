//! The encodings by name, and how each is taken off. Nothing here fails.

use super::{escapes, packed, shape};
use std::borrow::Cow;

/// A way to write characters as other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Encoding {
    /// `%3A`.
    Percent,
    /// `\u003a`, `\u{3a}`, and pairs of surrogates.
    BackslashU,
    /// `\/`, `\\` and `\"`, as JSON may write them.
    Json,
    /// `&#58;`, `&#x3a;`, `&colon;`.
    Html,
    /// Base64 of a text with a URL, of either alphabet, padded or not, of UTF-8 or UTF-16.
    Base64,
    /// Hexadecimal digits of a text with a URL, in one run or with signs between the bytes.
    Hex,
    /// `\x3a`.
    BackslashX,
    /// `%u003A`.
    PercentU,
    /// UTF-8 with more bytes than a character needs: `C0 AE` for `.`, which strict readers refuse.
    Overlong,
    /// A tab or a line end inside a URL, which browsers drop; also as `\t`, `\r`, `\n`.
    Breaks,
    /// `\72`, `\072`.
    Octal,
    /// `hxxp`, `[.]`, `(dot)`, `[:]`.
    Defanged,
    /// `=3A`.
    QuotedPrintable,
    /// `#3A`, as `HAProxy` writes its log.
    Hash,
    /// `-3A`, for the delimiters of a URL.
    Dash,
    /// `_3A`, for the delimiters of a URL.
    Underscore,
    /// `.3A`, for the delimiters of a URL.
    Dot,
    /// Base32 of a text with a URL, padded or not.
    Base32,
    /// A URL from its end to its beginning.
    Reversed,
}

impl Encoding {
    /// Every encoding, in the order in which they are tried: the most probable first.
    pub const ALL: &'static [Encoding] = &[
        Encoding::Percent,
        Encoding::BackslashU,
        Encoding::Json,
        Encoding::Html,
        Encoding::Base64,
        Encoding::Hex,
        Encoding::BackslashX,
        Encoding::PercentU,
        Encoding::Overlong,
        Encoding::Breaks,
        Encoding::Octal,
        Encoding::Defanged,
        Encoding::QuotedPrintable,
        Encoding::Hash,
        Encoding::Dash,
        Encoding::Underscore,
        Encoding::Dot,
        Encoding::Base32,
        Encoding::Reversed,
    ];

    /// The stable text, e.g. `quoted-printable`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Percent => "percent",
            Encoding::BackslashU => "backslash-u",
            Encoding::Json => "json",
            Encoding::Html => "html",
            Encoding::Base64 => "base64",
            Encoding::Hex => "hex",
            Encoding::BackslashX => "backslash-x",
            Encoding::PercentU => "percent-u",
            Encoding::Overlong => "overlong",
            Encoding::Breaks => "breaks",
            Encoding::Octal => "octal",
            Encoding::Defanged => "defanged",
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::Hash => "hash",
            Encoding::Dash => "dash",
            Encoding::Underscore => "underscore",
            Encoding::Dot => "dot",
            Encoding::Base32 => "base32",
            Encoding::Reversed => "reversed",
        }
    }

    /// Whether it costs much to look for, and finds by chance what nobody wrote:
    /// [`Depth::Plain`](super::Depth::Plain) leaves it out.
    pub const fn is_deep(self) -> bool {
        matches!(self, Encoding::Base64 | Encoding::Hex | Encoding::Base32 | Encoding::Reversed)
    }

    /// The text with this encoding taken off wherever it stands, once. Borrowed if it stands nowhere, and then nothing
    /// is allocated.
    pub fn decode(self, text: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::Base64 => packed::base64(text),
            Encoding::Base32 => packed::base32(text),
            Encoding::Hex => packed::hex(text),
            Encoding::Reversed => shape::reversed(text),
            Encoding::Breaks => shape::breaks(text),
            Encoding::Overlong => shape::overlong(text),
            Encoding::Defanged => escapes::defanged(text),
            _ => escapes::replaced(self, text),
        }
    }

    /// The bytes with which its escapes begin.
    pub(super) const fn begins(self) -> Signs {
        match self {
            Encoding::Defanged => Signs(Signs::BRACKET | Signs::H),
            other => other.signs(),
        }
    }

    /// What a text must have for this encoding to stand in it.
    pub(super) const fn signs(self) -> Signs {
        match self {
            Encoding::Percent | Encoding::PercentU => Signs(Signs::PERCENT),
            Encoding::BackslashU | Encoding::Json | Encoding::BackslashX | Encoding::Octal => {
                Signs(Signs::BACKSLASH)
            }
            Encoding::Html => Signs(Signs::AMPERSAND),
            Encoding::Overlong => Signs(Signs::LEAD),
            Encoding::Breaks => Signs(Signs::BREAK | Signs::BACKSLASH),
            Encoding::Defanged => Signs(Signs::BRACKET | Signs::X),
            Encoding::QuotedPrintable => Signs(Signs::EQUALS),
            Encoding::Hash => Signs(Signs::HASH),
            Encoding::Dash => Signs(Signs::DASH),
            Encoding::Underscore => Signs(Signs::UNDERSCORE),
            Encoding::Dot => Signs(Signs::DOT),
            Encoding::Base64 | Encoding::Hex | Encoding::Base32 | Encoding::Reversed => Signs(Signs::ANY),
        }
    }
}

/// Which of the bytes that begin escapes stand in a text: one look over it spares the others.
#[derive(Clone, Copy)]
pub(super) struct Signs(u16);

impl Signs {
    const ANY: u16 = 1;
    const PERCENT: u16 = 1 << 1;
    const BACKSLASH: u16 = 1 << 2;
    const AMPERSAND: u16 = 1 << 3;
    const EQUALS: u16 = 1 << 4;
    const DASH: u16 = 1 << 5;
    const UNDERSCORE: u16 = 1 << 6;
    const HASH: u16 = 1 << 7;
    const BRACKET: u16 = 1 << 8;
    const X: u16 = 1 << 9;
    const BREAK: u16 = 1 << 10;
    const LEAD: u16 = 1 << 11;
    const DOT: u16 = 1 << 12;
    const H: u16 = 1 << 13;

    const OF_BYTE: [u16; 256] = {
        let mut signs = [Signs::ANY; 256];
        signs[b'%' as usize] |= Signs::PERCENT;
        signs[b'\\' as usize] |= Signs::BACKSLASH;
        signs[b'&' as usize] |= Signs::AMPERSAND;
        signs[b'=' as usize] |= Signs::EQUALS;
        signs[b'-' as usize] |= Signs::DASH;
        signs[b'_' as usize] |= Signs::UNDERSCORE;
        signs[b'#' as usize] |= Signs::HASH;
        signs[b'.' as usize] |= Signs::DOT;
        signs[b'h' as usize] |= Signs::H;
        signs[b'H' as usize] |= Signs::H;
        signs[b'[' as usize] |= Signs::BRACKET;
        signs[b'(' as usize] |= Signs::BRACKET;
        signs[b'{' as usize] |= Signs::BRACKET;
        // `hxxp` and `h**p`.
        signs[b'x' as usize] |= Signs::X;
        signs[b'X' as usize] |= Signs::X;
        signs[b'*' as usize] |= Signs::X;
        signs[b'\t' as usize] |= Signs::BREAK;
        signs[b'\r' as usize] |= Signs::BREAK;
        signs[b'\n' as usize] |= Signs::BREAK;
        signs[0xc0] |= Signs::LEAD;
        signs[0xc1] |= Signs::LEAD;
        signs[0xe0] |= Signs::LEAD;
        signs[0xf0] |= Signs::LEAD;
        signs[0xf8] |= Signs::LEAD;
        signs[0xfc] |= Signs::LEAD;
        signs
    };

    pub(super) fn of(text: &[u8]) -> Signs {
        Signs(text.iter().fold(0, |signs, byte| signs | Signs::OF_BYTE[usize::from(*byte)]))
    }

    pub(super) const fn of_byte(byte: u8) -> Signs {
        Signs(Signs::OF_BYTE[byte as usize])
    }

    /// Whether one of these is there.
    pub(super) const fn has(self, some: Signs) -> bool {
        self.0 & some.0 != 0
    }
}
