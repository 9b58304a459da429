//! The places of a block: from bits to a list, and from a list to the few that may matter at a glance.
//!
//! Nothing fails. How many places there are and which of them pass is hard to foresee for a processor, so hardly anything here
//! branches on it.

#![expect(
    clippy::inline_always,
    reason = "callers are compiled for better instructions, and so must be what they call"
)]
#![expect(clippy::cast_possible_truncation, reason = "counts of zeros are below 65")]

use onehop_detect::anchor::{self, GLANCE_BYTES};

/// Bytes of a word: one number has a bit for each of their places.
pub(super) const WORD_BYTES: usize = 64;
/// Words of a part, one number has a bit for each of them.
const PART_WORDS: usize = 64;
/// Parts that are looked at before the first of their places is: so many that it matters little what the processor does not
/// foresee at the end of each list of places, and so few that they stay near.
const PARTS: usize = 4;
/// The most bytes that are looked at at a time.
pub(super) const BLOCK_BYTES: usize = PARTS * PART_BYTES;
const PART_BYTES: usize = PART_WORDS * WORD_BYTES;
/// Bytes beyond a block that belong to what its last places are judged by.
pub(super) const MARGIN: usize = GLANCE_BYTES - 1;

/// What a look at a block saw, beside its places.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Line ends.
    pub(super) lines: usize,
    /// Places that may matter at a glance.
    pub(super) kept: usize,
}

/// Places of a word that are written down without asking whether there are so many: few words have more, and how many
/// there are is hard to foresee.
const AT_ONCE: usize = 4;
/// Room for the places of a block, and for those that are written down and do not count.
const ROOM: usize = 2 * BLOCK_BYTES;

/// What the tables let through of a part: a bit for each place.
pub(super) type Words = [u64; PART_WORDS];

/// The places of a block. Empty until the first look.
#[derive(Clone, Default)]
pub(super) struct Places {
    parts: Vec<Words>,
    /// Those that remain, in their order.
    kept: Vec<u16>,
}

impl Places {
    /// The places of the block that was looked at last that may matter at a glance.
    #[inline]
    pub(super) fn kept(&self, seen: Seen) -> impl Iterator<Item = usize> {
        self.kept[..seen.kept].iter().map(|place| usize::from(*place))
    }

    /// Looks at a block: whole words, and the margin behind them. `tell` tells the places of some words of it and counts
    /// the line ends; `not_zero` says which words of a part are not zero, a bit each. Writes down the places that may
    /// matter at a glance.
    ///
    /// For code that is compiled for better instructions than the rest, so always a part of it.
    #[inline(always)]
    pub(super) fn look(
        &mut self,
        block: &[u8],
        tell: impl Fn(&[u8], &mut [u64]) -> usize,
        not_zero: impl Fn(&Words) -> u64,
        write: impl Fn(u64, u16, &mut [u16; 64]),
    ) -> Seen {
        self.parts.resize(PARTS, [0; PART_WORDS]);
        self.kept.resize(ROOM, 0);
        let all = block.len().saturating_sub(MARGIN).min(BLOCK_BYTES) / WORD_BYTES;
        let (mut lines, mut count) = (0, 0);
        for (start, part) in (0..all).step_by(PART_WORDS).zip(&mut self.parts) {
            let (some, none) = part.split_at_mut((all - start).min(PART_WORDS));
            lines += tell(&block[start * WORD_BYTES..][..some.len() * WORD_BYTES + MARGIN], some);
            none.fill(0);
        }
        for (start, part) in (0..all).step_by(PART_WORDS).zip(&self.parts) {
            count = flatten(part, not_zero(part), start * WORD_BYTES, &mut self.kept, count, &write);
        }
        let Some(kept) = self.kept.first_chunk_mut() else { return Seen::default() };
        let count = pass(kept, count, |place| anchor::may_matter(glance(block, place)));
        let kept = pass(kept, count, |place| anchor::may_follow(glance(block, place)));
        Seen { lines, kept }
    }
}

/// Writes down the places that have a bit in a part that begins at `start`, behind `count` others. How many there are then.
#[inline(always)]
fn flatten(
    part: &Words,
    mut not_zero: u64,
    start: usize,
    kept: &mut [u16],
    mut count: usize,
    write: &impl Fn(u64, u16, &mut [u16; 64]),
) -> usize {
    while not_zero != 0 {
        let word = not_zero.trailing_zeros() as usize % PART_WORDS;
        let Some(kept) = kept[count..].first_chunk_mut() else { return count };
        write(part[word], (start + word * WORD_BYTES) as u16, kept);
        count += part[word].count_ones() as usize;
        not_zero &= not_zero - 1;
    }
    count
}

/// Writes down the bits of a word whose first place is `first`; what comes behind them does not count.
#[inline(always)]
pub(super) fn write(mut bits: u64, first: u16, places: &mut [u16; 64]) {
    let count = bits.count_ones() as usize;
    for four in places.chunks_exact_mut(AT_ONCE).take(count.div_ceil(AT_ONCE)) {
        for place in four {
            *place = first + bits.trailing_zeros() as u16;
            bits &= bits.wrapping_sub(1);
        }
    }
}

/// Keeps those of the first `count` places that pass. Nothing here branches on what passes.
#[inline(always)]
fn pass(places: &mut [u16; ROOM], count: usize, passes: impl Fn(usize) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..count {
        let place = places[at % ROOM];
        places[kept % ROOM] = place;
        kept += usize::from(passes(usize::from(place)));
    }
    kept
}

/// The first bytes at a place of a block.
#[inline(always)]
fn glance(block: &[u8], place: usize) -> [u8; GLANCE_BYTES] {
    block.get(place..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
}
