//! A whole run: sources read in parallel, findings in their order, then what only all of them together show.
//!
//! ```text
//! readers ─▶ lanes ─▶ findings ───────────────────────▶ out
//!                  ─▶ facts of CloudTrail ─▶ rules ──▶ out
//!                  every finding ─▶ stories ─ at the end ─▶ incidents ─▶ out
//! ```

use crate::lanes::Lanes;
use crate::scanner::{Ended, Event, Scanner};
use crate::story::Stories;
use crate::trail;
use onehop_input::{Options, Source, SourceName};
use onehop_logs::Layout;
use onehop_report::Finding;
use onehop_trail::{Settings, State, Trail};

/// Findings of one source that may wait for their turn.
const LANE_CAPACITY: usize = 256;
/// Facts of CloudTrail that wait to be put in order: about 1 KiB each.
const TRAIL_WAITING: usize = 16 << 10;

/// How to scan.
#[derive(Debug, Default)]
pub struct Plan {
    /// How to read.
    pub input: Options,
    /// The layout of every text; each is recognised if there is none.
    pub layout: Option<Layout>,
    /// What an earlier run remembers about sessions of instances.
    pub state: Option<State>,
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
pub fn run(sources: &[Source], plan: Plan, take: &mut dyn FnMut(Told) -> bool) -> State {
    let settings = Settings { waiting: TRAIL_WAITING, ..Settings::default() };
    let mut judge = Judge {
        trail: match plan.state {
            Some(state) => Trail::resume(state, settings),
            None => Trail::new(settings),
        },
        names: Vec::new(),
        stories: Stories::new(),
        goes_on: true,
        take,
    };
    let lanes = Lanes::new(sources.len(), LANE_CAPACITY);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let scanner = |source: &Source| {
                let lane = lanes.lane(source.index);
                Scanner::new(
                    plan.layout.clone(),
                    Box::new(move |event| lane.push(event)) as Box<dyn FnMut(Event) -> bool>,
                )
            };
            onehop_input::read_all(sources, &plan.input, scanner, |source, mut scanner, result| {
                if let Err(error) = result {
                    scanner.lost(&source.name(), &error);
                }
            });
        });
        while let Some(event) = lanes.next() {
            judge.event(event);
            if !judge.goes_on {
                lanes.abandon();
                break;
            }
        }
    });
    judge.end()
}

/// What looks at all sources together.
struct Judge<'t> {
    trail: Trail,
    /// Texts by number, as the places of facts have them.
    names: Vec<SourceName>,
    stories: Stories,
    goes_on: bool,
    take: &'t mut dyn FnMut(Told) -> bool,
}

impl Judge<'_> {
    fn event(&mut self, event: Event) {
        match event {
            Event::Finding(finding) => self.finding(*finding),
            Event::Began(name) => self.names.push(name),
            Event::Ended(ended) => self.goes_on = (self.take)(Told::Ended(ended)),
            Event::Lost(lost) => self.goes_on = (self.take)(Told::Lost(lost)),
            Event::Trail(mut facts) => {
                facts.place.text = u32::try_from(self.names.len().saturating_sub(1)).unwrap_or(u32::MAX);
                let mut found = Vec::new();
                self.trail.push(*facts, &mut |finding| found.push(finding));
                self.of_trail(&found);
            }
        }
    }

    fn of_trail(&mut self, found: &[onehop_trail::Finding]) {
        for found in found {
            self.finding(trail::finding(found, &self.names));
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.stories.add(&finding);
        self.goes_on = self.goes_on && (self.take)(Told::Finding(Box::new(finding)));
    }

    fn end(mut self) -> State {
        let mut found = Vec::new();
        self.trail.finish(&mut |finding| found.push(finding));
        found.extend(self.trail.inventory().filter_map(|row| row.finding()));
        self.of_trail(&found);
        for incident in std::mem::take(&mut self.stories).incidents() {
            if self.goes_on {
                self.goes_on = (self.take)(Told::Finding(Box::new(incident)));
            }
        }
        self.trail.state().clone()
    }
}
