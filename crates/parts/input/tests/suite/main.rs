//! What is read from files that the tests write themselves.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod captures;
#[cfg(feature = "parquet")]
mod columns;
mod damage;
mod expanding;
mod following;
mod formats;
mod lines;
#[cfg(feature = "object-store")]
mod objects;
mod recorder;
mod samples;
#[path = "../../../../core/capture/tests/suite/writer.rs"]
mod writer;
