//! Characters beyond ASCII that clients fold to ASCII, or drop.
//!
//! ```text
//! full-width １ ａ ．   enclosed ① ⓐ   math 𝟏 𝟣 𝐚 𝖺   superscript ¹ ᵃ    dots 。 ｡ ．    nothing: U+00AD, U+200B, U+2060
//! ```
//! Applied to dotted IPv4 addresses and to names. Nothing fails: an IPv6 address is `None`.

use crate::dice::Dice;
use crate::target::Place;

/// The ASCII text to disguise.
fn base(place: Place) -> Option<String> {
    match place {
        Place::V4(address) => Some(address.to_string()),
        Place::Name(name) => Some(name.to_owned()),
        Place::V6(_) => None,
    }
}

/// The character `offset` after `first`.
fn shifted(first: u32, offset: u32, else_this: char) -> char {
    char::from_u32(first + offset).unwrap_or(else_this)
}

fn full_width_of(sign: char) -> char {
    match sign {
        '!'..='~' => shifted(0xFF01, u32::from(sign) - 0x21, sign),
        _ => sign,
    }
}

fn enclosed_of(sign: char, upper: bool) -> char {
    match sign {
        '0' => '\u{24EA}',
        '1'..='9' => shifted(0x2460, u32::from(sign) - u32::from('1'), sign),
        'a'..='z' => shifted(if upper { 0x24B6 } else { 0x24D0 }, u32::from(sign) - u32::from('a'), sign),
        _ => sign,
    }
}

/// Bold, sans-serif or monospace letters and digits of the block of mathematical signs.
fn math_of(sign: char, style: u32) -> char {
    let (digits, letters) = match style {
        0 => (0x1D7CE, 0x1D41A),
        1 => (0x1D7E2, 0x1D5BA),
        _ => (0x1D7F6, 0x1D68A),
    };
    match sign {
        '0'..='9' => shifted(digits, u32::from(sign) - u32::from('0'), sign),
        'a'..='z' => shifted(letters, u32::from(sign) - u32::from('a'), sign),
        _ => sign,
    }
}

/// Superscripts of the digits and, in the order of the alphabet, of the letters; there is none for `q` that old
/// tables know.
fn superscript_of(sign: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    const LETTERS: [char; 26] = [
        'ᵃ', 'ᵇ', 'ᶜ', 'ᵈ', 'ᵉ', 'ᶠ', 'ᵍ', 'ʰ', 'ⁱ', 'ʲ', 'ᵏ', 'ˡ', 'ᵐ', 'ⁿ', 'ᵒ', 'ᵖ', 'q', 'ʳ', 'ˢ', 'ᵗ',
        'ᵘ', 'ᵛ', 'ʷ', 'ˣ', 'ʸ', 'ᶻ',
    ];
    let at =
        |table: &[char], first: u8| table.get(usize::from(u8::try_from(sign).unwrap_or(0) - first)).copied();
    match sign {
        '0'..='9' => at(&DIGITS, b'0'),
        'a'..='z' => at(&LETTERS, b'a'),
        _ => None,
    }
    .unwrap_or(sign)
}

pub(super) fn full_width(place: Place, _: &mut Dice) -> Option<String> {
    Some(base(place)?.chars().map(full_width_of).collect())
}

pub(super) fn enclosed(place: Place, dice: &mut Dice) -> Option<String> {
    let upper = dice.chance(30);
    Some(base(place)?.chars().map(|sign| enclosed_of(sign, upper)).collect())
}

pub(super) fn math(place: Place, dice: &mut Dice) -> Option<String> {
    let style = dice.below(3);
    Some(base(place)?.chars().map(|sign| math_of(sign, style)).collect())
}

pub(super) fn superscript(place: Place, _: &mut Dice) -> Option<String> {
    Some(base(place)?.chars().map(superscript_of).collect())
}

/// Every sign in a style of its own, ASCII among them.
pub(super) fn mixed(place: Place, dice: &mut Dice) -> Option<String> {
    let mut sign_of = |sign| match dice.below(5) {
        0 => full_width_of(sign),
        1 => enclosed_of(sign, false),
        2 => math_of(sign, 0),
        3 => superscript_of(sign),
        _ => sign,
    };
    let text: String = base(place)?.chars().map(&mut sign_of).collect();
    (!text.is_ascii()).then_some(text)
}

/// Another character for each dot.
pub(super) fn dots(place: Place, dot: char) -> Option<String> {
    let text = base(place)?;
    text.contains('.').then(|| text.replace('.', dot.encode_utf8(&mut [0; 4])))
}

/// One to three invisible characters somewhere inside.
pub(super) fn inside(place: Place, sign: char, dice: &mut Dice) -> Option<String> {
    let mut text = base(place)?;
    for _ in 0..dice.between(1, 3) {
        // The text is ASCII at first, so one is always put; later ones that would split a character are not.
        let at = 1 + dice.place(text.len() - 1);
        if text.is_char_boundary(at) {
            text.insert(at, sign);
        }
    }
    Some(text)
}
