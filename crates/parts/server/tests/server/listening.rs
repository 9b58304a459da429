//! Addresses.

use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;

use onehop_server::{BindError, BindProblem, Limits, bind};

use crate::support::{LOOPBACK_4, LOOPBACK_6, Server, get, status};

fn workers(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).expect("not zero")
}

fn problem(error: &BindError) -> Option<BindProblem> {
    match error {
        BindError::Address { problem, .. } => Some(*problem),
        _ => None,
    }
}

#[test]
fn a_port_that_another_server_holds_is_in_use() {
    for listen in [LOOPBACK_4, LOOPBACK_6] {
        let server = Server::start(listen, Limits::default());
        for count in [1, 2] {
            let error = bind(&[server.address], workers(count)).expect_err("it is held");
            assert_eq!(problem(&error), Some(BindProblem::InUse));
            assert_eq!(error.to_string(), format!("{} is in use", server.address));
        }
        assert_eq!(status(&server.exchange(&get("/"))), 200, "the holder is not disturbed");
    }
}

#[test]
fn a_port_that_a_plain_listener_holds_is_in_use() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
    let address = holder.local_addr().expect("bound");
    let error = bind(&[address], workers(2)).expect_err("it is held");
    assert_eq!(problem(&error), Some(BindProblem::InUse));
    drop(holder);
    bind(&[address], workers(2)).expect("it is free again");
}

#[test]
fn port_0_is_one_port_for_all_workers() {
    let both: Vec<SocketAddr> =
        [LOOPBACK_4, LOOPBACK_6].iter().map(|text| text.parse().expect("an address")).collect();
    let bound = bind(&both, workers(4)).expect("loopback can be bound");
    let addresses = bound.local_addrs();
    assert_eq!(addresses.len(), 2);
    assert!(addresses.iter().all(|address| address.port() != 0));
    assert!(addresses[0].is_ipv4() && addresses[1].is_ipv6());
}

#[test]
fn the_wildcard_of_one_family_leaves_the_other_free() {
    let bound = bind(&["[::1]:0".parse().expect("an address")], workers(1)).expect("loopback can be bound");
    let port = bound.local_addrs()[0].port();
    TcpListener::bind(("127.0.0.1", port)).expect("the port of the other family is free");
}

#[test]
fn foreign_and_missing_addresses_are_named() {
    let foreign: SocketAddr = "192.0.2.1:0".parse().expect("an address");
    let error = bind(&[foreign], workers(1)).expect_err("not of this machine");
    assert_eq!(problem(&error), Some(BindProblem::NotLocal));
    assert_eq!(error.to_string(), "192.0.2.1:0 is not an address of this machine");
    assert!(matches!(bind(&[], workers(1)), Err(BindError::NoAddress)));
}

#[test]
fn a_second_address_that_fails_frees_the_first() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
    let free = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound").local_addr().expect("bound");
    let held = holder.local_addr().expect("bound");
    bind(&[free, held], workers(2)).expect_err("the second is held");
    TcpListener::bind(free).expect("the first is free again");
}
