//! Finds what is written in text under layers of encoding: for reading logs and pages, not for connecting.
//!
//! ```text
//! text ─▶ each encoding by itself, and all of them at once ─▶ new texts ─▶ the same again, three rounds at most
//! ```
//! | encoding | written | stands for |
//! |---|---|---|
//! | percent | `%3A` | `:` |
//! | percent-u | `%u003A` | `:` |
//! | backslash-u | `\u003a`, `\u{3a}` | `:` |
//! | backslash-x | `\x3a` | `:` |
//! | html | `&#58;`, `&#x3a;`, `&colon;` | `:` |
//! | quoted-printable | `=3A` | `:` |
//! | dash, underscore, dot | `-3A`, `_3A`, `.3A` | `:`, for the delimiters of a URL alone |
//! | base64 | `aHR0cDovLw==` | a run that decodes to a URL |
//! | hex | `687474703a2f2f` | the same |
//! | defanged | `hxxp`, `[.]`, `(dot)`, `[:]` | `http`, `.`, `:` |
//!
//! Nothing decided here opens anything: a finding is judged by [`UrlChecker`](crate::UrlChecker) or by whoever reads it.
//!
//! # Failure
//! Nothing fails. Text beyond [`TEXT_MAX_BYTES`] is not read; no layer is longer than what it came from.

mod escapes;
mod packed;

use std::borrow::Cow;

/// Longest text that is decoded, in bytes. Whoever has more hands it over in pieces.
pub const TEXT_MAX_BYTES: usize = 64 * 1024;
/// Most rounds of decoding.
pub const ROUNDS_MAX: u8 = 3;
/// Most texts that one text gives. More encodings at once do not occur in one line.
pub const LAYERS_MAX: usize = 24;

/// A way to write characters as other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Encoding {
    /// `%3A`.
    Percent,
    /// `%u003A`.
    PercentU,
    /// `\u003a` and `\u{3a}`.
    BackslashU,
    /// `\x3a`.
    BackslashX,
    /// `&#58;`, `&#x3a;`, `&colon;`.
    Html,
    /// `=3A`.
    QuotedPrintable,
    /// `-3A`, for the delimiters of a URL.
    Dash,
    /// `_3A`, for the delimiters of a URL.
    Underscore,
    /// `.3A`, for the delimiters of a URL.
    Dot,
    /// Base64 of a URL, of either alphabet.
    Base64,
    /// Hexadecimal digits of a URL.
    Hex,
    /// `hxxp`, `[.]`, `(dot)`, `[:]`.
    Defanged,
}

impl Encoding {
    /// Every encoding, in the order in which they are tried.
    pub const ALL: &'static [Encoding] = &[
        Encoding::Percent,
        Encoding::PercentU,
        Encoding::BackslashU,
        Encoding::BackslashX,
        Encoding::Html,
        Encoding::QuotedPrintable,
        Encoding::Dash,
        Encoding::Underscore,
        Encoding::Dot,
        Encoding::Base64,
        Encoding::Hex,
        Encoding::Defanged,
    ];

    /// The stable text, e.g. `quoted-printable`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Percent => "percent",
            Encoding::PercentU => "percent-u",
            Encoding::BackslashU => "backslash-u",
            Encoding::BackslashX => "backslash-x",
            Encoding::Html => "html",
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::Dash => "dash",
            Encoding::Underscore => "underscore",
            Encoding::Dot => "dot",
            Encoding::Base64 => "base64",
            Encoding::Hex => "hex",
            Encoding::Defanged => "defanged",
        }
    }

    /// The text with this encoding taken off wherever it stands, once. Borrowed if it stands nowhere.
    pub fn decode(self, text: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::Base64 => packed::base64(text),
            Encoding::Hex => packed::hex(text),
            Encoding::Defanged => escapes::defanged(text),
            _ => escapes::replaced(self, text),
        }
    }
}

/// A text, and the encodings that were taken off to see it, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What is seen.
    pub text: Vec<u8>,
    /// What was taken off.
    pub encodings: Vec<Encoding>,
}

/// Everything that a text says under its encodings, the text itself left out. Each text is given once.
///
/// ```
/// let layers = onehop_url::decode::layers(b"seen: http-3A-2F-2F169.254.169.254-2Flatest");
/// assert_eq!(layers[0].text, b"seen: http://169.254.169.254/latest");
/// assert_eq!(layers[0].encodings[0].as_str(), "dash");
/// ```
pub fn layers(text: &[u8]) -> Vec<Layer> {
    let text = &text[..text.len().min(TEXT_MAX_BYTES)];
    let mut found: Vec<Layer> = Vec::new();
    let mut open = 0;
    for round in 0..ROUNDS_MAX {
        let until = found.len();
        if round == 0 {
            decode_once(text, &[], text, &mut found);
        }
        for at in open..until {
            let from = found[at].clone();
            decode_once(&from.text, &from.encodings, text, &mut found);
        }
        open = until;
    }
    found
}

/// Adds what each encoding gives by itself.
fn decode_once(from: &[u8], taken_off: &[Encoding], original: &[u8], found: &mut Vec<Layer>) {
    for encoding in Encoding::ALL {
        if found.len() >= LAYERS_MAX {
            return;
        }
        let Cow::Owned(text) = encoding.decode(from) else {
            continue;
        };
        if text == original || found.iter().any(|layer| layer.text == text) {
            continue;
        }
        let mut encodings = taken_off.to_vec();
        encodings.push(*encoding);
        found.push(Layer { text, encodings });
    }
}

#[cfg(test)]
mod tests;
