//! The metadata service over real sockets, byte by byte: the contract, recorded exchanges, and bad input.

mod answer;
mod bad_input;
mod connections;
mod contract;
mod counting;
mod credentials;
mod hops;
mod replay;
mod shape;
mod support;
