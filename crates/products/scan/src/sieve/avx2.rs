//! The sieve, 32 bytes at a time, for machines with AVX2.

#![expect(
    unsafe_code,
    reason = "JUSTIFICATION: the bar is the speed of a plain literal search; the portable sieve has a tenth of it. One \
              call into code for instructions that were detected, and loads from slices of 32 bytes, are all there is."
)]

use super::places::{self, MARGIN, Places, Seen, WORD_BYTES, Words};
use onehop_detect::anchor::{GOES_ON, GROUPS, SIGNS};
use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
};

const WIDTH: usize = 32;
/// Bytes that a look at 32 places reads.
const REACH: usize = WIDTH + 3;

/// Groups that a byte has bits for; the ones beyond share theirs with the first ones.
const BITS: usize = 8;

/// Groups by a half of a byte: bit `g` says that a byte of group `g` has this half.
struct Halves {
    low: [u8; 16],
    high: [u8; 16],
}

static PLACES: [Halves; 4] = [halves(0), halves(1), halves(2), halves(3)];
/// The sign with this low half, or a byte that has another one.
static SIGN: [u8; 16] = by_low_half(&SIGNS);
/// The same for what may come at the fourth place of every group.
static FOURTH: [u8; 16] = by_low_half(&GOES_ON);

const fn halves(place: usize) -> Halves {
    let mut halves = Halves { low: [0; 16], high: [0; 16] };
    let mut group = 0;
    while group < GROUPS.len() {
        let bytes = GROUPS[group][place];
        let mut at = 0;
        while at < bytes.len() {
            halves.low[(bytes[at] & 15) as usize] |= 1 << (group % BITS);
            halves.high[(bytes[at] >> 4) as usize] |= 1 << (group % BITS);
            at += 1;
        }
        group += 1;
    }
    halves
}

const fn by_low_half(bytes: &[u8]) -> [u8; 16] {
    let mut table = [0xFF; 16];
    table[15] = 0;
    let mut at = 0;
    while at < bytes.len() {
        assert!(table[(bytes[at] & 15) as usize] == 0xFF, "no two bytes may have the same low half");
        table[(bytes[at] & 15) as usize] = bytes[at];
        at += 1;
    }
    table
}

/// Whether this machine has the instructions.
pub(super) fn is_here() -> bool {
    is_x86_feature_detected!("avx2")
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

#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn look_wide(block: &[u8], places: &mut Places) -> Seen {
    let tables = Tables::load();
    places.look(block, |text, words| tables.tell(text, words), not_zero, places::write)
}

/// The words that are not zero, a bit each.
fn not_zero(part: &Words) -> u64 {
    part.iter().rev().fold(0, |not_zero, word| not_zero << 1 | u64::from(*word != 0))
}

/// The tables in registers.
struct Tables {
    low: [__m256i; 4],
    high: [__m256i; 4],
    sign: __m256i,
    fourth: __m256i,
    half: __m256i,
    line_end: __m256i,
}

impl Tables {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn load() -> Self {
        Tables {
            low: [table(&PLACES[0].low), table(&PLACES[1].low), table(&PLACES[2].low), table(&PLACES[3].low)],
            high: [
                table(&PLACES[0].high),
                table(&PLACES[1].high),
                table(&PLACES[2].high),
                table(&PLACES[3].high),
            ],
            sign: table(&SIGN),
            fourth: table(&FOURTH),
            half: _mm256_set1_epi8(15),
            line_end: _mm256_set1_epi8(b'\n'.cast_signed()),
        }
    }

    /// Tells the places of words, and counts their line ends.
    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    fn tell(&self, text: &[u8], words: &mut [u64]) -> usize {
        let text = &text[..words.len() * WORD_BYTES + MARGIN];
        let mut lines = 0;
        for (word, bits) in words.iter_mut().enumerate() {
            let text = &text[word * WORD_BYTES..];
            let (near, near_ends) = self.look(text);
            let (far, far_ends) = self.look(&text[WIDTH..]);
            *bits = u64::from(far) << WIDTH | u64::from(near);
            lines += (u64::from(far_ends) << WIDTH | u64::from(near_ends)).count_ones() as usize;
        }
        lines
    }

    /// The places among the first 32 that the tables let through, and the line ends, as bits.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn look(&self, text: &[u8]) -> (u32, u32) {
        let text = &text[..REACH];
        let bytes = load(&text[..WIDTH]);
        let first = self.groups(0, bytes);
        let second = self.groups(1, load(&text[1..=WIDTH]));
        let third = self.groups(2, load(&text[2..]));
        let after = load(&text[3..]);
        let goes_on = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(self.fourth, after), after);
        let beyond = _mm256_cmpgt_epi8(_mm256_setzero_si256(), after);
        let fourth = _mm256_or_si256(self.groups(3, after), _mm256_or_si256(goes_on, beyond));
        let groups = _mm256_and_si256(_mm256_and_si256(first, second), _mm256_and_si256(third, fourth));
        let none = _mm256_cmpeq_epi8(groups, _mm256_setzero_si256());
        let sign = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(self.sign, bytes), bytes);
        let ends = _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, self.line_end));
        let alone = _mm256_movemask_epi8(_mm256_or_si256(sign, bytes));
        ((!_mm256_movemask_epi8(none) | alone).cast_unsigned(), ends.cast_unsigned())
    }

    /// The groups that may have each of these bytes at this place.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn groups(&self, place: usize, bytes: __m256i) -> __m256i {
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), self.half);
        // A byte beyond ASCII looks up a zero.
        _mm256_and_si256(
            _mm256_shuffle_epi8(self.low[place], bytes),
            _mm256_shuffle_epi8(self.high[place], high),
        )
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(bytes: &[u8]) -> __m256i {
    assert!(bytes.len() >= WIDTH);
    // SAFETY: there are 32 bytes; the load needs no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn table(halves: &[u8; 16]) -> __m256i {
    // SAFETY: there are 16 bytes; the load needs no alignment.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(halves.as_ptr().cast()) })
}
