//! Messages, whole and in pieces.

use super::{Event, Follows, HEAD_MAX_BYTES, Head, Reader};
use crate::stream::Piece;
use proptest::prelude::*;
use std::fmt::Write as _;

/// What is heard of pieces: heads in short, bodies, gaps, ends.
fn heard(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    let mut reader = Reader::default();
    let mut hear = |event: Event<'_>| {
        match event {
            Event::Head(Head::Request { method, target, headers, is_cut, .. }) => {
                let [method, target] =
                    [method, target].map(|text| String::from_utf8_lossy(&text).into_owned());
                let cut = if is_cut { " cut" } else { "" };
                write!(out, "<{method} {target} {}{cut}>", headers.len()).expect("a string takes all");
            }
            Event::Head(Head::Answer { status, .. }) => {
                write!(out, "<{}>", status.unwrap_or(0)).expect("a string takes all");
            }
            Event::Body(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
            Event::Missing(length) => write!(out, "[{length}]").expect("a string takes all"),
            Event::Done => out.push(';'),
        }
        Follows::Declared
    };
    for piece in pieces {
        reader.take(*piece, &mut hear);
    }
    reader.end(&mut hear);
    assert_eq!(reader.held(), 0);
    out
}

#[test]
fn messages_are_told_with_what_follows_them() {
    struct Case {
        name: &'static str,
        text: &'static str,
        want: &'static str,
    }
    for Case { name, text, want } in [
        Case {
            name: "two",
            text: "GET /a HTTP/1.1\r\nHost: b\r\n\r\nGET /c HTTP/1.1\r\n\r\n",
            want: "<GET /a 1>;<GET /c 0>;",
        },
        Case {
            name: "a body",
            text: "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /d HTTP/1.1\n\n",
            want: "<POST /a 1>abc;<GET /d 0>;",
        },
        Case {
            name: "chunks",
            text: "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n",
            want: "<PUT /a 1>abcde;",
        },
        Case { name: "to the end", text: "HTTP/1.1 200 OK\r\n\r\nabc", want: "<200>abc;" },
        Case {
            name: "no body",
            text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 \r\n\r\n",
            want: "<304>;<204>;",
        },
        Case { name: "blanks in the target", text: "GET /a b HTTP/1.1\r\n\r\n", want: "<GET /a b 0>;" },
        Case { name: "no version", text: "GET /a\r\n\r\n", want: "<GET /a 0>;" },
        Case { name: "the whole URL", text: "GET http://a/ HTTP/1.1\r\n\r\n", want: "<GET http://a/ 0>;" },
        Case { name: "a tunnel", text: "CONNECT a:80 HTTP/1.1\r\n\r\n", want: "<CONNECT a:80 0>;" },
        Case { name: "a status that is none", text: "HTTP/1.1 2x0 OK\r\n\r\n", want: "<0>;" },
        Case { name: "TLS", text: "\u{16}\u{3}\u{1}GET / HTTP/1.1\r\n\r\n", want: "" },
        Case { name: "mail", text: "EHLO mail.example\r\n", want: "" },
        Case { name: "cut", text: "GET /a?u=http://b", want: "<GET /a?u=http://b 0 cut>;" },
        Case { name: "nothing to tell", text: "GET", want: "" },
    ] {
        assert_eq!(heard(&[Piece::Bytes(text.as_bytes())]), want, "{name}");
        let bytes: Vec<Piece<'_>> = text.as_bytes().chunks(1).map(Piece::Bytes).collect();
        assert_eq!(heard(&bytes), want, "{name}, byte by byte");
    }
}

#[test]
fn gaps_cost_no_more_than_their_message() {
    let post: &[u8] = b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nab";
    let get: &[u8] = b"GET /b HTTP/1.1\r\n\r\n";
    for (name, pieces, want) in [
        (
            "in a body",
            vec![Piece::Bytes(post), Piece::Gap(7), Piece::Bytes(get)],
            "<POST /a 1>ab[7];<GET /b 0>;",
        ),
        (
            "in the middle of a body",
            vec![Piece::Bytes(post), Piece::Gap(5), Piece::Bytes(b"hi")],
            "<POST /a 1>ab[5]hi;",
        ),
        (
            "in a head",
            vec![Piece::Bytes(b"GET /a HT"), Piece::Gap(5), Piece::Bytes(get)],
            "[5]<GET /a HT 0 cut>;<GET /b 0>;",
        ),
        ("between", vec![Piece::Bytes(get), Piece::Gap(5), Piece::Bytes(get)], "<GET /b 0>;<GET /b 0>;"),
        (
            "of unknown length",
            vec![Piece::Bytes(post), Piece::Gap(0), Piece::Bytes(get)],
            "<POST /a 1>ab[0];<GET /b 0>;",
        ),
        ("into the middle", vec![Piece::Gap(1), Piece::Bytes(b"...tail"), Piece::Bytes(get)], "<GET /b 0>;"),
    ] {
        assert_eq!(heard(&pieces), want, "{name}");
    }
}

#[test]
fn a_head_without_end_is_told_as_far_as_it_goes() {
    let mut text = b"GET /a HTTP/1.1\r\nX: ".to_vec();
    text.resize(3 * HEAD_MAX_BYTES, b'x');
    assert_eq!(heard(&[Piece::Bytes(&text)]), "[0]<GET /a 1 cut>;");
}

proptest! {
    #[test]
    fn every_head_has_one_end_and_bodies_are_no_longer_than_what_came(
        text in prop::collection::vec(prop_oneof![
            Just(b"GET / HTTP/1.1\r\n".to_vec()), Just(b"\r\n".to_vec()), Just(b"HTTP/1.1 200 OK\r\n".to_vec()),
            Just(b"Content-Length: 4\r\n".to_vec()), Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
            Just(b"4\r\nabcd\r\n".to_vec()), prop::collection::vec(any::<u8>(), 0..8),
        ], 0..12).prop_map(|parts| parts.concat()),
        size in 1_usize..40,
        gap in 0_usize..12,
    ) {
        let (mut heads, mut ends, mut bytes) = (0, 0, 0);
        let mut reader = Reader::default();
        let mut hear = |event: Event<'_>| {
            match event {
                Event::Head(_) => heads += 1,
                Event::Done => ends += 1,
                Event::Body(body) => bytes += body.len(),
                Event::Missing(_) => {}
            }
            assert!(ends <= heads && heads - ends <= 1, "{heads} heads, {ends} ends");
            Follows::Declared
        };
        for (index, piece) in text.chunks(size).enumerate() {
            if index == gap {
                reader.take(Piece::Gap(3), &mut hear);
            }
            reader.take(Piece::Bytes(piece), &mut hear);
        }
        reader.end(&mut hear);
        prop_assert_eq!(heads, ends);
        prop_assert!(bytes <= text.len());
    }
}
