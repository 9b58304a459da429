//! The walk through the layers of one text.

use crate::anchor::{self, GLANCE_BYTES};
use crate::doubt::{self, Doubts};
use crate::request::{self, Imds, PathClass};
use crate::token::{self, Hosts, Target};
use crate::unfold::{self, Encodings, LAYERS_MAX, Sources};
use crate::views::{self, Reading, View};
use onehop_address::catalogue::{self, Provider};
use onehop_address::spelling::HOST_MAX_BYTES;
use std::net::IpAddr;
use std::ops::Range;

/// Longest text that is looked at, in bytes.
pub const TEXT_MAX_BYTES: usize = 1 << 20;
/// Most hits that one text gives, and as many that are a path alone.
pub const HITS_MAX: usize = 32;
/// Bytes around a host that may say how it is asked.
const AROUND_BYTES: usize = 512;

/// How a service is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// As the host of a URL.
    Url,
    /// As a host without a scheme, e.g. the value of a parameter or a header.
    Host,
    /// By a path that only this service has; the host is not in the text.
    Path,
}

impl Way {
    /// The stable text, e.g. `url`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Way::Url => "url",
            Way::Host => "host",
            Way::Path => "path",
        }
    }
}

/// A service that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The service.
    pub provider: &'static Provider,
    /// Its address, canonical. `None` where the text has a name or a path of the service.
    pub address: Option<IpAddr>,
    /// The canonical host, or the path for [`Way::Path`].
    pub host: String,
    /// How it is named.
    pub way: Way,
    /// What is asked of it.
    pub path: PathClass,
    /// The version of the protocol that the text gives away.
    pub imds: Imds,
    /// What was taken off to see it, the outermost layer first.
    pub layers: Vec<Encodings>,
    /// Where it stands in the text that was given, with its path.
    pub place: Range<usize>,
    /// What is read there once everything is taken off.
    pub decoded: Vec<u8>,
}

/// What a text is looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Aim {
    /// Every hit, as it is seen first.
    #[default]
    Hits,
    /// Whether there is one.
    Answer,
}

/// Takes a hit with places of the present layer. False if there is no room for more.
type Add<'a> = dyn FnMut(&mut Detector, Hit) -> bool + 'a;

/// Finds services in texts. Holds memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct Detector {
    /// The text with one layer taken off, with two …
    layers: Vec<Vec<u8>>,
    /// What was taken off for each layer that the present text has.
    encodings: Vec<Encodings>,
    /// How escapes are read that may be none.
    doubt: doubt::Reading,
    view: View,
    hosts: Hosts,
    aim: Aim,
    has_word: bool,
    /// Whether such a word stood behind an `@`: a URL that it belongs to may begin in another word.
    has_user: bool,
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
        let text = &text[..text.len().min(TEXT_MAX_BYTES)];
        let had = hits.len();
        self.walk(text, Aim::Hits, &mut |detector, layer| {
            detector.look(layer, &mut |detector, hit| detector.add(text, hit, hits, had));
        });
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
        let text = &text[..text.len().min(TEXT_MAX_BYTES)];
        let mut found = false;
        self.walk(text, Aim::Answer, &mut |detector, layer| {
            if !found {
                detector.look(layer, &mut |_, _| {
                    found = true;
                    false
                });
            }
        });
        found || self.has_user
    }

    /// Whether the last text had a name of a service that is also an ordinary word, such as `metadata`, outside a URL.
    /// Then a field that is for a host is worth a look with [`Detector::whole`].
    pub fn has_word(&self) -> bool {
        self.has_word
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
        let mut found = None;
        (self.doubt, self.aim) = (doubt::Reading::PLAIN, Aim::Hits);
        self.each_layer(text, &mut |detector, layer| {
            let Some(target) = token::whole(layer, &mut detector.hosts).filter(|_| found.is_none()) else {
                return;
            };
            found = Some(Hit {
                provider: target.provider,
                address: target.address,
                host: target.host,
                way: Way::Host,
                path: PathClass::Root,
                imds: Imds::V1,
                layers: detector.encodings.clone(),
                place: 0..text.len(),
                decoded: shown(layer),
            });
        });
        found
    }

    /// Calls `look` with the text and each of its layers, in every way to read escapes that may be none.
    fn walk(&mut self, text: &[u8], aim: Aim, look: &mut dyn FnMut(&mut Self, &[u8])) {
        (self.has_word, self.has_user) = (false, false);
        (self.doubt, self.aim) = (doubt::Reading::PLAIN, aim);
        self.each_layer(text, look);
        let mut doubts = Doubts::default();
        for (depth, taken_off) in self.encodings.iter().enumerate() {
            doubts.add(depth, *taken_off);
        }
        for reading in doubts.readings() {
            self.doubt = reading;
            self.each_layer(text, look);
        }
    }

    /// Calls `look` with the text and each of its layers.
    fn each_layer(&mut self, text: &[u8], look: &mut dyn FnMut(&mut Self, &[u8])) {
        self.encodings.clear();
        look(self, text);
        for depth in 0..LAYERS_MAX {
            if depth == self.layers.len() {
                self.layers.push(Vec::new());
            }
            let mut layer = std::mem::take(&mut self.layers[depth]);
            layer.clear();
            let unfold = match self.aim {
                Aim::Hits => unfold::unfold_but,
                Aim::Answer => unfold::unfold_words,
            };
            let taken_off = unfold(self.doubt.left(depth), self.above(text, depth), &mut layer);
            if !taken_off.is_empty() {
                self.encodings.push(taken_off);
                look(self, &layer);
            }
            self.layers[depth] = layer;
            if taken_off.is_empty() {
                break;
            }
        }
    }

    /// What the layer at this depth was made from.
    fn above<'a>(&'a self, text: &'a [u8], depth: usize) -> &'a [u8] {
        depth.checked_sub(1).map_or(text, |above| &self.layers[above])
    }

    /// Searches one layer and its views. `false` from `add` ends the search of one of them.
    fn look(&mut self, layer: &[u8], add: &mut Add<'_>) {
        let mattered = self.search(layer, Encodings::NONE, add);
        let mut view = std::mem::take(&mut self.view);
        if view.close_up(layer) {
            self.look_at(&view, Encodings::NONE, add);
        }
        // No anchor has a delimiter in it that is not read where it stands.
        if mattered {
            let (mut together, mut encodings) = (Vec::new(), Encodings::NONE);
            for (sign, encoding) in views::signs(layer) {
                view.delimited(layer, &[sign], Reading::Careful);
                self.look_at(&view, Encodings::of(encoding), add);
                if views::has_more(layer, sign) {
                    view.delimited(layer, &[sign], Reading::Every);
                    self.look_at(&view, Encodings::of(encoding), add);
                }
                together.push(sign);
                encodings.add(encoding);
            }
            if together.len() > 1 {
                view.delimited(layer, &together, Reading::Careful);
                self.look_at(&view, encodings, add);
            }
        }
        self.view = view;
    }

    /// Searches a view of a layer.
    fn look_at(&mut self, view: &View, encodings: Encodings, add: &mut Add<'_>) {
        self.search(&view.text, encodings, &mut |detector, mut hit| {
            hit.place = view.place(hit.place.start)..view.place(hit.place.end);
            add(detector, hit)
        });
    }

    /// Hands over every hit of a text, with places in it, as long as `add` returns true. Whether any place mattered.
    fn search(&mut self, layer: &[u8], encodings: Encodings, add: &mut Add<'_>) -> bool {
        let matters = match self.aim {
            Aim::Hits => anchor::may_be_of_target,
            Aim::Answer => anchor::matters,
        };
        let (mut from, mut refused, mut mattered) = (0, 0..0, false);
        while let Some(at) = anchor::next(layer, from) {
            from = at + 1;
            let may_matter =
                |bytes: &[u8; GLANCE_BYTES]| anchor::may_matter(*bytes) && anchor::may_follow(*bytes);
            if !layer[at..].first_chunk().is_none_or(may_matter) || !matters(layer, at) {
                continue;
            }
            mattered = true;
            let Some(mut hit) = self.found(layer, at, &mut refused) else { continue };
            from = from.max(hit.place.end);
            hit.layers.clone_from(&self.encodings);
            if !encodings.is_empty() {
                hit.layers.push(encodings);
            }
            if !add(self, hit) {
                break;
            }
        }
        mattered
    }

    /// Adds a hit whose places are those of the present layer. What one layer shows, the next one shows again, perhaps
    /// with more of its path. False if there is no room for more.
    fn add(&self, text: &[u8], mut hit: Hit, hits: &mut Vec<Hit>, had: usize) -> bool {
        let is_path = hit.way == Way::Path;
        let alike = hits[had..].iter().filter(|known| (known.way == Way::Path) == is_path).count();
        if alike >= HITS_MAX {
            return is_path;
        }
        hit.place = self.written(text, hit.place);
        let is_same = |known: &&mut Hit| {
            known.host == hit.host && known.place.start < hit.place.end && hit.place.start < known.place.end
        };
        if let Some(known) = hits[had..].iter_mut().find(is_same) {
            if hit.path < known.path {
                *known = hit;
            }
            return true;
        }
        hits.push(hit);
        true
    }

    /// Where a place of the present layer stands in the text.
    fn written(&self, text: &[u8], place: Range<usize>) -> Range<usize> {
        let depths = (0..self.encodings.len()).rev();
        depths.fold(place, |place, depth| {
            let mut sources = Sources::new(self.doubt.left(depth), self.above(text, depth));
            sources.of(place.start)..sources.of(place.end)
        })
    }

    /// What stands around an anchor, in places of its layer.
    fn found(&mut self, layer: &[u8], at: usize, refused: &mut Range<usize>) -> Option<Hit> {
        let Some(target) = token::around(layer, at, &mut self.hosts, refused) else {
            return by_path(layer, at);
        };
        let before = &layer[..target.start];
        let way = way(before);
        let is_word = target.address.is_none() && !target.host.contains('.');
        if is_word && !is_marked(before) {
            self.has_word = true;
            self.has_user |= before.ends_with(b"@");
            return by_path(layer, at);
        }
        let (end, path) = request::after_host(layer, target.end);
        let around = &layer[target.start.saturating_sub(AROUND_BYTES)..layer.len().min(end + AROUND_BYTES)];
        let Target { provider, address, host, start, .. } = target;
        Some(Hit {
            provider,
            address,
            host,
            way,
            path,
            imds: request::version(around),
            layers: Vec::new(),
            place: start..end,
            decoded: shown(&layer[url_start(before)..end]),
        })
    }
}

/// Where the URL begins whose host begins at the end of `before`.
fn url_start(before: &[u8]) -> usize {
    let part = |byte: &u8| {
        byte.is_ascii_alphanumeric() || b"+-.:/@\\[_~%".contains(byte) || unfold::is_vanishing(*byte)
    };
    let near = &before[before.len().saturating_sub(AROUND_BYTES)..];
    let run = near.iter().rev().take_while(|byte| part(byte)).count();
    let run = &near[near.len() - run..];
    let slashes = run.windows(2).rposition(|two| matches!(two, b"//" | b"\\\\"));
    let Some(slashes) = slashes else { return before.len() };
    let scheme = run[..slashes].strip_suffix(b":").unwrap_or(&[]);
    let letters =
        scheme.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || unfold::is_vanishing(**byte));
    let colon = usize::from(!scheme.is_empty());
    before.len() - run.len() + slashes - colon - letters.count()
}

/// How the host that begins at the end of `before` is named.
fn way(before: &[u8]) -> Way {
    let before = before.strip_suffix(b"[").unwrap_or(before);
    let slashes = [&b"//"[..], b"\\\\", b"/\\", b"\\/", b":/"];
    let is_url = |text: &[u8]| slashes.iter().any(|end| text.ends_with(end));
    if is_url(before) || has_scheme(before) {
        return Way::Url;
    }
    match before.split_last() {
        Some((b'@', user)) => {
            let start =
                user.iter().rposition(|byte| matches!(byte, b'/' | b'\\')).map_or(0, |slash| slash + 1);
            if is_url(&user[..start]) { Way::Url } else { Way::Host }
        }
        _ => Way::Host,
    }
}

/// Whether an ordinary word that begins at the end of `before` is a host beyond doubt: `http:\/\/`, `"//`, `http:`. A
/// path has slashes too, and in JSON `\/`.
fn is_marked(before: &[u8]) -> bool {
    let before = match before.split_last() {
        Some((b'@', user)) => {
            let start = user.iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
            &user[..start.map_or(0, |slash| slash + 1)]
        }
        _ => before,
    };
    let slashes =
        before.iter().rev().take_while(|byte| matches!(byte, b'/' | b'\\') || unfold::is_vanishing(**byte));
    let (before, slashes) = before.split_at(before.len() - slashes.count());
    let has_two = slashes.len() > 1 && slashes != b"\\/";
    match before.last() {
        Some(b':') => {
            has_scheme(before)
                || (has_two && before.len() > 1 && before[before.len() - 2].is_ascii_alphabetic())
        }
        _ if !slashes.starts_with(b"//") => false,
        _ if slashes.len() > 2 => true,
        Some(byte) => {
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b'%' | 0x80..))
        }
        None => true,
    }
}

/// Whether `http:` or `https:` ends here. Browsers take `http:host` for `http://host`.
fn has_scheme(before: &[u8]) -> bool {
    let ends = |scheme: &&[u8]| {
        before.len() >= scheme.len() && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
    };
    [&b"http:"[..], b"https:", b"hxxp:", b"hxxps:"].iter().any(ends)
}

/// Paths that only a service has, in lower case.
const PATHS: &[(&str, &[&[u8]])] = &[
    ("ec2", &[b"/latest/meta-data", b"/latest/user-data", b"-04/meta-data"]),
    ("gcp", &[b"computemetadata/v1", b"computemetadata/v1beta1"]),
    ("azure", &[b"/metadata/instance", b"/metadata/identity/oauth2", b"/metadata/attested"]),
];

/// A path that only a service has, around an anchor.
fn by_path(layer: &[u8], at: usize) -> Option<Hit> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'\\' | b'-' | b'.' | b'_');
    let near = &layer[at.saturating_sub(64)..at];
    let start = at - near.iter().rev().take_while(|byte| part(byte)).count();
    let end = request::path_end(layer, start);
    if !has_data(&layer[start..end]) {
        return None;
    }
    let slashed = |byte: &u8| if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
    let path: Vec<u8> = layer[start..end].iter().map(slashed).collect();
    // `/latest/meta-data.html` is a page about it.
    let ends =
        |rest: &[u8]| rest.first().is_none_or(|byte| matches!(byte, b'/' | b'?' | b'#' | b';' | b'\\'));
    let fits = |at: usize, what: &[u8]| path[at..].starts_with(what) && ends(&path[at + what.len()..]);
    let known = |at: usize| match path[at] {
        b'/' | b'-' | b'c' => PATHS.iter().position(|(_, paths)| paths.iter().any(|what| fits(at, what))),
        _ => None,
    };
    let (name, _) = PATHS[(0..path.len()).filter_map(known).min()?];
    Some(Hit {
        provider: catalogue::CATALOGUE.iter().find(|provider| provider.name == name)?,
        address: None,
        host: String::from_utf8_lossy(&path).into_owned(),
        way: Way::Path,
        path: request::classify(&layer[start..end]),
        imds: request::version(&layer[start..end]),
        layers: Vec::new(),
        place: start..end,
        decoded: shown(&layer[start..end]),
    })
}

/// Whether `data` stands here, as in each of [`PATHS`].
fn has_data(text: &[u8]) -> bool {
    let is_around = |at: usize| {
        at.checked_sub(2)
            .and_then(|start| text.get(start..at + 2))
            .is_some_and(|word| word.eq_ignore_ascii_case(b"data"))
    };
    memchr::memchr2_iter(b't', b'T', text).any(is_around)
}

fn shown(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| unfold::shown(*byte)).collect()
}

#[cfg(test)]
mod tests;
