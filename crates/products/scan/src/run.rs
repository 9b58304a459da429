//! A whole run: sources read in parallel, findings in their order, then what only all of them together show.
//!
//! ```text
//! readers ─▶ lanes ─▶ findings ───────────────────────▶ out
//!                  ─▶ facts of CloudTrail ─▶ rules ──▶ out
//!                  every finding ─▶ stories ─ at the end ─▶ incidents ─▶ out
//! ```

use crate::lanes::Lanes;
use crate::progress::{Progress, Watched};
use crate::rebinding::Rebinding;
use crate::scanner::{Ended, Event, SAMPLE_BYTES, Scanner};
use crate::story::Stories;
use crate::trail;
use onehop_input::{Followed, Options, Reader, Source, SourceName, Stop};
use onehop_logs::{Format, Layout};
use onehop_report::{Finding, Place};
use onehop_trail::{Settings, State, Trail};
use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Findings of one source that may wait for their turn.
const LANE_CAPACITY: usize = 256;
/// Facts of CloudTrail that wait to be put in order: about 1 KiB each.
const TRAIL_WAITING: usize = 16 << 10;

/// Parts of a large file for each thread: the last ones are done at about the same time.
const PARTS_PER_THREAD: u64 = 4;

/// How to scan.
#[derive(Debug)]
pub struct Plan {
    /// How to read.
    pub input: Options,
    /// The layout of every text; each is recognised if there is none.
    pub layout: Option<Layout>,
    /// Whether base64, base32, bare hexadecimal digits and reversed text are taken off as well.
    pub deep: bool,
    /// What an earlier run remembers about sessions of instances.
    pub state: Option<State>,
    /// How long [`follow`] lets a record of CloudTrail wait for those of the same delivery that happened before it, at
    /// least. Default 5 s; what was delivered is minutes old.
    pub patience: Duration,
    /// How often [`follow`] has the state kept. Default 60 s.
    pub keep_every: Duration,
    /// Counts what [`follow`] reads, as it reads.
    pub progress: Arc<Progress>,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            input: Options::default(),
            layout: None,
            deep: false,
            state: None,
            patience: Duration::from_secs(5),
            keep_every: Duration::from_secs(60),
            progress: Arc::default(),
        }
    }
}

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
}

/// Scans sources and hands over what they hold, in the order of the sources; incidents come last. `false` from `take`
/// ends the run. Returns what the next run should know about sessions of instances.
pub fn run(sources: &[Source], mut plan: Plan, take: &mut dyn FnMut(Told) -> bool) -> State {
    let mut judge = Judge::new(plan.state.take(), take);
    let (sources, layouts) = parts(sources, &plan);
    if plan.input.threads.get() == 1 {
        judge = alone(&sources, &layouts, &plan, judge);
    } else {
        in_parallel(&sources, &layouts, &plan, &mut judge);
    }
    judge.rebinding(&plan);
    judge.end()
}

/// Whether a source goes on where the one before it ended.
fn is_part(source: &Source) -> bool {
    matches!(source.place, onehop_input::Place::Part { start: 1.., .. })
}

/// Reads and judges on this thread: nothing is handed from one to another.
fn alone<'t>(sources: &[Source], layouts: &[Option<Layout>], plan: &Plan, judge: Judge<'t>) -> Judge<'t> {
    let judge = RefCell::new(judge);
    let hear = |event: Event| {
        let mut judge = judge.borrow_mut();
        judge.event(event);
        judge.goes_on
    };
    let mut reader = Reader::new(&plan.input);
    for source in sources {
        let layout = layouts[source.index].clone();
        let mut scanner = Scanner::new(layout, hear).part(is_part(source)).deep(plan.deep);
        if let Err(error) = reader.read(source, &mut scanner) {
            scanner.lost(&source.name(), &error);
        }
        if !judge.borrow().goes_on {
            break;
        }
    }
    judge.into_inner()
}

/// Reads on threads of their own and judges on this one.
fn in_parallel(sources: &[Source], layouts: &[Option<Layout>], plan: &Plan, judge: &mut Judge<'_>) {
    let lanes = Lanes::new(sources.len(), LANE_CAPACITY);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let scanner = |source: &Source| {
                let mut lane = lanes.lane(source.index);
                let out = Box::new(move |event| lane.push(event)) as Box<dyn FnMut(Event) -> bool>;
                Scanner::new(layouts[source.index].clone(), out).part(is_part(source)).deep(plan.deep)
            };
            onehop_input::read_all(sources, &plan.input, scanner, |source, mut scanner, result| {
                if let Err(error) = result {
                    scanner.lost(&source.name(), &error);
                }
            });
        });
        while let Some(events) = lanes.next() {
            for event in events {
                if judge.goes_on {
                    judge.event(event);
                }
            }
            if !judge.goes_on {
                lanes.abandon();
                break;
            }
        }
    });
}

/// The sources with large plain files split into parts, numbered anew, and the layout of each as far as it is known.
///
/// A part has no head to recognise a format by, so the whole file's is recognised here. `CloudTrail` files stay whole:
/// their records have no lines to be cut at.
fn parts(sources: &[Source], plan: &Plan) -> (Vec<Source>, Vec<Option<Layout>>) {
    let threads = plan.input.threads.get() as u64;
    let (mut all, mut layouts) = (Vec::new(), Vec::new());
    for source in sources {
        let mut parts = onehop_input::split(source, if threads > 1 { threads * PARTS_PER_THREAD } else { 1 });
        let mut layout = plan.layout.clone();
        if parts.len() > 1
            && let Some(head) = onehop_input::head(source, SAMPLE_BYTES)
        {
            layout.get_or_insert_with(|| Layout::recognise(&head)).headers(&head);
        }
        if layout.as_ref().is_some_and(|layout| layout.format() == Format::CloudTrail) {
            parts = vec![source.clone()];
        }
        for mut part in parts {
            part.index = all.len();
            all.push(part);
            layouts.push(layout.clone());
        }
    }
    (all, layouts)
}

/// Scans files as they grow, until stopped: rotation included. Events come as they are found; a lasting state is
/// returned as [`run`] does, and shown to `keep` in between, which says whether it kept the changes.
pub fn follow(
    sources: &[Source],
    mut plan: Plan,
    stop: &Stop,
    take: &mut dyn FnMut(Told) -> bool,
    keep: &mut dyn FnMut(&State) -> bool,
) -> State {
    let judge = RefCell::new(Judge { is_live: true, ..Judge::new(plan.state.take(), take) });
    // Texts are read side by side: `text` is the number of the one that the event is about.
    let hear = |text: &mut u32, event: Event| {
        let mut judge = judge.borrow_mut();
        judge.beside(text, event);
        judge.goes_on
    };
    let scanner = |_: &Source| {
        let mut text = 0;
        let out = move |event: Event| hear(&mut text, event);
        Watched::new(Scanner::new(plan.layout.clone(), out).deep(plan.deep), &plan.progress)
    };
    let (mut settle, mut kept) = (Interval::new(plan.patience), Interval::new(plan.keep_every));
    onehop_input::follow(sources, &plan.input, stop, scanner, |told| match told {
        Followed::Problem(problem) => {
            hear(&mut 0, Event::Lost(problem.to_string()));
        }
        Followed::Looked => {
            let mut judge = judge.borrow_mut();
            if settle.is_over() {
                judge.settle();
            }
            if kept.is_over() && keep(judge.trail.state()) {
                judge.trail.kept();
            }
        }
    });
    judge.into_inner().end()
}

/// A time that is over again and again.
struct Interval {
    length: Duration,
    began: Instant,
}

impl Interval {
    fn new(length: Duration) -> Self {
        Interval { length, began: Instant::now() }
    }

    fn is_over(&mut self) -> bool {
        let is_over = self.began.elapsed() >= self.length;
        if is_over {
            self.began = Instant::now();
        }
        is_over
    }
}

/// What looks at all sources together.
struct Judge<'t> {
    trail: Trail,
    /// Texts by number, as the places of facts have them.
    names: Vec<SourceName>,
    /// The parts of the present file that have ended, as one.
    ended: Option<Box<Ended>>,
    rebinding: Rebinding,
    stories: Stories,
    /// Whether incidents are told as they come.
    is_live: bool,
    goes_on: bool,
    take: &'t mut dyn FnMut(Told) -> bool,
}

impl<'t> Judge<'t> {
    fn new(state: Option<State>, take: &'t mut dyn FnMut(Told) -> bool) -> Self {
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

    fn event(&mut self, event: Event) {
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
    fn beside(&mut self, text: &mut u32, event: Event) {
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
    fn settle(&mut self) {
        let mut found = Vec::new();
        self.trail.settle(&mut |finding| found.push(finding));
        self.of_trail(&found);
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
    fn rebinding(&mut self, plan: &Plan) {
        self.tell_ended();
        for found in std::mem::take(&mut self.rebinding).look(&plan.input, plan.layout.as_ref()) {
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

    fn end(mut self) -> State {
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
