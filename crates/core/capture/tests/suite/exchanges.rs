//! Requests and names, as records.

use super::writer::{self, CLIENT, CLIENT_SIX, File, Link, SERVICE, SERVICE_SIX, Talk};
use onehop_capture::{Capture, Record, Tally};

/// What a capture says, in pieces of a size: a line a record, and the tally.
pub(crate) fn said_in(bytes: &[u8], size: usize) -> (Vec<String>, Tally) {
    let mut capture = Capture::default();
    let mut lines = Vec::new();
    let mut take = |record: Record| lines.push(line(&record));
    for piece in bytes.chunks(size) {
        if capture.push(piece, &mut take).is_err() {
            break;
        }
    }
    let _ = capture.end(&mut take);
    (lines, *capture.tally())
}

pub(crate) fn said(bytes: &[u8]) -> (Vec<String>, Tally) {
    said_in(bytes, usize::MAX)
}

fn line(record: &Record) -> String {
    match record {
        Record::Exchange(exchange) => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let token = if exchange.header("x-aws-ec2-metadata-token").is_some() { " token" } else { "" };
            let body = if exchange.body.is_empty() {
                String::new()
            } else {
                format!(" body {}", text(&exchange.body))
            };
            let cut = if exchange.is_cut { " cut" } else { "" };
            let answer = exchange.answer.as_ref().map_or(" unanswered".to_owned(), |answer| {
                let location = answer
                    .location
                    .as_ref()
                    .map_or(String::new(), |location| format!(" to {}", text(location)));
                format!(" -> {} {}{location}", answer.status.unwrap_or(0), answer.size)
            });
            format!(
                "#{} {} > {} {} {}{token}{body}{cut}{answer}",
                exchange.packet,
                exchange.client,
                exchange.server,
                text(&exchange.method),
                text(&exchange.target),
            )
        }
        Record::Names(names) => {
            format!("#{} {} {} = {}", names.packet, names.client, names.query, names.answers.join(" "))
        }
        _ => panic!("a record that this test does not know"),
    }
}

#[test]
fn requests_are_told_with_their_answers() {
    struct Case {
        name: &'static str,
        talk: Talk,
        want: &'static [&'static str],
    }
    for Case { name, talk, want } in [
        Case {
            name: "one read without a token",
            talk: writer::version_one(CLIENT, SERVICE),
            want: &["#3 10.0.0.7:41000 > 169.254.169.254:80 GET /latest/meta-data/iam/security-credentials/ -> 200 7"],
        },
        Case {
            name: "a token, then a read, over IPv6",
            talk: writer::version_two(CLIENT_SIX, SERVICE_SIX),
            want: &[
                "#3 [fd00::7]:41000 > [fd00:ec2::254]:80 PUT /latest/api/token -> 200 7",
                "#5 [fd00::7]:41000 > [fd00:ec2::254]:80 GET /latest/meta-data/iam/security-credentials/made-up token -> 200 2",
            ],
        },
        Case {
            name: "a body, and a redirect",
            talk: Talk::new(CLIENT, "203.0.113.9:80")
                .ask("POST /hook HTTP/1.1\r\nContent-Length: 23\r\n\r\nu=http://169.254.169.25")
                .answer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"),
            want: &["#3 10.0.0.7:41000 > 203.0.113.9:80 POST /hook body u=http://169.254.169.25 -> 302 0 to http://169.254.169.254/"],
        },
        Case {
            name: "a request in pieces, and no answer",
            talk: Talk::new(CLIENT, SERVICE).ask("GET /latest/us").ask("er-data HTTP/1.1\r\nHo").ask("st: x\r\n\r\n"),
            want: &["#5 10.0.0.7:41000 > 169.254.169.254:80 GET /latest/user-data unanswered"],
        },
        Case {
            name: "two requests at once",
            talk: Talk::new(CLIENT, SERVICE)
                .ask("HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
                .answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx"),
            want: &["#3 10.0.0.7:41000 > 169.254.169.254:80 HEAD /a -> 200 0", "#3 10.0.0.7:41000 > 169.254.169.254:80 GET /b -> 404 1"],
        },
        Case {
            name: "continue, then the answer, to the end of the connection",
            talk: Talk::new(CLIENT, SERVICE)
                .ask("PUT /a HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
                .answer("HTTP/1.1 100 Continue\r\n\r\n")
                .ask("x")
                .answer("HTTP/1.0 200 OK\r\n\r\nabc")
                .close(),
            want: &["#3 10.0.0.7:41000 > 169.254.169.254:80 PUT /a body x -> 200 3"],
        },
        Case {
            name: "through a tunnel nothing is read",
            talk: Talk::new(CLIENT, "203.0.113.9:3128")
                .ask("CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n")
                .answer("HTTP/1.1 200 OK\r\n\r\n\u{16}\u{3}\u{1}")
                .ask("\u{16}\u{3}\u{1}"),
            want: &["#3 10.0.0.7:41000 > 203.0.113.9:3128 CONNECT 169.254.169.254:80 -> 200 0"],
        },
        Case { name: "mail", talk: Talk::new(CLIENT, "203.0.113.9:25").answer("220 mail\r\n").ask("EHLO a\r\n"), want: &[] },
    ] {
        let (lines, tally) = said(&writer::capture(File::Little, Link::Ethernet, &talk.packets));
        assert_eq!(lines, want, "{name}");
        assert_eq!(tally.lacks(), None, "{name}");
        assert_eq!(tally.requests, want.len() as u64, "{name}");
    }
}

#[test]
fn segments_may_come_twice_and_in_another_order() {
    let talk = Talk::new(CLIENT, SERVICE)
        .ask("GET /a")
        .ask("/b HTTP/1.1\r\n")
        .ask("\r\n")
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut packets = talk.packets;
    packets.swap(2, 4);
    packets.insert(4, packets[4].clone());
    let (lines, tally) = said(&writer::capture(File::Little, Link::Ethernet, &packets));
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("GET /a/b -> 200 0"), "{}", lines[0]);
    assert_eq!(tally.lacks(), None);
}

#[test]
fn a_capture_that_begins_in_the_middle_is_read_from_there() {
    let talk = writer::version_two(CLIENT, SERVICE);
    let (lines, _) = said(&writer::capture(File::Little, Link::Ethernet, &talk.packets[3..]));
    assert_eq!(lines.len(), 1, "the first request is not there: {lines:?}");
    assert!(lines[0].contains("GET /latest/meta-data/iam/security-credentials/made-up token -> 200 2"));
}

#[test]
fn answers_of_dns_are_told() {
    let [client, resolver] = ["10.0.0.7:53001", "10.0.0.2:53"].map(|text| text.parse().expect("an address"));
    let answer = writer::dns(
        "r.example",
        &[writer::v4("203.0.113.9"), writer::v4("169.254.169.254"), writer::v6("fd00:ec2::254")],
    );
    let packets = [writer::udp(resolver, client, &answer), writer::udp(client, resolver, &answer)];
    let (lines, tally) = said(&writer::capture(File::Little, Link::Ethernet, &packets));
    assert_eq!(lines, ["#1 10.0.0.7 r.example = 203.0.113.9 169.254.169.254 fd00:ec2::254"]);
    assert_eq!((tally.answers, tally.packets), (1, 2), "what goes to the resolver is no answer");
}
