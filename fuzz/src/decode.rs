//! Hidden text: what is seen under its encodings is bounded, is what the encodings say, and misses nothing that is put
//! there.
//!
//! The input is the text. A URL with its letters and digits in the path is also hidden in some of the ways that are known, by
//! encoders written here, behind junk from the input; it must be seen.

use crate::Reached;
use onehop_url::decode::{
    Depth, Encoding, LAYERS_MAX, Layer, PERCENTS_MAX, ROUNDS_MAX, TEXT_MAX_BYTES, layers, layers_of,
};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Longest path of the URL that is hidden, in bytes.
const PATH_MAX_BYTES: usize = 24;

/// Reads one text.
pub fn run(data: &[u8]) -> Reached {
    let deep = layers(data);
    check_layers(data, &deep);
    let plain = layers_of(data, Depth::Plain);
    check_layers(data, &plain);
    for layer in &plain {
        assert!(!layer.encodings.iter().any(|encoding| encoding.is_deep()), "{layer:?}");
    }
    assert!(plain.is_empty() || !deep.is_empty());
    check_each(data, !deep.is_empty());
    check_hidden(data);
    Reached::accepted_if(!deep.is_empty())
}

/// Few layers, none larger than the text, each once, and each what its encodings give.
fn check_layers(data: &[u8], found: &[Layer]) {
    let text = &data[..data.len().min(TEXT_MAX_BYTES)];
    assert!(found.len() <= LAYERS_MAX);
    for (at, layer) in found.iter().enumerate() {
        let percents = layer.encodings.iter().filter(|encoding| **encoding == Encoding::Percent).count();
        assert!(layer.text.len() <= text.len(), "{layer:?}");
        assert!((1..=PERCENTS_MAX + ROUNDS_MAX * Encoding::ALL.len()).contains(&layer.encodings.len()));
        assert!(percents <= PERCENTS_MAX);
        assert!(layer.text != text && found[..at].iter().all(|other| other.text != layer.text), "{layer:?}");
        let mut again = text.to_vec();
        for encoding in &layer.encodings {
            let next = encoding.decode(&again).into_owned();
            assert!(next.len() <= again.len(), "{encoding:?} makes text longer");
            again = next;
        }
        assert_eq!(again, layer.text, "{:?}", layer.encodings);
    }
}

/// Each encoding by itself: nothing becomes longer, and what is borrowed is the text.
fn check_each(data: &[u8], is_hidden: bool) {
    for encoding in Encoding::ALL {
        match encoding.decode(data) {
            Cow::Borrowed(same) => assert_eq!(same, data),
            Cow::Owned(seen) => {
                assert!(seen.len() <= data.len(), "{encoding:?} makes text longer");
                assert!(is_hidden || seen == data, "{encoding:?} is not tried");
            }
        }
    }
}

/// A URL in every disguise, with letters and digits from the input as its path, between junk from the input.
fn check_hidden(data: &[u8]) {
    let letters = |bytes: &[u8]| -> String {
        // `hxxp` in the path would be an encoding of its own.
        let letters = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric() && !b"xX".contains(byte));
        letters.take(PATH_MAX_BYTES).map(|byte| char::from(*byte)).collect()
    };
    let url = format!("http://169.254.169.254/{}", letters(data));
    let junk = data.iter().take(3).filter(|byte| byte.is_ascii_alphanumeric()).map(|byte| char::from(*byte));
    let junk: String = junk.collect();
    // A few of them, by what the input is: trying all would take most of the time.
    let sum = data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let all = disguises(&url);
    let at = sum % all.len();
    for (hidden, encodings) in all.into_iter().skip(at).step_by(9) {
        let line = match sum % 3 {
            0 => hidden,
            1 => format!("GET /?u={hidden} HTTP/1.1"),
            _ => format!("{junk}{hidden}"),
        };
        // What is found in front of packed text may be packed too.
        let is_packed = matches!(encodings[0], Encoding::Base64 | Encoding::Base32 | Encoding::Hex);
        let is_there = |layer: &Layer| {
            let text = String::from_utf8_lossy(&layer.text);
            text.contains(&url) && (is_packed || layer.encodings.starts_with(&encodings))
        };
        assert!(layers(line.as_bytes()).iter().any(is_there), "`{line}` hides {url} by {encodings:?}");
    }
}

fn each_byte(url: &str, write: impl Fn(&mut String, u8)) -> String {
    url.bytes().fold(String::new(), |mut out, byte| {
        write(&mut out, byte);
        out
    })
}

/// Every byte as a format says.
macro_rules! bytes {
    ($url:expr, $format:literal) => {
        each_byte($url, |out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, $format, byte);
        })
    };
}

/// The URL in disguise, and what has to be taken off.
fn disguises(url: &str) -> Vec<(String, Vec<Encoding>)> {
    let percent = bytes!(url, "%{:02X}");
    let twice = percent.replace('%', "%25");
    let often = percent.replace('%', "%25252525252525");
    let wide: Vec<u8> = url.bytes().flat_map(|byte| [byte, 0]).collect();
    let delimiters = |sign: char| url.replace(':', &format!("{sign}3A")).replace('/', &format!("{sign}2F"));
    let overlong = url.replace('.', "%c0%ae");
    let packed = base64(url.as_bytes());
    let hex = bytes!(url, "{:02x}");
    vec![
        (percent, vec![Encoding::Percent]),
        (twice, vec![Encoding::Percent; 2]),
        (often, vec![Encoding::Percent; 8]),
        (bytes!(url, "%u{:04x}"), vec![Encoding::PercentU]),
        (bytes!(url, "\\u{:04X}"), vec![Encoding::BackslashU]),
        (bytes!(url, "\\x{:02x}"), vec![Encoding::BackslashX]),
        (bytes!(url, "\\{:03o}"), vec![Encoding::Octal]),
        (bytes!(url, "&#{};"), vec![Encoding::Html]),
        (bytes!(url, "&#x{:x};"), vec![Encoding::Html]),
        (bytes!(url, "={:02X}"), vec![Encoding::QuotedPrintable]),
        (bytes!(url, "#{:02X}"), vec![Encoding::Hash]),
        (delimiters('-'), vec![Encoding::Dash]),
        (delimiters('_'), vec![Encoding::Underscore]),
        (delimiters('.'), vec![Encoding::Dot]),
        (url.replace('/', "\\/"), vec![Encoding::Json]),
        (url.replace('.', "[.]"), vec![Encoding::Defanged]),
        (url.replace("tt", "t\tt").replace("169.", "169\n."), vec![Encoding::Breaks]),
        (overlong, vec![Encoding::Percent, Encoding::Overlong]),
        (url.chars().rev().collect(), vec![Encoding::Reversed]),
        (base64(packed.as_bytes()), vec![Encoding::Base64; 2]),
        (base64(&wide), vec![Encoding::Base64]),
        (packed, vec![Encoding::Base64]),
        (base32(url.as_bytes()), vec![Encoding::Base32]),
        (hex.clone(), vec![Encoding::Hex]),
        (format!("0x{hex}"), vec![Encoding::Hex]),
        (bytes!(url, "{:02X} "), vec![Encoding::Hex]),
        (bytes!(url, "{:02x}:"), vec![Encoding::Hex]),
        (bytes!(url, "0x{:02x}, "), vec![Encoding::Hex]),
    ]
}

/// Base64 without padding, written without regard to speed.
fn base64(bytes: &[u8]) -> String {
    in_digits(bytes, 6, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}

fn base32(bytes: &[u8]) -> String {
    in_digits(bytes, 5, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}

/// The bits in groups, zeros behind the last.
fn in_digits(bytes: &[u8], bits: usize, digits: &[u8]) -> String {
    let all: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let groups = all.chunks(bits);
    let value = |group: &[u8]| {
        let padded = group.iter().copied().chain(std::iter::repeat(0)).take(bits);
        padded.fold(0, |value, bit| value * 2 + usize::from(bit))
    };
    groups.map(|group| char::from(digits[value(group)])).collect()
}
