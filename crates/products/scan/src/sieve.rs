//! The sieve: which places of a text may matter, at the speed of memory.
//!
//! ```text
//! 64 bytes at a time:   four look-ups for the bytes of an anchor, three for those of a rare one or of an escape
//! or 32:                the same by halves of each byte, and the signs alone that begin escapes
//!                       the highest bit for what is beyond ASCII, and a count of line ends
//!          │ a place for each third line
//!          ▼
//! a glance at eight bytes: anchor::may_matter, anchor::may_follow
//!          │ one for each hundredth line
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
mod places;

use self::places::{BLOCK_BYTES, MARGIN, Places, Seen, WORD_BYTES};
use onehop_detect::anchor;
use std::fmt;

/// What the caller wants after a place that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Go on from this place.
    From(usize),
    /// No more.
    Stop,
}

/// A sieve for this machine. Holds memory that is used again from text to text.
#[derive(Clone)]
pub struct Sieve {
    kind: Kind,
    places: Places,
}

impl fmt::Debug for Sieve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sieve").field(&self.kind).finish()
    }
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
        Sieve::all().next().unwrap_or(Sieve { kind: Kind::Narrow, places: Places::default() })
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
        kinds.into_iter().flatten().map(|kind| Sieve { kind, places: Places::default() })
    }

    /// Tells of every place that matters, in order, and gives the number of line ends in the whole text.
    #[inline]
    pub fn sift(&mut self, text: &[u8], mut found: impl FnMut(usize) -> Then) -> usize {
        let mut walk = Walk { text, next: 0 };
        if self.kind == Kind::Narrow {
            return narrow::sift(text, &mut walk, &mut found);
        }
        let mut lines = 0;
        let mut look = |block: &[u8], start: usize| {
            let seen = self.look(block);
            for place in self.places.kept(seen) {
                walk.look(start + place, &mut found);
            }
            seen.lines
        };
        let end = text.len().saturating_sub(MARGIN) / WORD_BYTES * WORD_BYTES;
        for start in (0..end).step_by(BLOCK_BYTES) {
            lines += look(&text[start..end.min(start + BLOCK_BYTES) + MARGIN], start);
        }
        // The rest is looked at with a line end behind it, which stands for the end of the text.
        let rest = &text[end..];
        let mut last = [b' '; 2 * WORD_BYTES + MARGIN];
        last[..rest.len()].copy_from_slice(rest);
        last[rest.len()] = b'\n';
        lines += look(&last, end);
        lines - 1
    }

    #[inline]
    fn look(&mut self, block: &[u8]) -> Seen {
        match self.kind {
            Kind::Narrow => Seen::default(),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => avx2::look(block, &mut self.places),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => avx512::look(block, &mut self.places),
        }
    }
}

/// Where a search stands: the next place that is of interest.
struct Walk<'a> {
    text: &'a [u8],
    next: usize,
}

impl Walk<'_> {
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
