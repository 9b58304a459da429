//! How many requests a connection carries, and when it ends.

use std::io::Write as _;
use std::net::{Shutdown, SocketAddr};

use crate::answer::Answer;
use crate::support::{Setup, TOKEN, TOKEN_PATH, TTL, connect, exchange, read_all, read_one, request};

const ID: &str = "/latest/meta-data/instance-id";
const TYPE: &str = "/latest/meta-data/instance-type";

/// Sends all requests in one breath and gives whatever comes back until the close.
fn pipelined(address: SocketAddr, requests: &[Vec<u8>]) -> Vec<u8> {
    let mut client = connect(address);
    client.write_all(&requests.concat()).expect("the service reads");
    client.shutdown(Shutdown::Write).expect("connected");
    read_all(&mut client)
}

/// Answers are told apart by their status lines.
fn split(bytes: &[u8]) -> Vec<Answer> {
    let text = std::str::from_utf8(bytes).expect("answers are text");
    let starts: Vec<usize> = text.match_indices("HTTP/1.1 ").map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).map(|(&start, end)| Answer::parse(&bytes[start..end], false)).collect()
}

#[test]
fn without_keep_alive_every_answer_closes() {
    let running = Setup::default().start();
    let token = running.token(60);
    for asked in ["close", "keep-alive"] {
        for (method, target, status) in [
            ("GET", ID, 200),
            ("GET", "/latest/nothing-here", 404),
            ("POST", ID, 405),
            ("PUT", TOKEN_PATH, 400),
        ] {
            // The exchange ends with the close; a connection left open would run into the client's patience.
            let answer = running.ask(method, target, &[(TOKEN, &token), ("Connection", asked)]);
            assert_eq!(
                (answer.status, answer.header("connection")),
                (status, Some("close")),
                "{method} {target}"
            );
        }
    }
}

#[test]
fn without_keep_alive_what_follows_the_first_request_is_ignored() {
    let running = Setup::default().start();
    let token = running.token(60);
    let requests = [ID, TYPE].map(|target| request("GET", target, &[(TOKEN, &token)]));
    let before = running.metric("onehop_serve_reads_with_token_total");
    let answers = split(&pipelined(running.addresses[0], &requests));
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].text(), "i-0e0c0ffee00000001");
    assert_eq!(
        running.metric("onehop_serve_reads_with_token_total"),
        before + 1,
        "the second was not looked at"
    );
}

#[test]
fn with_keep_alive_requests_in_one_breath_are_answered_in_order() {
    let running = Setup::keep_alive().start();
    let connections = running.metric("onehop_serve_connections_total");
    for (number, &address) in (1..).zip(&running.addresses) {
        let requests = [
            request("PUT", TOKEN_PATH, &[(TTL, "60")]),
            request("GET", ID, &[]),
            request("GET", TOKEN_PATH, &[]),
            request("PUT", TOKEN_PATH, &[(TTL, "61")]),
        ];
        let answers = split(&pipelined(address, &requests));
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [200, 401, 405, 200]);
        assert_eq!(answers[3].header(TTL), Some("61"));
        assert_eq!(running.metric("onehop_serve_connections_total"), connections + number);
    }
}

#[test]
fn with_keep_alive_a_connection_carries_a_whole_conversation() {
    let running = Setup::keep_alive().start();
    for &address in &running.addresses {
        let connections = running.metric("onehop_serve_connections_total");
        let mut client = connect(address);
        let mut ask = |method, target, headers: &[(&str, &str)]| {
            client.write_all(&request(method, target, headers)).expect("the service reads");
            read_one(&mut client)
        };
        let token = ask("PUT", TOKEN_PATH, &[(TTL, "60")]).text();
        for target in [ID, TYPE, "/latest/nothing-here", "/latest/meta-data/"] {
            let answer = ask("GET", target, &[(TOKEN, &token)]);
            assert_eq!(answer.status, if target.contains("nothing") { 404 } else { 200 }, "{target}");
            assert_eq!(answer.header("connection"), None, "nothing is said of a connection that stays");
        }
        // A refusal does not end a connection that is kept either.
        assert_eq!(ask("GET", ID, &[]).status, 401);
        assert_eq!(ask("GET", ID, &[(TOKEN, &token)]).status, 200);
        assert_eq!(running.metric("onehop_serve_connections_total"), connections + 1);
    }
}

#[test]
fn with_keep_alive_headers_stand_in_the_same_order() {
    let running = Setup::keep_alive().start();
    let mut client = connect(running.addresses[0]);
    let mut names = |method, target, headers: &[(&str, &str)]| {
        client.write_all(&request(method, target, headers)).expect("the service reads");
        read_one(&mut client).names().join(" · ")
    };
    assert_eq!(
        names("PUT", TOKEN_PATH, &[(TTL, "60")]),
        "X-Aws-Ec2-Metadata-Token-Ttl-Seconds · Content-Length · Date · Server · Content-Type"
    );
    assert_eq!(names("GET", ID, &[]), "Content-Length · Date · Server · Content-Type");
}

#[test]
fn with_keep_alive_a_client_may_still_ask_to_close() {
    let running = Setup::keep_alive().start();
    let answer = running.ask("GET", ID, &[("Connection", "close")]);
    assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
}

#[test]
fn http_1_0_is_answered_and_closed() {
    for setup in [Setup::default(), Setup::keep_alive()] {
        let running = setup.start();
        let token = running.token(60);
        let bytes = format!("GET {ID} HTTP/1.0\r\n{TOKEN}: {token}\r\n\r\n");
        let answer = exchange(running.addresses[0], bytes.as_bytes());
        assert_eq!((answer.status, answer.text().as_str()), (200, "i-0e0c0ffee00000001"));
    }
}
