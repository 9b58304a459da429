//! What makes packed bits worth unpacking: the beginning of a URL, or of the metadata address, at any place among them.
//!
//! Nothing here fails.

/// Fewest bits of a run that is looked at: `://a`.
pub(super) const BITS_MIN: usize = 40;

/// What was found in a window.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// Its length in bits.
    pub(super) bits: usize,
    /// How many bits of the window stand behind it.
    pub(super) behind: usize,
    /// The bits of a character: 8, or 16 in UTF-16.
    pub(super) unit: usize,
}

/// A text to look for, as bits, the letters without their case.
struct Pattern {
    value: u128,
    mask: u128,
    bits: usize,
    unit: usize,
}

/// In any case of letters.
const fn folded(text: &[u8]) -> Pattern {
    pattern(text, 0xdf, 8)
}

/// In UTF-16, little end first.
const fn wide(text: &[u8]) -> Pattern {
    pattern(text, 0xdf, 16)
}

const fn pattern(text: &[u8], letters: u8, unit: usize) -> Pattern {
    let (mut value, mut mask) = (0_u128, 0_u128);
    let mut at = 0;
    while at < text.len() {
        let byte_mask = if text[at].is_ascii_alphabetic() { letters } else { 0xff };
        value = value << 8 | (text[at] & byte_mask) as u128;
        mask = mask << 8 | byte_mask as u128;
        if unit == 16 {
            value <<= 8;
            mask = mask << 8 | 0xff;
        }
        at += 1;
    }
    Pattern { value, mask, bits: text.len() * unit, unit }
}

/// None is longer than the window less the bits of one character.
const PATTERNS: &[Pattern] = &[
    folded(b"http:"),
    folded(b"https:"),
    folded(b"http%"),
    folded(b"https%"),
    folded(b"://"),
    folded(b"169.254."),
    // Base64 of `http`, once and twice: what was packed again.
    pattern(b"aHR0c", 0xff, 8),
    pattern(b"YUhSMGN", 0xff, 8),
    wide(b"http:"),
    wide(b"https:"),
    wide(b"://"),
    wide(b"169.254"),
];

/// Whether a pattern ends in this byte, the case of letters aside.
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut at = 0;
    while at < PATTERNS.len() {
        ends[(PATTERNS[at].value & 0xff) as usize] = true;
        at += 1;
    }
    ends
};

/// The last bits of a run.
pub(super) struct Window {
    last: u128,
    length: usize,
    bits: usize,
    /// Bytes begin at multiples of this, whatever stood before.
    step: usize,
}

impl Window {
    /// Empty, for characters of so many bits.
    pub(super) fn new(bits: usize) -> Window {
        let step = match bits {
            5 => 1,
            6 => 2,
            other => other,
        };
        Window { last: 0, length: 0, bits, step }
    }

    pub(super) fn push(&mut self, value: u8) {
        self.last = self.last << self.bits | u128::from(value);
        self.length += self.bits;
    }

    /// What ends in the last character.
    #[inline]
    pub(super) fn found(&self) -> Option<Found> {
        (0..self.bits.min(8)).step_by(self.step).find_map(|behind| {
            let seen = self.last >> behind;
            if !ENDS[usize::from(seen.to_le_bytes()[0])] {
                return None;
            }
            let fits = |pattern: &&Pattern| {
                self.length >= pattern.bits + behind && seen & pattern.mask == pattern.value
            };
            let pattern = PATTERNS.iter().find(fits)?;
            Some(Found { bits: pattern.bits, behind, unit: pattern.unit })
        })
    }
}
