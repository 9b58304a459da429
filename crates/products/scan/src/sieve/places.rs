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

/// Bytes whose places are told at a time, a bit each in 64 numbers.
pub(super) const PART_BYTES: usize = 4096;
/// Parts that are looked at before the first of their places is: so many that it matters little what the processor does not
/// foresee at the end of each list of places, and so few that they stay near.
pub(super) const PARTS_MAX: usize = 4;
/// Bytes beyond a part that belong to what its last places are judged by.
pub(super) const MARGIN: usize = GLANCE_BYTES - 1;
/// The bytes of a part and those behind it.
pub(super) type Part = [u8; PART_BYTES + MARGIN];

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
const ROOM: usize = 2 * PARTS_MAX * PART_BYTES;

/// What the tables let through of a part: a bit for each place.
pub(super) type Words = [u64; PART_BYTES / 64];

/// The places of a block of parts. Empty until the first look.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    words: Vec<Words>,
    /// Those that remain, in their order.
    kept: Vec<u16>,
}

impl Places {
    /// The places of the block that was looked at last that may matter at a glance.
    #[inline]
    pub(super) fn kept(&self, seen: Seen) -> impl Iterator<Item = usize> {
        self.kept[..seen.kept].iter().map(|place| usize::from(*place))
    }

    /// Has `tell` tell the places and count the line ends of each part of a block, and writes down the places that may
    /// matter at a glance. `not_zero` says which words are not zero, a bit each.
    ///
    /// For code that is compiled for better instructions than the rest, so always a part of it.
    #[inline(always)]
    pub(super) fn look(
        &mut self,
        block: &[u8],
        tell: impl Fn(&Part, &mut Words) -> usize,
        not_zero: impl Fn(&Words) -> u64,
    ) -> Seen {
        self.words.resize(PARTS_MAX, [0; PART_BYTES / 64]);
        self.kept.resize(ROOM, 0);
        let (mut lines, mut count) = (0, 0);
        let parts = (0..).map_while(|at| block.get(at * PART_BYTES..).and_then(<[u8]>::first_chunk));
        for (part, words) in parts.zip(&mut self.words) {
            lines += tell(part, words);
        }
        let parts = block.len() / PART_BYTES;
        for (at, words) in self.words.iter().take(parts).enumerate() {
            count = flatten(words, not_zero(words), at * PART_BYTES, &mut self.kept, count);
        }
        let Some(kept) = self.kept.first_chunk_mut() else { return Seen::default() };
        let count = pass(kept, count, |place| anchor::may_matter(glance(block, place)));
        let kept = pass(kept, count, |place| anchor::may_follow(glance(block, place)));
        Seen { lines, kept }
    }
}

/// Writes down the places that have a bit in a part that begins at `start`, behind `count` others. How many there are then.
#[inline(always)]
fn flatten(words: &Words, mut not_zero: u64, start: usize, kept: &mut [u16], mut count: usize) -> usize {
    while not_zero != 0 {
        let word = not_zero.trailing_zeros() as usize % 64;
        let first = (start + word * 64) as u16;
        let mut bits = words[word];
        let end = count + bits.count_ones() as usize;
        while count < end {
            let Some(kept) = kept.get_mut(count..count + AT_ONCE) else { return count };
            for kept in kept {
                *kept = first + bits.trailing_zeros() as u16;
                bits &= bits.wrapping_sub(1);
            }
            count += AT_ONCE;
        }
        count = end;
        not_zero &= not_zero - 1;
    }
    count
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
