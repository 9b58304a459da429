//! Finds what is written in text under layers of encoding: for reading logs and pages, not for connecting.
//!
//! ```text
//! text ─▶ each encoding by itself, and all of them at once ─▶ new texts ─▶ the same again, three rounds at most
//! ```
//! In the order in which they are tried; * is deep, and left out at [`Depth::Plain`]:
//!
//! | encoding | written | stands for |
//! |---|---|---|
//! | percent | `%3A`, `%253A`, … `%252525252525253A` | `:`, up to eight times over, in one round |
//! | backslash-u | `\u003a`, `\u{3a}`, `\ud835\udfcf` | `:`, `:`, `𝟏` |
//! | json | `\/`, `\\`, `\"` | `/`, `\`, `"` |
//! | html | `&#58;`, `&#x3a;`, `&colon;` | `:` |
//! | base64 * | `aHR0cDovLw==`, `aAB0AHQAcAA6AA==` | a run, of either alphabet, that holds a URL in UTF-8 or UTF-16 |
//! | hex * | `687474703a`, `0x6874…`, `68:74:74:70`, `0x68, 0x74` | a run or a list of bytes that holds a URL |
//! | backslash-x | `\x3a` | `:` |
//! | percent-u | `%u003A` | `:` |
//! | overlong | the bytes `C0 AE`, `E0 80 AE` | `.`, in more bytes of UTF-8 than it needs |
//! | breaks | `ht⇥tp://a.exam⏎ple/`, `ht\tp://` | `http://a.example/`: tabs and line ends inside a URL |
//! | octal | `\72`, `\072` | `:` |
//! | defanged | `hxxp`, `[.]`, `(dot)`, `[:]` | `http`, `.`, `:` |
//! | quoted-printable | `=3A` | `:` |
//! | hash | `#3A` | `:`, in `HAProxy`'s log |
//! | dash, underscore, dot | `-3A`, `_3A`, `.3A` | `:`, for the delimiters of a URL alone |
//! | base32 * | `NB2HI4B2F4XQ====` | a run that holds a URL |
//! | reversed * | `a//:ptth` | `http://a` |
//!
//! `%c0%ae` is percent and then overlong. `%EF%BC%8E` is percent: the full-width dot stays, and whoever reads the host
//! folds it. Base64, hex and base32 may begin and end anywhere in a run, junk before and behind them stays.
//!
//! Nothing decided here opens anything: a finding is judged by [`UrlChecker`](crate::UrlChecker) or by whoever reads it.
//!
//! # Failure
//! Nothing fails. Text beyond [`TEXT_MAX_BYTES`] is not read; no layer is longer than what it came from. Time is linear;
//! all layers together have at most eight times the bytes of the text, or 64 KiB. A text in which nothing is hidden
//! costs no allocation.

mod encoding;
mod escapes;
mod packed;
mod search;
mod shape;

pub use encoding::Encoding;

use search::Search;

/// Longest text that is decoded, in bytes. Whoever has more hands it over in pieces.
pub const TEXT_MAX_BYTES: usize = 64 * 1024;
/// Most rounds of decoding. Percent-encoding is not counted.
pub const ROUNDS_MAX: usize = 3;
/// Most times that percent-encoding is taken off.
pub const PERCENTS_MAX: usize = 8;
/// Most texts that one text gives. More encodings at once do not occur in one line.
pub const LAYERS_MAX: usize = 24;

/// Which encodings are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// Those that write characters one by one.
    Plain,
    /// Those that hide a whole text as well, which cost more and find by chance what nobody wrote.
    #[default]
    Deep,
}

/// A text, and the encodings that were taken off to see it, the outermost first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// What is seen.
    pub text: Vec<u8>,
    /// What was taken off.
    pub encodings: Vec<Encoding>,
}

/// Everything that a text says under its encodings, the text itself left out, the most probable first. Each text is given
/// once.
///
/// ```
/// let layers = onehop_url::decode::layers(b"seen: http-3A-2F-2F169.254.169.254-2Flatest");
/// assert_eq!(layers[0].text, b"seen: http://169.254.169.254/latest");
/// assert_eq!(layers[0].encodings[0].as_str(), "dash");
/// ```
pub fn layers(text: &[u8]) -> Vec<Layer> {
    layers_of(text, Depth::Deep)
}

/// The same with the encodings of this depth.
///
/// ```
/// use onehop_url::decode::{Depth, layers_of};
/// let hidden = b"aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8";
/// assert_eq!(layers_of(hidden, Depth::Deep)[0].text, b"http://169.254.169.254/");
/// assert_eq!(layers_of(hidden, Depth::Plain), []);
/// ```
pub fn layers_of(text: &[u8], depth: Depth) -> Vec<Layer> {
    Search::of(&text[..text.len().min(TEXT_MAX_BYTES)], depth).run()
}

#[cfg(test)]
mod tests;
