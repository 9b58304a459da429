//! The server over real sockets on loopback.

mod capacity;
mod hops;
mod listening;
mod requests;
mod slowness;
mod stopping;
mod streams;
mod support;
