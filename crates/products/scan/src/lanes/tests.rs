use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn results_come_in_the_order_of_the_sources() {
    // Batches of two, so that lanes end with a whole one and with half of one.
    let lanes = Lanes::new(20, 8);
    let next = AtomicUsize::new(0);
    let got = thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let source = next.fetch_add(1, Ordering::Relaxed);
                    if source >= 20 {
                        break;
                    }
                    let mut lane = lanes.lane(source);
                    (0..source).for_each(|item| assert!(lane.push((source, item))));
                }
            });
        }
        std::iter::from_fn(|| lanes.next()).flatten().collect::<Vec<_>>()
    });
    let want: Vec<_> = (0..20).flat_map(|source| (0..source).map(move |item| (source, item))).collect();
    assert_eq!(got, want);
}

#[test]
fn an_abandoned_reader_does_not_wait() {
    let lanes = Lanes::new(1, 1);
    lanes.abandon();
    let mut lane = lanes.lane(0);
    (0..10).for_each(|item| assert!(!lane.push(item)));
    drop(lane);
    assert_eq!(lanes.next(), None);
}
