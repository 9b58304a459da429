//! How a host is named, by what stands before it: as the host of a URL, or alone.
//!
//! Nothing fails.

use crate::hit::Way;
use crate::unfold;

/// Bytes before a host in which its URL may begin.
const BEFORE_BYTES: usize = 512;

/// Where the URL begins whose host begins at the end of `before`.
pub(crate) fn url_start(before: &[u8]) -> usize {
    let part = |byte: &u8| {
        byte.is_ascii_alphanumeric() || b"+-.:/@\\[_~%".contains(byte) || unfold::is_vanishing(*byte)
    };
    let near = &before[before.len().saturating_sub(BEFORE_BYTES)..];
    let run = near.iter().rev().take_while(|byte| part(byte)).count();
    let run = &near[near.len() - run..];
    let slashes = run.windows(2).rposition(|two| matches!(two, b"//" | b"\\\\"));
    let Some(slashes) = slashes else { return before.len() };
    let scheme = run[..slashes].strip_suffix(b":").unwrap_or(&[]);
    let letters =
        scheme.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || unfold::is_vanishing(**byte));
    let colon = usize::from(!scheme.is_empty());
    before.len() - run.len() + slashes - colon - letters.count()
}

/// How the host that begins at the end of `before` is named.
pub(crate) fn way(before: &[u8]) -> Way {
    let before = before.strip_suffix(b"[").unwrap_or(before);
    let slashes = [&b"//"[..], b"\\\\", b"/\\", b"\\/", b":/"];
    let is_url = |text: &[u8]| slashes.iter().any(|end| text.ends_with(end));
    if is_url(before) || has_scheme(before) {
        return Way::Url;
    }
    match before.split_last() {
        Some((b'@', user)) => {
            let start =
                user.iter().rposition(|byte| matches!(byte, b'/' | b'\\')).map_or(0, |slash| slash + 1);
            if is_url(&user[..start]) { Way::Url } else { Way::Host }
        }
        _ => Way::Host,
    }
}

/// Whether an ordinary word that begins at the end of `before` is a host beyond doubt: `http:\/\/`, `"//`, `http:`. A
/// path has slashes too, and in JSON `\/`.
pub(crate) fn is_marked(before: &[u8]) -> bool {
    let before = match before.split_last() {
        Some((b'@', user)) => {
            let start = user.iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
            &user[..start.map_or(0, |slash| slash + 1)]
        }
        _ => before,
    };
    let slashes =
        before.iter().rev().take_while(|byte| matches!(byte, b'/' | b'\\') || unfold::is_vanishing(**byte));
    let (before, slashes) = before.split_at(before.len() - slashes.count());
    let has_two = slashes.len() > 1 && slashes != b"\\/";
    match before.last() {
        Some(b':') => {
            has_scheme(before)
                || (has_two && before.len() > 1 && before[before.len() - 2].is_ascii_alphabetic())
        }
        _ if !slashes.starts_with(b"//") => false,
        _ if slashes.len() > 2 => true,
        Some(byte) => {
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b'%' | 0x80..))
        }
        None => true,
    }
}

/// Whether `http:` or `https:` ends here. Browsers take `http:host` for `http://host`.
fn has_scheme(before: &[u8]) -> bool {
    let ends = |scheme: &&[u8]| {
        before.len() >= scheme.len() && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
    };
    [&b"http:"[..], b"https:", b"hxxp:", b"hxxps:"].iter().any(ends)
}
