//! Escapes that may be none, and the ways to read a text that has some.
//!
//! Browsers take `http:\\100.100.100.200` and `http:/\rancher-metadata` for URLs: no escapes are in them. A fragment or a
//! comment may begin with digits, as `#fd00:ec2::254` does, where `HAProxy` would have written a byte. What wrote the text
//! may still have put escapes around them, so each layer may be the one with none.

use crate::escape::Encoding;
use crate::unfold::{Encodings, LAYERS_MAX};

/// Escapes that may be none, each kind for a reason of its own.
pub(crate) const KINDS: [Encodings; 2] =
    [Encodings::of(Encoding::Octal).with(Encoding::Backslash), Encodings::of(Encoding::Hash)];

/// One way to read the layers of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    from: usize,
    left: Encodings,
}

impl Reading {
    /// Every escape is one.
    pub const PLAIN: Reading = Reading { from: LAYERS_MAX, left: Encodings::NONE };

    /// The first layer that may differ from that of [`Reading::PLAIN`].
    pub(crate) fn from(self) -> usize {
        self.from
    }

    /// What the step to the layer at this depth leaves as it is.
    pub fn left(self, depth: usize) -> Encodings {
        if depth < self.from { Encodings::NONE } else { self.left }
    }

    /// Whether the layer at this depth may differ from that of [`Reading::PLAIN`].
    pub fn may_differ(self, depth: usize) -> bool {
        depth >= self.from
    }
}

impl Default for Reading {
    fn default() -> Self {
        Reading::PLAIN
    }
}

/// Where escapes were taken off that may be none: for each kind the layers, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubts([u16; KINDS.len()]);

impl Doubts {
    /// Adds what was taken off for the layer at this depth.
    pub fn add(&mut self, depth: usize, taken_off: Encodings) {
        for (layers, kind) in self.0.iter_mut().zip(KINDS) {
            *layers |= u16::from(taken_off.has_any(kind)) << depth;
        }
    }

    /// The other ways to read the text.
    pub fn readings(self) -> impl Iterator<Item = Reading> {
        self.0.into_iter().zip(KINDS).flat_map(|(layers, left)| {
            let depths = (0..LAYERS_MAX).filter(move |depth| layers & 1 << depth != 0);
            depths.map(move |from| Reading { from, left })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layer_may_be_the_one_with_none() {
        let mut doubts = Doubts::default();
        doubts.add(0, Encodings::of(Encoding::Percent));
        doubts.add(1, Encodings::of(Encoding::Backslash).with(Encoding::Hash));
        doubts.add(2, Encodings::of(Encoding::Octal));
        let readings: Vec<_> = doubts.readings().map(|reading| (reading.from, reading.left)).collect();
        assert_eq!(readings, [(1, KINDS[0]), (2, KINDS[0]), (1, KINDS[1])]);
        let [first, ..] = doubts.readings().collect::<Vec<_>>()[..] else { unreachable!() };
        assert_eq!((first.left(0), first.left(1)), (Encodings::NONE, KINDS[0]));
    }

    #[test]
    fn where_nothing_is_in_doubt_there_is_one_reading() {
        let mut doubts = Doubts::default();
        doubts.add(0, Encodings::of(Encoding::Percent).with(Encoding::BackslashX));
        assert_eq!(doubts.readings().count(), 0);
        assert!((0..LAYERS_MAX).all(|depth| Reading::PLAIN.left(depth).is_empty()));
    }
}
