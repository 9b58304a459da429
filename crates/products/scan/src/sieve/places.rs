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

/// Bytes that are looked at before the first of their places is.
pub(super) const BLOCK_BYTES: usize = 4096;
/// Bytes beyond a block that belong to what its last places are judged by.
pub(super) const MARGIN: usize = GLANCE_BYTES - 1;
/// The bytes of a block and those behind it.
pub(super) type Block = [u8; BLOCK_BYTES + MARGIN];

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

/// The places of a block.
pub(super) struct Places {
    /// Those that the tables let through, a bit each.
    pub(super) bits: [u64; BLOCK_BYTES / 64],
    /// Those that remain, in their order.
    kept: [u16; ROOM],
}

impl Places {
    pub(super) fn new() -> Self {
        Places { bits: [0; BLOCK_BYTES / 64], kept: [0; ROOM] }
    }

    /// The places of the block that was looked at last that may matter at a glance.
    #[inline]
    pub(super) fn kept(&self, seen: Seen) -> impl Iterator<Item = usize> {
        self.kept[..seen.kept].iter().map(|place| usize::from(*place))
    }

    /// Writes down the places that have a bit in these words and may matter at a glance. How many there are.
    ///
    /// For code that is compiled for better instructions than the rest, so always a part of it.
    #[inline(always)]
    pub(super) fn keep(&mut self, words: u64, block: &Block) -> usize {
        let places = self.flatten(words);
        let places = self.pass(places, |place| anchor::may_matter(glance(block, place)));
        self.pass(places, |place| anchor::may_follow(glance(block, place)))
    }

    /// Writes down the places that have a bit.
    #[inline(always)]
    fn flatten(&mut self, mut words: u64) -> usize {
        let mut count = 0;
        while words != 0 {
            let word = words.trailing_zeros() as u16 % 64;
            let mut bits = self.bits[usize::from(word)];
            let end = count + bits.count_ones() as usize;
            while count < end {
                let Some(kept) = self.kept.get_mut(count..count + AT_ONCE) else { return count };
                for kept in kept {
                    *kept = word * 64 + bits.trailing_zeros() as u16;
                    bits &= bits.wrapping_sub(1);
                }
                count += AT_ONCE;
            }
            count = end;
            words &= words - 1;
        }
        count
    }

    /// Keeps those of the first `count` places that pass. Nothing here branches on what passes.
    #[inline(always)]
    fn pass(&mut self, count: usize, passes: impl Fn(usize) -> bool) -> usize {
        let mut kept = 0;
        for at in 0..count {
            let place = self.kept[at % ROOM];
            self.kept[kept % ROOM] = place;
            kept += usize::from(passes(usize::from(place)));
        }
        kept
    }
}

/// The first bytes at a place of a block.
#[inline(always)]
fn glance(block: &Block, place: usize) -> [u8; GLANCE_BYTES] {
    block[place % BLOCK_BYTES..].first_chunk().copied().unwrap_or_default()
}
