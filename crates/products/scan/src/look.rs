//! One line that matters: what it names, and what it means in its place.
//!
//! ```text
//! line ─▶ detector ─▶ hits ─┐                                  ┌─▶ attempt
//!                           ├─▶ the line's fields by a layout ─┤
//!     a word such as `metadata` somewhere ─▶ fields for hosts ─┘
//! ```
//! A line that is not of the text's layout is read by the layout that fits it: logs of containers and of the system mix
//! programs. Nothing fails.

use crate::attempt::{self, Attempt};
use onehop_detect::{Detector, Hit};
use onehop_logs::{Format, Kind, Layout, Record};

/// Most layouts beside the text's own.
const OTHERS_MAX: usize = 8;

/// What is known of a line before it is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Promise {
    /// It does not matter by itself.
    #[default]
    Nothing,
    /// It has a name that is also an ordinary word.
    Word,
    /// It seems to have something.
    Hit,
}

/// Looks at lines. Holds memory that is used again from line to line.
#[derive(Debug, Default)]
pub(crate) struct Look {
    pub(crate) detector: Detector,
    hits: Vec<Hit>,
    /// Whether the last line had something: then so may the next one, and it is searched as a whole at once.
    held: bool,
    others: Vec<Layout>,
}

/// What a line holds.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    /// Each with its place in the line.
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) record: Record<'a>,
    pub(crate) format: Format,
}

impl Look {
    /// What a word of a line promises that has a place that matters. Whatever a line has, one of its words has it: no
    /// host, no path and no escape has a space in it.
    #[inline]
    pub(crate) fn promise(&mut self, word: &[u8]) -> Promise {
        match () {
            () if self.held || self.detector.holds(word) => Promise::Hit,
            () if self.detector.has_word() => Promise::Word,
            () => Promise::Nothing,
        }
    }

    /// What a line holds, of which the words promise this. `packed` are hits in it that were found in another way.
    pub(crate) fn at<'a>(
        &mut self,
        line: &'a [u8],
        layout: &Layout,
        promise: Promise,
        packed: impl Iterator<Item = Hit>,
    ) -> Option<Seen<'a>> {
        self.hits.clear();
        let mut has_word = promise == Promise::Word;
        if promise == Promise::Hit {
            self.detector.detect(line, &mut self.hits);
            self.held = !self.hits.is_empty();
            has_word = self.detector.has_word();
        }
        self.hits.extend(packed);
        if self.hits.is_empty() && !has_word {
            return None;
        }
        let mut record = Record::default();
        let format = self.read(line, layout, &mut record);
        if has_word {
            self.words(&record);
        }
        let attempts: Vec<Attempt> =
            self.hits.drain(..).filter_map(|hit| attempt::judge(hit, &record)).collect();
        (!attempts.is_empty()).then_some(Seen { attempts, record, format })
    }

    /// Reads the line by the layout, or by another one that fits it.
    fn read<'a>(&mut self, line: &'a [u8], layout: &Layout, record: &mut Record<'a>) -> Format {
        if layout.read(line, record) {
            return layout.format();
        }
        // Any JSON is read by each layout of JSON: what it is, its keys tell.
        let is_json = line.trim_ascii_start().starts_with(b"{");
        let known = self.others.iter().find(|other| !is_json && other.read(line, record));
        if let Some(other) = known {
            return other.format();
        }
        let other = Layout::recognise(line);
        if other.format() != Format::Text && other.read(line, record) {
            let format = other.format();
            if !is_json && self.others.len() < OTHERS_MAX {
                self.others.push(other);
            }
            return format;
        }
        layout.read_or_text(line, record);
        Format::Text
    }

    /// Adds fields for hosts whose host is a service by a name that is an ordinary word elsewhere.
    fn words(&mut self, record: &Record<'_>) {
        for field in &record.fields {
            let Some(trust) = trust(field.kind, &field.name) else { continue };
            let Some(mut hit) = self.detector.whole(field.raw) else { continue };
            let end = field.at + field.raw.len();
            let is_known = |known: &Hit| known.place.start < end && field.at < known.place.end;
            let is_believed = trust == Trust::Host || hit.host != "metadata";
            if hit.host.contains('.') || !is_believed || self.hits.iter().any(is_known) {
                continue;
            }
            hit.place = field.at..end;
            self.hits.push(hit);
        }
    }
}

/// What a field holds whose whole value is a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// A host.
    Host,
    /// Perhaps a host: a header that the log does not name.
    Header,
}

fn trust(kind: Kind, name: &str) -> Option<Trust> {
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    let end = name.len().checked_sub(4).and_then(|at| name.get(at..));
    match kind {
        Kind::Host | Kind::Target => Some(Trust::Host),
        Kind::Header if end.is_some_and(|end| end.eq_ignore_ascii_case("host")) => Some(Trust::Host),
        // What `HAProxy` was told to capture: no other header has such a value.
        Kind::Header if matches!(name, "captured_headers" | "request_headers") => Some(Trust::Host),
        Kind::Header => Some(Trust::Header),
        _ => None,
    }
}
