//! `onehop serve` as its users start it: the real binary, its streams, its exit status, its signals.

#![cfg(feature = "serve")]

mod failures;
mod process;
mod running;
mod stopping;
