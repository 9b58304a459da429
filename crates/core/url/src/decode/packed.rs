//! Encodings that write a whole URL as one run of letters and digits. Only a run that decodes to a URL is replaced.
//!
//! Nothing fails: what is no such run stays as it is. The result is never longer than the text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Shortest run that is looked at: `http://a` has eight bytes.
const RUN_MIN: usize = 11;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

pub(super) fn base64(text: &[u8]) -> Cow<'_, [u8]> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    runs(text, is_part, |run| {
        // The three ways in which `http` begins, by the length of what stands before it, are not told apart: a run
        // that holds a URL begins with it.
        let engine = if run.iter().any(|byte| matches!(byte, b'-' | b'_')) { URL_SAFE } else { STANDARD };
        let whole = if run.len() % 4 == 1 { &run[..run.len() - 1] } else { run };
        engine.decode(whole).ok()
    })
}

pub(super) fn hex(text: &[u8]) -> Cow<'_, [u8]> {
    runs(
        text,
        |byte| byte.is_ascii_hexdigit(),
        |run| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            run.chunks_exact(2)
                .map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok())
                .collect()
        },
    )
}

/// Replaces every run that decodes to a URL.
fn runs(
    text: &[u8],
    is_part: impl Fn(u8) -> bool,
    decode: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    while at < text.len() {
        let length = text[at..].iter().take_while(|byte| is_part(**byte)).count();
        let run = &text[at..at + length];
        if length >= RUN_MIN
            && let Some(decoded) = decode(run).filter(|decoded| is_url(decoded))
        {
            let out = out.get_or_insert_default();
            out.extend_from_slice(&text[copied..at]);
            out.extend_from_slice(&decoded);
            let padding = text[at + length..].iter().take(2).take_while(|byte| **byte == b'=').count();
            copied = at + length + padding;
        }
        at += length + 1;
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.extend_from_slice(text.get(copied..).unwrap_or_default());
            Cow::Owned(out)
        }
    }
}

fn is_url(decoded: &[u8]) -> bool {
    let begins =
        |scheme: &[u8]| decoded.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    [&b"http:"[..], b"https:", b"http%3a", b"https%3a", b"169.254."].into_iter().any(begins)
}
