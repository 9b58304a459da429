//! Captured packets as input.

use crate::process::{Folder, attempt, scan_json};
use crate::writer::{self, CLIENT, CLIENT_SIX, File, Link, SERVICE, SERVICE_SIX, Talk};
use serde_json::json;

#[test]
fn requests_to_a_service_are_found_with_their_version() {
    let folder = Folder::new();
    for (name, talk, want) in [
        ("one", writer::version_one(CLIENT, SERVICE), vec![("IMDS-OUTBOUND", "v1", "credentials", 3)]),
        (
            "two",
            writer::version_two(CLIENT_SIX, SERVICE_SIX),
            vec![("IMDS-OUTBOUND", "v2", "token", 3), ("IMDS-OUTBOUND", "v2", "credentials", 5)],
        ),
    ] {
        for (file, arguments) in [(File::Little, vec![]), (File::BlocksBig, vec!["--from", "pcap"])] {
            let path = folder.write(name, writer::capture(file, Link::Ethernet, &talk.packets));
            let said = scan_json(&[&arguments[..], &[&path]].concat());
            assert_eq!(said.code, Some(1), "{}", said.stderr);
            let found: Vec<_> = said.of("IMDS-OUTBOUND");
            let facts: Vec<_> = found.iter().map(|finding| &finding["facts"]).collect();
            assert_eq!(facts.len(), want.len(), "{name}: {}", said.stdout);
            for (facts, (_, version, class, packet)) in facts.iter().zip(&want) {
                assert_eq!(facts["source"], "pcap");
                assert_eq!(
                    (&facts["imds_version"], &facts["path_class"]),
                    (&json!(version), &json!(class)),
                    "{name}"
                );
                assert_eq!((&facts["packet"], &facts["status"]), (&json!(packet), &json!(200)), "{name}");
                let client = talk.client.ip().to_string();
                assert_eq!((&facts["client"], &facts["field"]), (&json!(client), &json!("server")), "{name}");
            }
            assert!(said.of("IMDS-HOST").is_empty(), "{name}: one request is told once");
            assert!(!said.notices("cannot-show").is_empty());
        }
    }
}

#[test]
fn urls_inside_requests_are_found() {
    let folder = Folder::new();
    let talk = Talk::new(CLIENT, "203.0.113.9:80")
        .ask("POST /hook HTTP/1.1\r\nHost: shop.example\r\nX-Up: http://0xa9fea9fe/latest/\r\nContent-Length: 29\r\n\r\nu=http%3A%2F%2F2852039166%2Fa")
        .answer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/user-data\r\nContent-Length: 0\r\n\r\n")
        .close();
    let path = folder.write("a.pcap", writer::capture(File::Little, Link::Cooked, &talk.packets));
    let said = scan_json(&[&path]);
    let mut fields: Vec<&str> =
        said.of("IMDS-URL").iter().filter_map(|finding| finding["facts"]["field"].as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["body", "headers.X-Up", "location"], "{}", said.stdout);
    let mine =
        Talk::new(CLIENT, "203.0.113.9:80").ask("GET /latest/offers HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    let path = folder.write("b.pcap", writer::capture(File::Little, Link::Cooked, &mine.packets));
    assert_eq!(scan_json(&[&path]).code, Some(0), "another request");
}

#[test]
fn a_name_with_two_kinds_of_answers_is_rebinding() {
    let folder = Folder::new();
    let [client, resolver] = ["10.0.0.7:53001", "10.0.0.2:53"].map(|text| text.parse().expect("an address"));
    let answer = |address| writer::udp(resolver, client, &writer::dns("r.example", &[writer::v4(address)]));
    let packets = [answer("203.0.113.9"), answer("169.254.169.254")];
    let path = folder.write("dns.pcap", writer::capture(File::BlocksLittle, Link::Ethernet, &packets));
    let said = scan_json(&[&path]);
    assert_eq!((said.of("IMDS-DNS").len(), said.of("DNS-REBINDING").len()), (1, 1), "{}", said.stdout);
    let path = folder.write("one.pcap", writer::capture(File::BlocksLittle, Link::Ethernet, &packets[..1]));
    assert_eq!(scan_json(&[&path]).code, Some(0), "a public answer alone");
}

#[test]
fn what_a_capture_lacks_fails_the_run() {
    let folder = Folder::new();
    let talk = writer::version_one(CLIENT, SERVICE);
    let path = folder.write("a.pcap", writer::capture_cut(File::Little, Link::Ethernet, &talk.packets, 100));
    let said = scan_json(&[&path]);
    assert_eq!((said.code, said.of("IMDS-OUTBOUND").len()), (Some(2), 1), "{}", said.stderr);
    assert!(said.notices("incomplete")[0].contains("bytes of HTTP messages not recorded"));
    let text = folder.write("access.log", attempt(1));
    let said = scan_json(&["--from", "pcap", &text]);
    assert_eq!((said.code, said.of("IMDS-URL").len()), (Some(2), 0));
    assert!(said.stderr.contains("does not begin as a capture"), "{}", said.stderr);
}
