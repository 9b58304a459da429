//! Many sources at a time.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::Reader;
use crate::{
    error::InputError,
    options::Options,
    sink::{Sink, Totals},
    source::Source,
};

/// Reads sources on [`Options::threads`] threads, which take them in order from one queue.
///
/// `make_sink` makes the sink of a source, `done` takes it back with what became of the source. Both run on the thread
/// that reads it, so sources end in any order: [`Source::index`] tells which is which. A source is read by one thread.
pub fn read_all<S: Sink>(
    sources: &[Source],
    options: &Options,
    make_sink: impl Fn(&Source) -> S + Sync,
    done: impl Fn(&Source, S, Result<Totals, InputError>) + Sync,
) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = Reader::new(options);
        while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut sink = make_sink(source);
            let result = reader.read(source, &mut sink);
            done(source, sink, result);
        }
    };
    let threads = options.threads.get().min(sources.len());
    if threads <= 1 {
        return work();
    }
    // This thread only waits. If it worked, the scheduler would now and then let a new thread wait behind it for a few
    // milliseconds, with another processor idle.
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}
