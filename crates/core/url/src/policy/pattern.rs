//! Host patterns, and which of them fit a name: one look-up for each label.
//!
//! Nothing here fails.

use std::collections::HashMap;

/// A name of 253 bytes has at most 127 labels: itself, 126 names above it, and any host.
const FITTING_MAX: usize = 128;

/// The pattern that fits every host.
pub(super) const ANY_HOST: u32 = 0;

/// A pattern: a name, or everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) name: String,
    pub(super) below: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    exact: Option<u32>,
    below: Option<u32>,
}

/// Patterns by number, from 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    by_name: HashMap<Box<str>, Numbers>,
    count: u32,
}

impl Patterns {
    /// The number of a pattern; the same one for the same pattern.
    pub(super) fn number(&mut self, pattern: &Pattern) -> u32 {
        let numbers = self.by_name.entry(pattern.name.as_str().into()).or_default();
        let number = if pattern.below { &mut numbers.below } else { &mut numbers.exact };
        *number.get_or_insert_with(|| {
            self.count += 1;
            self.count
        })
    }

    /// The patterns that fit, the most exact first, any host last.
    pub(super) fn fitting(&self, name: Option<&str>) -> Fitting {
        let mut fitting = Fitting { numbers: [ANY_HOST; FITTING_MAX], length: 0 };
        let mut rest = name.filter(|_| !self.by_name.is_empty());
        let mut is_whole = true;
        while let Some(suffix) = rest {
            if let Some(numbers) = self.by_name.get(suffix) {
                fitting.add(if is_whole { numbers.exact } else { numbers.below });
            }
            is_whole = false;
            rest = suffix.split_once('.').map(|(_, above)| above);
        }
        fitting.add(Some(ANY_HOST));
        fitting
    }
}

/// Numbers of patterns.
pub(super) struct Fitting {
    numbers: [u32; FITTING_MAX],
    length: usize,
}

impl Fitting {
    fn add(&mut self, number: Option<u32>) {
        if let (Some(number), Some(place)) = (number, self.numbers.get_mut(self.length)) {
            *place = number;
            self.length += 1;
        }
    }

    pub(super) fn numbers(&self) -> &[u32] {
        &self.numbers[..self.length]
    }
}
