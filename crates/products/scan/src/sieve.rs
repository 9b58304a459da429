//! The sieve: which places of a text may matter, at the speed of memory.
//!
//! ```text
//! 64 bytes at a time:   four look-ups for the bytes of an anchor, three for those of a rare one or of an escape
//! or 32:                the same by halves of each byte, and the signs alone that begin escapes
//!                       the highest bit for what is beyond ASCII, and a count of line ends
//!          │ few places remain
//!          ▼
//! onehop_detect::anchor::matters decides
//! ```
//! The tables are made from [`anchor::GROUPS`], [`anchor::ESCAPES`] and [`anchor::SIGNS`] and let through everything that those name, and
//! some bytes more. A machine without the instructions has the same result from a table of 256 bytes.
//!
//! Nothing fails.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod narrow;

use onehop_detect::anchor;

/// What the caller wants after a place that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Go on from this place.
    From(usize),
    /// No more.
    Stop,
}

/// A sieve for this machine.
#[derive(Clone, Copy, Debug)]
pub struct Sieve {
    kind: Kind,
}

/// The instructions that a sieve uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Narrow,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Default for Sieve {
    fn default() -> Self {
        Sieve::new()
    }
}

impl Sieve {
    /// The fastest that this machine has.
    pub fn new() -> Self {
        Sieve::all().next().unwrap_or(Sieve { kind: Kind::Narrow })
    }

    /// Every sieve that this machine has, the fastest first.
    pub fn all() -> impl Iterator<Item = Sieve> {
        let kinds = [
            #[cfg(target_arch = "x86_64")]
            avx512::is_here().then_some(Kind::Avx512),
            #[cfg(target_arch = "x86_64")]
            avx2::is_here().then_some(Kind::Avx2),
            Some(Kind::Narrow),
        ];
        kinds.into_iter().flatten().map(|kind| Sieve { kind })
    }

    /// Tells of every place that matters, in order, and gives the number of line ends in the whole text.
    #[inline]
    pub fn sift(self, text: &[u8], mut found: impl FnMut(usize) -> Then) -> usize {
        if self.kind == Kind::Narrow {
            return narrow::sift(text, &mut Walk { text, next: 0 }, &mut found);
        }
        let mut places: Block = [0; BLOCK_BYTES / 64];
        let (mut walk, mut lines, mut at) = (Walk { text, next: 0 }, 0, 0);
        while let Some(block) = text.get(at..at + BLOCK_BYTES + MARGIN) {
            let seen = self.look(block, &mut places);
            lines += seen.lines;
            walk.go(at, seen.words, &places, &mut found);
            at += BLOCK_BYTES;
        }
        // The rest is looked at with a line end behind it, which stands for the end of the text.
        let rest = &text[at..];
        let mut last = [b' '; 2 * BLOCK_BYTES + MARGIN];
        last[..rest.len()].copy_from_slice(rest);
        last[rest.len()] = b'\n';
        for block in [0, BLOCK_BYTES] {
            if block <= rest.len() {
                let seen = self.look(&last[block..], &mut places);
                lines += seen.lines;
                walk.go(at + block, seen.words, &places, &mut found);
            }
        }
        lines - 1
    }

    #[inline]
    fn look(self, block: &[u8], places: &mut Block) -> Seen {
        match self.kind {
            Kind::Narrow => Seen::default(),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => avx2::look(block, places),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => avx512::look(block, places),
        }
    }
}

/// Bytes that are looked at before the first of their places is.
const BLOCK_BYTES: usize = 2048;
/// Bytes beyond a block that a look reads.
const MARGIN: usize = 3;
/// The places of a block that the tables let through, a bit each.
type Block = [u64; BLOCK_BYTES / 64];

/// What a look at a block saw, beside its places.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Line ends.
    lines: usize,
    /// The words of the block that have places, a bit each.
    words: u32,
}

/// Where a search stands: the next place that is of interest.
struct Walk<'a> {
    text: &'a [u8],
    next: usize,
}

impl Walk<'_> {
    /// Looks at the places of a block that begins at `start`.
    #[inline]
    fn go(&mut self, start: usize, words: u32, places: &Block, found: &mut impl FnMut(usize) -> Then) {
        let mut words = words;
        while words != 0 {
            let word = words.trailing_zeros() as usize;
            let mut bits = places[word % places.len()];
            while bits != 0 {
                self.look(start + word * 64 + bits.trailing_zeros() as usize, found);
                bits &= bits - 1;
            }
            words &= words - 1;
        }
    }

    /// Looks at a place that the table let through.
    #[inline]
    fn look(&mut self, at: usize, found: &mut impl FnMut(usize) -> Then) {
        if at < self.next || !anchor::matters(self.text, at) {
            return;
        }
        self.next = match found(at) {
            Then::From(place) => place.max(at + 1),
            Then::Stop => usize::MAX,
        };
    }
}
