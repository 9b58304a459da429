use super::{Flush, Writer};
use crate::journal::FlushError;
use crate::queue::Queue;
use crate::scratch::{Scratch, decision, ids, lines, types};
use crate::sink::Sink;
use crate::sink::tests::{fresh, full_disk};
use crate::status::Status;
use crate::{Options, verify_base};
use std::fs::File;
use std::sync::Arc;
use std::thread;

struct Setup {
    queue: Arc<Queue<Flush>>,
    status: Arc<Status>,
    sink: Sink,
}

fn setup(options: &Options) -> Setup {
    let (sink, status) = fresh(options);
    Setup { queue: Arc::new(Queue::new(options.queue)), status, sink }
}

impl Setup {
    fn writer(self) -> Writer {
        Writer::new(self.queue, self.sink, self.status)
    }
}

#[test]
fn a_full_queue_leaves_a_gap_record_in_its_place() {
    let scratch = Scratch::new();
    let options = Options { queue: 2, ..scratch.options() };
    let setup = setup(&options);
    let queue = Arc::clone(&setup.queue);
    let taken: Vec<bool> = (0..5).map(|id| queue.push(decision(id))).collect();
    assert_eq!(taken, [true, true, false, false, false]);
    let writer = thread::spawn(move || setup.writer().run());
    queue.flush().recv().expect("a reply").expect("written");
    assert!(queue.push(decision(5)), "there is room again");
    queue.close();
    let head = writer.join().expect("no panic").expect("written");

    assert_eq!(types(&options), ["journal", "decision", "decision", "gap", "decision"]);
    assert_eq!(ids(&options), [0, 1, 5]);
    let gap = &lines(&options)[3];
    assert_eq!((gap["lost"].as_u64(), gap["time"].as_str()), (Some(3), Some("2026-01-01T00:00:00.004Z")));
    let report = verify_base(&options.path, Some(head)).expect("sound");
    assert_eq!((report.gaps, report.lost), (1, 3));
}

#[test]
fn a_full_disk_is_reported_to_whoever_asks() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let mut setup = setup(&options);
    setup.sink.flush().expect("the head record");
    setup.sink.replace_file(full_disk());
    let (queue, status) = (Arc::clone(&setup.queue), Arc::clone(&setup.status));
    let writer = thread::spawn(move || setup.writer().run());
    assert!(queue.push(decision(1)));
    let refused = queue.flush().recv().expect("a reply");
    assert!(matches!(refused, Err(FlushError::Unwritten { bytes }) if bytes > 0), "{refused:?}");
    assert!(!status.healthy());
    let before = status.failures().value();
    assert!(before > 0);
    assert!(queue.push(decision(2)));
    queue.flush().recv().expect("a reply").expect_err("still full");
    assert!(status.failures().value() > before, "tried again");
    queue.close();
    writer.join().expect("no panic").expect_err("still full");
}

#[test]
fn what_a_full_disk_refuses_is_a_gap_once_there_is_room() {
    let scratch = Scratch::new();
    let options = Options { queue: 10_000, rotate_bytes: 1 << 30, ..scratch.options() };
    let mut setup = setup(&options);
    let good: File = setup.sink.replace_file(full_disk());
    let (queue, status) = (Arc::clone(&setup.queue), Arc::clone(&setup.status));
    let mut writer = setup.writer();
    assert!((0..10_000).all(|id| queue.push(decision(id))));
    let mut batch = queue.batch();
    queue.take(&mut batch, writer.wait());
    writer.accept(&mut batch);
    let lost = status.lost().value();
    assert!(lost > 1_000, "{lost}");
    assert_eq!(status.records().value() + lost, 10_000);

    writer.sink.replace_file(good);
    assert!(queue.push(decision(10_000)));
    queue.close();
    let head = writer.run().expect("room again");
    assert!(status.healthy());
    let report = verify_base(&options.path, Some(head)).expect("sound");
    assert_eq!((report.gaps, report.lost), (1, lost));
    let types = types(&options);
    assert_eq!(types[types.len() - 2..], ["gap", "decision"]);
}

#[test]
fn a_writer_that_dies_leaves_nobody_waiting() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let setup = setup(&options);
    let (queue, status) = (Arc::clone(&setup.queue), Arc::clone(&setup.status));
    let ending = super::Ending { queue: Arc::clone(&queue), status: Arc::clone(&status) };
    let waiting = queue.flush();
    let died = thread::Builder::new().spawn(move || {
        let _ending = ending;
        std::panic::resume_unwind(Box::new("made up for this test"));
    });
    assert!(died.expect("a thread").join().is_err());
    assert!(waiting.recv().is_err());
    assert!(!status.healthy());
    assert!(!queue.push(decision(0)), "nothing is queued for a dead writer");
    assert!(queue.flush().recv().is_err());
}
