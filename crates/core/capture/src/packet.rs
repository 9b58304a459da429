//! One packet: which link it came from, and what TCP or UDP it carries.
//!
//! | link type | number | what stands before IP |
//! |---|---|---|
//! | Ethernet | 1 | addresses, VLAN tags, the type |
//! | loopback of BSD | 0, 108 | four bytes |
//! | raw IP | 12, 14, 101, 228, 229 | nothing |
//! | Linux cooked | 113 | 16 bytes, the type at 14 |
//! | Linux cooked, version 2 | 276 | 20 bytes, the type at 0 |
//!
//! Nothing fails: what is cut, fragmented or of another protocol is told as that.

use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use std::net::{IpAddr, SocketAddr};

/// The port of DNS.
const DNS_PORT: u16 = 53;

/// What a packet is.
#[derive(Debug)]
pub(crate) enum Packet<'a> {
    Tcp(Segment<'a>),
    Dns(Datagram<'a>),
    /// Cut before its ports or its message.
    Cut,
    /// A part of an IP packet.
    Fragment,
    UnknownLink,
    Other,
}

/// A segment of TCP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    pub(crate) sequence: u32,
    pub(crate) begins: bool,
    pub(crate) ends: bool,
    pub(crate) resets: bool,
    pub(crate) payload: &'a [u8],
    /// Bytes behind the payload that were sent and not recorded.
    pub(crate) missing: usize,
}

/// An answer of DNS over UDP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Datagram<'a> {
    pub(crate) from: IpAddr,
    pub(crate) to: IpAddr,
    pub(crate) payload: &'a [u8],
    pub(crate) is_cut: bool,
}

/// Reads a packet.
pub(crate) fn read(link: u32, bytes: &[u8]) -> Packet<'_> {
    let after = |length: usize| bytes.get(length..);
    let typed = |at: usize, length: usize| {
        let kind = bytes.get(at..at + 2)?;
        let kind = EtherType(u16::from_be_bytes([kind[0], kind[1]]));
        Some(LaxSlicedPacket::from_ether_type(kind, after(length)?))
    };
    let ip = |bytes| LaxSlicedPacket::from_ip(bytes).ok();
    let sliced = match link {
        1 => LaxSlicedPacket::from_ethernet(bytes).ok(),
        0 | 108 => after(4).and_then(ip),
        12 | 14 | 101 | 228 | 229 => ip(bytes),
        113 => typed(14, 16),
        276 => typed(0, 20),
        _ => return Packet::UnknownLink,
    };
    match sliced {
        Some(sliced) => of(&sliced),
        None => Packet::Cut,
    }
}

/// The addresses of an IP packet, and how many bytes of its payload were not recorded.
fn ends(net: &LaxNetSlice<'_>) -> Option<(IpAddr, IpAddr, usize)> {
    match net {
        LaxNetSlice::Ipv4(packet) => {
            let header = packet.header();
            let declared =
                usize::from(header.total_len()).saturating_sub(header.slice().len() + extension(packet));
            let missing = missing(packet.payload().incomplete, declared, packet.payload().payload.len());
            Some((header.source_addr().into(), header.destination_addr().into(), missing))
        }
        LaxNetSlice::Ipv6(packet) => {
            let header = packet.header();
            let declared =
                usize::from(header.payload_length()).saturating_sub(packet.extensions().slice().len());
            let missing = missing(packet.payload().incomplete, declared, packet.payload().payload.len());
            Some((header.source_addr().into(), header.destination_addr().into(), missing))
        }
        LaxNetSlice::Arp(_) => None,
    }
}

fn extension(packet: &etherparse::LaxIpv4Slice<'_>) -> usize {
    packet.extensions().auth.map_or(0, |header| header.slice().len())
}

fn missing(is_incomplete: bool, declared: usize, there: usize) -> usize {
    if is_incomplete { declared.saturating_sub(there) } else { 0 }
}

fn of<'a>(sliced: &LaxSlicedPacket<'a>) -> Packet<'a> {
    let Some(net) = &sliced.net else {
        return if sliced.stop_err.is_some() { Packet::Cut } else { Packet::Other };
    };
    let Some((from, to, missing)) = ends(net) else { return Packet::Other };
    if net.ip_payload_ref().is_some_and(|payload| payload.fragmented) {
        return Packet::Fragment;
    }
    match &sliced.transport {
        Some(TransportSlice::Tcp(tcp)) => Packet::Tcp(Segment {
            from: SocketAddr::new(from, tcp.source_port()),
            to: SocketAddr::new(to, tcp.destination_port()),
            sequence: tcp.sequence_number(),
            begins: tcp.syn(),
            ends: tcp.fin(),
            resets: tcp.rst(),
            payload: tcp.payload(),
            missing,
        }),
        Some(TransportSlice::Udp(udp)) if udp.source_port() == DNS_PORT => {
            Packet::Dns(Datagram { from, to, payload: udp.payload(), is_cut: missing > 0 })
        }
        None if sliced.stop_err.is_some() => Packet::Cut,
        _ => Packet::Other,
    }
}
