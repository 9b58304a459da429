//! One thread that looks at what all sources hold together: CloudTrail, names that lead to two places, incidents.
//!
//! ```text
//! events of readers ─▶ Judge ─┬─ a finding ───────────▶ told, and remembered for stories
//!                             ├─ facts of CloudTrail ─▶ rules with a state ─▶ findings
//!                             ╰─ a text has ended ────▶ told
//! ```

use crate::rebinding::Rebinding;
use crate::scanner::{Ended, Event};
use crate::story::Stories;
use crate::trail;
use onehop_input::{Options, SourceName};
use onehop_logs::Layout;
use onehop_report::{Finding, Place};
use onehop_trail::{Settings, State, Trail};
use std::path::{Path, PathBuf};

/// Facts of CloudTrail that wait to be put in order: about 1 KiB each.
const TRAIL_WAITING: usize = 16 << 10;

/// What a run hands over.
#[derive(Debug)]
#[non_exhaustive]
pub enum Told {
    /// Something found.
    Finding(Box<Finding>),
    /// A text has ended.
    Ended(Box<Ended>),
    /// A source could not be read at all: which, and why.
    Lost(String),
    /// Nothing is there yet, and it is waited for.
    Waits(PathBuf),
}

/// What looks at all sources together.
pub(crate) struct Judge<'t> {
    trail: Trail,
    /// Texts by number, as the places of facts have them.
    names: Vec<SourceName>,
    /// The parts of the present file that have ended, as one.
    ended: Option<Box<Ended>>,
    rebinding: Rebinding,
    stories: Stories,
    /// Whether incidents are told as they come.
    is_live: bool,
    pub(crate) goes_on: bool,
    take: &'t mut dyn FnMut(Told) -> bool,
}

impl<'t> Judge<'t> {
    pub(crate) fn new(state: Option<State>, take: &'t mut dyn FnMut(Told) -> bool) -> Self {
        let settings = Settings { waiting: TRAIL_WAITING, ..Settings::default() };
        let trail = match state {
            Some(state) => Trail::resume(state, settings),
            None => Trail::new(settings),
        };
        let (rebinding, stories) = (Rebinding::default(), Stories::new());
        Judge {
            trail,
            names: Vec::new(),
            ended: None,
            rebinding,
            stories,
            is_live: false,
            goes_on: true,
            take,
        }
    }

    /// The same, telling incidents as they come.
    pub(crate) fn live(self) -> Self {
        Judge { is_live: true, ..self }
    }

    /// Takes an event of the text that began last.
    pub(crate) fn event(&mut self, event: Event) {
        match event {
            Event::Finding(mut finding) => {
                if let (Some(before), Place::Text { region, .. }) = (&self.ended, &mut finding.place) {
                    region.line += before.lines;
                }
                self.finding(finding);
            }
            Event::Began { name, is_part } => {
                if !is_part {
                    self.tell_ended();
                    self.names.push(name);
                }
            }
            Event::Ended(ended) => match &mut self.ended {
                Some(before) => before.join(&ended),
                none => *none = Some(ended),
            },
            Event::Lost(lost) => self.goes_on = self.goes_on && (self.take)(Told::Lost(lost)),
            Event::Trail(facts) => self.facts(facts, self.last_text()),
        }
    }

    /// An event of a text among others that have not ended. Lines are those of the whole text, there are no parts.
    pub(crate) fn beside(&mut self, text: &mut u32, event: Event) {
        match event {
            Event::Began { name, .. } => {
                self.names.push(name);
                *text = self.last_text();
            }
            Event::Finding(finding) => self.finding(finding),
            Event::Trail(facts) => self.facts(facts, *text),
            Event::Ended(ended) => {
                self.ended = Some(ended);
                self.tell_ended();
            }
            lost @ Event::Lost(_) => self.event(lost),
        }
    }

    /// The number of the text that began last.
    fn last_text(&self) -> u32 {
        u32::try_from(self.names.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn facts(&mut self, mut facts: Box<onehop_trail::Facts>, text: u32) {
        facts.place.text = text;
        let mut found = Vec::new();
        self.trail.push(*facts, &mut |finding| found.push(finding));
        self.of_trail(&found);
    }

    /// Judges records of CloudTrail that have waited.
    pub(crate) fn settle(&mut self) {
        let mut found = Vec::new();
        self.trail.settle(&mut |finding| found.push(finding));
        self.of_trail(&found);
    }

    /// Tells that nothing is there yet.
    pub(crate) fn waits(&mut self, path: &Path) {
        self.goes_on = self.goes_on && (self.take)(Told::Waits(path.to_owned()));
    }

    /// Shows what was learnt from records that were judged. `keep` says whether it kept the changes.
    pub(crate) fn keep(&mut self, keep: &mut dyn FnMut(&State) -> bool) {
        if keep(self.trail.state()) {
            self.trail.kept();
        }
    }

    /// Tells that a file has ended: once the next begins, since more parts of it may come.
    fn tell_ended(&mut self) {
        if let Some(ended) = self.ended.take() {
            self.rebinding.ended(&ended);
            self.goes_on = self.goes_on && (self.take)(Told::Ended(ended));
        }
    }

    fn of_trail(&mut self, found: &[onehop_trail::Finding]) {
        for found in found {
            self.finding(Box::new(trail::finding(found, &self.names)));
        }
    }

    /// Looks for the other answers of names that led to a service.
    pub(crate) fn rebinding(&mut self, options: &Options, layout: Option<&Layout>) {
        self.tell_ended();
        for found in std::mem::take(&mut self.rebinding).look(options, layout) {
            self.finding(Box::new(found));
        }
    }

    fn finding(&mut self, finding: Box<Finding>) {
        self.rebinding.add(&finding);
        let incidents = if self.is_live {
            self.stories.add_and_tell(&finding)
        } else {
            self.stories.add(&finding);
            Vec::new()
        };
        for finding in std::iter::once(finding).chain(incidents.into_iter().map(Box::new)) {
            self.goes_on = self.goes_on && (self.take)(Told::Finding(finding));
        }
    }

    pub(crate) fn end(mut self) -> State {
        self.tell_ended();
        let mut found = Vec::new();
        self.trail.finish(&mut |finding| found.push(finding));
        self.of_trail(&found);
        let rows: Vec<Finding> =
            self.trail.inventory().filter_map(|row| Some(trail::of_row(&row, &row.finding()?))).collect();
        for finding in rows {
            self.finding(Box::new(finding));
        }
        for incident in std::mem::take(&mut self.stories).incidents() {
            if self.goes_on {
                self.goes_on = (self.take)(Told::Finding(Box::new(incident)));
            }
        }
        self.trail.into_state()
    }
}
