//! Disguises that change the shape of a URL and not its characters: reversed, broken by line ends, or in more bytes than
//! its characters need.
//!
//! Nothing fails: what is in no such disguise stays as it is. One look over the text; the result is never longer.

use std::borrow::Cow;

/// What a reversed URL has.
const REVERSED: &[&[u8]] = &[b":ptth", b":sptth", b"a3%ptth", b"a3%sptth", b".452.961"];

/// The text with every word reversed that is a reversed URL. Words end at spaces, quotes, and what separates the
/// parameters of a query.
pub(super) fn reversed(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].iter().take_while(|byte| !ends_word(**byte)).count();
        let word = &text[at..at + length];
        if is_reversed(word) {
            let out = out.get_or_insert_with(|| text.to_vec());
            reverse(&mut out[at..at + length]);
        }
        at += length + 1;
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn ends_word(byte: u8) -> bool {
    byte <= b' '
        || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'=' | b'&' | b',' | b';' | b'(' | b')')
}

fn is_reversed(word: &[u8]) -> bool {
    let stands_at = |at: usize, known: &[u8]| {
        word.get(at..at + known.len()).is_some_and(|part| part.eq_ignore_ascii_case(known))
    };
    let begins = |byte: u8| matches!(byte, b':' | b'a' | b'A' | b'.');
    (0..word.len()).any(|at| begins(word[at]) && REVERSED.iter().any(|known| stands_at(at, known)))
}

/// By characters where the word is UTF-8, else by bytes.
fn reverse(word: &mut [u8]) {
    if std::str::from_utf8(word).is_ok() {
        let is_inside = |byte: &u8| byte & 0xc0 == 0x80;
        let mut at = 0;
        while at < word.len() {
            let length = 1 + word[at + 1..].iter().take_while(|byte| is_inside(byte)).count();
            word[at..at + length].reverse();
            at += length;
        }
    }
    word.reverse();
}

/// The text with tabs and line ends dropped inside URLs, where browsers drop them: between the letters of `http:` and in
/// the host; in the path only if one stood before it, as it ends most URLs. A tab behind a host is no break on a line with
/// a tab before the URL: there it separates columns.
pub(super) fn breaks(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    // A tab that stands before a URL separates columns, so one behind the host does.
    let mut is_table = false;
    while at < text.len() {
        let scheme = if matches!(text[at], b'h' | b'H') { scheme(text, at) } else { None };
        let end = scheme.map_or(at + 1, |scheme| url_end(text, scheme, is_table));
        is_table = match text[at] {
            b'\t' => true,
            b'\n' => false,
            _ => is_table,
        };
        let is_broken = scheme.is_some() && (at..end).any(|at| break_length(text, at) > 0);
        if is_broken {
            out.get_or_insert_with(|| text[..at].to_vec()).extend(unbroken(text, at, end));
        } else if let Some(out) = &mut out {
            out.extend_from_slice(&text[at..end]);
        }
        at = end;
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The length of a tab or a line end, of one byte or as `\t`, `\r`, `\n`; 0 for anything else.
fn break_length(text: &[u8], at: usize) -> usize {
    match text[at..] {
        [b'\t' | b'\r' | b'\n', ..] => 1,
        [b'\\', b't' | b'r' | b'n', ..] if !text[..at].ends_with(b"\\") => 2,
        _ => 0,
    }
}

/// The first place that is no break.
fn behind_breaks(text: &[u8], mut at: usize) -> usize {
    while at < text.len() {
        match break_length(text, at) {
            0 => break,
            length => at += length,
        }
    }
    at
}

/// Where a scheme ends.
#[derive(Clone, Copy)]
struct SchemeEnd {
    at: usize,
    is_broken: bool,
}

/// `http:` or `https:`, perhaps broken.
fn scheme(text: &[u8], start: usize) -> Option<SchemeEnd> {
    let (mut at, mut is_broken) = (start, false);
    let mut letters = 0;
    loop {
        let letter = text.get(at)?;
        match (letters, letter.to_ascii_lowercase()) {
            (0, b'h') | (1 | 2, b't') | (3, b'p') | (4, b's') => letters += 1,
            (4 | 5, b':') => return Some(SchemeEnd { at: at + 1, is_broken }),
            _ => return None,
        }
        let next = behind_breaks(text, at + 1);
        is_broken |= next > at + 1;
        at = next;
    }
}

/// Where a URL ends, breaks in it being none of its ends.
fn url_end(text: &[u8], scheme: SchemeEnd, is_table: bool) -> usize {
    let SchemeEnd { mut at, mut is_broken } = scheme;
    let mut in_host = false;
    let mut in_path = false;
    while at < text.len() {
        let next = behind_breaks(text, at);
        if next > at {
            let goes_on = text.get(next).is_some_and(|byte| is_url_byte(*byte));
            let is_column = is_table && in_host && text[at] == b'\t';
            if !goes_on || (in_path || is_column) && !is_broken {
                return at;
            }
            is_broken = true;
            at = next;
            continue;
        }
        match text[at] {
            byte if !is_url_byte(byte) => return at,
            b'/' | b'?' | b'#' => in_path |= in_host,
            b'\\' => {}
            _ => in_host = true,
        }
        at += 1;
    }
    at
}

fn is_url_byte(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | 0x7f)
}

/// The bytes of a part that are no breaks.
fn unbroken(text: &[u8], from: usize, to: usize) -> impl Iterator<Item = u8> {
    let mut at = from;
    std::iter::from_fn(move || {
        at = behind_breaks(text, at);
        let byte = *text.get(at).filter(|_| at < to)?;
        at += 1;
        Some(byte)
    })
}

/// The text with every character written anew that has more bytes than it needs.
pub(super) fn overlong(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < text.len() {
        match (overlong_character(&text[at..]), &mut out) {
            (Some((character, used)), _) => {
                let out = out.get_or_insert_with(|| text[..at].to_vec());
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                at += used;
            }
            (None, Some(out)) => {
                out.push(text[at]);
                at += 1;
            }
            (None, None) => at += 1,
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A character in two to six bytes that would do with fewer, and how many bytes it has.
fn overlong_character(text: &[u8]) -> Option<(char, usize)> {
    // The bits of the first byte, the number of bytes that follow, and the first character that needs so many.
    let (first, follow, needed) = match *text.first()? {
        byte @ 0xc0..=0xc1 => (byte & 0x1f, 1, 0x80),
        0xe0 => (0, 2, 0x800),
        0xf0 => (0, 3, 0x1_0000),
        0xf8 => (0, 4, 0x20_0000),
        0xfc => (0, 5, 0x400_0000),
        _ => return None,
    };
    let value = text.get(1..=follow)?.iter().try_fold(u32::from(first), |value, byte| {
        (byte & 0xc0 == 0x80).then_some(value << 6 | u32::from(byte & 0x3f))
    })?;
    let character = char::from_u32(value).filter(|_| value < needed)?;
    Some((character, follow + 1))
}
