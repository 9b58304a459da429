//! `onehop guard` as its users start it: the real binary, its configuration, its signals, its journal.

#![cfg(all(feature = "guard", feature = "serve"))]

mod configured;
mod examples;
mod failures;
mod process;
mod running;
