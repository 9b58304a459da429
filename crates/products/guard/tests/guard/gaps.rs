//! What the guard does not do, each as a test of what it should do that must fail with the words beside it. A gap
//! that is closed makes its test an error; then the attribute goes.

use crate::callers::as_other;
use crate::support::{Fake, Reply, Setup, TTL, eventually, request};
use onehop_guard::policy::{Effect, Who};
use onehop_journal::{Journal, Options};

/// A caller over its own bound keeps its connections open until their time-out, so one caller can take the places
/// of all. Connections over the bound should be closed when they are accepted.
#[test]
#[should_panic(expected = "status of the other user: 503")]
fn connections_over_a_callers_bound_take_no_places() {
    let mut setup = Setup::new();
    setup.limit.connections = 2;
    setup.server.max_connections = 8;
    let running = setup.start();
    let _held: Vec<_> = (0..8).map(|_| running.connect()).collect();
    eventually("eight connections", || running.guard.metrics().contains("_connections_total 8\n"));
    let status = as_other(|| running.ask("PUT", "/latest/api/token", TTL).status);
    let status = status.expect("status of the other user: 503 (not asked: needs root)");
    assert_eq!(status, 200, "status of the other user: {status}");
}

/// The journal cuts a path at the first `?`, though a canonical path may hold one that was written as `%3F`.
#[test]
#[should_panic(expected = "is not in")]
fn an_encoded_question_mark_stays_in_the_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(folder.path().join("guard.jsonl"));
    let journal = Journal::open(&options).expect("a journal");
    let mut setup = Setup::new();
    setup.journal = Some(journal.clone());
    let running = setup.start();
    running.get("/latest/meta-data/instance-id%3Fwhat-was-asked");
    journal.flush().expect("written");
    let text = std::fs::read_to_string(&options.path).expect("a file");
    assert!(text.contains("what-was-asked"), "the path that was asked for is not in {text}");
}

/// Only the upper listings are filtered: an entry of a deeper one is shown though its path is hidden.
#[test]
#[should_panic(expected = "shows what is hidden")]
fn deeper_listings_leave_out_what_is_hidden() {
    let fake = Fake::reads(|line, _| {
        if line.contains("/instance-identity/ ") {
            Reply::ok("document\npkcs7\nsignature")
        } else {
            Reply::ok("x")
        }
    });
    let rule = "dynamic/instance-identity/pkcs7";
    let running = Setup::before(fake).rule(Effect::Deny, rule, Who::AnyLocal).start();
    assert_eq!(running.get("/latest/dynamic/instance-identity/pkcs7").status, 404);
    let listing = running.get("/latest/dynamic/instance-identity/").body;
    assert!(!listing.contains("pkcs7"), "{listing:?} shows what is hidden");
}

/// Requests that are refused before their caller's rate is looked at cost nothing, so that a caller may fill the
/// journal, and push older files out of it, as fast as it can send.
#[test]
#[should_panic(expected = "no request was over the rate")]
fn refused_requests_count_towards_the_rate() {
    let mut setup = Setup::new();
    setup.limit.rate = std::num::NonZeroU32::MIN;
    let running = setup.start();
    let forwarded = request("PUT", "/latest/api/token", &format!("{TTL}Via: a\r\n"));
    let refused = (0..50).any(|_| running.send(forwarded.as_bytes()).status == 429);
    assert!(refused, "no request was over the rate");
}
