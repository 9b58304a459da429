//! The sieve, 64 bytes at a time, for machines with AVX-512 and its table look-ups by whole bytes.

#![expect(
    unsafe_code,
    reason = "JUSTIFICATION: the bar is more than the speed of a plain literal search. One call into code for \
              instructions that were detected, and loads from slices that are long enough, are all there is."
)]

use super::{BLOCK_BYTES, Block, MARGIN};
use onehop_detect::anchor::{PLACES, SIGNS};
use std::arch::x86_64::{
    __m512i, _mm_loadu_si128, _mm512_broadcast_i32x4, _mm512_cmpeq_epi8_mask, _mm512_loadu_si512,
    _mm512_mask_blend_epi8, _mm512_movepi8_mask, _mm512_permutex2var_epi8, _mm512_set1_epi8,
    _mm512_shuffle_epi8, _mm512_ternarylogic_epi64, _mm512_test_epi8_mask,
};

const WIDTH: usize = 64;
/// Bytes that a look at 64 places reads.
const REACH: usize = WIDTH + 3;
/// `a & b & c`, as the truth table of a three-way operation.
const AND3: i32 = 0x80;

/// The sign with this low half, or a byte that has another one.
static SIGN: [u8; 16] = signs();

const fn signs() -> [u8; 16] {
    let mut table = [0xFF; 16];
    table[15] = 0;
    let mut at = 0;
    while at < SIGNS.len() {
        assert!(table[(SIGNS[at] & 15) as usize] == 0xFF, "no two signs may have the same low half");
        table[(SIGNS[at] & 15) as usize] = SIGNS[at];
        at += 1;
    }
    table
}

/// Whether this machine has the instructions.
pub(super) fn is_here() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vbmi")
        && is_x86_feature_detected!("popcnt")
}

/// Fills `places`, a bit for each byte of a block, and counts the line ends in it. The text must have
/// [`MARGIN`](super::MARGIN) bytes more.
///
/// Must be called only where [`is_here`] says yes: so does [`super::Sieve::all`], which alone makes such a sieve.
pub(super) fn look(text: &[u8], places: &mut Block) -> usize {
    // SAFETY: a sieve of this kind exists only where `is_here` has detected the instructions.
    unsafe { look_wide(text, places) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,popcnt")]
fn look_wide(text: &[u8], places: &mut Block) -> usize {
    let text = &text[..BLOCK_BYTES + MARGIN];
    let tables = Tables::load();
    let mut lines = 0;
    for (block, places) in places.iter_mut().enumerate() {
        let (found, ends) = tables.look(&text[block * WIDTH..]);
        *places = found;
        lines += ends.count_ones() as usize;
    }
    lines
}

/// The tables in registers.
struct Tables {
    first: [__m512i; 2],
    second: [__m512i; 2],
    third: [__m512i; 2],
    fourth: [__m512i; 2],
    sign: __m512i,
    line_end: __m512i,
    all: __m512i,
}

impl Tables {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn load() -> Self {
        Tables {
            first: [load(&PLACES[0]), load(&PLACES[0][WIDTH..])],
            second: [load(&PLACES[1]), load(&PLACES[1][WIDTH..])],
            third: [load(&PLACES[2]), load(&PLACES[2][WIDTH..])],
            fourth: [load(&PLACES[3]), load(&PLACES[3][WIDTH..])],
            // SAFETY: there are 16 bytes; the load needs no alignment.
            sign: _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(SIGN.as_ptr().cast()) }),
            line_end: _mm512_set1_epi8(b'\n'.cast_signed()),
            all: _mm512_set1_epi8(-1),
        }
    }

    /// The places among the first 64 that the tables let through, and the line ends, as bits.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn look(&self, text: &[u8]) -> (u64, u64) {
        let text = &text[..REACH];
        let bytes = load(text);
        let after = load(&text[3..]);
        let first = groups(self.first, bytes);
        let second = groups(self.second, load(&text[1..]));
        let third = groups(self.third, load(&text[2..]));
        let fourth = _mm512_mask_blend_epi8(_mm512_movepi8_mask(after), groups(self.fourth, after), self.all);
        let three = _mm512_ternarylogic_epi64::<AND3>(first, second, third);
        let anchors = _mm512_test_epi8_mask(three, fourth);
        let signs = _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(self.sign, bytes), bytes);
        let ends = _mm512_cmpeq_epi8_mask(bytes, self.line_end);
        (anchors | signs | _mm512_movepi8_mask(bytes), ends)
    }
}

/// The groups that have each of these bytes. A byte beyond ASCII counts as the one 128 below it.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn groups(table: [__m512i; 2], bytes: __m512i) -> __m512i {
    _mm512_permutex2var_epi8(table[0], bytes, table[1])
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(bytes: &[u8]) -> __m512i {
    assert!(bytes.len() >= WIDTH);
    // SAFETY: there are 64 bytes; the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}
