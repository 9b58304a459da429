//! The guard on real sockets, in front of a scripted service that keeps every byte it was sent.

mod callers;
mod corners;
mod forwarding;
mod hidden;
mod limits;
mod paths;
mod record;
mod refusals;
mod smuggling;
mod support;
mod tokens;
mod upstreams;
