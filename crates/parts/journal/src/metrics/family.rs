//! Values by labels: an array with a cell for every combination, found by position.
//!
//! All cells exist from the start, with zero: a rate over a series sees its first increment too.

use crate::decision::{ImdsVersion, Outcome, Source};
use onehop_verdict::Code;
use std::marker::PhantomData;

/// An enum whose values are the values of one label.
///
/// `position` is below `COUNT` and `text` is its inverse for people; a family checks the former with each use.
pub trait Label: Copy {
    /// Name of the label: letters, digits and underscores.
    const NAME: &'static str;
    /// How many values there are.
    const COUNT: usize;

    /// Place of this value, from 0.
    fn position(self) -> usize;

    /// The text of the value at a place below `COUNT`.
    fn text(position: usize) -> &'static str;
}

/// One, two or three labels.
pub trait Labels: Copy {
    /// How many combinations there are.
    const COUNT: usize;

    /// Place of this combination, from 0.
    fn position(self) -> usize;

    /// Hands over the name and text of each label of the combination at a place below `COUNT`.
    fn describe(position: usize, each: &mut dyn FnMut(&'static str, &'static str));
}

impl<A: Label> Labels for (A,) {
    const COUNT: usize = A::COUNT;

    fn position(self) -> usize {
        self.0.position()
    }

    fn describe(position: usize, each: &mut dyn FnMut(&'static str, &'static str)) {
        each(A::NAME, A::text(position));
    }
}

impl<A: Label, B: Label> Labels for (A, B) {
    const COUNT: usize = A::COUNT * B::COUNT;

    fn position(self) -> usize {
        self.0.position() * B::COUNT + self.1.position()
    }

    fn describe(position: usize, each: &mut dyn FnMut(&'static str, &'static str)) {
        each(A::NAME, A::text(position / B::COUNT));
        each(B::NAME, B::text(position % B::COUNT));
    }
}

impl<A: Label, B: Label, C: Label> Labels for (A, B, C) {
    const COUNT: usize = A::COUNT * B::COUNT * C::COUNT;

    fn position(self) -> usize {
        (self.0, self.1).position() * C::COUNT + self.2.position()
    }

    fn describe(position: usize, each: &mut dyn FnMut(&'static str, &'static str)) {
        <(A, B)>::describe(position / C::COUNT, each);
        each(C::NAME, C::text(position % C::COUNT));
    }
}

/// A metric for each combination of labels.
#[derive(Debug)]
pub struct Family<L, M> {
    cells: Box<[M]>,
    labels: PhantomData<fn(L)>,
}

impl<L: Labels, M> Family<L, M> {
    /// A family whose cells are made by `cell`.
    pub fn new(cell: impl Fn() -> M) -> Family<L, M> {
        Family { cells: (0..L::COUNT).map(|_| cell()).collect(), labels: PhantomData }
    }

    /// The cell of these labels.
    pub fn at(&self, labels: L) -> &M {
        &self.cells[labels.position()]
    }

    /// Every cell, by position.
    pub(super) fn cells(&self) -> &[M] {
        &self.cells
    }
}

/// Implements [`Label`] for an enum from the list of its values, which have `as_str`.
macro_rules! label {
    ($type:ty, $name:literal, $($value:path),+) => {
        impl Label for $type {
            const NAME: &'static str = $name;
            const COUNT: usize = [$($value),+].len();

            fn position(self) -> usize {
                self as usize
            }

            fn text(position: usize) -> &'static str {
                [$($value),+][position].as_str()
            }
        }
    };
}

label!(Outcome, "decision", Outcome::Allow, Outcome::Deny);
label!(ImdsVersion, "version", ImdsVersion::V1, ImdsVersion::V2, ImdsVersion::None);
label!(Source, "source", Source::Cache, Source::Upstream, Source::Local);

impl Label for Code {
    const NAME: &'static str = "code";
    const COUNT: usize = Code::ALL.len();

    fn position(self) -> usize {
        self as usize
    }

    fn text(position: usize) -> &'static str {
        Code::ALL[position].as_str()
    }
}

/// `none` comes first, then the codes.
impl Label for Option<Code> {
    const NAME: &'static str = "code";
    const COUNT: usize = Code::ALL.len() + 1;

    fn position(self) -> usize {
        self.map_or(0, |code| code.position() + 1)
    }

    fn text(position: usize) -> &'static str {
        position.checked_sub(1).map_or("none", Code::text)
    }
}
