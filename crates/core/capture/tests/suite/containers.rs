//! Files of both kinds and ends, over every link.

use super::exchanges::{said, said_in};
use super::writer::{self, CLIENT, CLIENT_SIX, File, Link, SECOND, SERVICE, SERVICE_SIX};
use onehop_capture::{Capture, Damage, Record, is_capture};

#[test]
fn every_file_and_every_link_says_the_same() {
    for (client, server) in [(CLIENT, SERVICE), (CLIENT_SIX, SERVICE_SIX)] {
        let talk = writer::version_two(client, server);
        let (want, _) = said(&writer::capture(File::Little, Link::Ethernet, &talk.packets));
        assert_eq!(want.len(), 2);
        for file in File::ALL {
            for link in Link::ALL {
                let bytes = writer::capture(file, link, &talk.packets);
                assert!(is_capture(&bytes), "{file:?}");
                for size in [1, 7, 100, usize::MAX] {
                    let (lines, tally) = said_in(&bytes, size);
                    assert_eq!(lines, want, "{file:?} {link:?} in pieces of {size}");
                    assert_eq!((tally.lacks(), tally.packets), (None, 8), "{file:?} {link:?}");
                }
            }
        }
    }
}

#[test]
fn every_file_tells_the_time() {
    let talk = writer::version_one(CLIENT, SERVICE);
    for file in File::ALL {
        let mut times = Vec::new();
        let mut capture = Capture::default();
        let mut take = |record: Record| {
            if let Record::Exchange(exchange) = record {
                times.push(exchange.time);
            }
        };
        capture.push(&writer::capture(file, Link::Raw, &talk.packets), &mut take).expect("it is right");
        capture.end(&mut take).expect("it is whole");
        // The request is the third packet, two milliseconds after the first.
        assert_eq!(times, [Some(u64::from(SECOND) * 1_000_000 + 2_000)], "{file:?}");
    }
}

#[test]
fn a_file_that_ends_too_early_says_where() {
    let talk = writer::version_one(CLIENT, SERVICE);
    for file in File::ALL {
        let bytes = writer::capture(file, Link::Ethernet, &talk.packets);
        let mut capture = Capture::default();
        let mut records = 0;
        capture
            .push(&bytes[..bytes.len() - 3], &mut |_| records += 1)
            .expect("it is right as far as it goes");
        let damage = capture.end(&mut |_| records += 1).expect_err("it is cut");
        assert!(matches!(damage, Damage::Truncated { at } if at > 24), "{file:?}: {damage}");
        assert_eq!(records, 1, "{file:?}: what was there is told");
    }
}

#[test]
fn what_is_no_capture_is_refused() {
    for bytes in [&b""[..], b"GET / HTTP/1.1\r\n\r\n and more of a text", &[0xd4, 0xc3, 0xb2, 0xa1]] {
        let mut capture = Capture::default();
        let pushed = capture.push(bytes, &mut |_| panic!("there is nothing"));
        let ended = capture.end(&mut |_| panic!("there is nothing"));
        assert_eq!(pushed.and(ended), Err(Damage::NotACapture));
    }
}

#[test]
fn lengths_that_cannot_be_stop_a_file_and_cost_a_block() {
    let talk = writer::version_one(CLIENT, SERVICE);
    let classic = writer::capture(File::Little, Link::Ethernet, &talk.packets[..1]);
    let bad = [&classic[..], &[0; 8], &[0xff; 8], &[0; 64]].concat();
    let mut capture = Capture::default();
    let damage = capture.push(&bad, &mut |_| {}).expect_err("four gigabytes are no packet");
    assert!(matches!(damage, Damage::Length { at, .. } if at == classic.len() as u64), "{damage}");

    let blocks = writer::capture(File::BlocksLittle, Link::Ethernet, &talk.packets);
    let head = writer::capture(File::BlocksLittle, Link::Ethernet, &[]).len();
    // An enhanced packet block whose packet is longer than itself, then the rest.
    let wrong =
        [&[6, 0, 0, 0, 32, 0, 0, 0][..], &[0; 12], &[0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0], &[32, 0, 0, 0]]
            .concat();
    let (lines, tally) = said(&[&blocks[..head], &wrong, &blocks[head..]].concat());
    assert_eq!((lines.len(), tally.blocks), (1, 1));

    let huge = [&[10, 0, 0, 0][..], &(2_u32 << 20).to_le_bytes(), &vec![0; (2 << 20) - 8]].concat();
    let (lines, tally) = said_in(&[&blocks[..head], &huge, &blocks[head..]].concat(), 4096);
    assert_eq!((lines.len(), tally.blocks), (1, 1), "a large block is passed over");

    let (lines, tally) = said(&[&blocks[..head], &[6, 0, 0, 0, 3, 0, 0, 0], &[0; 8]].concat());
    assert_eq!((lines.len(), tally.blocks), (0, 0), "damage, not a block");
}

#[test]
fn sections_have_interfaces_of_their_own() {
    let talk = writer::version_one(CLIENT, SERVICE);
    let [ethernet, raw] =
        [Link::Ethernet, Link::Raw].map(|link| writer::capture(File::BlocksBig, link, &talk.packets));
    let (lines, tally) = said(&[ethernet, raw].concat());
    assert_eq!((lines.len(), tally.lacks()), (2, None));
}
