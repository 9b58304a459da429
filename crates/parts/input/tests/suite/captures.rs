//! Captured packets as lines of JSON.

use onehop_input::{Expansion, Format, Options, Reason};

use crate::{
    recorder::{InPieces, read_bytes, read_input},
    samples::{gzip, zip},
    writer::{self, CLIENT, File, Link, SERVICE, SERVICE_SIX, Talk},
};

fn capture(talk: &Talk) -> Vec<u8> {
    writer::capture(File::Little, Link::Ethernet, &talk.packets)
}

#[test]
fn a_request_is_a_line() {
    struct Case {
        name: &'static str,
        talk: Talk,
        want: &'static str,
    }
    for Case { name, talk, want } in [
        Case {
            name: "without a token",
            talk: writer::version_one(CLIENT, SERVICE),
            want: r#"{"capture":"http","packet":3,"time":1772615564.002000,"client":"10.0.0.7","client_port":41000,"server":"169.254.169.254","server_port":80,"method":"GET","target":"/latest/meta-data/iam/security-credentials/","version":"HTTP/1.1","headers":{"User-Agent":"curl/8.5.0"},"status":200,"size":7}"#,
        },
        Case {
            name: "with a token, to another host than was dialled",
            talk: Talk::new("[fd00::7]:1", SERVICE_SIX).ask(
                "GET /a HTTP/1.1\r\nHost: metadata.example\r\nX-aws-EC2-metadata-token: made-up\r\n\r\n",
            ),
            want: r#"{"capture":"http","packet":3,"time":1772615564.002000,"client":"fd00::7","client_port":1,"server":"fd00:ec2::254","server_port":80,"method":"GET","target":"/a","version":"HTTP/1.1","host":"metadata.example","headers":{"X-aws-EC2-metadata-token":"present"}}"#,
        },
        Case {
            name: "any bytes",
            talk: Talk::new(CLIENT, "203.0.113.9:80")
                .ask(b"GET /\"\xff\x01 HTTP/1.1\r\nHost: [::1]\r\n\r\n")
                .answer("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"),
            want: "{\"capture\":\"http\",\"packet\":3,\"time\":1772615564.002000,\"client\":\"10.0.0.7\",\"client_port\":41000,\"server\":\"203.0.113.9\",\"server_port\":80,\"method\":\"GET\",\"target\":\"/\\\"\u{fffd}\\u0001\",\"version\":\"HTTP/1.1\",\"host\":\"[::1]\",\"status\":302,\"size\":0,\"location\":\"/b\"}",
        },
    ] {
        let (recorder, totals) = read_bytes(&capture(&talk), &Options::default());
        assert_eq!(recorder.contents(), [("in", format!("{want}\n"))], "{name}");
        assert_eq!(totals.losses, 0, "{name}");
    }
}

#[test]
fn an_answer_of_dns_is_a_line() {
    let [client, resolver] = ["10.0.0.7:53001", "10.0.0.2:53"].map(|text| text.parse().unwrap());
    let answer = writer::dns("r.example", &[writer::v4("203.0.113.9"), writer::v4("169.254.169.254")]);
    let bytes = writer::capture(File::BlocksBig, Link::Cooked2, &[writer::udp(resolver, client, &answer)]);
    let (recorder, _) = read_bytes(&bytes, &Options::default());
    let want = r#"{"capture":"dns","packet":1,"time":1772615564.000000,"client":"10.0.0.7","resolver":"10.0.0.2","query":"r.example","answers":["203.0.113.9","169.254.169.254"]}"#;
    assert_eq!(recorder.contents(), [("in", format!("{want}\n"))]);
}

#[test]
fn captures_are_told_by_their_content_in_any_reads_and_inside_others() {
    let talk = writer::version_one(CLIENT, SERVICE);
    for file in File::ALL {
        let bytes = writer::capture(file, Link::Cooked, &talk.packets);
        let (whole, _) = read_bytes(&bytes, &Options::default());
        assert!(whole.contents()[0].1.contains("\"server\":\"169.254.169.254\""), "{file:?}");
        let pieces = InPieces { bytes: &bytes, sizes: vec![1, 5, 3], turn: 0 };
        let (in_pieces, _) = read_input(pieces, &Options::default());
        assert_eq!(in_pieces.contents(), whole.contents(), "{file:?}");
        let packed = zip(&[("a.pcap", &gzip(&bytes))]);
        let (inside, totals) = read_bytes(&packed, &Options::default());
        assert_eq!(inside.contents()[0].1, whole.contents()[0].1, "{file:?}");
        assert_eq!(totals.losses, 0);
    }
}

#[test]
fn what_a_capture_lacks_is_told() {
    let talk = writer::version_one(CLIENT, SERVICE);
    let whole = capture(&talk);
    let cut = writer::capture_cut(File::Little, Link::Ethernet, &talk.packets, 100);
    let (recorder, _) = read_bytes(&cut, &Options::default());
    assert!(recorder.contents()[0].1.contains(r#""target":"/latest/meta-data/iam/security-cred"#));
    assert!(recorder.contents()[0].1.contains(r#""cut":true"#));
    assert_eq!(recorder.losses().len(), 1);
    assert!(recorder.losses()[0].contains("bytes of HTTP messages not recorded"), "{:?}", recorder.losses());

    let (recorder, _) = read_bytes(&whole[..whole.len() - 1], &Options::default());
    assert_eq!(recorder.losses(), ["the packet capture data ends too early"]);
    assert!(recorder.contents()[0].1.contains("169.254.169.254"), "what was there is told");

    let damaged = [&whole[..], &[0xff; 64]].concat();
    let (recorder, _) = read_bytes(&damaged, &Options::default());
    assert!(recorder.losses()[0].starts_with("the packet capture data is damaged (a packet or block of"));
}

#[test]
fn lines_count_towards_the_bound_on_growth() {
    let mut talk = Talk::new(CLIENT, SERVICE);
    for _ in 0..50 {
        talk = talk.ask("GET / HTTP/1.1\r\n\r\n").answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
    let expansion = Expansion { ratio: 1, floor_bytes: 2000, max_bytes: 4000 };
    let mut options = Options::default();
    options.expansion = expansion;
    let (recorder, totals) = read_bytes(&capture(&talk), &options);
    assert!(recorder.losses()[0].starts_with("decoding stopped at"), "{:?}", recorder.losses());
    assert!(totals.bytes_out <= 4000, "{}", totals.bytes_out);
}

#[test]
fn where_captures_are_expected_a_text_is_a_loss() {
    let mut options = Options::default();
    options.captures_only = true;
    let (recorder, totals) = read_bytes(b"GET /?u=http://169.254.169.254/\n", &options);
    assert_eq!((recorder.contents()[0].1.as_str(), totals.losses), ("", 1));
    let is_told = |reason: &Reason| matches!(reason, Reason::Damaged(Format::Capture, _));
    assert!(is_told(&totals.lost[0].reason), "{}", totals.lost[0]);
    let (_, totals) = read_bytes(&capture(&writer::version_one(CLIENT, SERVICE)), &options);
    assert_eq!(totals.losses, 0, "a capture is read all the same");
}
