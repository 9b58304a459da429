//! A whole run: sources read in parallel, findings in their order, then what only all of them together show.
//!
//! ```text
//! readers ─▶ lanes ─▶ findings ───────────────────────▶ out
//!                  ─▶ facts of CloudTrail ─▶ rules ──▶ out
//!                  every finding ─▶ stories ─ at the end ─▶ incidents ─▶ out
//! ```

use crate::judge::{Judge, Told};
use crate::lanes::Lanes;
use crate::progress::{Progress, Watched};
use crate::scanner::{Event, SAMPLE_BYTES, Scanner};
use onehop_input::{Followed, Options, Reader, Source, Stop};
use onehop_logs::{Format, Layout};
use onehop_trail::State;
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Findings of one source that may wait for their turn.
const LANE_CAPACITY: usize = 256;

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
    judge.rebinding(&plan.input, plan.layout.as_ref());
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

/// Scans files as they grow, until stopped: rotation included, and what comes into directories. Events come as they are found; a lasting state is
/// returned as [`run`] does, and shown to `keep` in between, which says whether it kept the changes.
pub fn follow(
    paths: &[PathBuf],
    mut plan: Plan,
    stop: &Stop,
    take: &mut dyn FnMut(Told) -> bool,
    keep: &mut dyn FnMut(&State) -> bool,
) -> State {
    let judge = RefCell::new(Judge::new(plan.state.take(), take).live());
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
    onehop_input::follow(paths, &plan.input, stop, scanner, |told| match told {
        Followed::Problem(problem) => {
            hear(&mut 0, Event::Lost(problem.to_string()));
        }
        Followed::Waits(path) => judge.borrow_mut().waits(path),
        Followed::Looked => {
            let mut judge = judge.borrow_mut();
            if settle.is_over() {
                judge.settle();
            }
            if kept.is_over() {
                judge.keep(keep);
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
