//! Hostile captures: bounded memory, every loss counted.

use super::exchanges::said;
use super::writer::{self, ACK, CLIENT, File, Link, SERVICE, Talk, tcp};
use onehop_capture::{BODY_MAX_BYTES, Capture, FLOWS_MAX, HELD_MAX_BYTES, Record};
use proptest::prelude::*;
use std::net::{Ipv4Addr, SocketAddr};

/// Reads packets, and holds the bound on memory at every one.
fn held(packets: impl Iterator<Item = Vec<u8>>) -> (u64, onehop_capture::Tally) {
    let mut capture = Capture::default();
    let mut records = 0;
    let mut bytes = writer::capture(File::Little, Link::Raw, &[]);
    let head = bytes.len();
    for packet in packets {
        bytes.extend_from_slice(&writer::capture(File::Little, Link::Raw, &[packet])[head..]);
        capture.push(&bytes, &mut |_| records += 1).expect("it is right");
        bytes.clear();
        assert!(capture.held() <= HELD_MAX_BYTES + (1 << 20), "{} bytes are held", capture.held());
    }
    capture.end(&mut |_| records += 1).expect("it is whole");
    assert_eq!(capture.held(), 0);
    (records, *capture.tally())
}

fn client(index: u32) -> SocketAddr {
    SocketAddr::new(Ipv4Addr::from(0x0a00_0000 + index).into(), 41_000)
}

#[test]
fn many_open_connections_are_given_up_and_counted() {
    let server: SocketAddr = SERVICE.parse().expect("an address");
    let count = 3 * u32::try_from(FLOWS_MAX).expect("few");
    let packets = (0..count).map(|index| tcp(client(index), server, 1, ACK, b"GET /a HTTP/1.1\r\nHost"));
    let (records, tally) = held(packets);
    assert_eq!(records, u64::from(count), "each is told as far as it goes");
    assert!(tally.given_up > 0 && tally.given_up < u64::from(count));
}

#[test]
fn holes_that_never_close_are_bounded() {
    let server: SocketAddr = SERVICE.parse().expect("an address");
    let packets = (0..40_u32).flat_map(|index| {
        (0..1000_u32).map(move |step| tcp(client(index), server, 1 + step * 3000, ACK, &[b'x'; 1400]))
    });
    let (records, _) = held(packets);
    assert_eq!(records, 0);
}

#[test]
fn a_cut_request_is_told_and_what_is_missing_is_counted() {
    let request = format!("GET /r?u=http://169.254.169.254/ HTTP/1.1\r\nCookie: {}\r\n\r\n", "x".repeat(500));
    let talk = Talk::new(CLIENT, "203.0.113.9:80")
        .ask(&request)
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    // Ethernet, IP and TCP take 54 bytes.
    let (lines, tally) = said(&writer::capture_cut(File::Little, Link::Ethernet, &talk.packets, 54 + 100));
    assert_eq!(lines, ["#3 10.0.0.7:41000 > 203.0.113.9:80 GET /r?u=http://169.254.169.254/ cut -> 200 0"]);
    assert_eq!(tally.missing, request.len() as u64 - 100);
    let (lines, tally) = said(&writer::capture_cut(File::Little, Link::Ethernet, &talk.packets, 40));
    assert_eq!((lines.len(), tally.cut), (0, 4), "not even the ports are there");
}

#[test]
fn fragments_and_unknown_links_are_counted() {
    let mut packet = writer::version_one(CLIENT, SERVICE).packets[2].clone();
    packet[6] = 0x20;
    let (_, tally) = said(&writer::capture(File::Little, Link::Raw, &[packet.clone()]));
    assert_eq!(tally.fragments, 1);
    let mut bytes = writer::capture(File::Little, Link::Raw, &[packet]);
    bytes[20..22].copy_from_slice(&[0xf0, 0]);
    let (_, tally) = said(&bytes);
    assert_eq!(tally.unknown_links, 1);
    assert_eq!(tally.lacks().as_deref(), Some("1 packets of a link type that is not read"));
}

#[test]
fn a_long_body_is_told_in_part() {
    let body = "y".repeat(3 * BODY_MAX_BYTES);
    let mut talk =
        Talk::new(CLIENT, SERVICE).ask(format!("POST /a HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len()));
    for part in body.as_bytes().chunks(1000) {
        talk = talk.ask(part);
    }
    let mut capture = Capture::default();
    let mut bodies = Vec::new();
    let mut take = |record: Record| {
        if let Record::Exchange(exchange) = record {
            bodies.push(exchange.body.len());
        }
    };
    capture.push(&writer::capture(File::Little, Link::Raw, &talk.packets), &mut take).expect("it is right");
    capture.end(&mut take).expect("it is whole");
    assert_eq!(bodies, [BODY_MAX_BYTES]);
}

proptest! {
    #[test]
    fn any_bytes_and_any_changes_are_read(
        seed in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        which in 0_usize..6,
        noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let talk = writer::version_two(CLIENT, SERVICE);
        let mut bytes = writer::capture(File::ALL[which], Link::ALL[which], &talk.packets);
        for (place, value) in seed {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        bytes.extend(noise);
        let (whole, tally) = said(&bytes);
        let (pieces, in_pieces) = super::exchanges::said_in(&bytes, 37);
        prop_assert_eq!(whole, pieces);
        prop_assert_eq!(tally, in_pieces);
    }
}
