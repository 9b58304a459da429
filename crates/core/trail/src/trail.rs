//! Puts records in order and asks the rules.
//!
//! CloudTrail delivers late, in several files at a time and in no order within them, while the rules need to know what
//! came first. Facts wait in a bounded room, by time; when it is full the older half is judged. Of events with one id only
//! one is judged: trails of an organization and of an account deliver the same event, one soon after the other.
//!
//! ```text
//! text ─records─▶ may_matter? ─read─▶ Facts ─push─▶ waiting, by time ─▶ learn ─▶ rules ─▶ findings
//!                 (any thread, no state)            (one thread, State)
//! ```

use crate::deliveries::{self, Delivered};
use crate::facts::{self, Facts, Place};
use crate::finding::Finding;
use crate::inventory::{self, Row};
use crate::moment::Moment;
use crate::state::{Bounds, State};
use crate::{downgrade, elsewhere, prefilter, records};
use std::collections::HashSet;

/// What the rules are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The score from which a use is reported. Default 50; see [`Part`](crate::elsewhere::Part).
    pub threshold: u32,
    /// How many sessions of an account have to be at home behind a public address before it counts as a way out that
    /// they share; at most 4. Default 3.
    pub shared_egress: usize,
    /// Facts that wait to be put in order. Default 65,536, about 64 MB when full.
    pub waiting: usize,
    /// Rows of the state.
    pub bounds: Bounds,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { threshold: 50, shared_egress: 3, waiting: 65_536, bounds: Bounds::default() }
    }
}

/// What became of the records of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that were found.
    pub records: u64,
    /// Those that were parsed because they might matter.
    pub parsed: u64,
    /// Facts that mattered.
    pub facts: u64,
    /// Those that might have mattered and could not be read.
    pub unreadable: u64,
    /// Those that broke off; they are not judged.
    pub incomplete: u64,
}

/// By time; then what teaches before what is judged; then by id, so that the order of reading does not matter.
type Turn = (Moment, bool, u64);

/// Records put in order, judged, and remembered.
#[derive(Debug, Default)]
pub struct Trail {
    settings: Settings,
    state: State,
    waiting: Vec<Waiting>,
    judged: Recent,
    /// Calls of [`Trail::settle`].
    round: u64,
    nameless: u64,
}

/// Facts that wait for those that came before them.
#[derive(Debug)]
struct Waiting {
    turn: Turn,
    /// When they came.
    round: u64,
    facts: Box<Facts>,
}

/// What was judged last: at least as much as was asked for, at most twice that.
#[derive(Debug, Default)]
struct Recent {
    now: HashSet<Turn>,
    before: HashSet<Turn>,
}

impl Recent {
    /// Adds a turn. False if it was there.
    fn add(&mut self, turn: Turn, most: usize) -> bool {
        if self.now.len() >= most {
            self.before = std::mem::take(&mut self.now);
        }
        !self.before.contains(&turn) && self.now.insert(turn)
    }
}

impl Trail {
    /// Begins without a memory.
    pub fn new(settings: Settings) -> Trail {
        Trail::resume(State::default(), settings)
    }

    /// Goes on where an earlier run ended.
    pub fn resume(mut state: State, settings: Settings) -> Trail {
        state.bound(&settings.bounds);
        Trail { settings, state, ..Trail::default() }
    }

    /// Reads a text and judges what no longer waits. `text_number` is what [`Place`] will show.
    pub fn read(&mut self, text_number: u32, text: &[u8], found: &mut impl FnMut(Finding)) -> Tally {
        let (mut pushed, mut lines) = (Vec::new(), Lines::default());
        let mut tally = Tally::default();
        for record in records::records(text) {
            tally.add(&read_record(text_number, &record, &mut pushed));
            for mut facts in pushed.drain(..) {
                facts.place.line = lines.at(text, record.offset);
                self.push(facts, found);
            }
        }
        tally
    }

    /// Takes facts in, and judges the older half of those that wait if there are too many.
    pub fn push(&mut self, facts: Facts, found: &mut impl FnMut(Finding)) {
        let id = if facts.id.is_empty() {
            self.nameless += 1;
            self.nameless
        } else {
            hash(&facts.id)
        };
        let turn = (facts.time, facts.call.is_none(), id);
        self.waiting.push(Waiting { turn, round: self.round, facts: Box::new(facts) });
        if self.waiting.len() > self.settings.waiting {
            self.judge(self.waiting.len() / 2, found);
        }
    }

    /// Judges what has waited since the call before this one, and what came before that. A run that goes on calls it in
    /// intervals: so facts wait for two of them at most.
    pub fn settle(&mut self, found: &mut impl FnMut(Finding)) {
        self.put_in_order();
        let settled = self.waiting.iter().rposition(|waiting| waiting.round < self.round);
        self.judge_first(settled.map_or(0, |last| last + 1), found);
        self.round += 1;
    }

    /// Judges all that wait: at the end of a run. What is read from then on is judged as by a run that goes on from the
    /// state: which events were judged is not in it.
    pub fn finish(&mut self, found: &mut impl FnMut(Finding)) {
        self.judge(0, found);
        self.judged = Recent::default();
    }

    /// What is remembered. Call [`Trail::finish`] first: what waits is not in it.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Says that a store has what is remembered: see [`State::kept`].
    pub fn kept(&mut self) {
        self.state.kept();
    }

    /// What is remembered, for the next run. Call [`Trail::finish`] first.
    pub fn into_state(self) -> State {
        self.state
    }

    /// Every role on every instance that is remembered, with its [`TRAIL-V1-DELIVERY`](crate::Rule::V1Delivery) finding.
    pub fn inventory(&self) -> impl Iterator<Item = Row<'_>> {
        inventory::rows(&self.state)
    }

    /// Calls with role credentials of each instance by the way they were delivered, by instance.
    pub fn deliveries(&self) -> Vec<Delivered> {
        deliveries::by_instance(self.inventory())
    }

    /// Judges all but the `left` latest.
    fn judge(&mut self, left: usize, found: &mut impl FnMut(Finding)) {
        self.put_in_order();
        self.judge_first(self.waiting.len().saturating_sub(left), found);
    }

    fn put_in_order(&mut self) {
        self.waiting.sort_unstable_by_key(|waiting| (waiting.turn, waiting.round));
        self.waiting.dedup_by_key(|waiting| waiting.turn);
    }

    /// Judges so many of those that were put in order.
    fn judge_first(&mut self, count: usize, found: &mut impl FnMut(Finding)) {
        let later = self.waiting.split_off(count);
        for waiting in std::mem::replace(&mut self.waiting, later) {
            self.judge_one(&waiting, found);
        }
    }

    fn judge_one(&mut self, Waiting { turn, facts, .. }: &Waiting, found: &mut impl FnMut(Finding)) {
        if self.judged.add(*turn, self.settings.waiting) {
            elsewhere::learn(&mut self.state, facts);
            downgrade::judge(&mut self.state, facts).into_iter().for_each(&mut *found);
            elsewhere::judge(&mut self.state, &self.settings, facts).into_iter().for_each(&mut *found);
        }
    }
}

impl Tally {
    /// Adds another tally.
    pub fn add(&mut self, other: &Tally) {
        self.records += other.records;
        self.parsed += other.parsed;
        self.facts += other.facts;
        self.unreadable += other.unreadable;
        self.incomplete += other.incomplete;
    }
}

/// Counts lines up to the places that are asked for.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Ends of lines before what is at hand.
    before: u64,
    /// How far what is at hand was counted.
    counted: usize,
}

impl Lines {
    /// Begins behind so many ends of lines.
    pub(crate) fn behind(before: u64) -> Self {
        Lines { before, counted: 0 }
    }

    /// The number of the line, from 1, of a place that is not before the one that was asked for last.
    pub(crate) fn at(&mut self, text: &[u8], place: usize) -> u64 {
        let ends = memchr::memchr_iter(b'\n', &text[self.counted..place]).count();
        self.before += ends as u64;
        self.counted = place;
        self.before + 1
    }
}

/// Reads one record into facts, without any state: for threads that read while one judges. Its line is not known here.
pub fn read_record(text_number: u32, record: &records::RecordSlice<'_>, into: &mut Vec<Facts>) -> Tally {
    let mut tally = Tally { records: 1, ..Tally::default() };
    if !record.complete {
        tally.incomplete = 1;
    } else if prefilter::may_matter(record.bytes) {
        tally.parsed = 1;
        let offset = u64::try_from(record.offset).unwrap_or(u64::MAX);
        match facts::read(record.bytes, Place { text: text_number, line: 0, offset }) {
            Ok(facts) => {
                tally.facts = u64::try_from(facts.len()).unwrap_or(u64::MAX);
                into.extend(facts);
            }
            Err(_) => tally.unreadable = 1,
        }
    }
    tally
}

/// FNV-1a over 64 bits: the ids are random, and few wait at one time.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
