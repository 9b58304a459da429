//! The formats against their fixtures, and what holds for any bytes.

mod bounds;
mod fixtures;
mod properties;
mod recognise;
