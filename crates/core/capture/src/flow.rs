//! One connection: two directions, and which answer belongs to which request.

use crate::http::{Event, Follows, Head, Reader};
use crate::packet::Segment;
use crate::record::{Answer, Exchange, Tally, Time};
use crate::stream::{Piece, Stream};
use std::collections::VecDeque;
use std::net::SocketAddr;

/// Requests of one connection that may wait for their answers.
const ASKED_MAX: usize = 32;

/// A connection.
#[derive(Debug)]
pub(crate) struct Flow {
    /// The two ends; a direction is named by the end that sends.
    ends: [SocketAddr; 2],
    sides: [Side; 2],
    asked: VecDeque<Box<Exchange>>,
    /// The number of the packet that was last seen.
    pub(crate) last: u64,
    /// Ends that have nothing more to send.
    ended: [bool; 2],
}

/// A direction.
#[derive(Debug, Default)]
struct Side {
    stream: Stream,
    reader: Reader,
    /// A request whose body is coming, or one whose answer's body is.
    open: Option<Box<Exchange>>,
}

/// Where a packet stands in the capture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) packet: u64,
    pub(crate) time: Option<Time>,
}

/// What takes the exchanges.
pub(crate) struct Out<'o> {
    pub(crate) tally: &'o mut Tally,
    pub(crate) told: &'o mut dyn FnMut(Box<Exchange>),
}

impl Out<'_> {
    fn tell(&mut self, exchange: Box<Exchange>) {
        self.tally.requests += 1;
        (self.told)(exchange);
    }
}

impl Flow {
    pub(crate) fn new(ends: [SocketAddr; 2]) -> Flow {
        Flow { ends, sides: Default::default(), asked: VecDeque::new(), last: 0, ended: [false; 2] }
    }

    /// Bytes that are held, about.
    pub(crate) fn held(&self) -> usize {
        let sides: usize = self.sides.iter().map(Side::held).sum();
        512 + sides + self.asked.iter().map(|exchange| exchange.size()).sum::<usize>()
    }

    /// Whether a part of a message is held that is lost, or told unanswered, if the connection is given up.
    pub(crate) fn holds_message(&self) -> bool {
        !self.asked.is_empty() || self.sides.iter().any(|side| side.held() > 0)
    }

    /// Whether a segment begins another connection between the same ends.
    pub(crate) fn is_over(&self, segment: &Segment<'_>) -> bool {
        segment.begins && self.sides[self.side_of(segment)].stream.has_begun()
    }

    /// Takes a segment. Returns whether more may come.
    pub(crate) fn take(&mut self, segment: &Segment<'_>, moment: Moment, out: &mut Out<'_>) -> bool {
        let side = self.side_of(segment);
        self.last = moment.packet;
        let sequence = segment.sequence.wrapping_add(u32::from(segment.begins));
        let mut stream = std::mem::take(&mut self.sides[side].stream);
        if segment.begins {
            stream.begin(sequence);
        }
        if !segment.payload.is_empty() {
            stream.offer(sequence, segment.payload, &mut |piece| self.piece(side, piece, moment, out));
        }
        stream.miss(segment.missing, &mut |piece| self.piece(side, piece, moment, out));
        self.sides[side].stream = stream;
        self.ended[side] |= segment.ends;
        if segment.resets || self.ended == [true, true] {
            self.end(moment, out);
            return false;
        }
        true
    }

    /// Tells everything that is held.
    pub(crate) fn end(&mut self, moment: Moment, out: &mut Out<'_>) {
        for side in [0, 1] {
            let mut stream = std::mem::take(&mut self.sides[side].stream);
            stream.flush(&mut |piece| self.piece(side, piece, moment, out));
        }
        // A side that asked ends first, so that its last request can be answered by the other one's last answer.
        for side in self.in_order() {
            let mut reader = std::mem::take(&mut self.sides[side].reader);
            reader.end(&mut |event| self.hear(side, event, moment, out));
        }
        for side in &mut self.sides {
            self.asked.extend(side.open.take());
        }
        let mut left: Vec<Box<Exchange>> = self.asked.drain(..).collect();
        left.sort_by_key(|exchange| exchange.packet);
        for exchange in left {
            out.tell(exchange);
        }
    }

    fn in_order(&self) -> [usize; 2] {
        let asks = |side: &Side| side.open.as_ref().is_some_and(|open| open.answer.is_none());
        if asks(&self.sides[1]) { [1, 0] } else { [0, 1] }
    }

    fn side_of(&self, segment: &Segment<'_>) -> usize {
        usize::from(segment.from != self.ends[0])
    }

    fn piece(&mut self, side: usize, piece: Piece<'_>, moment: Moment, out: &mut Out<'_>) {
        let mut reader = std::mem::take(&mut self.sides[side].reader);
        reader.take(piece, &mut |event| self.hear(side, event, moment, out));
        self.sides[side].reader = reader;
    }

    fn hear(&mut self, side: usize, event: Event<'_>, moment: Moment, out: &mut Out<'_>) -> Follows {
        match event {
            Event::Head(Head::Request { method, target, version, headers, is_cut }) => {
                self.done(side, out);
                self.sides[side].open = Some(Box::new(Exchange {
                    packet: moment.packet,
                    time: moment.time,
                    client: self.ends[side],
                    server: self.ends[1 - side],
                    method,
                    target,
                    version,
                    headers,
                    body: Vec::new(),
                    is_cut,
                    answer: None,
                }));
            }
            Event::Head(Head::Answer { status, headers }) => return self.answer(side, status, &headers, out),
            Event::Body(bytes) => {
                if let Some(open) = &mut self.sides[side].open {
                    open.take_body(bytes);
                }
            }
            Event::Missing(bytes) => {
                out.tally.missing += bytes;
                let open = self.sides[side].open.as_mut();
                if let Some(answer) = open.and_then(|open| open.answer.as_mut()) {
                    answer.size += bytes;
                }
            }
            Event::Done => self.done(side, out),
        }
        Follows::Declared
    }

    /// An answer begins: which request is it for, and what follows?
    fn answer(
        &mut self,
        side: usize,
        status: Option<u16>,
        headers: &[(Vec<u8>, Vec<u8>)],
        out: &mut Out<'_>,
    ) -> Follows {
        self.done(side, out);
        // More is to come for the same request.
        if matches!(status, Some(100 | 102..=199)) {
            return Follows::Nothing;
        }
        let early = |open: &mut Option<Box<Exchange>>| open.take_if(|open| open.answer.is_none());
        let asked = self.asked.pop_front().or_else(|| early(&mut self.sides[1 - side].open));
        let Some(mut exchange) = asked else { return Follows::Declared };
        let location = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"location"));
        let location = location.map(|(_, value)| value.clone());
        let is_ok = matches!(status, Some(200..=299));
        let follows = match exchange.method.as_slice() {
            b"HEAD" => Follows::Nothing,
            b"CONNECT" if is_ok => Follows::Opaque,
            _ if status == Some(101) => Follows::Opaque,
            _ => Follows::Declared,
        };
        exchange.answer = Some(Answer { status, size: 0, location });
        self.sides[side].open = Some(exchange);
        follows
    }

    /// A message is complete: a request waits for its answer, an answered one is told.
    fn done(&mut self, side: usize, out: &mut Out<'_>) {
        match self.sides[side].open.take() {
            Some(exchange) if exchange.answer.is_some() => out.tell(exchange),
            Some(exchange) => {
                self.asked.push_back(exchange);
                if self.asked.len() > ASKED_MAX
                    && let Some(oldest) = self.asked.pop_front()
                {
                    out.tell(oldest);
                }
            }
            None => {}
        }
    }
}

impl Side {
    fn held(&self) -> usize {
        self.stream.held() + self.reader.held() + self.open.as_ref().map_or(0, |open| open.size())
    }
}
