//! The search of one layer: its anchors, in the layer as it is and in its views.
//!
//! ```text
//! layer ─┬─▶ words that changed ─▶ anchors ─▶ those that matter ─▶ host or path around each ─▶ Seen
//!        └─▶ views of it: the same
//! ```
//! What is seen in one layer is seen in the next one again. So a [`Seen`] holds what tells it from others, and only what is
//! kept becomes a [`Hit`].
//!
//! A word that is as it was is searched again where another word tells more about it: a name behind an `@`, whose URL may begin
//! there; a sign of delimiters that no layer above has; and what stood in the place of a hit that gave way to a part of it.
//!
//! Nothing fails.

use crate::anchor::{self, GLANCE_BYTES};
use crate::hit::{Hit, Way};
use crate::layers::Present;
use crate::naming;
use crate::own_path;
use crate::request::{self, PathClass};
use crate::token::{self, Hosts, Target};
use crate::unfold::{self, Encodings};
use crate::views::{self, Reading, View};
use onehop_address::catalogue::Provider;
use std::net::IpAddr;
use std::ops::Range;

/// Bytes around a host that may say how it is asked.
const AROUND_BYTES: usize = 512;

/// What a text is looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Every hit, as it is seen first.
    #[default]
    Hits,
    /// Whether there is one.
    Answer,
}

/// What is to be done once something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// To search on.
    GoOn,
    /// To search on, and every word from here on: a part of what was known took its place, and the rest may be told as well.
    Reopen,
    /// To leave this layer, or this view of it.
    Leave,
}

/// Takes what is seen.
pub(crate) type Add<'a> = dyn FnMut(&Seen<'_>) -> Then + 'a;

/// Searches layers. Holds memory that is used again from layer to layer.
#[derive(Debug, Default)]
pub(crate) struct Seeker {
    pub(crate) hosts: Hosts,
    view: View,
    aim: Aim,
    /// Whether there is an answer.
    pub(crate) is_done: bool,
    /// How delimiters are written in the layers above, once a place of one mattered.
    signs: Option<Encodings>,
    /// Whether a name of a service that is also an ordinary word stood outside a URL.
    pub(crate) has_word: bool,
    /// Whether every word is searched from here on, as it was in a layer above or not. So it is where such a name stood
    /// behind an `@`: the URL that it belongs to may begin in another word.
    pub(crate) is_whole: bool,
}

/// The text that is searched: a layer, or a view of it.
#[derive(Clone, Copy, Debug)]
struct Page<'a> {
    present: Present<'a>,
    text: &'a [u8],
    view: Option<&'a View>,
    /// How the delimiters of a view are written.
    encodings: Encodings,
    /// Whether it is searched in every word, also in those that are as they were.
    is_whole: bool,
}

impl Page<'_> {
    /// Where what is searched stands.
    fn words(&self) -> impl Iterator<Item = Range<usize>> {
        let is_whole = self.is_whole;
        let changed = self.present.changed().filter(move |_| !is_whole);
        let changed = changed.map(|word| self.view.map_or(word.clone(), |view| view.within(&word)));
        is_whole.then_some(0..self.text.len()).into_iter().chain(changed)
    }
}

/// A service that a text names, by a host or by a path of its own.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    page: Page<'a>,
    provider: &'static Provider,
    address: Option<IpAddr>,
    /// The canonical host. `None` for a path.
    host: Option<String>,
    /// Where it begins in what is searched.
    start: usize,
    /// Where its path stands there.
    path: Range<usize>,
}

impl Seen<'_> {
    /// Whether it is a path alone.
    pub(crate) fn is_path(&self) -> bool {
        self.host.is_none()
    }

    /// The canonical host, or the path.
    pub(crate) fn host(&self) -> std::borrow::Cow<'_, str> {
        match &self.host {
            Some(host) => host.into(),
            None => own_path::told(self.path_bytes()).into(),
        }
    }

    /// What is asked of the service.
    pub(crate) fn path(&self) -> PathClass {
        request::classify(self.path_bytes())
    }

    fn path_bytes(&self) -> &[u8] {
        &self.page.text[self.path.clone()]
    }

    /// Where it stands in the text that was given, with its path.
    pub(crate) fn place(&self) -> Range<usize> {
        let place = |at: usize| self.page.view.map_or(at, |view| view.place(at));
        self.page.present.written(place(self.start)..place(self.path.end))
    }

    /// All of it, for these that were asked for already.
    pub(crate) fn hit(&self, host: String, path: PathClass, place: Range<usize>) -> Hit {
        let text = self.page.text;
        let (start, end) = (self.start, self.path.end);
        let before = &text[..start];
        let is_path = self.is_path();
        let around = if is_path { 0 } else { AROUND_BYTES };
        let around = &text[start.saturating_sub(around)..text.len().min(end + around)];
        let url_start = if is_path { start } else { naming::url_start(before) };
        let mut layers = self.page.present.encodings.to_vec();
        layers.extend(Some(self.page.encodings).filter(|encodings| !encodings.is_empty()));
        Hit {
            provider: self.provider,
            address: self.address,
            host,
            way: if is_path { Way::Path } else { naming::way(before) },
            path,
            imds: request::version(around),
            layers,
            place,
            decoded: shown(&text[url_start..end]),
        }
    }
}

impl Seeker {
    /// Forgets the text before.
    pub(crate) fn begin(&mut self, aim: Aim) {
        self.aim = aim;
        (self.is_done, self.has_word, self.is_whole) = (false, false, false);
        self.signs = None;
    }

    /// Searches one layer and its views.
    pub(crate) fn look(&mut self, present: Present<'_>, add: &mut Add<'_>) {
        let text = present.text;
        let page = Page { present, text, view: None, encodings: Encodings::NONE, is_whole: false };
        let matters = self.search(page, add);
        let page = Page { is_whole: self.is_whole, ..page };
        let mut view = std::mem::take(&mut self.view);
        if page.words().any(|word| unfold::next_vanishing(&text[word]).is_some()) {
            view.close_up(text);
            self.look_at(&view, page, add);
        }
        // No anchor has a delimiter in it that is not read where it stands.
        if matters || self.signs.is_some() {
            self.look_at_delimited(&mut view, page, matters, add);
        }
        self.view = view;
    }

    /// Searches a layer with its delimiters read, each sign alone and then all of them. A sign that no layer above has may
    /// show something in every word; the others only where a place of a word that was changed matters.
    fn look_at_delimited(&mut self, view: &mut View, page: Page<'_>, matters: bool, add: &mut Add<'_>) {
        let layer = page.text;
        let known = self.signs.unwrap_or_default();
        let (mut together, mut encodings) = (Vec::new(), Encodings::NONE);
        for (sign, encoding) in views::signs(layer) {
            let is_whole = page.is_whole || !known.has(encoding);
            if !(matters || is_whole) {
                continue;
            }
            let page = Page { encodings: Encodings::of(encoding), is_whole, ..page };
            view.delimited(layer, &[sign], Reading::Careful);
            self.look_at(view, page, add);
            if views::has_more(layer, sign) {
                view.delimited(layer, &[sign], Reading::Every);
                self.look_at(view, page, add);
            }
            together.push(sign);
            encodings.add(encoding);
        }
        if together.len() > 1 {
            view.delimited(layer, &together, Reading::Careful);
            self.look_at(view, Page { encodings, ..page }, add);
        }
        self.signs = Some(known.and(encodings));
    }

    /// Searches a view of a layer.
    fn look_at(&mut self, view: &View, page: Page<'_>, add: &mut Add<'_>) {
        self.search(Page { text: &view.text, view: Some(view), ..page }, add);
    }

    /// Hands over what is seen. Whether any place mattered.
    fn search(&mut self, page: Page<'_>, add: &mut Add<'_>) -> bool {
        let matters = match self.aim {
            Aim::Hits => anchor::may_be_of_target,
            Aim::Answer => anchor::matters,
        };
        let page = Page { is_whole: page.is_whole || self.is_whole, ..page };
        let text = page.text;
        let may_matter =
            |bytes: &[u8; GLANCE_BYTES]| anchor::may_matter(*bytes) && anchor::may_follow(*bytes);
        let mut mattered = false;
        for Range { start: mut from, mut end } in page.words() {
            let mut refused = 0..0;
            while let Some(at) = anchor::next(&text[..end], from) {
                from = at + 1;
                if !text[at..].first_chunk().is_none_or(may_matter) || !matters(text, at) {
                    continue;
                }
                mattered = true;
                let Some(seen) = self.seen(page, at, &mut refused) else { continue };
                from = from.max(seen.path.end);
                match add(&seen) {
                    Then::GoOn => {}
                    Then::Reopen => (self.is_whole, end) = (true, text.len()),
                    Then::Leave => {
                        self.is_done = self.aim == Aim::Answer;
                        return true;
                    }
                }
            }
            if end == text.len() {
                break;
            }
        }
        mattered
    }

    /// What stands around an anchor.
    fn seen<'a>(&mut self, page: Page<'a>, at: usize, refused: &mut Range<usize>) -> Option<Seen<'a>> {
        let text = page.text;
        if let Some(target) = token::around(text, at, &mut self.hosts, refused) {
            let before = &text[..target.start];
            let is_word = target.address.is_none() && !target.host.contains('.');
            self.is_whole |= is_word && before.ends_with(b"@");
            if !is_word || naming::is_marked(before) {
                let end = request::path_end(text, target.end);
                let Target { provider, address, host, start, end: path } = target;
                return Some(Seen { page, provider, address, host: Some(host), start, path: path..end });
            }
            self.has_word = true;
        }
        let (provider, path) = own_path::around(text, at)?;
        Some(Seen { page, provider, address: None, host: None, start: path.start, path })
    }
}

/// What is read, with what stood for a tab or a line end as that.
pub(crate) fn shown(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| unfold::shown(*byte)).collect()
}

#[cfg(test)]
mod tests;
