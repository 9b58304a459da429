//! Puts an attempt together from one row of each table.
//!
//! ```text
//! format ─▶ carrier ─▶ target ─▶ path ─┐
//! spelling (of the place) ─────────────┼─▶ shape ─▶ encoding ─▶ carrier puts it ─▶ format writes it
//! ```
//! Rows that do not fit together are drawn again: a decimal number is no spelling of a name, an answer holds no path.
//! So that a missed spelling is not counted against every encoding, most attempts are disguised in one way only
//! (`Mix`). Nothing fails.

use crate::carrier::{Carrier, Payload, Takes};
use crate::dice::{Dice, Stream};
use crate::encoding::{ENCODINGS, Encoding, ORDINARY};
use crate::format::{FORMATS, Format};
use crate::path::{PATHS, path};
use crate::request::Request;
use crate::shape::{SHAPES, Shape, Url};
use crate::spelling::{SPELLINGS, Spelling};
use crate::target::{Place, Weights};
use onehop_address::catalogue::Provider;
use std::borrow::Cow;

/// What a line is made of: one row of each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Label {
    /// The service, by its name in the catalogue.
    pub target: &'static str,
    /// How the host is spelled.
    pub spelling: &'static str,
    /// How the URL stands around it; [`NONE`] where there is a host alone, `gopher` for such.
    pub shape: &'static str,
    /// How that is encoded.
    pub encoding: &'static str,
    /// Where in the request it stands.
    pub carrier: &'static str,
    /// What is asked for.
    pub path: &'static str,
    /// The log.
    pub format: &'static str,
    /// Whether nothing is left to see without unpacking.
    pub deep: bool,
}

/// The name of a row that does not apply.
pub const NONE: &str = "none";

/// A line that is an attempt, and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What it is made of.
    pub label: Label,
    /// The line, without its end.
    pub line: String,
}

/// What attempts are made from.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) formats: Vec<&'static Format>,
    pub(crate) weights: Weights,
    pub(crate) has_deep: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Choice { formats: FORMATS.iter().collect(), weights: Weights::default(), has_deep: true }
    }
}

/// Attempts without end, from every format. The same seed gives the same.
pub fn attempts(seed: u64) -> impl Iterator<Item = Attempt> {
    let choice = Choice::default();
    let mut request = Request::default();
    (0..).map(move |serial| {
        let mut line = String::new();
        let label = write(seed, serial, &choice, &mut request, &mut line);
        Attempt { label, line }
    })
}

/// Appends the attempt of this number, without a line end.
pub(crate) fn write(
    seed: u64,
    serial: u64,
    choice: &Choice,
    request: &mut Request,
    out: &mut String,
) -> Label {
    let dice = &mut Dice::of(seed, Stream::Attempt, serial);
    request.ordinary(serial, dice);
    loop {
        let format = dice.pick(&choice.formats);
        if format.is_outbound {
            request.method = "GET";
        }
        if let Some(label) = draw(choice, format, request, dice) {
            format.write(request, dice, out);
            return label;
        }
    }
}

/// How many attempts of a hundred vary what.
struct Mix {
    spelling: bool,
    shape: bool,
    encoding: bool,
}

impl Mix {
    fn draw(dice: &mut Dice) -> Self {
        let (spelling, shape, encoding) = match dice.below(100) {
            0..8 => (false, false, false),
            8..38 => (true, false, false),
            38..48 => (false, true, false),
            48..78 => (false, false, true),
            78..88 => (true, false, true),
            88..93 => (true, true, false),
            93..96 => (false, true, true),
            _ => (true, true, true),
        };
        Mix { spelling, shape, encoding }
    }

    fn spelling(&self, dice: &mut Dice) -> &'static Spelling {
        if self.spelling { dice.row(SPELLINGS) } else { &SPELLINGS[0] }
    }

    fn shape(&self, dice: &mut Dice) -> &'static Shape {
        if self.shape { dice.row(SHAPES) } else { &SHAPES[0] }
    }

    fn encoding(&self, dice: &mut Dice) -> &'static Encoding {
        dice.row(if self.encoding { ENCODINGS } else { &ENCODINGS[..ORDINARY] })
    }
}

/// Rows that fit together, put into the request; `None` if they do not.
fn draw(choice: &Choice, format: &Format, request: &mut Request, dice: &mut Dice) -> Option<Label> {
    let carrier = format.carrier(dice);
    let (provider, place) = choice.weights.draw(dice);
    let mix = Mix::draw(dice);
    if carrier.takes == Takes::Host && is_word(place) && !has_columns(choice, format) {
        return None;
    }
    let (spelling, host) = spelled(&mix, carrier.takes, place, dice)?;
    let encoding = encoding(&mix, carrier.takes, choice.has_deep, dice)?;
    let (path_name, path) = asked(carrier.takes, provider, dice)?;
    let (shape, url) = url(&mix, carrier.takes, &host, &path, is_word(place), dice)?;
    let text = encoding.write(&url, dice)?;
    let path = if carrier.takes == Takes::Host { &*path } else { "" };
    carrier.put(request, &Payload { text: &text, path, language: encoding.language }, dice);
    Some(Label {
        target: provider.name,
        spelling: spelling.name,
        shape,
        encoding: encoding.name,
        carrier: carrier.name,
        path: if carries_path(carrier) { path_name } else { "nothing" },
        format: format.name,
        deep: encoding.is_deep,
    })
}

/// The tunnel's host stands without a path, though it may be spelled in any way.
fn carries_path(carrier: &Carrier) -> bool {
    carrier.name != "connect"
}

/// Whether a reader can know which column is the host: a log that names its columns at its beginning does so only where
/// it is alone in its file. In another column a name of one label is an ordinary word.
fn has_columns(choice: &Choice, format: &Format) -> bool {
    format.preamble.is_empty() || choice.formats.len() == 1
}

/// A name of one label, which without a scheme is an ordinary word.
fn is_word(place: Place) -> bool {
    matches!(place, Place::Name(name) if !name.contains('.'))
}

/// Rows drawn from one table before everything is drawn again. Where rows must fit, one in eleven does as a rule.
const DRAWS: usize = 40;

fn spelled(mix: &Mix, takes: Takes, place: Place, dice: &mut Dice) -> Option<(&'static Spelling, String)> {
    if takes == Takes::Name && is_word(place) || takes == Takes::Address && matches!(place, Place::Name(_)) {
        return None;
    }
    (0..DRAWS).find_map(|_| {
        let spelling = if takes == Takes::Name { dice.row(SPELLINGS) } else { mix.spelling(dice) };
        let fits = match takes {
            Takes::Address => spelling.is_canonical,
            Takes::Name => spelling.is_name_of(place),
            _ => true,
        };
        let mut host = if fits { spelling.write(place, dice)? } else { return None };
        if takes == Takes::Address {
            host.retain(|sign| !matches!(sign, '[' | ']'));
        }
        Some((spelling, host))
    })
}

fn encoding(mix: &Mix, takes: Takes, has_deep: bool, dice: &mut Dice) -> Option<&'static Encoding> {
    if matches!(takes, Takes::Address | Takes::Name) {
        return Some(&ENCODINGS[0]);
    }
    (0..DRAWS).map(|_| mix.encoding(dice)).find(|encoding| match takes {
        Takes::AbsoluteUrl | Takes::Host => encoding.fits_host,
        _ => has_deep || !encoding.is_deep,
    })
}

fn asked(
    takes: Takes,
    provider: &'static Provider,
    dice: &mut Dice,
) -> Option<(&'static str, Cow<'static, str>)> {
    let name = match takes {
        Takes::Gopher => "token",
        Takes::Address | Takes::Name => "nothing",
        Takes::Url | Takes::AbsoluteUrl | Takes::Host => dice.pick(PATHS),
    };
    Some((name, path(name, provider, dice)?))
}

/// Most signs that a number or a word without anything around it takes to be believed a URL: it needs a path.
fn needs_path(shape: &Shape, host: &str, is_word: bool) -> bool {
    is_word || (!shape.is_marked && !host.contains(['.', ':']))
}

fn url(
    mix: &Mix,
    takes: Takes,
    host: &str,
    path: &str,
    is_word: bool,
    dice: &mut Dice,
) -> Option<(&'static str, Url)> {
    let has_path = path.len() > 1;
    match takes {
        Takes::Url | Takes::AbsoluteUrl => {
            let shape = mix.shape(dice);
            let is_url = shape.is_marked || !is_word;
            let fits = is_url
                && (has_path || shape.is_absolute || !needs_path(shape, host, is_word))
                && (takes == Takes::Url || shape.is_absolute);
            fits.then(|| (shape.name, shape.write(host, path, dice)))
        }
        Takes::Gopher => Some(("gopher", gopher(host, path))),
        Takes::Host | Takes::Address | Takes::Name => {
            let fits = has_path || !is_word;
            fits.then(|| (NONE, Url { text: host.to_owned(), host: 0..host.len() }))
        }
    }
}

/// A whole `PUT` for a token inside a URL: what version 2 of the service asks for and a plain URL cannot send.
fn gopher(host: &str, path: &str) -> Url {
    let before = "gopher://";
    let text = format!(
        "{before}{host}:80/_PUT%20{path}%20HTTP/1.1%0D%0AHost:%20x%0D%0A\
         X-aws-ec2-metadata-token-ttl-seconds:%2021600%0D%0A%0D%0A"
    );
    Url { text, host: before.len()..before.len() + host.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_iterator_and_the_writer_agree() {
        let choice = Choice::default();
        let mut request = Request::default();
        for (serial, attempt) in (0..200).zip(attempts(11)) {
            let mut line = String::new();
            let label = write(11, serial, &choice, &mut request, &mut line);
            assert_eq!((label, &line), (attempt.label, &attempt.line));
        }
    }

    #[test]
    fn nothing_stands_around_what_is_no_url() {
        for Attempt { label, line } in attempts(5).take(20_000) {
            match label.carrier {
                "peer" | "dns-name" | "dns-answer" => {
                    assert_eq!(
                        (label.shape, label.encoding, label.path),
                        (NONE, "none", "nothing"),
                        "{line}"
                    );
                }
                "host" | "forwarded-host" | "connect" => assert_eq!(label.shape, NONE, "{line}"),
                "gopher" => assert_eq!((label.shape, label.path), ("gopher", "token"), "{line}"),
                _ => assert_ne!(label.shape, NONE, "{line}"),
            }
        }
    }

    #[test]
    fn most_attempts_are_disguised_in_one_way() {
        let ordinary: Vec<&str> = ENCODINGS[..ORDINARY].iter().map(|row| row.name).collect();
        let mut counts = [0; 4];
        for Attempt { label, .. } in attempts(6).take(10_000) {
            let ways = [
                label.spelling != SPELLINGS[0].name,
                !matches!(label.shape, "plain" | "gopher" | NONE),
                !ordinary.contains(&label.encoding),
            ];
            counts[ways.into_iter().filter(|way| *way).count()] += 1;
        }
        let [plain, one, two, three] = counts;
        assert!(plain > 500 && one > two && two > three && three > 20, "{counts:?}");
    }
}
