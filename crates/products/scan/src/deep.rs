//! Texts that are hidden as a whole, so that no escape is left to see: base64, base32, bare hexadecimal digits, reversed.
//!
//! ```text
//! chunk ─▶ runs of the characters of an encoding ─▶ unpacked from every place where it may begin ─┐
//!       ─▶ every line and its layers from their ends to their beginnings ─────────────────────────┴▶ one long text
//!                                                                                                          │ sieve
//!                               hits, each at the place of its run ◀── detector ◀── the few that matter ◀──╯
//! ```
//! Where the encoded text begins in a run is not known: `/proxy/aHR0…` is one run. So base64 is unpacked from each of
//! four characters, base32 from each of eight, hexadecimal digits from each of two, and each part of a run behind a `/`
//! by itself. Junk comes out of most of them; only what is readable of it is kept. UTF-16 loses its zeros. What is
//! unpacked is unpacked once more if such a run is in it.
//!
//! No beginning of a URL is looked for: a host in base64 without `http` before it is found too.
//!
//! Nothing fails. Memory is a few times the chunk; time is linear.

mod alphabet;

use crate::sieve::{Sieve, Then};
use alphabet::{ALPHABETS, Alphabet};
use onehop_detect::doubt::{Doubts, Reading};
use onehop_detect::escape::Encoding;
use onehop_detect::unfold::{self, Encodings};
use onehop_detect::{Detector, Hit};
use std::ops::Range;

/// Times that what was unpacked is unpacked again.
const AGAIN_MAX: usize = 1;
/// Layers of escapes that are taken off a line before it is reversed: the log's own, the URL's, and one more.
const LAYERS_MAX: usize = 3;

/// Unpacks texts. Holds memory that is used again from text to text.
#[derive(Debug, Default)]
pub(crate) struct Deep {
    /// Everything unpacked, a line end behind each.
    unpacked: Vec<u8>,
    packs: Vec<Pack>,
    values: Vec<u8>,
    /// A layer of a line, and the next one.
    peeled: [Vec<u8>; 2],
}

/// Something unpacked.
#[derive(Clone, Debug)]
struct Pack {
    /// Where it begins among everything unpacked.
    start: usize,
    /// Where it was packed, in the text.
    place: Range<usize>,
    how: How,
}

/// How something was packed.
#[derive(Clone, Copy, Debug)]
enum How {
    /// In this encoding, which may itself have been in another one.
    Packed(Encoding, Option<Encoding>),
    /// Reversed, under layers of escapes.
    Reversed(Peeled),
}

/// Layers of escapes that were taken off a line.
#[derive(Clone, Copy, Debug)]
struct Peeled {
    layers: usize,
    reading: Reading,
}

impl Peeled {
    const NOT: Peeled = Peeled { layers: 0, reading: Reading::PLAIN };
}

impl Deep {
    /// What whole lines name under deep encodings, in the order of the text. Places are in the text.
    pub(crate) fn find(&mut self, text: &[u8], sieve: &mut Sieve, detector: &mut Detector) -> Vec<Hit> {
        self.unpacked.clear();
        self.packs.clear();
        self.reverse(text);
        for alphabet in &ALPHABETS {
            self.unpack(text, alphabet);
        }
        let Deep { unpacked, packs, .. } = self;
        let (mut found, mut hits) = (Vec::<Hit>::new(), Vec::new());
        sieve.sift(unpacked, |at| {
            let number = packs.partition_point(|pack| pack.start <= at).saturating_sub(1);
            let Some(pack) = packs.get(number) else { return Then::Stop };
            let end = packs.get(number + 1).map_or(unpacked.len(), |next| next.start);
            detector.detect(&unpacked[pack.start..end - 1], &mut hits);
            for hit in hits.drain(..).map(|hit| pack.placed(text, hit)) {
                let is_same = |known: &Hit| known.host == hit.host && overlap(&known.place, &hit.place);
                if !found.iter().rev().take(8).any(is_same) {
                    found.push(hit);
                }
            }
            Then::From(end)
        });
        found.sort_by_key(|hit| hit.place.start);
        found
    }

    /// Adds every line of the text from its end to its beginning, and its layers so.
    fn reverse(&mut self, text: &[u8]) {
        let mut start = 0;
        for line in text.split(|byte| *byte == b'\n') {
            let place = start..start + line.len();
            start += line.len() + 1;
            self.add_reversed(line, place.clone(), Peeled::NOT);
            if !line.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&' | b'#' | 0x80..)) {
                continue;
            }
            let doubts = self.reverse_layers(line, &place, Reading::PLAIN);
            for reading in doubts.readings() {
                self.reverse_layers(line, &place, reading);
            }
        }
    }

    /// Adds the layers of a line, reversed, that no other reading has given. What in them is in doubt.
    fn reverse_layers(&mut self, line: &[u8], place: &Range<usize>, reading: Reading) -> Doubts {
        let [mut layer, mut next] = std::mem::take(&mut self.peeled);
        layer.clear();
        layer.extend_from_slice(line);
        let mut doubts = Doubts::default();
        for depth in 0..LAYERS_MAX {
            next.clear();
            let taken_off = unfold::unfold_but(reading.left(depth), &layer, &mut next);
            if taken_off.is_empty() {
                break;
            }
            doubts.add(depth, taken_off);
            std::mem::swap(&mut layer, &mut next);
            if reading == Reading::PLAIN || reading.may_differ(depth) {
                self.add_reversed(&layer, place.clone(), Peeled { layers: depth + 1, reading });
            }
        }
        self.peeled = [layer, next];
        doubts
    }

    fn add_reversed(&mut self, layer: &[u8], place: Range<usize>, peeled: Peeled) {
        let start = self.unpacked.len();
        self.unpacked.extend_from_slice(layer);
        reverse(&mut self.unpacked[start..]);
        self.close(start, place, How::Reversed(peeled));
    }

    /// Ends what was added from `start` on.
    fn close(&mut self, start: usize, place: Range<usize>, how: How) {
        if self.unpacked.len() > start {
            self.unpacked.push(b'\n');
            self.packs.push(Pack { start, place, how });
        }
    }

    /// Adds what every run of an alphabet hides.
    fn unpack(&mut self, text: &[u8], alphabet: &Alphabet) {
        let mut values = std::mem::take(&mut self.values);
        let mut at = 0;
        while let Some(place) = alphabet.run(text, at, &mut values) {
            at = place.end;
            let first = self.packs.len();
            self.unpack_run(&values, alphabet, &place, None);
            self.unpack_again(first, &mut values);
        }
        self.values = values;
    }

    /// Adds a run, unpacked from every place where it may begin.
    fn unpack_run(
        &mut self,
        values: &[u8],
        alphabet: &Alphabet,
        place: &Range<usize>,
        outer: Option<Encoding>,
    ) {
        let how = match outer {
            Some(outer) => How::Packed(outer, Some(alphabet.encoding)),
            None => How::Packed(alphabet.encoding, None),
        };
        let whole = (0..alphabet.starts).filter_map(|offset| values.get(offset..));
        for values in whole.chain(alphabet.parts(values)) {
            let start = self.unpacked.len();
            alphabet.unpack(values, &mut self.unpacked);
            self.close(start, place.clone(), how);
        }
    }

    /// Adds what runs inside what was unpacked hide, from the pack of this number on.
    fn unpack_again(&mut self, first: usize, values: &mut Vec<u8>) {
        let mut inner = Vec::new();
        let mut packs = first..self.packs.len();
        for _ in 0..AGAIN_MAX {
            for number in packs.clone() {
                let Pack { start, place, how } = self.packs[number].clone();
                let How::Packed(outer, None) = how else { continue };
                let end = self.packs.get(number + 1).map_or(self.unpacked.len(), |next| next.start);
                inner.clear();
                inner.extend_from_slice(&self.unpacked[start..end]);
                for alphabet in &ALPHABETS {
                    let mut at = 0;
                    while let Some(run) = alphabet.run(&inner, at, values) {
                        at = run.end;
                        self.unpack_run(values, alphabet, &place, Some(outer));
                    }
                }
            }
            packs = packs.end..self.packs.len();
        }
    }
}

impl Pack {
    /// A hit in what was unpacked, at its place in the text.
    fn placed(&self, text: &[u8], mut hit: Hit) -> Hit {
        let line = &text[self.place.clone()];
        match self.how {
            How::Packed(encoding, inner) => {
                hit.place = self.place.clone();
                let outer = [Some(encoding), inner];
                hit.layers.splice(0..0, outer.into_iter().flatten().map(Encodings::of));
            }
            How::Reversed(peeled) => {
                let depth = peeled.layers;
                let mut layers = vec![line.to_vec()];
                for above in 0..depth {
                    let mut layer = Vec::new();
                    let taken_off =
                        unfold::unfold_but(peeled.reading.left(above), &layers[above], &mut layer);
                    hit.layers.insert(above, taken_off);
                    layers.push(layer);
                }
                hit.layers.insert(depth, Encodings::of(Encoding::Reversed));
                let end = layers[depth].len();
                let back = |at: usize| {
                    let above = layers[..depth].iter().enumerate().rev();
                    above.fold(at, |at, (above, layer)| {
                        unfold::source_but(peeled.reading.left(above), layer, at)
                    })
                };
                let (start, stop) = (end - hit.place.end.min(end), end - hit.place.start.min(end));
                hit.place = self.place.start + back(start)..self.place.start + back(stop);
            }
        }
        hit
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Reverses a text by its characters; bytes that are none stay single.
fn reverse(text: &mut [u8]) {
    let mut at = 0;
    while at < text.len() {
        let inside = |byte: &u8| byte & 0xC0 == 0x80;
        let length = match text[at] {
            0xC0.. => 1 + text[at + 1..].iter().take(3).take_while(|byte| inside(byte)).count(),
            _ => 1,
        };
        text[at..at + length].reverse();
        at += length;
    }
    text.reverse();
}

#[cfg(test)]
mod tests;
