//! The cap on connections.

use std::io::Write as _;

use onehop_server::{ConnectionEvent, Limits};

use crate::support::{LOOPBACK_4, LOOPBACK_6, Server, get, read_all, status};

#[test]
fn one_over_the_cap_is_503_and_a_free_place_is_taken() {
    for listen in [LOOPBACK_4, LOOPBACK_6] {
        let server = Server::start(listen, Limits { max_connections: 3, ..Limits::default() });
        let mut held: Vec<_> = (0..3).map(|_| server.connect()).collect();
        for client in &mut held {
            client.write_all(b"GET /held HT").expect("the server reads");
        }
        server.script.wait_for(ConnectionEvent::Accepted, 3);

        for refused in 1..=3 {
            let answer = server.exchange(&get("/"));
            assert_eq!(
                answer,
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            server.script.wait_for(ConnectionEvent::TooManyConnections, refused);
        }

        let mut first = held.swap_remove(0);
        first.write_all(b"TP/1.1\r\n\r\n").expect("the server reads");
        assert!(read_all(&mut first).ends_with("/held"), "those inside are served");
        server.script.wait_for(ConnectionEvent::Closed, 1);
        assert_eq!(status(&server.exchange(&get("/"))), 200, "the place is free again");
        assert_eq!(server.script.count(ConnectionEvent::TooManyConnections), 3);
    }
}

#[test]
fn every_connection_that_begins_ends() {
    let server = Server::start(LOOPBACK_4, Limits::default());
    for round in 0..50 {
        let mut client = server.connect();
        match round % 5 {
            0 => drop(client),
            1 => client.write_all(b"GET / HT").expect("the server reads"),
            2 => client.write_all(b"nonsense\r\n\r\n").expect("the server reads"),
            3 => client.write_all(&get("/large")).expect("the server reads"),
            _ => assert_eq!(status(&server.exchange(&get("/"))), 200),
        }
    }
    let script = std::sync::Arc::clone(&server.script);
    script.wait_for(ConnectionEvent::Accepted, 60);
    script.wait_for(ConnectionEvent::Closed, 60);
    server.finish().expect("an orderly end");
    assert_eq!(script.count(ConnectionEvent::Accepted), script.count(ConnectionEvent::Closed));
}
