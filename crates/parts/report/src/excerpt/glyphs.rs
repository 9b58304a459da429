//! Characters that people can see: what would move a cursor, turn text around or hide is written as an escape.

use super::{CUT, MASK};
use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::Range;

/// Whether a character is nothing that a reader sees as itself: controls, marks of direction, what has no width, line
/// separators, odd blanks, private and unassigned ends of planes.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Text with its hidden characters escaped.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push(&mut out, character));
    Cow::Owned(out)
}

/// Writes `window` from `from` on, with these ranges masked, in at most `max_bytes`. An error is what fits, if not all
/// does.
pub(super) fn write(
    window: &[u8],
    from: usize,
    secrets: &[Range<usize>],
    is_cut_behind: bool,
    max_bytes: usize,
) -> Result<String, String> {
    let mut out = String::with_capacity(max_bytes.min(window.len() - from + 8) + 16);
    if from > 0 {
        out.push_str(CUT);
    }
    let first = from + leading_continuations(&window[from..]);
    let mut at = first;
    let mut secrets = secrets.iter().skip_while(|secret| secret.end <= first).peekable();
    let mut fitting = out.len();
    while at < window.len() {
        let secret = secrets.next_if(|secret| secret.start <= at);
        let here = &window[at..secrets.peek().map_or(window.len(), |next| next.start.max(at))];
        let plain = plain(&here[..here.len().min(max_bytes.saturating_sub(out.len()) + 1)]);
        if let Some(secret) = secret {
            out.push_str(MASK);
            at = secret.end.max(at);
        } else if plain.is_empty() {
            at += one(&mut out, here);
        } else {
            // Each of these is a character of one byte: so many of them fit.
            let room = max_bytes.saturating_sub(CUT.len());
            if out.len() <= room {
                fitting = room.min(out.len() + plain.len());
            }
            out.push_str(plain);
            at += plain.len();
        }
        if out.len() > max_bytes {
            break;
        }
        if out.len() + CUT.len() <= max_bytes {
            fitting = out.len();
        }
    }
    if out.len() > max_bytes || is_cut_behind {
        out.truncate(fitting);
        out.push_str(CUT);
        return Err(out);
    }
    Ok(out)
}

/// Bytes that are looked at together.
const BLOCK_BYTES: usize = 32;

fn visible_ascii(byte: u8) -> bool {
    matches!(byte, 0x20..0x7F)
}

/// The visible ASCII at the beginning.
pub(super) fn plain(bytes: &[u8]) -> &str {
    // Without a way out in the middle, so that many bytes are looked at together.
    let is_visible =
        |block: &&[u8; BLOCK_BYTES]| block.iter().fold(true, |all, byte| all & visible_ascii(*byte));
    let (blocks, _) = bytes.as_chunks::<BLOCK_BYTES>();
    let known = blocks.iter().take_while(is_visible).count() * BLOCK_BYTES;
    let rest = &bytes[known..];
    let length = known + rest.iter().position(|byte| !visible_ascii(*byte)).unwrap_or(rest.len());
    std::str::from_utf8(&bytes[..length]).unwrap_or_default()
}

/// Bytes at the beginning that belong to a character cut through.
fn leading_continuations(bytes: &[u8]) -> usize {
    bytes.iter().take(3).take_while(|byte| (0x80..0xC0).contains(*byte)).count()
}

/// Writes the first character, or the first byte that is none, and gives its length.
fn one(out: &mut String, bytes: &[u8]) -> usize {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    let Some(character) = valid.chars().next() else {
        put(out, format_args!("\\x{:02X}", bytes[0]));
        return 1;
    };
    push(out, character);
    character.len_utf8()
}

fn push(out: &mut String, character: char) {
    if is_hidden(character) {
        put(out, format_args!("\\u{{{:x}}}", u32::from(character)));
    } else {
        out.push(character);
    }
}

/// Adds to a string, which cannot fail.
pub(crate) fn put(out: &mut String, what: fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a string takes everything");
}
