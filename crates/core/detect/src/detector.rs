//! The walk through the layers of one text.

use crate::hit::{Hit, Way};
use crate::layers::Layers;
use crate::request::{Imds, PathClass};
use crate::seek::{self, Add, Aim, Seeker, Seen, Then};
use crate::token;
use onehop_address::spelling::HOST_MAX_BYTES;

/// Longest text that is looked at, in bytes.
pub const TEXT_MAX_BYTES: usize = 1 << 20;
/// Most hits that one text gives, and as many that are a path alone.
pub const HITS_MAX: usize = 32;

/// Finds services in texts. Holds memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct Detector {
    layers: Layers,
    seeker: Seeker,
}

impl Detector {
    /// A detector of the services of the catalogue.
    pub fn new() -> Self {
        Detector::default()
    }

    /// Adds what `text` names to `hits`, each place once.
    ///
    /// ```
    /// let mut hits = Vec::new();
    /// let line = b"GET /?u=http%3A%2F%2F0xa9fea9fe/latest/user-data";
    /// onehop_detect::Detector::new().detect(line, &mut hits);
    /// assert_eq!(hits[0].host, "169.254.169.254");
    /// assert_eq!(hits[0].path.as_str(), "user-data");
    /// ```
    pub fn detect(&mut self, text: &[u8], hits: &mut Vec<Hit>) {
        let had = hits.len();
        self.walk(text, Aim::Hits, &mut |seen| add(seen, hits, had));
        if hits[had..].iter().any(|hit| hit.way != Way::Path) {
            let mut at = 0;
            hits.retain(|hit| {
                at += 1;
                at <= had || hit.way != Way::Path
            });
        }
    }

    /// Whether [`Detector::detect`] may find something: nearly always right. False is certain, and told sooner than
    /// by searching; [`Detector::has_word`] is then the same.
    ///
    /// Whatever is found stands between two spaces: no host, no path and no escape has one. So a word without an escape
    /// is looked at once, and not again in every layer of its line.
    ///
    /// ```
    /// let mut detector = onehop_detect::Detector::new();
    /// assert!(!detector.holds(b"GET /?u=http%3A%2F%2F169.254.9.9%2F HTTP/1.1"));
    /// assert!(detector.holds(b"GET /?u=http%3A%2F%2F169.254.169.254%2F HTTP/1.1"));
    /// ```
    pub fn holds(&mut self, text: &[u8]) -> bool {
        let mut found = false;
        self.walk(text, Aim::Answer, &mut |_| {
            found = true;
            Then::Leave
        });
        found || self.seeker.is_whole
    }

    /// Whether the last text had a name of a service that is also an ordinary word, such as `metadata`, outside a URL.
    /// Then a field that is for a host is worth a look with [`Detector::whole`].
    pub fn has_word(&self) -> bool {
        self.seeker.has_word
    }

    /// What a text names that is a host, perhaps with a port, and nothing else: also by a name that is an ordinary word
    /// elsewhere.
    ///
    /// ```
    /// let mut detector = onehop_detect::Detector::new();
    /// assert_eq!(detector.whole(b"metadata:80").unwrap().provider.name, "gcp");
    /// assert_eq!(detector.whole(b"the metadata"), None);
    /// ```
    pub fn whole(&mut self, text: &[u8]) -> Option<Hit> {
        let text = text.get(..text.len()).filter(|text| text.len() <= HOST_MAX_BYTES)?;
        self.layers.begin(text);
        loop {
            let layer = self.layers.present(text);
            if let Some(target) = token::whole(layer.text, &mut self.seeker.hosts) {
                return Some(Hit {
                    provider: target.provider,
                    address: target.address,
                    host: target.host,
                    way: Way::Host,
                    path: PathClass::Root,
                    imds: Imds::V1,
                    layers: layer.encodings.to_vec(),
                    place: 0..text.len(),
                    decoded: seek::shown(layer.text),
                });
            }
            if !self.layers.deepen(text) {
                return None;
            }
        }
    }

    /// Looks at the text and each of its layers, in every way to read escapes that may be none.
    fn walk(&mut self, text: &[u8], aim: Aim, add: &mut Add<'_>) {
        let text = &text[..text.len().min(TEXT_MAX_BYTES)];
        let Detector { layers, seeker } = self;
        seeker.begin(aim);
        layers.begin(text);
        seeker.look(layers.present(text), add);
        while !seeker.is_done && layers.deepen(text) {
            seeker.look(layers.present(text), add);
        }
        for reading in layers.doubts().readings() {
            if seeker.is_done {
                return;
            }
            layers.go_back(text, if seeker.is_whole { 0 } else { reading.from() }, reading);
            if seeker.is_whole {
                seeker.look(layers.present(text), add);
            }
            while !seeker.is_done && layers.deepen(text) {
                seeker.look(layers.present(text), add);
            }
        }
    }
}

/// Adds what is seen to the hits of its text, which begin at `had`. What one layer shows, the next one shows again, perhaps
/// with more of its path.
fn add(seen: &Seen<'_>, hits: &mut Vec<Hit>, had: usize) -> Then {
    let alike = hits[had..].iter().filter(|known| (known.way == Way::Path) == seen.is_path()).count();
    if alike >= HITS_MAX {
        return if seen.is_path() { Then::GoOn } else { Then::Leave };
    }
    let (host, place) = (seen.host(), seen.place());
    let is_same = |known: &&mut Hit| {
        *known.host == *host && known.place.start < place.end && place.start < known.place.end
    };
    let Some(known) = hits[had..].iter_mut().find(is_same) else {
        hits.push(seen.hit(host.into_owned(), seen.path(), place));
        return Then::GoOn;
    };
    let path = seen.path();
    if path >= known.path {
        return Then::GoOn;
    }
    let is_part = known.place.start < place.start || place.end < known.place.end;
    *known = seen.hit(host.into_owned(), path, place);
    if is_part { Then::Reopen } else { Then::GoOn }
}

#[cfg(test)]
mod tests;
