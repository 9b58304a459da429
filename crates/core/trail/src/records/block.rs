//! What the bytes of one block are: one bit a byte. Total.

use wide::u8x16;

/// Bytes of one block: one bit each in a `u64`.
pub(super) const BYTES: usize = 64;

/// The bytes that steer the walk, by position in the block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Opening braces outside strings.
    pub(super) open: u64,
    /// Closing braces outside strings.
    pub(super) close: u64,
    /// Ends of line inside a string, which JSON forbids: the string is broken, and what follows is outside.
    pub(super) broken: u64,
}

/// What goes over from one block to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reader {
    in_string: bool,
    escaped: bool,
}

impl Reader {
    #[inline]
    pub(super) fn read(&mut self, block: &[u8; BYTES]) -> Marks {
        let quotes = equal(block, b'"') & !self.escaped(equal(block, b'\\'));
        let newline = equal(block, b'\n');
        let mut inside = up_to_here(quotes) ^ if self.in_string { u64::MAX } else { 0 };
        let mut broken = 0;
        while let bad = newline & inside
            && bad != 0
        {
            let first = bad & bad.wrapping_neg();
            broken |= first;
            // From the first such end of line on, inside and outside change places.
            inside ^= first.wrapping_neg();
        }
        self.in_string = inside >> (BYTES - 1) != 0;
        Marks { open: equal(block, b'{') & !inside, close: equal(block, b'}') & !inside, broken }
    }

    /// The bytes that a backslash takes the meaning from.
    #[inline]
    fn escaped(&mut self, backslash: u64) -> u64 {
        let mut escaped = u64::from(std::mem::take(&mut self.escaped));
        let mut left = backslash & !escaped;
        while left != 0 {
            let first = left & left.wrapping_neg();
            let next = first << 1;
            self.escaped = next == 0;
            escaped |= next;
            left &= !(first | next);
        }
        escaped
    }
}

/// A block of what is left at the end of the text.
pub(super) fn padded(rest: &[u8]) -> [u8; BYTES] {
    let mut block = [b' '; BYTES];
    block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    block
}

#[inline]
fn equal(block: &[u8; BYTES], byte: u8) -> u64 {
    let wanted = u8x16::splat(byte);
    let (lanes, _) = block.as_chunks::<16>();
    lanes.iter().rev().fold(0, |mask, lane| {
        (mask << 16) | u64::from(u8x16::new(*lane).simd_eq(wanted).to_bitmask() & 0xFFFF)
    })
}

/// For every bit, whether the number of set bits up to and with it is odd.
#[inline]
fn up_to_here(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
