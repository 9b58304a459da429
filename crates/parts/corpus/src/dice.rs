//! Seeded randomness.
//!
//! One generator a line, seeded with the corpus's seed, the stream and the line's number: any line can be made without
//! those before it. The algorithm is fixed by name (xoshiro256++), so a seed gives the same corpus everywhere.
//!
//! Nothing fails: drawing from an empty slice is a mistake in a table, and panics.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What a generator is for. Streams with the same seed are independent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    Attempt = 1,
    Benign = 2,
    Order = 3,
    Plain = 4,
}

/// A seeded source of choices.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The generator of one line.
    pub(crate) fn of(seed: u64, stream: Stream, index: u64) -> Self {
        // Odd factors spread neighbouring numbers; the seeding mixes the bits.
        let mixed = seed
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(index.wrapping_mul(0xD1B5_4A32_D192_ED03))
            .wrapping_add((stream as u64).wrapping_mul(0xA076_1D64_78BD_642F));
        Dice(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `limit`; zero if that is zero.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        let wide = (self.0.next_u64() >> 32) * u64::from(limit);
        (wide >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// A byte from `low` to `high`, both included.
    pub(crate) fn byte(&mut self, low: u8, high: u8) -> u8 {
        u8::try_from(self.between(low.into(), high.into())).unwrap_or(low)
    }

    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A place in a slice of this length.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        let limit = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(limit)).unwrap_or(0)
    }

    pub(crate) fn row<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.place(from.len())]
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *self.row(from)
    }

    /// Decimal digits, the first not zero.
    pub(crate) fn digits(&mut self, count: usize, out: &mut String) {
        for place in 0..count {
            let low = u8::from(place == 0);
            out.push(char::from(b'0' + self.byte(low, 9)));
        }
    }

    /// Hexadecimal digits in small letters, without the value of any address worth attacking anywhere in them.
    pub(crate) fn hex(&mut self, count: usize, out: &mut String) {
        let mut window = 0_u32;
        for _ in 0..count {
            let mut digit = self.below(16);
            if crate::target::is_attacked_value((window << 4) | digit) {
                digit ^= 1;
            }
            window = (window << 4) | digit;
            out.push(char::from_digit(digit, 16).unwrap_or('0'));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_and_another_seed_others() {
        let run = |seed, stream, index| {
            let mut dice = Dice::of(seed, stream, index);
            [dice.bits(), dice.bits(), dice.bits()]
        };
        let one = run(7, Stream::Attempt, 3);
        assert_eq!(one, run(7, Stream::Attempt, 3));
        assert_ne!(one, run(8, Stream::Attempt, 3));
        assert_ne!(one, run(7, Stream::Benign, 3));
        assert_ne!(one, run(7, Stream::Attempt, 4));
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_them() {
        let mut dice = Dice::of(1, Stream::Order, 0);
        let seen: std::collections::BTreeSet<u32> = (0..2000).map(|_| dice.between(3, 9)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), (3..=9).collect::<Vec<_>>());
        assert_eq!(dice.below(0), 0);
    }
}
