use super::{BUFFER_MAX_BYTES, Full, Sink, drain_into};
use crate::files::{self, with_suffix};
use crate::record::{Chain, Line};
use crate::scratch::{Scratch, decision, ids};
use crate::status::Status;
use crate::{Options, verify_base};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::sync::Arc;

/// A sink over a fresh file, and its status.
pub(crate) fn fresh(options: &Options) -> (Sink, Arc<Status>) {
    let status = Arc::new(Status::new());
    let file = files::create_private(&options.path).expect("create");
    let mut sink = Sink::new(options, file, Chain::START, 0, Arc::clone(&status));
    sink.append(Line::Head).expect("room");
    (sink, status)
}

/// A disk without room.
pub(crate) fn full_disk() -> File {
    OpenOptions::new().write(true).open("/dev/full").expect("Linux has /dev/full")
}

impl Sink {
    /// Swaps the file below.
    pub(crate) fn replace_file(&mut self, file: File) -> File {
        std::mem::replace(&mut self.file, file)
    }
}

#[test]
fn a_full_disk_is_seen_and_nothing_is_lost_when_it_has_room_again() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let (mut sink, status) = fresh(&options);
    let good = sink.replace_file(full_disk());
    for id in 0..3 {
        sink.append(Line::Decision(&decision(id))).expect("room");
        assert_eq!(sink.flush().expect_err("full").kind(), io::ErrorKind::StorageFull);
        assert!(!status.healthy());
        assert_eq!(status.failures().value(), id + 1);
    }
    sink.replace_file(good);
    sink.flush().expect("room again");
    assert!(status.healthy());
    assert_eq!(sink.unwritten(), 0);
    verify_base(&options.path, Some(sink.chain().head)).expect("sound");
    assert_eq!(ids(&options), [0, 1, 2]);
}

#[test]
fn the_buffer_is_bounded() {
    let scratch = Scratch::new();
    let (mut sink, _) = fresh(&scratch.options());
    sink.replace_file(full_disk());
    let mut accepted = 0;
    while sink.append(Line::Decision(&decision(accepted))).is_ok() {
        accepted += 1;
    }
    assert!(accepted > 1_000);
    assert!(sink.unwritten() < BUFFER_MAX_BYTES + 1_024);
    let chain = sink.chain();
    assert_eq!(sink.append(Line::Decision(&decision(0))), Err(Full));
    assert_eq!(sink.chain(), chain, "a refused line is no part of the chain");
}

#[test]
fn a_rotation_that_fails_keeps_the_file_and_is_tried_again() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let (mut sink, status) = fresh(&options);
    // A directory in the place of the staged file cannot be removed as a file.
    let staged = with_suffix(&options.path, "new");
    fs::create_dir(&staged).expect("create");
    let mut id = 0;
    while status.failures().value() == 0 {
        sink.append(Line::Decision(&decision(id))).expect("room");
        id += 1;
        assert!(id < 100, "the rotation was never tried");
    }
    for _ in 0..20 {
        sink.append(Line::Decision(&decision(id))).expect("room");
        id += 1;
    }
    sink.flush().expect("flush");
    assert_eq!(status.failures().value(), 1, "not at every record");
    assert!(!status.healthy(), "the file can be written, but not set aside");
    fs::remove_dir(&staged).expect("remove");
    while !status.healthy() {
        sink.append(Line::Decision(&decision(id))).expect("room");
        id += 1;
        assert!(id < 1_000, "the rotation was never tried again");
    }
    sink.flush().expect("flush");
    assert_eq!(status.failures().value(), 1);
    assert_eq!(files::files_of(&options.path).expect("list").len(), 2);
    for _ in 0..20 {
        sink.append(Line::Decision(&decision(id))).expect("room");
        id += 1;
    }
    sink.flush().expect("flush");
    assert!(files::files_of(&options.path).expect("list").len() > 2, "files are small again");
    verify_base(&options.path, Some(sink.chain().head)).expect("sound");
    assert_eq!(ids(&options), (0..id).collect::<Vec<_>>());
}

#[test]
fn a_file_that_somebody_removed_is_missed_by_verification() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let (mut sink, status) = fresh(&options);
    for id in 0..40 {
        sink.append(Line::Decision(&decision(id))).expect("room");
        if id == 15 {
            sink.flush().expect("flush");
            fs::remove_file(&options.path).expect("remove");
        }
    }
    sink.flush().expect("flush");
    assert!(status.healthy());
    let found = verify_base(&options.path, None).expect_err("a file is missing");
    assert!(found.to_string().contains("does not follow"), "{found}");
}

/// Takes one byte, then refuses, then is interrupted, and again.
struct Reluctant {
    taken: Vec<u8>,
    turn: usize,
}

impl Write for Reluctant {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.turn += 1;
        match self.turn % 3 {
            0 => Err(io::ErrorKind::Interrupted.into()),
            1 => {
                self.taken.push(bytes[0]);
                Ok(1)
            }
            _ => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_cut_write_is_completed_byte_by_byte() {
    let mut out = Reluctant { taken: Vec::new(), turn: 0 };
    let mut buffer = b"a line\n".to_vec();
    let mut refusals = 0;
    while drain_into(&mut buffer, &mut out).is_err() {
        refusals += 1;
        assert!(refusals < 20);
    }
    assert_eq!(out.taken, b"a line\n");
    assert!(buffer.is_empty() && refusals > 0);
}
