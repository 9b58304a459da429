//! Strings of JSON.

use std::borrow::Cow;

/// The byte behind the closing quote of the string whose opening quote is at `start`; `start` if there is none.
pub(super) fn end_of_string(text: &str, start: usize) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return Ok(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    Err(start)
}

/// Resolves escapes; the place of one that does not exist.
pub(super) fn unescape(inner: &str) -> Result<Cow<'_, str>, usize> {
    let Some(first) = inner.find('\\') else { return Ok(Cow::Borrowed(inner)) };
    let mut out = String::with_capacity(inner.len());
    out.push_str(&inner[..first]);
    let mut at = first;
    while let Some(found) = inner[at..].find('\\') {
        out.push_str(&inner[at..at + found]);
        at += found;
        let (letter, behind) = escape(&inner[at..]).ok_or(at)?;
        out.push(letter);
        at += behind;
    }
    out.push_str(&inner[at..]);
    Ok(Cow::Owned(out))
}

/// The character of the escape that `text` begins with, and its bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let letter = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((letter, 2))
}

/// `\uXXXX`, or two of them for what is beyond the first 65,536. Half of such a pair is a replacement character.
fn unicode(text: &str) -> Option<(char, usize)> {
    let high = unit(text)?;
    if let Some(letter) = char::from_u32(high) {
        return Some((letter, 6));
    }
    let low = text.get(6..).and_then(unit).filter(|low| (0xdc00..0xe000).contains(low));
    match low {
        Some(low) if high < 0xdc00 => {
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}
