//! The layers of one text, each with the words that the step to it changed.
//!
//! ```text
//! text      GET /?u=%2531%32 HTTP/1.1          ▲ a place is followed up: in a word that was changed through its escapes,
//! layer 1   GET /?u=%312 HTTP/1.1              │ in the others it moves with them
//!               ╰─ changed ╯                   │
//! layer 2   GET /?u=12 HTTP/1.1                │
//!               ╰────────╯
//! ```
//! No escape has a space in it, and what vanishes is none: no step joins two words, and only words that were changed can have
//! another escape. No host and no path has a space, so only there can be what the layer above does not show. A layer is whole
//! all the same, for what stands around.
//!
//! Where escapes may be none ([`crate::doubt`]) the text is read again with those left from one layer on. Nothing fails.

use crate::doubt::{Doubts, Reading};
use crate::unfold::{self, Encodings, LAYERS_MAX, Sources};
use std::ops::Range;

/// Bytes between words that are one all the same, so that no text has so many that they cost more memory than it.
const NEAR_BYTES: usize = 32;

/// A word that the step to a layer changed, or some near one another. Spaces may have come out of escapes as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Word {
    /// Where it stands.
    at: Range<usize>,
    /// Where it stood in the layer above.
    from: Range<usize>,
    /// Whether it is the same as it was in the first reading.
    is_known: bool,
}

#[derive(Debug, Default)]
struct Layer {
    text: Vec<u8>,
    words: Vec<Word>,
}

/// How a layer is made from the one above.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Escapes that are left as they are.
    left: Encodings,
    /// Whether it is the first one in which this reading differs from the first.
    parts_ways: bool,
}

/// Takes off layers. Holds memory that is used again from text to text.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    made: Vec<Layer>,
    /// What was taken off for each layer that there is.
    encodings: Vec<Encodings>,
    /// How escapes are read that may be none.
    reading: Reading,
    /// The whole text.
    all: Word,
}

/// A layer that is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Present<'a> {
    /// What is read.
    pub(crate) text: &'a [u8],
    words: &'a [Word],
    /// What was taken off, the outermost first.
    pub(crate) encodings: &'a [Encodings],
    layers: &'a Layers,
    whole: &'a [u8],
}

impl Layers {
    /// Begins with a text, which is the first that is present.
    pub(crate) fn begin(&mut self, text: &[u8]) {
        self.encodings.clear();
        self.reading = Reading::PLAIN;
        self.all.at = 0..text.len();
    }

    /// Where escapes were taken off that may be none.
    pub(crate) fn doubts(&self) -> Doubts {
        let mut doubts = Doubts::default();
        for (depth, taken_off) in self.encodings.iter().enumerate() {
            doubts.add(depth, *taken_off);
        }
        doubts
    }

    /// Goes back to the layer at `depth`, which is above all that differ, in another reading.
    pub(crate) fn go_back(&mut self, text: &[u8], depth: usize, reading: Reading) {
        self.encodings.truncate(self.reading.from().min(depth));
        self.reading = reading;
        while self.encodings.len() < depth && self.deepen(text) {}
    }

    /// Takes off one more layer, which is present then. False if there is none.
    pub(crate) fn deepen(&mut self, text: &[u8]) -> bool {
        let depth = self.encodings.len();
        if depth == LAYERS_MAX {
            return false;
        }
        if depth == self.made.len() {
            self.made.push(Layer::default());
        }
        let mut layer = std::mem::take(&mut self.made[depth]);
        let (above, words) = self.at(text, depth);
        let step = Step { left: self.reading.left(depth), parts_ways: depth == self.reading.from() };
        let taken_off = layer.make(step, above, words);
        self.made[depth] = layer;
        if !taken_off.is_empty() {
            self.encodings.push(taken_off);
        }
        !taken_off.is_empty()
    }

    /// The deepest layer that there is.
    pub(crate) fn present<'a>(&'a self, whole: &'a [u8]) -> Present<'a> {
        let (text, words) = self.at(whole, self.encodings.len());
        Present { text, words, encodings: &self.encodings, layers: self, whole }
    }

    /// What so many steps led to, and what they changed.
    fn at<'a>(&'a self, text: &'a [u8], depth: usize) -> (&'a [u8], &'a [Word]) {
        match depth.checked_sub(1) {
            Some(above) => (&self.made[above].text, &self.made[above].words),
            None => (text, std::slice::from_ref(&self.all)),
        }
    }
}

impl Present<'_> {
    /// Where words stand that the layers looked at before do not have.
    pub(crate) fn changed(&self) -> impl Iterator<Item = Range<usize>> {
        self.words.iter().filter(|word| !word.is_known).map(|word| word.at.clone())
    }

    /// Where a place of this layer stands in the text.
    pub(crate) fn written(&self, place: Range<usize>) -> Range<usize> {
        (0..self.encodings.len()).rev().fold(place, |place, depth| {
            let (above, _) = self.layers.at(self.whole, depth);
            self.layers.made[depth].source(self.layers.reading.left(depth), above, place)
        })
    }
}

impl Layer {
    /// Takes one layer off a text, of which nothing but these words can have any.
    fn make(&mut self, step: Step, above: &[u8], words: &[Word]) -> Encodings {
        self.text.clear();
        self.words.clear();
        let mut taken_off = Encodings::NONE;
        let mut copied = 0;
        for parent in words {
            let mut from = parent.at.start;
            while let Some(at) = unfold::next_special(&above[from..parent.at.end]) {
                let at = from + at;
                let start = memchr::memrchr(b' ', &above[from..at]).map_or(from, |space| from + space + 1);
                let end = memchr::memchr(b' ', &above[at..parent.at.end]);
                let end = end.map_or(parent.at.end, |length| at + length);
                // What stands before the escape in its word may change how it is read.
                self.text.extend_from_slice(&above[copied..at]);
                let begin = self.text.len() - (at - start);
                let of_word = unfold::unfold_but(step.left, &above[at..end], &mut self.text);
                if !of_word.is_empty() {
                    let may_be_known = step.parts_ways || parent.is_known;
                    // Those that may be none begin so.
                    let is_known = may_be_known && memchr::memchr2(b'\\', b'#', &above[at..end]).is_none();
                    self.change(Word { at: begin..self.text.len(), from: start..end, is_known });
                    taken_off = taken_off.and(of_word);
                }
                (from, copied) = (end, end);
            }
        }
        if !taken_off.is_empty() {
            self.text.extend_from_slice(&above[copied..]);
        }
        taken_off
    }

    /// Adds a word that was changed, which is one with the last one if that is near.
    fn change(&mut self, word: Word) {
        match self.words.last_mut() {
            Some(last) if word.from.start - last.from.end < NEAR_BYTES => {
                (last.at.end, last.from.end) = (word.at.end, word.from.end);
                last.is_known &= word.is_known;
            }
            _ => self.words.push(word),
        }
    }

    /// Where a place of this layer stands in the one above.
    fn source(&self, left: Encodings, above: &[u8], place: Range<usize>) -> Range<usize> {
        let before = self.words.partition_point(|word| word.at.start <= place.start);
        let Some(word) = before.checked_sub(1).map(|at| &self.words[at]) else { return place };
        if place.start >= word.at.end {
            let moved = |at: usize| word.from.end + (at - word.at.end);
            return moved(place.start)..moved(place.end);
        }
        let mut sources = Sources::new(left, &above[word.from.clone()]);
        let mut of = |at: usize| word.from.start + sources.of(at - word.at.start);
        of(place.start)..of(place.end)
    }
}

#[cfg(test)]
mod tests;
