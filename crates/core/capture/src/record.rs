//! What a capture says.

use crate::http::BODY_MAX_BYTES;
use std::net::{IpAddr, SocketAddr};

/// Microseconds since 1970-01-01T00:00:00Z.
pub type Time = u64;

/// Something that a capture says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// An HTTP/1 request, with its answer if that was seen.
    Exchange(Box<Exchange>),
    /// What DNS answered.
    Names(Names),
}

/// An HTTP/1 request, with its answer if that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The number of the packet that it begins in, from 1.
    pub packet: u64,
    /// When that was, if the capture tells.
    pub time: Option<Time>,
    /// Who asked.
    pub client: SocketAddr,
    /// Who was asked.
    pub server: SocketAddr,
    /// The method, e.g. `GET`.
    pub method: Vec<u8>,
    /// The target as it was sent, any bytes.
    pub target: Vec<u8>,
    /// The protocol as it was sent, e.g. `HTTP/1.1`; empty if there was none.
    pub version: Vec<u8>,
    /// The headers in their order, names and values as they were sent, without blanks around them.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The beginning of the body, at most [`BODY_MAX_BYTES`](crate::BODY_MAX_BYTES).
    pub body: Vec<u8>,
    /// The capture lacks a part of the head.
    pub is_cut: bool,
    /// What came back.
    pub answer: Option<Answer>,
}

impl Exchange {
    /// The first header of that name, without regard to case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let is = |(known, _): &&(Vec<u8>, Vec<u8>)| known.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().find(is).map(|(_, value)| value.as_slice())
    }

    /// Takes more of the body: the answer's once that has begun, else the request's.
    pub(crate) fn take_body(&mut self, bytes: &[u8]) {
        if let Some(answer) = &mut self.answer {
            answer.size += bytes.len() as u64;
        } else {
            let room = BODY_MAX_BYTES.saturating_sub(self.body.len());
            self.body.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    /// Bytes of memory that it takes, about.
    pub(crate) fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len() + 48).sum();
        256 + self.target.len() + headers + self.body.len()
    }
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status; `None` if the line that holds it is not there in full.
    pub status: Option<u16>,
    /// Bytes of the body that were sent, as far as the capture shows.
    pub size: u64,
    /// `Location`, where a redirect leads.
    pub location: Option<Vec<u8>>,
}

/// What DNS answered to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The number of the packet, from 1.
    pub packet: u64,
    /// When that was, if the capture tells.
    pub time: Option<Time>,
    /// Who asked.
    pub client: IpAddr,
    /// Who answered.
    pub resolver: IpAddr,
    /// The name that was asked for.
    pub query: String,
    /// Addresses and other names.
    pub answers: Vec<String>,
}

/// What was counted, and what a capture lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Packets.
    pub packets: u64,
    /// HTTP/1 requests.
    pub requests: u64,
    /// Answers of DNS.
    pub answers: u64,
    /// Packets cut by the snap length before their message could be read.
    pub cut: u64,
    /// Bytes of HTTP messages that were not recorded.
    pub missing: u64,
    /// Fragments of IP packets, which are not put together.
    pub fragments: u64,
    /// Packets of a link type that is not read.
    pub unknown_links: u64,
    /// Blocks of pcapng that are not what they should be, or are too large.
    pub blocks: u64,
    /// Streams that were given up, because too many or too large ones were open.
    pub given_up: u64,
}

impl Tally {
    /// What the capture lacks, in words; nothing if it lacks nothing.
    pub fn lacks(&self) -> Option<String> {
        let counts = [
            (self.cut, "packets cut by the snap length"),
            (self.missing, "bytes of HTTP messages not recorded"),
            (self.fragments, "IP fragments not put together"),
            (self.unknown_links, "packets of a link type that is not read"),
            (self.blocks, "blocks not read"),
            (self.given_up, "streams given up"),
        ];
        let told: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}
