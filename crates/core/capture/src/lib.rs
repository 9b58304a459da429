//! HTTP requests and DNS answers in captured packets.
//!
//! ```text
//! bytes ─▶ container: pcap, pcapng ─▶ frames ─▶ packet: link, VLAN, IP ─┬─ TCP ─▶ stream: in order, gaps known
//!                                                                       │           ╰─▶ http: heads, bodies ─▶ Exchange
//!                                                                       ╰─ UDP 53 ─▶ dns ───────────────────▶ Names
//! ```
//! A request is told once its answer is there, or once nothing more can come: a [`Record`] each. Nothing is said of other
//! protocols, and nothing within TLS is seen.
//!
//! # Failure
//! Any bytes are read. A container that breaks is a [`Damage`] with its place; what was told before stays told. What the
//! capture itself lacks is counted in the [`Tally`]: packets cut by the snap length, bytes of messages that were not
//! recorded, streams given up. Memory is bounded by [`HELD_MAX_BYTES`] and [`FLOWS_MAX`], time is linear.
//!
//! ```
//! use onehop_capture::Capture;
//!
//! let mut capture = Capture::default();
//! let mut requests = 0;
//! // Nothing yet: a capture is read in pieces of any size.
//! capture.push(&[], &mut |_| requests += 1).expect("nothing is no damage");
//! assert!(capture.end(&mut |_| requests += 1).is_err(), "an empty file is no capture");
//! assert_eq!(requests, 0);
//! ```

#![forbid(unsafe_code)]

mod container;
mod dns;
mod flow;
mod flows;
mod http;
mod packet;
mod record;
mod stream;

pub use container::Damage;
pub use flows::{FLOWS_MAX, HELD_MAX_BYTES};
pub use http::{BODY_MAX_BYTES, HEAD_MAX_BYTES};
pub use record::{Answer, Exchange, Names, Record, Tally, Time};

use container::Container;
use flows::Flows;
use packet::Packet;

/// Whether bytes begin as a capture does: by the magic numbers of pcap, of both ends and resolutions, and of pcapng.
pub const fn is_capture(head: &[u8]) -> bool {
    matches!(
        head,
        [0xd4, 0xc3, 0xb2, 0xa1, ..]
            | [0xa1, 0xb2, 0xc3, 0xd4, ..]
            | [0x4d, 0x3c, 0xb2, 0xa1, ..]
            | [0xa1, 0xb2, 0x3c, 0x4d, ..]
            | [0x34, 0xcd, 0xb2, 0xa1, ..]
            | [0x0a, 0x0d, 0x0d, 0x0a, _, _, _, _, 0x4d, 0x3c, 0x2b, 0x1a, ..]
            | [0x0a, 0x0d, 0x0d, 0x0a, _, _, _, _, 0x1a, 0x2b, 0x3c, 0x4d, ..]
    )
}

/// A capture that is read.
#[derive(Debug, Default)]
pub struct Capture {
    container: Container,
    flows: Flows,
    tally: Tally,
}

impl Capture {
    /// Reads the bytes that follow, and hands over what became complete.
    ///
    /// # Errors
    /// The container is broken here. Nothing more is read of it; [`Capture::end`] tells what is still held.
    pub fn push(&mut self, bytes: &[u8], out: &mut dyn FnMut(Record)) -> Result<(), Damage> {
        let Capture { container, flows, tally } = self;
        container.push(bytes, tally, &mut |frame, tally| {
            tally.packets += 1;
            match packet::read(frame.link, frame.bytes) {
                Packet::Tcp(segment) => flows.take(&segment, frame.number, frame.time, tally, out),
                Packet::Dns(datagram) => match dns::read(&datagram, frame.number, frame.time) {
                    dns::Read::Names(names) => {
                        tally.answers += 1;
                        out(Record::Names(names));
                    }
                    dns::Read::Nothing => {}
                    dns::Read::Cut => tally.cut += 1,
                },
                Packet::Cut => tally.cut += 1,
                Packet::Fragment => tally.fragments += 1,
                Packet::UnknownLink => tally.unknown_links += 1,
                Packet::Other => {}
            }
        })
    }

    /// The capture has ended: hands over what is held.
    ///
    /// # Errors
    /// It ends within a packet, or never began. Everything is handed over all the same.
    pub fn end(&mut self, out: &mut dyn FnMut(Record)) -> Result<(), Damage> {
        self.flows.end(&mut self.tally, out);
        self.container.end()
    }

    /// What was counted.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Bytes that are held at the moment, for tests of the bound.
    pub fn held(&self) -> usize {
        self.flows.held() + self.container.held()
    }
}
