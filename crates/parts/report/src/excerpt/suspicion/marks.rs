//! What the bytes of a block are: a bit for each, so that no branch hangs on a byte.
//!
//! A processor foresees the end of a word badly; most of the time of a walk from word to word is lost there. Total.

use wide::u8x16;

/// Bytes of a block.
pub(super) const BYTES: usize = 64;

const LANE_BYTES: usize = 16;

/// Letters that a name may end with that holds a secret.
const LAST: &[u8] = b"ndelytgs";
const BETWEEN: &[u8] = b"])\"'` \t";
const SIGNS: &[u8] = b":=,";

/// Whether this may stand between a name and the sign before its value.
pub(super) fn is_between(byte: u8) -> bool {
    BETWEEN.contains(&byte)
}

/// Whether this stands before a value.
pub(super) fn is_sign(byte: u8) -> bool {
    SIGNS.contains(&byte)
}

/// The bytes of a block by what they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Of a name, or of a token in the alphabet for URLs.
    pub(super) name: u64,
    /// Of base64.
    pub(super) base64: u64,
    /// Capitals and digits.
    pub(super) capital: u64,
    /// Letters that a name may end with that holds a secret.
    pub(super) last: u64,
    /// What may stand between a name and a sign.
    pub(super) between: u64,
    /// What stands before a value.
    pub(super) sign: u64,
    /// `@` and `J`.
    pub(super) rare: u64,
    pub(super) dash: u64,
    /// `cr`, of any case; at the end of the block a `c`.
    pub(super) cr: u64,
}

impl Marks {
    #[inline]
    pub(super) fn of(block: &[u8; BYTES]) -> Marks {
        let (mut marks, mut r) = (Marks::default(), 0);
        let (lanes, _) = block.as_chunks::<LANE_BYTES>();
        for (at, lane) in lanes.iter().enumerate() {
            let (lane, shift) = (u8x16::new(*lane), at * LANE_BYTES);
            let lower = lane | u8x16::splat(0x20);
            let digit = within(lane, b'0', b'9');
            let word = within(lower, b'a', b'z') | digit;
            let dash = any_of(lane, b"-");
            marks.name |= bits(word | dash | any_of(lane, b"_."), shift);
            marks.base64 |= bits(word | any_of(lane, b"+/"), shift);
            marks.capital |= bits(within(lane, b'A', b'Z') | digit, shift);
            marks.last |= bits(any_of(lower, LAST), shift);
            marks.between |= bits(any_of(lane, BETWEEN), shift);
            marks.sign |= bits(any_of(lane, SIGNS), shift);
            marks.rare |= bits(any_of(lane, b"@J"), shift);
            marks.dash |= bits(dash, shift);
            marks.cr |= bits(any_of(lower, b"c"), shift);
            r |= bits(any_of(lower, b"r"), shift);
        }
        marks.cr &= r >> 1 | 1 << (BYTES - 1);
        marks
    }
}

#[inline]
fn within(lane: u8x16, first: u8, last: u8) -> u8x16 {
    let above = lane - u8x16::splat(first);
    above.min(u8x16::splat(last - first)).simd_eq(above)
}

#[inline]
fn any_of(lane: u8x16, bytes: &[u8]) -> u8x16 {
    bytes.iter().fold(u8x16::ZERO, |any, byte| any | lane.simd_eq(u8x16::splat(*byte)))
}

#[inline]
fn bits(lane: u8x16, shift: usize) -> u64 {
    u64::from(lane.to_bitmask() & 0xFFFF) << shift
}

#[cfg(test)]
mod tests {
    use super::{BYTES, LAST, Marks, is_between, is_sign};
    use crate::excerpt::keyed::is_name;

    #[test]
    fn every_byte_is_marked_as_what_it_is() {
        for byte in 0..=u8::MAX {
            let mut block = [0; BYTES];
            block[40] = byte;
            let marks = Marks::of(&block);
            let is_word = byte.is_ascii_alphanumeric();
            for (what, mark, want) in [
                ("name", marks.name, is_name(byte)),
                ("base64", marks.base64, is_word || b"+/".contains(&byte)),
                ("capital", marks.capital, byte.is_ascii_uppercase() || byte.is_ascii_digit()),
                ("last", marks.last, is_word && LAST.contains(&byte.to_ascii_lowercase())),
                ("between", marks.between, is_between(byte)),
                ("sign", marks.sign, is_sign(byte)),
                ("rare", marks.rare, b"@J".contains(&byte)),
                ("dash", marks.dash, byte == b'-'),
            ] {
                assert_eq!(mark, u64::from(want) << 40, "{what} {byte:#x}");
            }
        }
        let mut block = [b' '; BYTES];
        block[15..18].copy_from_slice(b"cRc");
        block[BYTES - 1] = b'C';
        assert_eq!(Marks::of(&block).cr, 1 << 15 | 1 << (BYTES - 1));
    }
}
