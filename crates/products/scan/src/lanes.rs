//! Results of sources that are read in parallel, handed over in the order of the sources, in bounded memory.
//!
//! ```text
//! reader of source 0 ─▶ lane 0 ─▶ taken at once
//! reader of source 1 ─▶ lane 1    waits for its turn; a full lane holds its reader
//! ```
//! Sources are begun in their order, so the reader of the lane whose turn it is always runs. Results go over in batches: a
//! lock and a wake-up for each would cost more than finding them.
//!
//! Nothing fails. A reader that panics must have closed its lane, which [`Lane`] does when dropped.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Batches in a full lane.
const BATCHES: usize = 4;

/// One lane for each source.
#[derive(Debug)]
pub(crate) struct Lanes<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    total: usize,
    /// Batches of one lane that may wait.
    capacity: usize,
    /// Results of a batch.
    batch: usize,
}

#[derive(Debug)]
struct State<T> {
    turn: usize,
    waiting: BTreeMap<usize, VecDeque<Vec<T>>>,
    closed: BTreeSet<usize>,
    is_abandoned: bool,
}

impl<T> Lanes<T> {
    /// Lanes for sources 0 to `total`, each holding about `capacity` results at most.
    pub(crate) fn new(total: usize, capacity: usize) -> Self {
        let state = State { turn: 0, waiting: BTreeMap::new(), closed: BTreeSet::new(), is_abandoned: false };
        let batch = (capacity / BATCHES).max(1);
        let capacity = (capacity / batch).max(1);
        Lanes { state: Mutex::new(state), changed: Condvar::new(), total, capacity, batch }
    }

    /// The lane of a source. It is closed when dropped.
    pub(crate) fn lane(&self, source: usize) -> Lane<'_, T> {
        Lane { lanes: self, source, batch: Vec::new(), is_taken: true }
    }

    /// The next results in the order of the sources. `None` once every lane is closed and empty.
    pub(crate) fn next(&self) -> Option<Vec<T>> {
        let mut state = self.lock();
        while state.turn < self.total {
            let turn = state.turn;
            if let Some(batch) = state.waiting.get_mut(&turn).and_then(VecDeque::pop_front) {
                self.changed.notify_all();
                return Some(batch);
            }
            if state.closed.remove(&turn) {
                state.waiting.remove(&turn);
                state.turn += 1;
                self.changed.notify_all();
                continue;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Lets every reader go on without keeping what it brings: nobody takes it any more.
    pub(crate) fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the results of one source go.
#[derive(Debug)]
pub(crate) struct Lane<'a, T> {
    lanes: &'a Lanes<T>,
    source: usize,
    /// What waits for more to go over with.
    batch: Vec<T>,
    /// Whether the last batch was taken.
    is_taken: bool,
}

impl<T> Lane<'_, T> {
    /// Hands over a result; waits while the lane is full. `false` if nobody takes results any more.
    pub(crate) fn push(&mut self, result: T) -> bool {
        self.batch.push(result);
        if self.batch.len() >= self.lanes.batch {
            self.is_taken = self.send();
        }
        self.is_taken
    }

    fn send(&mut self) -> bool {
        let batch = std::mem::take(&mut self.batch);
        let mut state = self.lanes.lock();
        while !state.is_abandoned
            && state.waiting.get(&self.source).is_some_and(|lane| lane.len() >= self.lanes.capacity)
        {
            state = self.lanes.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.is_abandoned {
            state.waiting.entry(self.source).or_default().push_back(batch);
            self.lanes.changed.notify_all();
        }
        !state.is_abandoned
    }
}

impl<T> Drop for Lane<'_, T> {
    fn drop(&mut self) {
        if !self.batch.is_empty() {
            self.send();
        }
        self.lanes.lock().closed.insert(self.source);
        self.lanes.changed.notify_all();
    }
}

#[cfg(test)]
mod tests;
