//! What is read from files that the tests write themselves.

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
