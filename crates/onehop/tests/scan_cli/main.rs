//! `onehop scan` as a program: files in, findings and exit status out.

#[path = "../../../core/capture/tests/suite/writer.rs"]
mod writer;

mod captures;
mod following;
mod known;
mod outlets;
mod parts;
mod process;
mod state;
mod unreadable;
