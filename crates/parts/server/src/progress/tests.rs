use std::time::{Duration, Instant};

use super::{Due, Progress};
use crate::Limits;

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn what_is_due_when() {
    struct Case {
        name: &'static str,
        keep_alive: bool,
        /// Requests read, requests answered, second of the last write.
        state: (u32, u32, Option<u64>),
        /// Seconds since the connection was opened.
        age: u64,
        want: Due,
    }
    let case = |name, keep_alive, state, age, want| Case { name, keep_alive, state, age, want };
    let later = |count| Due::Later(seconds(count));
    let cases = [
        case("just opened", false, (0, 0, None), 0, later(10)),
        case("the head is on its way", false, (0, 0, None), 4, later(6)),
        case("the head is late", false, (0, 0, None), 10, Due::Head),
        case("the handler takes long", false, (1, 0, None), 11, later(49)),
        case("the client reads slowly", false, (1, 1, Some(1)), 30, later(30)),
        case("too old while answering", false, (1, 0, None), 60, Due::Lifetime),
        case("too old while idle", true, (3, 3, Some(55)), 61, Due::Lifetime),
        case("kept, handler takes long", true, (1, 0, None), 11, later(10)),
        case("kept, idle since the answer", true, (1, 1, Some(8)), 11, later(7)),
        case("kept, idle for too long", true, (1, 1, Some(8)), 18, Due::Head),
        case("kept, second answer in progress", true, (2, 1, Some(8)), 18, later(10)),
        case("kept, the end of life comes first", true, (1, 1, Some(58)), 58, later(2)),
    ];
    for Case { name, keep_alive, state: (requests, answers, last_write), age, want } in cases {
        let opened = Instant::now();
        let progress = Progress::begin(opened);
        (0..requests).for_each(|_| progress.request(false));
        (0..answers).for_each(|_| progress.answer());
        if let Some(second) = last_write {
            progress.wrote(opened + seconds(second));
        }
        let limits = Limits { keep_alive, ..Limits::default() };
        assert_eq!(progress.due(&limits, opened + seconds(age)), want, "{name}");
    }
}

#[test]
fn marks_are_remembered() {
    let opened = Instant::now();
    let progress = Progress::begin(opened);
    assert!(!progress.has_written() && !progress.has_body());
    progress.wrote(opened);
    progress.request(true);
    progress.request(false);
    assert!(progress.has_written() && progress.has_body());
}
