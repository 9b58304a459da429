//! All connections of a capture, in bounded memory.
//!
//! Connections that hold the most recent packets are kept. When there are too many, or they hold too much, the quarter
//! that was silent for longest is told as far as it goes, and counted as given up if something was held of it.

use crate::flow::{Flow, Moment, Out};
use crate::packet::Segment;
use crate::record::{Exchange, Record, Tally, Time};
use std::collections::HashMap;
use std::net::SocketAddr;

/// Most connections that are followed at a time.
pub const FLOWS_MAX: usize = 4096;
/// Most bytes that all of them hold, about.
pub const HELD_MAX_BYTES: usize = 32 << 20;

/// The connections.
#[derive(Debug, Default)]
pub(crate) struct Flows {
    open: HashMap<[SocketAddr; 2], Flow>,
    held: usize,
    last: u64,
}

impl Flows {
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// Takes a segment.
    pub(crate) fn take(
        &mut self,
        segment: &Segment<'_>,
        packet: u64,
        time: Option<Time>,
        tally: &mut Tally,
        out: &mut dyn FnMut(Record),
    ) {
        self.last = packet;
        let moment = Moment { packet, time };
        let key = key(segment);
        let mut told = |exchange: Box<Exchange>| out(Record::Exchange(exchange));
        let mut out = Out { tally, told: &mut told };
        if self.open.get(&key).is_some_and(|flow| flow.is_over(segment)) {
            self.remove(&key, moment, &mut out);
        }
        let is_known = self.open.contains_key(&key);
        if !is_known && segment.payload.is_empty() && (!segment.begins || segment.resets) {
            return;
        }
        if !is_known && self.open.len() >= FLOWS_MAX {
            self.give_up(moment, &mut out);
        }
        let flow = self.open.entry(key).or_insert_with(|| Flow::new(key));
        let before = if is_known { flow.held() } else { 0 };
        let goes_on = flow.take(segment, moment, &mut out);
        self.held = (self.held + flow.held()).saturating_sub(before);
        if !goes_on {
            self.remove(&key, moment, &mut out);
        }
        if self.held > HELD_MAX_BYTES {
            self.give_up(moment, &mut out);
        }
    }

    /// The capture has ended.
    pub(crate) fn end(&mut self, tally: &mut Tally, out: &mut dyn FnMut(Record)) {
        let mut left: Vec<Box<Exchange>> = Vec::new();
        let moment = Moment { packet: self.last, time: None };
        for flow in self.open.values_mut() {
            flow.end(moment, &mut Out { tally, told: &mut |exchange| left.push(exchange) });
        }
        self.open.clear();
        self.held = 0;
        left.sort_by_key(|exchange| (exchange.packet, exchange.client, exchange.server));
        for exchange in left {
            out(Record::Exchange(exchange));
        }
    }

    fn remove(&mut self, key: &[SocketAddr; 2], moment: Moment, out: &mut Out<'_>) {
        if let Some(mut flow) = self.open.remove(key) {
            self.held = self.held.saturating_sub(flow.held());
            flow.end(moment, out);
        }
    }

    /// Gives up the quarter that was silent for longest.
    fn give_up(&mut self, moment: Moment, out: &mut Out<'_>) {
        let mut silent: Vec<(u64, [SocketAddr; 2])> =
            self.open.iter().map(|(key, flow)| (flow.last, *key)).collect();
        silent.sort_unstable();
        let fewer = silent.len().div_ceil(4);
        for (_, key) in silent.into_iter().take(fewer) {
            out.tally.given_up += u64::from(self.open.get(&key).is_some_and(Flow::holds_message));
            self.remove(&key, moment, out);
        }
    }
}

/// The two ends, the lower one first, so that both directions are one connection.
fn key(segment: &Segment<'_>) -> [SocketAddr; 2] {
    if segment.from <= segment.to { [segment.from, segment.to] } else { [segment.to, segment.from] }
}
