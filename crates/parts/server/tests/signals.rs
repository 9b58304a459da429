//! Signals, in a process of their own: they are sent to the whole process.

use std::sync::mpsc::channel;
use std::time::Duration;

use onehop_server::{Stop, on_signals};
use rustix::process::{Signal, getpid, kill_process};

#[test]
fn hang_up_reloads_and_terminate_stops() {
    for end in [Signal::TERM, Signal::INT] {
        let stop = Stop::new();
        let (reloaded, reloads) = channel();
        let thread = on_signals(stop.clone(), move || reloaded.send(()).expect("the test listens"))
            .expect("signals can be handled");
        for _ in 0..2 {
            kill_process(getpid(), Signal::HUP).expect("our own process");
            reloads.recv_timeout(Duration::from_secs(10)).expect("the callback is called");
            assert!(!stop.is_triggered(), "a reload is no stop");
        }
        kill_process(getpid(), end).expect("our own process");
        thread.join().expect("the thread ends with the stop");
        assert!(stop.is_triggered());
    }
}

#[test]
fn the_thread_ends_with_a_stop_from_elsewhere() {
    let stop = Stop::new();
    let thread = on_signals(stop.clone(), || {}).expect("signals can be handled");
    stop.trigger();
    thread.join().expect("the thread ends");
}
