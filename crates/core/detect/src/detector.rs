//! The walk through the layers of one text.

use crate::anchor;
use crate::request::{self, Imds, PathClass};
use crate::token::{self, Target};
use crate::unfold::{self, Encodings, LAYERS_MAX};
use onehop_address::catalogue::{self, Provider};
use std::net::IpAddr;
use std::ops::Range;

/// Longest text that is looked at, in bytes.
pub const TEXT_MAX_BYTES: usize = 1 << 20;
/// Most hits that one text gives.
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

/// Finds services in texts. Holds memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct Detector {
    /// The text with one layer taken off, with two …
    layers: Vec<Vec<u8>>,
    /// What was taken off for each layer that the present text has.
    encodings: Vec<Encodings>,
    host: String,
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
        self.encodings.clear();
        self.look(text, text, hits, had);
        for depth in 0..LAYERS_MAX {
            if depth == self.layers.len() {
                self.layers.push(Vec::new());
            }
            let mut layer = std::mem::take(&mut self.layers[depth]);
            layer.clear();
            let taken_off = unfold::unfold(self.above(text, depth), &mut layer);
            if !taken_off.is_empty() {
                self.encodings.push(taken_off);
                self.look(text, &layer, hits, had);
            }
            self.layers[depth] = layer;
            if taken_off.is_empty() {
                break;
            }
        }
        if hits[had..].iter().any(|hit| hit.way != Way::Path) {
            let mut at = 0;
            hits.retain(|hit| {
                at += 1;
                at <= had || hit.way != Way::Path
            });
        }
    }

    /// What the layer at this depth was made from.
    fn above<'a>(&'a self, text: &'a [u8], depth: usize) -> &'a [u8] {
        depth.checked_sub(1).map_or(text, |above| &self.layers[above])
    }

    /// Searches one layer.
    fn look(&mut self, text: &[u8], layer: &[u8], hits: &mut Vec<Hit>, had: usize) {
        let mut from = 0;
        while let Some(at) = anchor::next(layer, from) {
            from = at + 1;
            if hits.len() - had >= HITS_MAX {
                return;
            }
            if !anchor::matters(layer, at) {
                continue;
            }
            let Some(mut hit) = found(layer, at, &mut self.host) else { continue };
            from = from.max(hit.place.end);
            hit.place = self.written(text, hit.place.start)..self.written(text, hit.place.end);
            hit.layers.clone_from(&self.encodings);
            // What one layer shows, the next one shows again, perhaps with more of its path.
            let is_same = |known: &&mut Hit| {
                known.host == hit.host
                    && known.place.start < hit.place.end
                    && hit.place.start < known.place.end
            };
            if let Some(known) = hits[had..].iter_mut().find(is_same) {
                if hit.path < known.path {
                    *known = hit;
                }
                continue;
            }
            hits.push(hit);
        }
    }

    /// Where a place of the present layer stands in the text.
    fn written(&self, text: &[u8], place: usize) -> usize {
        let depths = (0..self.encodings.len()).rev();
        depths.fold(place, |place, depth| unfold::source_of(self.above(text, depth), place))
    }
}

/// What stands around an anchor, in places of its layer.
fn found(layer: &[u8], at: usize, host: &mut String) -> Option<Hit> {
    let Some(target) = token::around(layer, at, host) else { return by_path(layer, at) };
    let before = &layer[..target.start];
    let way = way(before);
    let is_label = target.address.is_none() && !target.host.contains('.');
    if is_label && way != Way::Url {
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
    let slashes =
        [&b"//"[..], b"\\\\", b"/\\", b"\\/", b":/", b"-2F", b"-2f", b"_2F", b"_2f", b".2F", b".2f"];
    let is_url = |text: &[u8]| slashes.iter().any(|end| text.ends_with(end));
    if is_url(before) {
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

/// A path that only a service has, around an anchor.
fn by_path(layer: &[u8], at: usize) -> Option<Hit> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_');
    let near = &layer[at.saturating_sub(64)..at];
    let start = at - near.iter().rev().take_while(|byte| part(byte)).count();
    let (end, class) = request::after_host(layer, start);
    let path = layer[start..end].to_ascii_lowercase();
    let holds = |what: &[u8]| path.windows(what.len()).any(|window| window == what);
    let name = if holds(b"/latest/meta-data") || holds(b"/latest/user-data") || holds(b"-04/meta-data") {
        "ec2"
    } else if holds(b"computemetadata/v1") {
        "gcp"
    } else if holds(b"/metadata/instance")
        || holds(b"/metadata/identity/oauth2")
        || holds(b"/metadata/attested")
    {
        "azure"
    } else {
        return None;
    };
    Some(Hit {
        provider: catalogue::CATALOGUE.iter().find(|provider| provider.name == name)?,
        address: None,
        host: String::from_utf8_lossy(&path).into_owned(),
        way: Way::Path,
        path: class,
        imds: request::version(&layer[start..end]),
        layers: Vec::new(),
        place: start..end,
        decoded: shown(&layer[start..end]),
    })
}

fn shown(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| unfold::shown(*byte)).collect()
}

#[cfg(test)]
mod tests;
