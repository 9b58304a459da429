//! Which encodings are taken off in which order, and how much is kept of what comes out.
//!
//! ```text
//! text ─┬─▶ percent once, and as often as it stands there ┐
//!       ├─▶ every other encoding by itself                ├─▶ the same with each of these texts, and once more
//!       └─▶ all of them, one after the other, three times ┘   (but not with this one)
//! ```
//! Every look at a text costs its length. The number of looks is bounded, and so are the bytes that are kept. Nothing
//! here fails; what does not fit is left out.

use super::encoding::Signs;
use super::{Depth, Encoding, LAYERS_MAX, Layer, PERCENTS_MAX, ROUNDS_MAX};
use std::borrow::Cow;
use std::mem;

/// All layers together have at most this many times the bytes of the text, or of [`ROOM_MIN_BYTES`] if that is more.
const ROOM_FACTOR: usize = 8;
const ROOM_MIN_BYTES: usize = 8 * 1024;
/// Longest text whose layers between the first and the last percent-encoding are kept.
const LINE_MAX_BYTES: usize = 2 * 1024;

/// What was found so far.
pub(super) struct Search<'t> {
    original: &'t [u8],
    depth: Depth,
    found: Vec<Layer>,
    /// How many bytes may still be kept.
    room: usize,
    /// How many layers there may be.
    most: usize,
    /// Layers, by their place, that are yet to be looked into.
    open: Vec<usize>,
}

impl<'t> Search<'t> {
    pub(super) fn of(text: &'t [u8], depth: Depth) -> Self {
        let room = ROOM_FACTOR * text.len().max(ROOM_MIN_BYTES);
        Search { original: text, depth, found: Vec::new(), room, most: LAYERS_MAX, open: Vec::new() }
    }

    pub(super) fn run(mut self) -> Vec<Layer> {
        let whole = everything_off(self.original, self.depth);
        if whole.is_empty() {
            return self.found;
        }
        // Its place is kept free, whatever else there is to see.
        self.room -= whole.iter().map(|layer| layer.text.len()).sum::<usize>();
        self.most -= whole.len();
        self.look_into(self.original, &[]);
        for layer in whole {
            self.room += layer.text.len();
            self.most += 1;
            self.add(layer);
        }
        let mut next = 0;
        while let Some(at) = self.open.get(next).copied() {
            next += 1;
            let Layer { text, encodings } = mem::take(&mut self.found[at]);
            self.look_into(&text, &encodings);
            self.found[at] = Layer { text, encodings };
        }
        self.found
    }

    /// Adds what is seen when percent-encoding is taken off, and when each other encoding is taken off by itself.
    fn look_into(&mut self, text: &[u8], taken_off: &[Encoding]) {
        let signs = Signs::of(text);
        let between = self.percents(text, taken_off, signs);
        let rounds = taken_off.len() - count_percents(taken_off);
        if rounds < ROUNDS_MAX {
            self.others(text, taken_off, signs);
        }
        for layer in between {
            self.add(layer);
        }
    }

    fn others(&mut self, text: &[u8], taken_off: &[Encoding], signs: Signs) {
        for encoding in tried(self.depth).filter(|encoding| *encoding != Encoding::Percent) {
            if self.found.len() >= self.most {
                return;
            }
            if signs.has(encoding.signs())
                && let Cow::Owned(seen) = encoding.decode(text)
                && seen != text
            {
                let encodings = [taken_off, &[encoding]].concat();
                let at = self.add(Layer { text: seen, encodings });
                self.open.extend(at);
            }
        }
    }

    /// Adds the text with percent-encoding taken off once, and as often as it stands there; only the last is looked
    /// into. Returns what lies between, which is the least probable.
    fn percents(&mut self, text: &[u8], taken_off: &[Encoding], signs: Signs) -> Vec<Layer> {
        let mut between = Vec::new();
        let left = PERCENTS_MAX - count_percents(taken_off);
        if taken_off.last() == Some(&Encoding::Percent) || !signs.has(Encoding::Percent.signs()) {
            return between;
        }
        let mut encodings = taken_off.to_vec();
        let mut seen = Cow::Borrowed(text);
        for taken in 0..left {
            let Cow::Owned(next) = Encoding::Percent.decode(&seen) else {
                break;
            };
            if let Cow::Owned(text) = mem::replace(&mut seen, Cow::Owned(next)) {
                let layer = Layer { text, encodings: encodings.clone() };
                if taken == 1 {
                    self.add(layer);
                } else if layer.text.len() <= LINE_MAX_BYTES {
                    between.push(layer);
                }
            }
            encodings.push(Encoding::Percent);
        }
        if let Cow::Owned(text) = seen {
            let at = self.add(Layer { text, encodings });
            self.open.extend(at);
        }
        between
    }

    /// Keeps a layer if there is room and nobody said it before; gives its place.
    fn add(&mut self, layer: Layer) -> Option<usize> {
        let is_known = layer.text == self.original || self.found.iter().any(|known| known.text == layer.text);
        if is_known || self.found.len() >= self.most || layer.text.len() > self.room {
            return None;
        }
        self.room -= layer.text.len();
        self.found.push(layer);
        Some(self.found.len() - 1)
    }
}

fn count_percents(encodings: &[Encoding]) -> usize {
    encodings.iter().filter(|encoding| **encoding == Encoding::Percent).count()
}

/// The encodings of a depth, the most probable first.
fn tried(depth: Depth) -> impl Iterator<Item = Encoding> {
    Encoding::ALL.iter().copied().filter(move |encoding| depth == Depth::Deep || !encoding.is_deep())
}

/// A text from which encodings are taken off for good.
struct Peeled<'t> {
    text: Cow<'t, [u8]>,
    encodings: Vec<Encoding>,
    signs: Signs,
}

impl Peeled<'_> {
    fn take_off(&mut self, encoding: Encoding) -> bool {
        if !self.signs.has(encoding.signs()) {
            return false;
        }
        let Cow::Owned(seen) = encoding.decode(&self.text) else {
            return false;
        };
        self.signs = Signs::of(&seen);
        self.text = Cow::Owned(seen);
        self.encodings.push(encoding);
        true
    }
}

/// What is seen when every encoding is taken off, one after the other, and again: after each of the rounds. Those that
/// are found only around a URL come first, as the others may spoil them.
fn everything_off(text: &[u8], depth: Depth) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut peeled = Peeled { text: Cow::Borrowed(text), encodings: Vec::new(), signs: Signs::of(text) };
    for _ in 0..ROUNDS_MAX {
        let before = peeled.encodings.len();
        while count_percents(&peeled.encodings) < PERCENTS_MAX && peeled.take_off(Encoding::Percent) {}
        for is_deep in [true, false] {
            let same = tried(depth).filter(|encoding| encoding.is_deep() == is_deep);
            for encoding in same.filter(|encoding| *encoding != Encoding::Percent) {
                peeled.take_off(encoding);
            }
        }
        if peeled.encodings.len() == before {
            break;
        }
        layers.push(Layer { text: peeled.text.to_vec(), encodings: peeled.encodings.clone() });
    }
    layers
}
