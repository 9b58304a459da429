//! The sieve, 64 bytes at a time, for machines with AVX-512 and its table look-ups by whole bytes.

#![expect(
    unsafe_code,
    reason = "JUSTIFICATION: the bar is more than the speed of a plain literal search. One call into code for \
              instructions that were detected, and loads from slices that are long enough, are all there is."
)]

use super::places::{MARGIN, Places, Seen, WORD_BYTES, Words};
use onehop_detect::anchor::{ESCAPES, GOES_ON, GROUPS};
use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_add_epi16, _mm512_castsi512_si256, _mm512_cmpeq_epi8_mask,
    _mm512_cmpge_epu8_mask, _mm512_cvtepu8_epi16, _mm512_extracti64x4_epi64, _mm512_loadu_si512,
    _mm512_mask_blend_epi8, _mm512_mask_sub_epi8, _mm512_maskz_compress_epi8, _mm512_movepi8_mask,
    _mm512_or_si512, _mm512_permutex2var_epi8, _mm512_reduce_add_epi64, _mm512_sad_epu8, _mm512_set1_epi8,
    _mm512_set1_epi16, _mm512_setzero_si512, _mm512_storeu_si512, _mm512_ternarylogic_epi64,
    _mm512_test_epi8_mask, _mm512_test_epi64_mask,
};

const WIDTH: usize = WORD_BYTES;
/// Bytes that a look at 64 places reads.
const REACH: usize = WIDTH + 3;
/// How far ahead the next bytes are asked for: a page of a mapped file is no neighbour of the one before it, and the
/// processor's own guesses end with it.
const AHEAD_BYTES: usize = 4096;
/// `a & b & c`, as the truth table of a three-way operation.
const AND3: i32 = 0x80;
/// `a & b | c`.
const AND_OR: i32 = 0xEA;

/// Anchors of which all four bytes are looked at.
const FOURS: [usize; 8] = [0, 1, 2, 3, 4, 5, 8, 9];
/// Anchors that are rare by three bytes.
const THREES: [usize; 2] = [6, 7];

/// For each ASCII byte the groups that have it at one place, a bit each.
type Table = [u8; 2 * WIDTH];

static OF_FOURS: [Table; 4] = [of_fours(0), of_fours(1), of_fours(2), of_fours(3)];
/// The rare anchors, then the escapes.
static OF_THREES: [Table; 3] = [of_threes(0), of_threes(1), of_threes(2)];

const fn of_fours(place: usize) -> Table {
    let mut table = [0; 2 * WIDTH];
    let mut bit = 0;
    while bit < FOURS.len() {
        table = with(table, GROUPS[FOURS[bit]][place], 1 << bit);
        bit += 1;
    }
    if place == 3 { with(table, &GOES_ON, 0xFF) } else { table }
}

const fn of_threes(place: usize) -> Table {
    let mut table = [0; 2 * WIDTH];
    let mut bit = 0;
    while bit < THREES.len() {
        table = with(table, GROUPS[THREES[bit]][place], 1 << bit);
        bit += 1;
    }
    let mut escape = 0;
    while escape < ESCAPES.len() {
        table = with(table, ESCAPES[escape][place], 1 << (THREES.len() + escape));
        escape += 1;
    }
    table
}

/// The table with this bit for these bytes; for all, if there are none.
const fn with(mut table: Table, bytes: &[u8], bit: u8) -> Table {
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] |= bit;
        at += 1;
    }
    while bytes.is_empty() && at < table.len() {
        table[at] |= bit;
        at += 1;
    }
    table
}

/// Whether this machine has the instructions.
pub(super) fn is_here() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vbmi")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
}

/// Keeps the places of a block that may matter at a glance, and counts the line ends in it.
///
/// Must be called only where [`is_here`] says yes: so does [`super::Sieve::all`], which alone makes such a sieve.
pub(super) fn look(block: &[u8], places: &mut Places) -> Seen {
    // SAFETY: a sieve of this kind exists only where `is_here` has detected the instructions.
    unsafe { look_wide(block, places) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
fn look_wide(block: &[u8], places: &mut Places) -> Seen {
    let tables = Tables::load();
    places.look(
        block,
        |text, words| tables.tell(text, words),
        |part| not_zero(part),
        |bits, first, places| write(bits, first, places),
    )
}

/// The sum of 64 bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn sum(bytes: __m512i) -> usize {
    let eight = _mm512_sad_epu8(bytes, _mm512_setzero_si512());
    usize::try_from(_mm512_reduce_add_epi64(eight)).unwrap_or(0)
}

/// The words that are not zero, a bit each.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn not_zero(part: &Words) -> u64 {
    let mut not_zero = 0_u64;
    for eight in part.chunks_exact(8) {
        // SAFETY: there are eight words of eight bytes; the load needs no alignment.
        let eight = unsafe { _mm512_loadu_si512(eight.as_ptr().cast()) };
        // Eight of these make a whole turn.
        not_zero = (not_zero | u64::from(_mm512_test_epi64_mask(eight, eight))).rotate_right(8);
    }
    not_zero
}

/// The numbers of the places of a word.
static PLACES: [u8; WIDTH] = {
    let mut places = [0; WIDTH];
    let mut at: u8 = 0;
    while (at as usize) < WIDTH {
        places[at as usize] = at;
        at += 1;
    }
    places
};

/// Writes down the bits of a word whose first place is `first`; what comes behind them does not count.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
fn write(bits: u64, first: u16, places: &mut [u16; WIDTH]) {
    let numbers = _mm512_maskz_compress_epi8(bits, load(&PLACES));
    let first = _mm512_set1_epi16(first.cast_signed());
    let (near, far) = places.split_at_mut(WIDTH / 2);
    let wide = |half| _mm512_add_epi16(_mm512_cvtepu8_epi16(half), first);
    store(near, wide(_mm512_castsi512_si256(numbers)));
    if bits.count_ones() as usize > WIDTH / 2 {
        store(far, wide(_mm512_extracti64x4_epi64::<1>(numbers)));
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(places: &mut [u16], numbers: __m512i) {
    assert!(places.len() >= WIDTH / 2);
    // SAFETY: there are 32 numbers of two bytes; the store needs no alignment.
    unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), numbers) };
}

/// Has the bytes at a place brought near.
#[inline]
#[allow(unused_unsafe, reason = "compilers since 1.92 know that the hint is safe")]
fn ask_for(place: *const u8) {
    // SAFETY: a hint, which reads nothing that a program could see; any address will do.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) };
}

/// The tables in registers.
struct Tables {
    fours: [[__m512i; 2]; 4],
    threes: [[__m512i; 2]; 3],
    line_end: __m512i,
    /// The least byte that begins a character beyond ASCII, or nothing at all.
    lead: __m512i,
    all: __m512i,
}

impl Tables {
    /// Tells the places of words, and counts their line ends.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn tell(&self, text: &[u8], words: &mut [u64]) -> usize {
        let text = &text[..words.len() * WIDTH + MARGIN];
        let (mut ends, mut all) = (_mm512_setzero_si512(), _mm512_setzero_si512());
        for (word, bits) in words.iter_mut().enumerate() {
            ask_for(text.as_ptr().wrapping_add(word * WIDTH + AHEAD_BYTES));
            let near = &text[word * WIDTH..][..REACH];
            let first = load(near);
            *bits = self.plain(near);
            all = _mm512_or_si512(all, first);
            let is_end = _mm512_cmpeq_epi8_mask(first, self.line_end);
            ends = _mm512_mask_sub_epi8(ends, is_end, ends, self.all);
        }
        all = _mm512_or_si512(all, load(&text[text.len() - WIDTH..]));
        if _mm512_movepi8_mask(all) != 0 {
            // There is something beyond ASCII.
            for (word, bits) in words.iter_mut().enumerate() {
                *bits = self.look(&text[word * WIDTH..]);
            }
        }
        sum(ends)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn load() -> Self {
        let [first, second, third, fourth] = &OF_FOURS;
        let [rare_first, rare_second, rare_third] = &OF_THREES;
        Tables {
            fours: [halves(first), halves(second), halves(third), halves(fourth)],
            threes: [halves(rare_first), halves(rare_second), halves(rare_third)],
            line_end: _mm512_set1_epi8(b'\n'.cast_signed()),
            lead: _mm512_set1_epi8(0xC0_u8.cast_signed()),
            all: _mm512_set1_epi8(-1),
        }
    }

    /// The places among the first 64 of an ASCII text that the tables let through, as bits.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn plain(&self, text: &[u8]) -> u64 {
        let text = &text[..REACH];
        let (fours, threes) = self.three(text);
        let fourth = groups(self.fours[3], load(&text[3..]));
        let found = _mm512_ternarylogic_epi64::<AND_OR>(fours, fourth, threes);
        _mm512_test_epi8_mask(found, found)
    }

    /// The same for any text.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn look(&self, text: &[u8]) -> u64 {
        let text = &text[..REACH];
        let (fours, threes) = self.three(text);
        let fourth = load(&text[3..]);
        // What is beyond ASCII fits the fourth place of every anchor.
        let behind =
            _mm512_mask_blend_epi8(_mm512_movepi8_mask(fourth), groups(self.fours[3], fourth), self.all);
        let found = _mm512_ternarylogic_epi64::<AND_OR>(fours, behind, threes);
        _mm512_test_epi8_mask(found, found) | _mm512_cmpge_epu8_mask(load(text), self.lead)
    }

    /// What the first three places of each anchor and escape have in common at each of 64 places.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn three(&self, text: &[u8]) -> (__m512i, __m512i) {
        let (first, second, third) = (load(text), load(&text[1..]), load(&text[2..]));
        let fours = _mm512_ternarylogic_epi64::<AND3>(
            groups(self.fours[0], first),
            groups(self.fours[1], second),
            groups(self.fours[2], third),
        );
        let threes = _mm512_ternarylogic_epi64::<AND3>(
            groups(self.threes[0], first),
            groups(self.threes[1], second),
            groups(self.threes[2], third),
        );
        (fours, threes)
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn halves(table: &Table) -> [__m512i; 2] {
    [load(table), load(&table[WIDTH..])]
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
