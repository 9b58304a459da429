//! Captures, written here packet by packet, and read.

mod bounds;
mod containers;
mod exchanges;
mod writer;
