//! The order of segments.

use super::{Piece, Stream, WAITING_MAX_BYTES};
use proptest::prelude::*;
use std::fmt::Write as _;

/// What a stream tells: bytes as text, a gap as its length in brackets.
fn told(segments: &[(u32, &str)]) -> String {
    let mut stream = Stream::default();
    let mut out = String::new();
    let mut take = |piece: Piece<'_>| match piece {
        Piece::Bytes(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
        Piece::Gap(length) => write!(out, "[{length}]").expect("a string takes all"),
    };
    for (sequence, payload) in segments {
        stream.offer(*sequence, payload.as_bytes(), &mut take);
    }
    stream.flush(&mut take);
    assert_eq!(stream.held(), 0, "nothing waits after the end");
    out
}

#[test]
fn segments_come_in_any_order() {
    struct Case {
        name: &'static str,
        segments: &'static [(u32, &'static str)],
        want: &'static str,
    }
    for Case { name, segments, want } in [
        Case { name: "in order", segments: &[(5, "ab"), (7, "cd")], want: "abcd" },
        Case { name: "swapped", segments: &[(5, "ab"), (9, "ef"), (7, "cd")], want: "abcdef" },
        Case { name: "twice", segments: &[(5, "ab"), (5, "xy"), (7, "cd")], want: "abcd" },
        Case { name: "overlapping", segments: &[(5, "abc"), (6, "xyd")], want: "abcd" },
        Case { name: "overlapping ahead", segments: &[(5, "a"), (7, "cd"), (6, "bx")], want: "abxd" },
        Case { name: "a hole", segments: &[(5, "ab"), (10, "fg")], want: "ab[3]fg" },
        Case { name: "numbers wrap", segments: &[(u32::MAX, "ab"), (1, "cd")], want: "abcd" },
        Case { name: "far away", segments: &[(5, "ab"), (0x8000_0000, "cd")], want: "ab[0]cd" },
        Case { name: "a probe of a byte", segments: &[(5, "ab"), (6, "b"), (7, "c")], want: "abc" },
    ] {
        assert_eq!(told(segments), want, "{name}");
    }
}

#[test]
fn what_waits_is_bounded() {
    let mut stream = Stream::default();
    let mut gaps = 0;
    stream.offer(0, b"a", &mut |_| {});
    for index in 1..2000_u32 {
        stream.offer(index * 2000, &[b'x'; 1000], &mut |piece| {
            gaps += u64::from(matches!(piece, Piece::Gap(_)));
        });
        assert!(stream.held() <= WAITING_MAX_BYTES);
    }
    assert!(gaps > 1000, "holes that stay open are leapt");
}

proptest! {
    #[test]
    fn any_cuts_in_any_order_give_the_whole(
        text in "[a-z]{1,200}",
        cuts in prop::collection::vec((0_usize..200, 1_usize..40), 0..40),
        first in any::<u32>(),
    ) {
        let mut stream = Stream::default();
        stream.begin(first);
        let mut out = Vec::new();
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Bytes(bytes) => out.extend_from_slice(bytes),
            Piece::Gap(_) => panic!("nothing is missing"),
        };
        for (start, length) in cuts {
            let start = start.min(text.len());
            let end = (start + length).min(text.len());
            stream.offer(
                first.wrapping_add(u32::try_from(start).expect("short")),
                &text.as_bytes()[start..end],
                &mut take,
            );
        }
        stream.offer(first, text.as_bytes(), &mut take);
        stream.flush(&mut take);
        prop_assert_eq!(out, text.into_bytes());
    }
}
